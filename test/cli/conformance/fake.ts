/** A small CDS service that does everything right and can be told to do one thing wrong: on a port of its own, or called in place. All of it is invented. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { Client } from '../../../src/cli/conformance/tokens.js';
import { findTokenProblem } from './fake-tokens.js';

type Json = Record<string, unknown>;

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Incoming {
  readonly kind: 'discovery' | 'service' | 'feedback' | 'other';
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** An empty object where the body is none. */
  readonly json: Json;
  /** The ids of the cards that feedback names were issued. */
  readonly isIssued: boolean;
}

/** A path (parts divided by `/`) and the value there: undefined drops the field, a function makes the value from the whole. */
export type Edits = Readonly<Record<string, unknown>>;

export interface Change {
  readonly discovery?: Edits;
  readonly answer?: Edits;
  /** Problems of a request that are not minded: see `findProblem` and its kin. */
  readonly lenient?: readonly string[];
  /** Has the last word; undefined breaks the connection. */
  readonly reply?: (incoming: Incoming, reply: Reply) => Reply | undefined;
  /** What each answer is said to have taken. */
  readonly tookMs?: number;
  readonly wantsToken?: boolean;
}

export interface Fake {
  url: string;
  change: Change;
  /** Undefined: the connection breaks. */
  handle(request: RawRequest): Promise<Reply | undefined>;
  /** As the global one, without a wire. */
  readonly fetch: typeof globalThis.fetch;
}

interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

const cors = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-allow-headers': 'Authorization, Content-Type',
};

