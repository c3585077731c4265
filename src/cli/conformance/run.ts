/** The order of things: what is asked of the service, one request after the other, and then judged. Knows no rule of the specification. */
import { attributeChecks } from './attributes.js';
import { authenticationChecks } from './authentication.js';
import { cardChecks } from './cards.js';
import { inventChart } from './chart.js';
import type { Check, Verdict } from './check.js';
import { corsChecks, pageOrigin } from './cors.js';
import { discoveryChecks } from './discovery.js';
import { feedbackChecks } from './feedback.js';
import { chooseCard, feedbackVariations } from './feedback-variations.js';
import { type DescribedService, makeRequest } from './hook-request.js';
import { isObject, isText, type Json } from './json.js';
import { type Exchange, isAbsent, isLockedOut, type Observed, type Sighting } from './observed.js';
import { offerChecks } from './offers.js';
import type { Probe, ProbeRequest } from './probe.js';
import { requestChecks } from './requests.js';
import { templateChecks } from './templates.js';
import { type Client, inventClient, makeWrongTokens, signToken } from './tokens.js';
import { accessToken, variationsFor } from './variations.js';

export interface Target {
  /** Without `/cds-services`. */
  readonly base: string;
  /** Call this service alone. */
  readonly service: string | undefined;
  readonly patient: string;
  readonly fhir: string | undefined;
  readonly request: Json | undefined;
  readonly isTokenRequired: boolean;
  /** Sent with every request; a client makes a new one for each. */
  readonly token: string | undefined;
  readonly client: Client | undefined;
}

export interface RunParts {
  readonly probe: Probe;
  readonly now: () => Date;
}

export interface CheckResult {
  readonly subject: string;
  readonly check: Check;
  readonly verdict: Verdict;
}

/** By subject, in the order of the report. */
export const checksBySubject: readonly (readonly [subject: string, checks: readonly Check[]])[] = [
  ['discovery', [...discoveryChecks, ...templateChecks]],
  ['requests', requestChecks],
  ['cards', [...cardChecks, ...offerChecks, ...attributeChecks]],
  ['feedback', feedbackChecks],
  ['authentication', authenticationChecks],
  ['cors', corsChecks],
];

export function judgeAll(seen: Observed): readonly CheckResult[] {
  return checksBySubject.flatMap(([subject, checks]) => checks.map((check) => ({ subject, check, verdict: check.judge(seen) })));
}

/** Asks everything. Where discovery is silent nothing else is asked. */
export async function observe(target: Target, parts: RunParts): Promise<Observed> {
  const sightings: Sighting[] = [];
  const { base } = target;
  const discoveryUrl = `${base}/cds-services`;
  const headers = await bearerFor(target, discoveryUrl, parts);
  const discovery = await parts.probe({ method: 'GET', url: discoveryUrl, headers });
  const services = listServices(discovery).filter(
    (service) => target.service === undefined || (isObject(service) && service['id'] === target.service),
  );
  const seen: Observed = {
    base,
    discovery,
    services,
    sightings,
    isTokenWanted: target.isTokenRequired || isLockedOut(discovery),
    isKeyTrusted: target.client !== undefined,
    secrets: [accessToken, ...secretsOf(target)],
  };
  if (discovery.kind === 'silence') return seen;

  const ask: Ask = async (probe, service, request) => {
    const exchange = await parts.probe(request);
    sightings.push({ probe, service, exchange });
    return exchange;
  };
  await ask('discovery-again', undefined, {
    method: 'GET',
    url: discoveryUrl,
    headers: { ...(await bearerFor(target, discoveryUrl, parts)), origin: pageOrigin },
  });
  await ask('preflight-discovery', undefined, preflight(discoveryUrl, 'GET'));
  const asking: Asking = { target, parts, ask, chart: inventChart(target.patient, parts.now()) };
  const first = await askServices(services.flatMap(describe), asking);
  await askOddAddresses(first, asking);
  if (first === undefined) return seen;
  const isWanted = seen.isTokenWanted || (await isTokenWanted(first, asking));
  const secrets = isWanted ? await askWithTokens(first, asking) : [];
  return { ...seen, isTokenWanted: isWanted, secrets: [...seen.secrets, ...secrets] };
}

