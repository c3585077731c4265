/** Checks of what a client in a browser needs. CDS Hooks 2.0, "Cross-Origin Resource Sharing"; {@link https://fetch.spec.whatwg.org/#http-cors-protocol} */
import { type Check, describeSighting, judgeEach, ruleOn } from './check.js';
import { type Answer, isSuccess, type Observed, sightingsOf, statusOf } from './observed.js';

/** As a page of an EHR would name itself. */
export const pageOrigin = 'https://ehr.example';

const section = '2.0 Cross-Origin Resource Sharing';
const preflights = ['preflight-discovery', 'preflight-service', 'preflight-feedback'];

function allowsOrigin({ headers }: Answer): boolean {
  return ['*', pageOrigin].includes(headers['access-control-allow-origin'] ?? '');
}

function listed(answer: Answer, header: string): readonly string[] {
  return (answer.headers[header] ?? '').split(',').map((name) => name.trim().toLowerCase());
}

/** Preflights go out without a token: a browser sends none with them. */
function preflight(id: string, title: string, probe: string): Check {
  const ofProbe = (seen: Observed) => sightingsOf(seen, probe).filter(({ exchange }) => statusOf(exchange) !== 404);
  return ruleOn(ofProbe, 'there is no such endpoint')([id, 'should', title, section], (sighting) => {
    const { exchange } = sighting;
    if (exchange.kind === 'silence' || !isSuccess(exchange)) return describeSighting(sighting);
    return allowsOrigin(exchange) ? undefined : `${describeSighting(sighting)} and does not allow ${pageOrigin}`;
  });
}

/** Preflights that allow the origin: what else they must say. */
function allowedOf(seen: Observed): readonly Answer[] {
  return sightingsOf(seen, ...preflights).flatMap(({ exchange }) =>
    exchange.kind === 'answer' && isSuccess(exchange) && allowsOrigin(exchange) ? [exchange] : [],
  );
}
const allowed = ruleOn(allowedOf, 'no preflight allows the origin');

export const corsChecks: readonly Check[] = [
  preflight('CH-97a', 'a page may ask for discovery', 'preflight-discovery'),
  preflight('CH-97b', 'a page may call a service', 'preflight-service'),
  preflight('CH-97c', 'a page may send feedback', 'preflight-feedback'),
  allowed(['CH-97d', 'should', 'preflights allow the method', section], (answer) => {
    // GET and POST are allowed without being named (Fetch, "CORS-safelisted method"); a list that leaves them out is a mistake all the same.
    if (answer.headers['access-control-allow-methods'] === undefined) return undefined;
    const method = answer.url.endsWith('/cds-services') ? 'get' : 'post';
    const methods = listed(answer, 'access-control-allow-methods');
    return methods.includes(method) || methods.includes('*') ? undefined : `${new URL(answer.url).pathname}: ${methods.join(', ')}`;
  }),
  allowed(['CH-97e', 'should', 'preflights allow Content-Type and, by name, Authorization', section], (answer) => {
    const headers = listed(answer, 'access-control-allow-headers');
    // `*` does not cover Authorization (Fetch, "CORS non-wildcard request-header name").
    const lacking = ['content-type', 'authorization'].filter(
      (name) => !headers.includes(name) && (name === 'authorization' || !headers.includes('*')),
    );
    const needed = answer.url.endsWith('/cds-services') ? lacking.filter((name) => name !== 'content-type') : lacking;
    return needed.length === 0 ? undefined : `${new URL(answer.url).pathname}: ${needed.join(', ')}`;
  }),
  ruleOn((seen) => sightingsOf(seen, ...preflights, 'discovery-again', 'call-origin'), 'nothing was answered')(
    ['CH-97f', 'should', 'no answer allows every origin and credentials at once', `${section} (OWASP)`],
    (sighting) => {
      if (sighting.exchange.kind === 'silence') return undefined;
      const { headers } = sighting.exchange;
      // An origin repeated as it came is every origin too; credentials then are given to all.
      const isAny = ['*', pageOrigin].includes(headers['access-control-allow-origin'] ?? '');
      return isAny && headers['access-control-allow-credentials'] === 'true' ? describeSighting(sighting) : undefined;
    },
  ),
  {
    id: 'CH-97g',
    level: 'should',
    title: 'the answers themselves allow the origin, not the preflights alone',
    source: section,
    judge: (seen) =>
      judgeEach(
        allowedOf(seen).length === 0 ? [] : sightingsOf(seen, 'discovery-again', 'call-origin').filter(({ exchange }) => isSuccess(exchange)),
        (sighting) => (sighting.exchange.kind === 'answer' && !allowsOrigin(sighting.exchange) ? describeSighting(sighting) : undefined),
        'no preflight allows the origin',
      ),
  },
];
