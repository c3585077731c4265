/** Checks of how a service takes requests: good ones, poor ones and such as are none. CDS Hooks 2.0, "Calling a CDS Service". */
import { answerRule, type Check, describeSighting, failed, judgeEach, notApplicable, passed, ruleOn } from './check.js';
import { type Exchange, isClientError, isJsonType, isSuccess, isWithheld, type Observed, sightingsOf, statusOf, wellFormed } from './observed.js';

const calling = '2.0 Calling a CDS Service';
const response = '2.0 CDS Service Response';
const prefetching = '2.0 Prefetch Template';
const practice = 'practice: HTTP semantics (RFC 9110)';

const is200 = (exchange: Exchange): boolean => statusOf(exchange) === 200;
/** "SHALL respond with an HTTP 412" where required data cannot be had; 200 where they were not needed. */
const is200Or412 = (exchange: Exchange): boolean => is200(exchange) || statusOf(exchange) === 412;
/** Silence is judged by CH-18c: here it counts only whether the request was taken for one. */
const isNoSuccess = (exchange: Exchange): boolean => !isSuccess(exchange);
/** RFC 9110: 501 where the server does not know a method; "server error" by its number only. */
const isUnsupportedMethod = (exchange: Exchange): boolean => statusOf(exchange) === 501 && exchange.method !== 'POST';
const isNoServerError = (exchange: Exchange): boolean => statusOf(exchange) > 0 && statusOf(exchange) < 500;

/**
 * The plain call is judged by CH-46a alone: where it fails, its variations have nothing to be compared with.
 * Keeps the services whose plain call was answered with one of these.
 */
function whereCallGets(statuses: readonly number[], rule: Check): Check {
  return {
    ...rule,
    judge(seen) {
      const sound = sightingsOf(seen, 'call').filter(({ exchange }) => statuses.includes(statusOf(exchange)));
      if (sound.length === 0) return notApplicable(`no well-formed call was answered with ${statuses.join(' or ')}`);
      const ids = sound.map(({ service }) => service);
      return rule.judge({ ...seen, sightings: seen.sightings.filter(({ service }) => ids.includes(service)) });
    },
  };
}

const besidesCall = (rule: Check): Check => whereCallGets([200], rule);
/** 412 is a sound answer to the invented patient: what is poorer must still not break the service. */
const belowCall = (rule: Check): Check => whereCallGets([200, 412], rule);

const goodRequests: readonly Check[] = [
  {
    id: 'CH-46a',
    level: 'must',
    title: 'a well-formed call is answered with 200',
    source: response,
    judge(seen) {
      const all = sightingsOf(seen, 'call', 'call-again');
      // 412 is a lawful answer to an invented patient: it says nothing for or against the service.
      const open = all.filter(({ exchange }) => !isWithheld(exchange) && statusOf(exchange) !== 412);
      const nothing = all.some(({ exchange }) => isWithheld(exchange))
        ? 'the service wants a token that was not given, or fewer calls'
        : 'no service could be called, or the invented patient was not enough: give a request with --request';
      return judgeEach(open, (sighting) => (is200(sighting.exchange) ? undefined : describeSighting(sighting)), nothing);
    },
  },
  ruleOn((seen) => sightingsOf(seen, ...wellFormed).filter(({ exchange }) => is200(exchange)), 'no call was answered with 200')(
    ['CH-46b', 'must', 'the answer to a call is declared as JSON', '2.0 Use of JSON'],
    ({ service, exchange }) =>
      exchange.kind === 'answer' && !isJsonType(exchange)
        ? `${service}: content-type is ${exchange.headers['content-type'] ?? 'missing'}`
        : undefined,
  ),
  besidesCall(answerRule(['CH-28f', 'must', 'a charset after the media type is accepted', '2.0 Use of JSON'], ['call-charset'], is200)),
  besidesCall(answerRule(['CH-42', 'must', 'an extension in the request is tolerated', '2.0 Extensions'], ['call-extension'], is200)),
  besidesCall(
    answerRule(['CH-33b', 'should', 'fields that a later version may add are tolerated', '2.0 Changes to a Hook'], ['call-unknown-fields'], is200),
  ),
  besidesCall(answerRule(['CH-30c', 'should', 'a hookInstance of any UUID version and case is accepted', calling], ['call-other-uuid'], is200)),
  {
    id: 'CH-40',
    level: 'should',
    title: 'calls are answered quickly: half of them within a second',
    source: '2.0 Providing FHIR Resources to a CDS Service (on the order of 500 ms)',
    judge(seen) {
      const times = sightingsOf(seen, ...wellFormed).flatMap(({ exchange }) => (is200(exchange) ? [exchange.ms] : []));
      const median = [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)];
      if (median === undefined) return notApplicable('no call was answered with 200');
      return median <= 1000 ? passed : failed(`the median of ${times.length} calls is ${Math.round(median)} ms`);
    },
  },
];

