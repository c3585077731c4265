/** Plays the EHR's part of a hook call: discovery, tokens, prefetch, the request. Knows nothing of what the service does with it. */
import type { Card, Hook } from '../types.js';

/** What went wrong, in a sentence for the person at the terminal. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

export interface DiscoveredService {
  readonly id: string;
  readonly hook: string;
  readonly prefetch?: Readonly<Record<string, string>>;
}

export interface HookCall {
  readonly url: string;
  readonly hook: Hook;
  readonly patient: string;
  /** Name or RxNorm code of the drug to order; used by the order hooks. */
  readonly order: string;
}

interface Json {
  readonly [key: string]: unknown;
}

export async function findService(url: string, hook: Hook): Promise<DiscoveredService> {
  const { services } = (await getJson(`${url}/cds-services`)) as { readonly services?: readonly DiscoveredService[] };
  const service = services?.find((candidate) => candidate.hook === hook);
  if (service === undefined) throw new CommandError(`The service at ${url} has nothing for the hook ${hook}.`);
  return service;
}

/** Calls for a patient of the sandbox: the service reads the chart itself, with the token of this request. */
export async function callForSandbox(call: HookCall): Promise<readonly Card[]> {
  const service = await findService(call.url, call.hook);
  const patients = (await getJson(`${call.url}/ehr/api/patients`)) as readonly { readonly id: string; readonly story: { readonly title: string } }[];
  if (!patients.some((patient) => patient.id === call.patient)) {
    const known = patients.map((patient) => `  ${patient.id.padEnd(24)} ${patient.story.title}`).join('\n');
    throw new CommandError(`The sandbox has no patient "${call.patient}". It has:\n${known}`);
  }
  const session = (await postJson(`${call.url}/ehr/api/session`, { patient: call.patient }, {})) as Json & { readonly hook: Json };
  const endpoint = `${call.url}/cds-services/${service.id}`;
  const { token } = (await postJson(`${call.url}/ehr/api/cds-token`, { aud: endpoint }, {})) as { readonly token: string };
  return callService(endpoint, token, {
    ...toEnvelope(call),
    fhirServer: session['fhirBase'],
    fhirAuthorization: {
      access_token: session.hook['accessToken'],
      token_type: 'Bearer',
      expires_in: session['expiresIn'],
      scope: session.hook['scope'],
      subject: 'whycard-try',
      patient: call.patient,
    },
  });
}

/** Calls for a patient of any open FHIR server: this command reads the chart and sends it as prefetch, so the service needs no access of its own. */
export async function callForFhirServer(call: HookCall, base: string, say: (line: string) => void): Promise<readonly Card[]> {
  const service = await findService(call.url, call.hook);
  const prefetch: Record<string, unknown> = {};
  await Promise.all(
    Object.entries(service.prefetch ?? {}).map(async ([key, template]) => {
      prefetch[key] = await readTemplate(base, template.replaceAll('{{context.patientId}}', encodeURIComponent(call.patient)), say);
    }),
  );
  const patient = prefetch['patient'] as { readonly resourceType?: string } | undefined;
  if (patient?.resourceType !== 'Patient')
    throw new CommandError(`${base} did not give the patient "${call.patient}". Is the id right, and is the server open?`);
  return callService(`${call.url}/cds-services/${service.id}`, undefined, { ...toEnvelope(call), prefetch });
}

function toEnvelope(call: HookCall): Json {
  const context: Record<string, unknown> = { userId: 'Practitioner/whycard-try', patientId: call.patient };
  if (call.hook !== 'patient-view') {
    const coding = /^\d+$/.test(call.order)
      ? { coding: [{ system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code: call.order }] }
      : { text: call.order };
    const draft = {
      resourceType: 'MedicationRequest',
      id: 'draft-1',
      status: 'draft',
      intent: 'order',
      subject: { reference: `Patient/${call.patient}` },
      medicationCodeableConcept: coding,
    };
    context['draftOrders'] = { resourceType: 'Bundle', type: 'collection', entry: [{ resource: draft }] };
    if (call.hook === 'order-select') context['selections'] = ['MedicationRequest/draft-1'];
  }
  return { hook: call.hook, hookInstance: crypto.randomUUID(), context };
}

/** At most this many pages of one list: an open server may hold a lifetime. */
const pageLimit = 10;

/** A resource, a whole searchset, or an OperationOutcome where the server would not say (CDS Hooks 2.0, "Prefetch"). */
async function readTemplate(base: string, query: string, say: (line: string) => void): Promise<unknown> {
  const failed = { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'processing' }] };
  const kind = query.split(/[/?]/)[0] ?? '';
  try {
    let page = (await getJson(`${base}/${query}`)) as { resourceType?: string; entry?: unknown[]; link?: { relation: string; url: string }[] };
    if (page.resourceType !== 'Bundle') return page;
    const first = page;
    const entries = [...(page.entry ?? [])];
    for (let pages = 1; pages < pageLimit; pages += 1) {
      const next = page.link?.find((link) => link.relation === 'next')?.url;
      if (next === undefined || new URL(next, `${base}/`).origin !== new URL(base).origin) break;
      page = (await getJson(new URL(next, `${base}/`).href)) as typeof page;
      entries.push(...(page.entry ?? []));
    }
    say(`read ${entries.length} × ${kind}`);
    // What was left unread stays visible as a next link, so that the service knows that the list is not whole.
    return { ...first, entry: entries, link: page.link ?? [] };
  } catch {
    say(`could not read ${kind}`);
    return failed;
  }
}

async function callService(endpoint: string, token: string | undefined, body: Json): Promise<readonly Card[]> {
  const answer = (await postJson(endpoint, body, token === undefined ? {} : { authorization: `Bearer ${token}` })) as {
    readonly cards: readonly Card[];
  };
  return answer.cards;
}

async function getJson(url: string): Promise<unknown> {
  return readAnswer(await reach(url, { headers: { accept: 'application/fhir+json, application/json' } }), url);
}

async function postJson(url: string, body: unknown, headers: Readonly<Record<string, string>>): Promise<unknown> {
  return readAnswer(
    await reach(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) }),
    url,
  );
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, signal: AbortSignal.timeout(20_000) });
  } catch (cause) {
    throw new CommandError(`${new URL(url).origin} could not be reached.`, { cause });
  }
}

async function readAnswer(response: Response, url: string): Promise<unknown> {
  const text = await response.text();
  if (!response.ok) throw new CommandError(`${new URL(url).origin} answered ${response.status}${readDiagnostics(text)}`);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CommandError(`${new URL(url).origin} did not answer with JSON.`, { cause });
  }
}

/** The words of an OperationOutcome, if the body is one. */
function readDiagnostics(text: string): string {
  try {
    const outcome = JSON.parse(text) as {
      readonly issue?: readonly { readonly diagnostics?: string; readonly details?: { readonly text?: string } }[];
    };
    const words = outcome.issue?.map((issue) => issue.details?.text ?? issue.diagnostics).find((entry) => entry !== undefined);
    return words === undefined ? '.' : `: ${words}`;
  } catch {
    return '.';
  }
}
