/** What is asked of each service: its own good request, changed in one respect at a time. Knows nothing of what the answer should be. */
import { hookShapes } from './hooks.js';
import { isObject, type Json } from './json.js';

export interface Variation {
  readonly probe: string;
  /** The body as text, so that it need not be JSON; undefined where the change makes no sense for this request. */
  readonly body: (request: Json) => string | undefined;
  readonly contentType?: string;
}

/** Sent as an access token: nothing that the service says may repeat it (CDS Hooks 2.0, "Passing the Access Token to the CDS Service"). */
export const accessToken = 'conformance-check-access-token-4f1d';
/** RFC 2606: a name that never resolves. */
const deadServer = 'https://ehr.invalid/r4';
const refusedOutcome: Json = { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'forbidden', diagnostics: 'not authorized' }] };

/** Undefined values are left out by JSON: that is how a field is dropped. */
function changed(change: (request: Json) => Json): Variation['body'] {
  return (request) => JSON.stringify({ ...request, hookInstance: crypto.randomUUID(), ...change(request) });
}

function changedPrefetch(change: (prefetch: Json) => Json | undefined): Variation['body'] {
  return (request) => {
    if (!isObject(request['prefetch'])) return undefined;
    const prefetch = change(request['prefetch']);
    return prefetch === undefined ? undefined : changed(() => ({ prefetch }))(request);
  };
}

const same = changed(() => ({}));

/** Requests that are as they should be. */
const good: readonly Variation[] = [
  { probe: 'call', body: same },
  { probe: 'call-again', body: same },
  { probe: 'call-charset', body: same, contentType: 'application/json; charset=utf-8' },
  {
    probe: 'call-extension',
    body: changed(({ context }) => ({
      extension: { 'org.example.conformance': { at: 'request' } },
      context: { ...(isObject(context) ? context : {}), extension: { 'org.example.conformance': { at: 'context' } } },
    })),
  },
  {
    probe: 'call-unknown-fields',
    body: changed(({ context }) => ({
      fieldOfALaterVersion: 'of the specification',
      context: { ...(isObject(context) ? context : {}), fieldOfALaterHookVersion: 1 },
    })),
  },
  { probe: 'call-marked-up', body: (request) => JSON.stringify({ ...markUp(request), hookInstance: crypto.randomUUID() }) },
  // Upper case, and of version 1: both are UUIDs, and an EHR in wide use sends such.
  { probe: 'call-other-uuid', body: changed(() => ({ hookInstance: 'B4F05C60-6BD3-11EE-8C99-0242AC120002' })) },
];

/** Data are missing, refused or unreachable. */
const poor: readonly Variation[] = [
  { probe: 'call-no-prefetch', body: changed(() => ({ prefetch: undefined, fhirServer: undefined, fhirAuthorization: undefined })) },
  {
    probe: 'call-dead-server',
    body: changed(() => ({
      prefetch: undefined,
      fhirServer: deadServer,
      fhirAuthorization: { access_token: accessToken, token_type: 'Bearer', expires_in: 300, scope: 'patient/*.read', subject: 'conformance' },
    })),
  },
  { probe: 'call-null-prefetch', body: changedPrefetch((prefetch) => mapValues(prefetch, () => null)) },
  {
    probe: 'call-partial-prefetch',
    body: changedPrefetch((prefetch) => {
      const entries = Object.entries(prefetch);
      return entries.length < 2 ? undefined : Object.fromEntries(entries.slice(0, Math.ceil(entries.length / 2)));
    }),
  },
  { probe: 'call-outcome-prefetch', body: changedPrefetch((prefetch) => mapValues(prefetch, () => refusedOutcome)) },
  { probe: 'call-outcome-entry', body: changedPrefetch((prefetch) => mapBundles(prefetch, withOutcomeEntry)) },
  { probe: 'call-paged-prefetch', body: changedPrefetch((prefetch) => mapBundles(prefetch, withNextLink)) },
  { probe: 'call-other-patient', body: changedPrefetch(swapPatient) },
];

/** Requests that are none. */
const bad: readonly Variation[] = [
  { probe: 'bad-json', body: (request) => JSON.stringify(request).slice(0, -1) },
  { probe: 'bad-empty-body', body: () => '' },
  { probe: 'bad-array', body: (request) => JSON.stringify([request]) },
  { probe: 'bad-no-hook', body: changed(() => ({ hook: undefined })) },
  { probe: 'bad-other-hook', body: changed(() => ({ hook: 'org.example.no-such-hook' })) },
  { probe: 'bad-no-instance', body: changed(() => ({ hookInstance: undefined })) },
  { probe: 'bad-instance', body: changed(() => ({ hookInstance: 'not-a-uuid' })) },
  { probe: 'bad-no-context', body: changed(() => ({ context: undefined })) },
  { probe: 'bad-context-type', body: changed(() => ({ context: 'Patient/1' })) },
  {
    probe: 'bad-no-server',
    body: changed(() => ({
      fhirServer: undefined,
      fhirAuthorization: { access_token: accessToken, token_type: 'Bearer', expires_in: 300, scope: 'patient/*.read', subject: 'conformance' },
    })),
  },
  { probe: 'bad-media-type', body: () => '<hook>patient-view</hook>', contentType: 'application/xml' },
];

/** One request for each field that the hook demands, without it. */
export function variationsFor(hook: string): readonly Variation[] {
  const required = Object.hasOwn(hookShapes, hook) ? (hookShapes[hook]?.required ?? []) : [];
  const incomplete = required.map((field) => ({
    probe: 'bad-context-field',
    body: changed(({ context }) => ({ context: { ...(isObject(context) ? context : {}), [field]: undefined } })),
  }));
  return [...good, ...poor, ...bad, ...incomplete];
}

function mapValues(object: Json, change: (value: unknown) => unknown): Json {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}

function isBundle(value: unknown): value is Json {
  return isObject(value) && value['resourceType'] === 'Bundle';
}

function mapBundles(prefetch: Json, change: (bundle: Json) => Json): Json | undefined {
  if (!Object.values(prefetch).some(isBundle)) return undefined;
  return mapValues(prefetch, (value) => (isBundle(value) ? change(value) : value));
}

function withOutcomeEntry(bundle: Json): Json {
  const entries: readonly unknown[] = Array.isArray(bundle['entry']) ? bundle['entry'] : [];
  return { ...bundle, entry: [...entries, { resource: refusedOutcome, search: { mode: 'outcome' } }] };
}

function withNextLink(bundle: Json): Json {
  return { ...bundle, link: [{ relation: 'next', url: `${deadServer}?page=2` }] };
}

function swapPatient(prefetch: Json): Json | undefined {
  const isPatient = (value: unknown): boolean => isObject(value) && value['resourceType'] === 'Patient';
  if (!Object.values(prefetch).some(isPatient)) return undefined;
  return mapValues(prefetch, (value) => (isObject(value) && isPatient(value) ? { ...value, id: 'somebody-else' } : value));
}

/** What a browser would run if it reached the page unescaped. */
export const markup = '<img src=x onerror=alert(1)>';

/** Every text and display of the chart ends with markup; codes stay, so that the service finds what it found before. */
function markUp<T>(value: T): T;
function markUp(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((child: unknown) => markUp(child));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [
      key,
      typeof child === 'string' && (key === 'text' || key === 'display') ? `${child} ${markup}` : markUp(child),
    ]),
  );
}