const poorRequests: readonly Check[] = [
  answerRule(['CH-38a', 'must', 'a call without prefetch and FHIR server gets 200 or 412', prefetching], ['call-no-prefetch'], is200Or412),
  answerRule(['CH-38b', 'must', 'a FHIR server that cannot be reached gives 200 or 412', prefetching], ['call-dead-server'], is200Or412),
  answerRule(['CH-34a', 'must', 'prefetch that is null (nothing found) gets 200 or 412', prefetching], ['call-null-prefetch'], is200Or412),
  answerRule(['CH-34b', 'must', 'half of the prefetch keys get 200 or 412', prefetching], ['call-partial-prefetch'], is200Or412),
  answerRule(
    ['CH-35a', 'should', 'an OperationOutcome in place of prefetched data is no server error', prefetching],
    ['call-outcome-prefetch'],
    isNoServerError,
  ),
  answerRule(
    ['CH-35b', 'should', 'an OperationOutcome as an entry of a searchset is no server error', prefetching],
    ['call-outcome-entry'],
    isNoServerError,
  ),
  answerRule(['CH-36', 'should', 'a searchset with a next page is no server error', prefetching], ['call-paged-prefetch'], isNoServerError),
  ruleOn((seen) => sightingsOf(seen, 'call-other-patient').filter(({ exchange }) => !isWithheld(exchange)), 'no service asks for the patient')(
    ['CH-45', 'should', "another patient's data in prefetch give no cards", 'practice: patient safety'],
    ({ service, exchange }) => {
      if (exchange.kind === 'silence' || exchange.status >= 500)
        return `${service}: ${exchange.kind === 'silence' ? exchange.reason : exchange.status}`;
      return exchange.status === 200 && !/"cards"\s*:\s*\[\s*\]/.test(exchange.text) ? `${service}: answered with cards` : undefined;
    },
  ),
].map(belowCall);

/** That a request has these fields is the client's duty by the specification; that the service refuses it without them is good practice. What is no JSON is no request at all. */
const notRequests: readonly Check[] = [
  answerRule(['CH-28a', 'must', 'a body that is no JSON is no success', '2.0 Use of JSON'], ['bad-json'], isNoSuccess),
  answerRule(['CH-28b', 'must', 'an empty body is no success', calling], ['bad-empty-body'], isNoSuccess),
  answerRule(['CH-28c', 'should', 'a body that is no object is no success', calling], ['bad-array'], isNoSuccess),
  answerRule(['CH-28d', 'should', 'a call without hook is no success', calling], ['bad-no-hook'], isNoSuccess),
  answerRule(['CH-28e', 'should', 'a call without context is no success', calling], ['bad-no-context', 'bad-context-type'], isNoSuccess),
  answerRule(['CH-28g', 'should', 'a media type other than JSON is no success', '2.0 Use of JSON'], ['bad-media-type'], isNoSuccess),
  answerRule(['CH-28h', 'should', 'GET on a service is no success', calling], ['get-service'], isNoSuccess),
  answerRule(['CH-29', 'should', 'a hook that the service is not for is no success', calling], ['bad-other-hook'], isNoSuccess),
  answerRule(['CH-30a', 'should', 'a call without hookInstance is no success', calling], ['bad-no-instance'], isNoSuccess),
  answerRule(['CH-30b', 'should', 'a hookInstance that is no UUID is no success', calling], ['bad-instance'], isNoSuccess),
  answerRule(['CH-31', 'should', 'an access token without fhirServer is no success', calling], ['bad-no-server'], isNoSuccess),
  answerRule(
    ['CH-33a', 'should', 'a call that lacks a field which its hook demands is no success', '2.0 Hook context and prefetch'],
    ['bad-context-field'],
    isNoSuccess,
  ),
];