type Ask = (probe: string, service: string | undefined, request: ProbeRequest) => Promise<Exchange>;

interface Asking {
  readonly target: Target;
  readonly parts: RunParts;
  readonly ask: Ask;
  readonly chart: ReturnType<typeof inventChart>;
}

interface Callable {
  readonly id: string;
  readonly url: string;
  readonly request: Json;
  readonly isOpen: boolean;
}

function secretsOf({ token, request }: Target): readonly string[] {
  const authorization = request?.['fhirAuthorization'];
  const granted = isObject(authorization) ? authorization['access_token'] : undefined;
  return [token, granted].filter(isText);
}

function listServices(discovery: Exchange): readonly unknown[] {
  const json = discovery.kind === 'answer' && discovery.status === 200 ? discovery.json : undefined;
  return isObject(json) && Array.isArray(json['services']) ? json['services'] : [];
}

/** As much of a description as a call needs. */
function describe(service: unknown): readonly DescribedService[] {
  if (!isObject(service) || !isText(service['id']) || !isText(service['hook'])) return [];
  const prefetch = isObject(service['prefetch']) ? Object.entries(service['prefetch']) : [];
  return [
    {
      id: service['id'],
      hook: service['hook'],
      prefetch: Object.fromEntries(prefetch.flatMap(([key, template]) => (isText(template) ? [[key, template]] : []))),
    },
  ];
}

async function bearerFor({ token, client }: Target, endpoint: string, { now }: RunParts): Promise<Readonly<Record<string, string>>> {
  const bearer = client === undefined ? token : await signToken(client, endpoint, now());
  return bearer === undefined ? {} : { authorization: `Bearer ${bearer}` };
}

function preflight(url: string, method: string): ProbeRequest {
  const wanted = method === 'GET' ? 'authorization' : 'authorization,content-type';
  return {
    method: 'OPTIONS',
    url,
    headers: { origin: pageOrigin, 'access-control-request-method': method, 'access-control-request-headers': wanted },
  };
}

/** Everything about each service that can be called; the first of them. */
async function askServices(services: readonly DescribedService[], asking: Asking): Promise<Callable | undefined> {
  const { target, parts, chart } = asking;
  let first: Callable | undefined;
  for (const service of services) {
    const request = await makeRequest(service, { chart, probe: parts.probe, fhir: target.fhir, given: target.request });
    if (request === undefined) continue;
    const url = `${target.base}/cds-services/${encodeURIComponent(service.id)}`;
    const isOpen = await askService({ id: service.id, url, request, isOpen: true }, service.hook, asking);
    if (first === undefined || (isOpen && !first.isOpen)) first = { id: service.id, url, request, isOpen };
  }
  return first;
}

/** Whether the service let us in. */
async function askService({ id, url, request }: Callable, hook: string, { target, parts, ask }: Asking): Promise<boolean> {
  await ask('preflight-service', id, preflight(url, 'POST'));
  const post = async (probe: string, body: string, more: Readonly<Record<string, string>> = {}): Promise<Exchange> =>
    ask(probe, id, { method: 'POST', url, body, headers: { 'content-type': 'application/json', ...(await bearerFor(target, url, parts)), ...more } });
  let reported: ReturnType<typeof chooseCard>;
  for (const { probe, body, contentType } of variationsFor(hook)) {
    const text = body(request);
    if (text === undefined) continue;
    const exchange = await post(probe, text, contentType === undefined ? {} : { 'content-type': contentType });
    if (probe === 'call') {
      // Nothing more can be learnt from a closed door.
      if (isLockedOut(exchange)) return false;
      reported = chooseCard(exchange.kind === 'answer' ? exchange.json : undefined);
    }
  }
  await post('call-origin', JSON.stringify({ ...request, hookInstance: crypto.randomUUID() }), { origin: pageOrigin });
  await ask('get-service', id, { method: 'GET', url, headers: await bearerFor(target, url, parts) });
  await askFeedback({ id, url: `${url}/feedback`, reported }, { target, parts, ask });
  return true;
}