export function reply(status: number, body: unknown = '', headers: Readonly<Record<string, string>> = {}): Reply {
  return {
    status,
    headers: { ...cors, 'content-type': 'application/json; charset=utf-8', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}

const patientTemplate = 'Patient/{{context.patientId}}';
function describeServices(): Json {
  const prefetch = { patient: patientTemplate, conditions: 'Condition?patient={{context.patientId}}&_count=50' };
  return {
    services: [
      { hook: 'patient-view', title: 'Greeter', description: 'Greets.', id: 'greeter', prefetch, usageRequirements: 'None.' },
      { hook: 'order-sign', title: 'Signer', description: 'Signs.', id: 'signer', prefetch: { ...prefetch, user: '{{context.userId}}' } },
    ],
  };
}

/** Two cards with all that a card can have, and a system action; new uuids each time. */
function makeAnswer(): Json {
  const resource = { resourceType: 'MedicationRequest', id: 'r1', status: 'draft' };
  return {
    cards: [
      {
        uuid: crypto.randomUUID(),
        summary: 'Ünder 140 characters, with < and >',
        detail: 'Some *Markdown*.',
        indicator: 'warning',
        source: {
          label: 'A guideline',
          url: 'https://guideline.example/',
          icon: 'https://guideline.example/icon.png',
          topic: { system: 'https://guideline.example/topics', code: 'greeting' },
        },
        selectionBehavior: 'at-most-one',
        suggestions: [
          {
            uuid: crypto.randomUUID(),
            label: 'Change it',
            isRecommended: true,
            actions: [
              { type: 'create', description: 'Order', resource },
              { type: 'update', description: 'Change', resource },
              { type: 'delete', description: 'Remove', resourceId: 'MedicationRequest/r1' },
            ],
          },
          { uuid: crypto.randomUUID(), label: 'Leave it', isRecommended: false },
        ],
        overrideReasons: [{ code: 'no', system: 'https://guideline.example/reasons', display: 'No' }],
        links: [
          { label: 'Read', url: 'https://guideline.example/more', type: 'absolute' },
          { label: 'App', url: 'https://app.example/launch', type: 'smart', appContext: 'x' },
        ],
        extension: { 'org.example.note': { a: 1 } },
      },
      { uuid: crypto.randomUUID(), summary: 'Short', indicator: 'info', source: { label: 'A guideline' } },
    ],
    systemActions: [{ type: 'update', description: 'Note', resource }],
  };
}

export function edit(value: Json, edits: Edits = {}): Json {
  const root = structuredClone(value);
  for (const [path, to] of Object.entries(edits)) {
    const keys = path.split('/');
    const last = keys.pop() ?? '';
    const holder = keys.reduce<Json>((at, key) => at[key] as Json, root);
    const made: unknown = typeof to === 'function' ? to(root) : to;
    if (made === undefined) delete holder[last];
    else holder[last] = made;
  }
  return root;
}

/** What is wrong with a call, in a word. */
function findProblem(incoming: Incoming, service: Json): string | undefined {
  const { hook, hookInstance, context, fhirServer, fhirAuthorization } = incoming.json;
  if (incoming.method !== 'POST') return 'method';
  if (!/^application\/json\b/.test(incoming.headers['content-type'] ?? '')) return 'media';
  if (incoming.text === '') return 'empty';
  if (!isJson(incoming.text)) return 'json';
  if (!incoming.text.startsWith('{')) return 'object';
  if (incoming.kind === 'feedback') return findFeedbackProblem(incoming.json);
  if (hook === undefined) return 'hook';
  if (hook !== service['hook']) return 'other-hook';
  if (hookInstance === undefined) return 'instance';
  if (!/^[0-9a-f-]{36}$/i.test(String(hookInstance))) return 'instance-form';
  if (typeof context !== 'object' || context === null) return 'context';
  const required = ['userId', 'patientId', ...(hook === 'order-sign' ? ['draftOrders'] : [])];
  if (required.some((field) => !(field in context))) return 'field';
  return fhirAuthorization !== undefined && fhirServer === undefined ? 'server' : undefined;
}

function findFeedbackProblem({ feedback }: Json): string | undefined {
  if (!Array.isArray(feedback)) return 'feedback-array';
  for (const entry of feedback as readonly Json[]) {
    if (entry['card'] === undefined) return 'feedback-card';
    if (!['accepted', 'overridden'].includes(String(entry['outcome']))) return 'feedback-outcome';
    if (entry['outcomeTimestamp'] === undefined) return 'feedback-timestamp';
    if (entry['outcome'] === 'accepted' && entry['acceptedSuggestions'] === undefined) return 'feedback-suggestions';
  }
  return undefined;
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** `patient`: another one's; `data`: none. */
function findGap({ json }: Incoming): 'patient' | 'data' | undefined {
  const prefetch = (json['prefetch'] ?? {}) as Json;
  const patient = prefetch['patient'] as Json | null | undefined;
  if (patient?.['resourceType'] !== 'Patient') return 'data';
  return patient['id'] === (json['context'] as Json)['patientId'] ? undefined : 'patient';
}

export function createFake(client: Client): Fake {
  const memory = { issued: new Set<string>(), used: new Set<string>() };
  const fake: Fake = {
    url: 'http://127.0.0.1:9',
    change: {},
    async handle(request) {
      const incoming = toIncoming(request, memory.issued);
      const normal = await respond(incoming, fake, client, memory);
      return fake.change.reply === undefined ? normal : fake.change.reply(incoming, normal);
    },
    async fetch(input, init = {}) {
      const { pathname } = new URL(String(input));
      const headers = Object.fromEntries(new Headers(init.headers));
      const answer = await fake.handle({ method: init.method ?? 'GET', path: pathname, headers, text: String(init.body ?? '') });
      if (answer === undefined) throw new TypeError('fetch failed');
      return new Response(answer.status === 204 ? null : answer.body, { status: answer.status, headers: answer.headers });
    },
  };
  return fake;
}

/** Puts it on a port. */
export async function serve(fake: Fake): Promise<{ close(): Promise<void> }> {
  const server = createServer((request, response) => {
    void read(request)
      .then((text) => fake.handle({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, text }))
      .then((answer) => {
        if (answer === undefined) request.socket.destroy();
        else response.writeHead(answer.status, answer.headers).end(answer.body);
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  fake.url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  return {
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function toIncoming({ method, path: url, headers, text }: RawRequest, issued: ReadonlySet<string>): Incoming {
  const [, id, more] = /^\/cds-services(?:\/([^/]+))?(?:\/(.*))?$/.exec(url) ?? [];
  const kind =
    !url.startsWith('/cds-services') || (more !== undefined && more !== 'feedback')
      ? 'other'
      : more === 'feedback'
        ? 'feedback'
        : id === undefined
          ? 'discovery'
          : 'service';
  const json: Json = isJson(text) && text.startsWith('{') ? JSON.parse(text) : {};
  const feedback = json['feedback'];
  const entries = Array.isArray(feedback) ? (feedback as readonly Json[]) : [];
  return { kind, method, url, headers, text, json, isIssued: entries.every((entry) => issued.has(String(entry['card']))) };
}

interface Memory {
  readonly issued: Set<string>;
  readonly used: Set<string>;
}

async function respond(incoming: Incoming, { url, change }: Fake, client: Client, { issued, used }: Memory): Promise<Reply> {
  const { lenient = [] } = change;
  if (incoming.method === 'OPTIONS') return incoming.kind === 'other' ? reply(404) : reply(204);
  const discovery = edit(describeServices(), change.discovery);
  if (incoming.kind === 'discovery') return incoming.method === 'GET' ? reply(200, discovery) : reply(405);
  const service = findService(incoming, discovery);
  if (service === undefined || incoming.kind === 'other') return reply(404, { error: 'no such service' });
  if (change.wantsToken === true) {
    const problem = await findTokenProblem(incoming, { endpoint: `${url}${incoming.url}`, client, lenient, used });
    if (problem !== undefined && !lenient.includes(problem)) return reply(401);
  }
  const problem = findProblem(incoming, service);
  if (problem !== undefined && !lenient.includes(problem))
    return reply(problem === 'method' ? 405 : problem === 'media' ? 415 : 400, { error: problem });
  if (incoming.kind === 'feedback') return reply(200);
  const gap = problem === undefined ? findGap(incoming) : undefined;
  if (gap !== undefined && !lenient.includes(gap)) return reply(412, { error: 'the patient is needed' });
  const answer = edit(makeAnswer(), change.answer);
  for (const card of (Array.isArray(answer['cards']) ? answer['cards'] : []) as readonly (Json | null)[]) issued.add(String(card?.['uuid']));
  return reply(200, answer);
}

/** By id; where one id serves several hooks, the one that the call is for. */
function findService({ url, json }: Incoming, { services }: Json): Json | undefined {
  const id = url.split('/')[2] ?? '';
  const list = (Array.isArray(services) ? services : []) as readonly (Json | null)[];
  const named = list.filter((service) => service !== null && encodeURIComponent(String(service['id'])) === id);
  return named.find((service) => service?.['hook'] === json['hook']) ?? named[0] ?? undefined;
}