/** Everything that is no request, except where the address is wrong. */
const malformed: readonly string[] = [
  'bad-json',
  'bad-empty-body',
  'bad-array',
  'bad-no-hook',
  'bad-no-context',
  'bad-context-type',
  'bad-context-field',
  'bad-no-instance',
  'bad-instance',
  'bad-no-server',
  'bad-other-hook',
];

function refusedWith(probes: readonly string[]) {
  return (seen: Observed) => sightingsOf(seen, ...probes).filter(({ exchange }) => isNoSuccess(exchange) && !isWithheld(exchange));
}

const refusals: readonly Check[] = [
  answerRule(
    ['CH-18a', 'should', 'an unknown service is answered with 404', practice],
    ['unknown-service'],
    (exchange) => statusOf(exchange) === 404,
  ),
  answerRule(
    ['CH-18b', 'should', 'odd addresses are answered, and are no server error', practice],
    ['odd-path'],
    (exchange) => isNoServerError(exchange) || isUnsupportedMethod(exchange),
  ),
  ruleOn(refusedWith([...malformed, 'bad-media-type', 'get-service']), 'nothing was refused')(
    ['CH-18c', 'should', "the caller's mistakes are answered, with 4xx", practice],
    (sighting) =>
      isClientError(sighting.exchange) || isUnsupportedMethod(sighting.exchange) ? undefined : `${sighting.probe}: ${describeSighting(sighting)}`,
  ),
  ruleOn((seen) => refusedWith(malformed)(seen).filter(({ exchange }) => isClientError(exchange)), 'nothing was refused with 4xx')(
    ['CH-18d', 'should', 'a malformed or incomplete request is answered with 400 (or 422)', practice],
    (sighting) => ([400, 422].includes(statusOf(sighting.exchange)) ? undefined : `${sighting.probe}: ${describeSighting(sighting)}`),
  ),
  ruleOn((seen) => seen.sightings.filter(({ exchange }) => statusOf(exchange) >= 400), 'nothing was refused')(
    ['CH-18e', 'should', 'refusals show no stack trace', 'practice: OWASP error handling'],
    (sighting) =>
      sighting.exchange.kind === 'answer' && stackTrace.test(sighting.exchange.text) ? `${sighting.probe}: ${describeSighting(sighting)}` : undefined,
  ),
  ruleOn(
    (seen) => seen.sightings.filter(({ probe }) => !probe.startsWith('token-')).map((sighting) => ({ sighting, secrets: seen.secrets })),
    'nothing was asked',
  )(['CH-41', 'must', 'an access token is never repeated', '2.0 Passing the Access Token to the CDS Service'], ({ sighting, secrets }) =>
    repeats(sighting.exchange, secrets) ? `${sighting.probe}: ${describeSighting(sighting)}` : undefined,
  ),
];

/** JavaScript, Java and C#, Python, Go. */
const stackTrace =
  /^\s*at .+[:(].*\d+\)?|\\n\s+at [\w$.<>]+ ?\(|Traceback \(most recent call last\)|\bat [\w$.]+\([\w$]+\.java:\d+\)|goroutine \d+ \[/m;

function repeats(exchange: Exchange, secrets: readonly string[]): boolean {
  if (exchange.kind === 'silence') return false;
  const said = `${exchange.text} ${Object.values(exchange.headers).join(' ')}`;
  return secrets.some((secret) => said.includes(secret));
}

export const requestChecks: readonly Check[] = [...goodRequests, ...poorRequests, ...notRequests, ...refusals];