interface FeedbackPlace {
  readonly id: string;
  readonly url: string;
  readonly reported: ReturnType<typeof chooseCard>;
}

async function askFeedback({ id, url, reported }: FeedbackPlace, { target, parts, ask }: Omit<Asking, 'chart'>): Promise<void> {
  for (const { probe, body } of feedbackVariations(reported, parts.now().toISOString())) {
    const headers = { 'content-type': 'application/json', ...(await bearerFor(target, url, parts)) };
    const exchange = await ask(probe, id, { method: 'POST', url, body, headers });
    if (isAbsent(exchange) && probe === 'feedback-unknown-card') return;
  }
  await ask('preflight-feedback', id, preflight(url, 'POST'));
}

/** Addresses that nobody should ask for. */
async function askOddAddresses(first: Callable | undefined, { target, parts, ask }: Asking): Promise<void> {
  const services = `${target.base}/cds-services`;
  const body = JSON.stringify(first?.request ?? { hook: 'patient-view', hookInstance: crypto.randomUUID(), context: {} });
  const headers = async (url: string): Promise<Readonly<Record<string, string>>> => ({
    'content-type': 'application/json',
    ...(await bearerFor(target, url, parts)),
  });
  const unknown = `${services}/conformance-no-such-service`;
  await ask('unknown-service', undefined, { method: 'POST', url: unknown, body, headers: await headers(unknown) });
  const odd: readonly (readonly [string, string])[] = [
    ['POST', services],
    ['POST', `${services}/%E0%A4%A`],
    ['POST', `${services}/..%2f..%2fetc%2fpasswd`],
    ['POST', `${unknown}/feedback`],
    ['GET', `${services}/%00`],
    ...(first === undefined
      ? []
      : ([
          ['PUT', first.url],
          ['DELETE', first.url],
          ['POST', `${first.url}/nothing`],
        ] as const)),
  ];
  for (const [method, url] of odd) {
    await ask('odd-path', undefined, { method, url, headers: await headers(url), ...(method === 'POST' || method === 'PUT' ? { body } : {}) });
  }
}

/** A service that took our token may take calls without one as well. */
async function isTokenWanted(first: Callable, { target, parts }: Asking): Promise<boolean> {
  if (!first.isOpen) return true;
  if (target.token === undefined && target.client === undefined) return false;
  return isLockedOut(await parts.probe(toCall(first, undefined)));
}

function toCall({ url, request }: Callable, token: string | undefined): ProbeRequest {
  return {
    method: 'POST',
    url,
    body: JSON.stringify({ ...request, hookInstance: crypto.randomUUID() }),
    headers: { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
  };
}

/** Each wrong token once, and a right one twice. Returns what was sent. */
async function askWithTokens(first: Callable, { target, parts, ask }: Asking): Promise<readonly string[]> {
  const client = target.client ?? (await inventClient());
  const wrong = await makeWrongTokens(client, first.url, parts.now());
  for (const [probe, token] of wrong) await ask(probe, first.id, toCall(first, token));
  const [report] = feedbackVariations(undefined, parts.now().toISOString());
  await ask('token-missing-feedback', first.id, {
    method: 'POST',
    url: `${first.url}/feedback`,
    body: report?.body ?? '',
    headers: { 'content-type': 'application/json' },
  });
  if (target.client !== undefined) {
    const right = await signToken(target.client, first.url, parts.now());
    await ask('token-right', first.id, toCall(first, right));
    await ask('token-again', first.id, toCall(first, right));
  }
  return wrong.flatMap(([, token]) => token ?? []);
}
