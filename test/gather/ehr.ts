/** A FHIR server on loopback that answers as a test says, and the words of a call to it. All patients here are invented. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createReadChart, type GatherLimits } from '../../src/gather/gather.js';
import type { Caller, Chart, HookRequest, ListName, ServiceDefinition, ServiceId } from '../../src/types.js';

export type Answer = (response: ServerResponse, url: string, request: IncomingMessage) => void;

export interface FakeEhr {
  readonly base: string;
  readonly origin: string;
  /** Path and query of each request, in order. */
  readonly asked: string[];
  readonly tokens: (string | undefined)[];
  /** By the start of the path below the base; the longest that fits answers. */
  readonly answers: Map<string, Answer>;
  close(): Promise<void>;
}

export async function startEhr(): Promise<FakeEhr> {
  const asked: string[] = [];
  const tokens: (string | undefined)[] = [];
  const answers = new Map<string, Answer>();
  const server = createServer((request, response) => {
    const url = (request.url ?? '').replace(/^\/fhir\//, '');
    asked.push(url);
    tokens.push(request.headers.authorization);
    const key = [...answers.keys()].filter((start) => url.startsWith(start)).sort((a, b) => b.length - a.length)[0];
    const answer = key === undefined ? undefined : answers.get(key);
    if (answer === undefined) response.writeHead(404).end();
    else answer(response, url, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { base: `${origin}/fhir`, origin, asked, tokens, answers, close };
}

export const send =
  (body: unknown, status = 200, type = 'application/fhir+json'): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': type }).end(typeof body === 'string' ? body : JSON.stringify(body));
  };

export const patient = (id = 'p1') => ({ resourceType: 'Patient', id, gender: 'female', birthDate: '1960-01-01' });
export const condition = (id: string, change: Readonly<Record<string, unknown>> = {}) => ({
  resourceType: 'Condition',
  id,
  subject: { reference: 'Patient/p1' },
  code: { text: `condition ${id}` },
  ...change,
});
export const bundle = (resources: readonly unknown[], change: Readonly<Record<string, unknown>> = {}) => ({
  resourceType: 'Bundle',
  type: 'searchset',
  entry: resources.map((resource) => ({ resource })),
  ...change,
});
export const next = (url: string) => ({ link: [{ relation: 'next', url }] });
export const outcome = (code: string, severity = 'error') => ({
  resourceType: 'OperationOutcome',
  issue: [{ severity, code, diagnostics: 'SECRET words' }],
});

export const service: ServiceDefinition = {
  id: 'care-gaps' as ServiceId,
  hook: 'patient-view',
  title: 'a',
  description: 'b',
  usageRequirements: 'c',
  prefetch: { patient: 'Patient/{{context.patientId}}', conditions: 'Condition?patient={{context.patientId}}' },
  required: ['patient'],
  scopes: [],
  knowledge: 'care-gaps',
  showFrom: 'info',
  maxCards: 5,
};

export const token = 'tok-invented-1234567890';
export const now = new Date('2026-03-01T12:00:00Z');
const limits: GatherLimits = { maxPages: 20, maxBytes: 1_000_000, budgetMs: 60_000 };

export interface Call {
  readonly ehr?: FakeEhr;
  readonly request?: Partial<HookRequest>;
  readonly service?: Partial<ServiceDefinition>;
  readonly caller?: Caller;
  readonly limits?: Partial<GatherLimits>;
  readonly signal?: AbortSignal;
}

export function gather(prefetch: Readonly<Record<string, unknown>>, call: Call = {}): Promise<Chart> {
  const readChart = createReadChart({ fetch: globalThis.fetch, clock: () => now, limits: { ...limits, ...call.limits } });
  const request: HookRequest = {
    hook: 'patient-view',
    hookInstance: 'h',
    patientId: 'p1',
    userId: 'Practitioner/1',
    encounterId: undefined,
    draftOrders: [],
    selections: [],
    prefetch,
    fhir: call.ehr === undefined ? undefined : { base: call.ehr.base, accessToken: token, scope: 'patient/*.rs' },
    ...call.request,
  };
  const caller = call.caller ?? { id: 'ehr', fhirBases: 'loopback', vendor: 'plain' };
  return readChart({ ...service, ...call.service }, caller, request, call.signal ?? new AbortController().signal);
}

export const idsOf = (chart: Chart): readonly (string | undefined)[] => chart.entries.map(({ resource }) => resource.id);
export const stateOf = (chart: Chart, list: ListName = 'conditions'): string => {
  const state = chart.lists[list];
  return state === undefined ? 'none' : state.state === 'complete' ? 'complete' : `${state.state}: ${state.why}`;
};
