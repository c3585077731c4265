/** The CDS Hooks client of these pages: discovery, prefetch, calls, feedback. Knows nothing of charts or of how cards look. {@link https://cds-hooks.hl7.org/2.0/} */
import { callJson, postJson } from './call.js';
import type { Ehr } from './ehr.js';
import type { Fhir } from './fhir.js';
import { type CdsCard, type CdsService, type Coding, cdsAnswer, cdsCard, discovery, type Hook } from './wire.js';

export type HookContext = Readonly<Record<string, unknown>> & { readonly patientId: string };

export interface CdsAnswer {
  readonly cards: readonly CdsCard[];
  /** Cards that do not follow the specification and cannot be shown. */
  readonly unreadable: number;
}

export type Outcome =
  | { readonly kind: 'accepted'; readonly suggestions: readonly string[] }
  | { readonly kind: 'overridden'; readonly reason: Coding | undefined; readonly comment: string };

export interface Cds {
  servicesOf(hook: Hook): Promise<readonly CdsService[]>;
  fire(service: CdsService, context: HookContext): Promise<CdsAnswer>;
  sendFeedback(serviceId: string, card: string, outcome: Outcome): Promise<void>;
}

interface CdsDeps {
  readonly ehr: Ehr;
  readonly fhir: Fhir;
  readonly clock: () => Date;
  readonly randomId: () => string;
}

export function createCds({ ehr, fhir, clock, randomId }: CdsDeps): Cds {
  let known: Promise<readonly CdsService[]> | undefined;

  function discover(): Promise<readonly CdsService[]> {
    known ??= callJson('/cds-services')
      .then((body) => discovery.parse(body).services)
      .catch((error: unknown) => {
        known = undefined;
        throw error;
      });
    return known;
  }

  /** The token names the endpoint as the service knows itself, which may differ from the name in the address bar. */
  async function post(path: string, body: unknown): Promise<unknown> {
    const { fhirBase } = await fhir.session();
    const token = await ehr.cdsToken(new URL(path, fhirBase).href);
    return postJson(path, body, { Authorization: `Bearer ${token}` });
  }

  return {
    servicesOf: async (hook) => (await discover()).filter((service) => service.hook === hook),
    async fire(service, context) {
      const prefetch = await fillPrefetch(fhir, service, context);
      const { hook, expiresIn, fhirBase } = await fhir.session();
      const answer = await post(pathOf(service.id), {
        hook: service.hook,
        hookInstance: randomId(),
        fhirServer: fhirBase,
        fhirAuthorization: {
          access_token: hook.accessToken,
          token_type: 'Bearer',
          expires_in: expiresIn,
          scope: hook.scope,
          subject: service.id,
          patient: context.patientId,
        },
        context,
        ...(Object.keys(prefetch).length === 0 ? {} : { prefetch }),
      });
      const parsed = cdsAnswer.parse(answer).cards.map((card) => cdsCard.safeParse(card));
      const cards = parsed.flatMap((result) => (result.success ? [result.data] : []));
      return { cards, unreadable: parsed.length - cards.length };
    },
    async sendFeedback(serviceId, card, outcome) {
      const entry = { card, outcome: outcome.kind, ...detailsOf(outcome), outcomeTimestamp: clock().toISOString() };
      await post(`${pathOf(serviceId)}/feedback`, { feedback: [entry] });
    },
  };
}

function pathOf(serviceId: string): string {
  return `/cds-services/${encodeURIComponent(serviceId)}`;
}

function detailsOf(outcome: Outcome): object {
  if (outcome.kind === 'accepted') return { acceptedSuggestions: outcome.suggestions.map((id) => ({ id })) };
  const reason = outcome.reason === undefined ? {} : { reason: outcome.reason };
  const comment = outcome.comment === '' ? {} : { userComment: outcome.comment };
  const overrideReason = { ...reason, ...comment };
  return Object.keys(overrideReason).length === 0 ? {} : { overrideReason };
}

/** A template that cannot be filled is left out: the service then tries itself and says what it could not read (CDS Hooks 2.0, "Prefetch"). */
async function fillPrefetch(fhir: Fhir, service: CdsService, context: HookContext): Promise<Readonly<Record<string, unknown>>> {
  const filled = await Promise.all(
    Object.entries(service.prefetch ?? {}).map(async ([key, template]) => {
      const path = resolveTemplate(template, context);
      if (path === undefined) return [];
      try {
        return [[key, await fhir.get(path)] as const];
      } catch {
        return [];
      }
    }),
  );
  return Object.fromEntries(filled.flat());
}

function resolveTemplate(template: string, context: HookContext): string | undefined {
  let isComplete = true;
  const path = template.replaceAll(/\{\{\s*(.*?)\s*\}\}/g, (_token, name: string) => {
    const value = tokenValue(name, context);
    if (value === undefined) isComplete = false;
    return value ?? '';
  });
  return isComplete ? path : undefined;
}

function tokenValue(name: string, context: HookContext): string | undefined {
  const userId = context['userId'];
  if (name === 'userPractitionerId' && typeof userId === 'string' && userId.startsWith('Practitioner/')) return userId.slice('Practitioner/'.length);
  const field = /^context\.(\w+)$/.exec(name)?.[1];
  const value = field === undefined ? undefined : context[field];
  return typeof value === 'string' ? value : undefined;
}
