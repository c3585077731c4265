/** Gathers the chart: what prefetch lacks is read from the EHR with the request's token. Knows nothing of what a chart is judged by. */
import type { FhirResource, Patient } from 'fhir/r4.js';
import { ServiceError } from '../errors.js';
import type { Caller, Chart, ChartEntry, Clock, FactId, HookRequest, ListName, ListState, ServiceDefinition } from '../types.js';
import { belongingOf, isEnteredInError } from './belonging.js';
import { type GatheredList, gatherList, type LooseResource, readPrefetched, type ServerAccess } from './list.js';
import { makeNotesPlain } from './notes/plain-notes.js';
import { createPageReader } from './reader.js';
import { permissionOf } from './scopes.js';
import { whyNot } from './unavailability.js';

export interface GatherLimits {
  /** Of one request, all lists together. */
  readonly maxPages: number;
  readonly maxBytes: number;
  /** Of the request's deadline: reading the EHR may take this long, the rest is for judging and reading. */
  readonly budgetMs: number;
}

const typesOf: Readonly<Record<ListName, readonly string[]>> = {
  patient: ['Patient'],
  conditions: ['Condition'],
  observations: ['Observation'],
  medications: ['MedicationRequest', 'MedicationStatement', 'MedicationDispense', 'Medication'],
  procedures: ['Procedure'],
  allergies: ['AllergyIntolerance'],
  encounters: ['Encounter'],
  immunizations: ['Immunization'],
  orders: ['ServiceRequest', 'DeviceRequest'],
  notes: ['DocumentReference'],
};

/** The list that a resource belongs in, were it read; undefined for a type that nobody reads. */
export function listOfType(type: string): ListName | undefined {
  if (type === 'AdverseEvent') return 'allergies';
  return (Object.keys(typesOf) as ListName[]).find((name) => typesOf[name].includes(type));
}

export type ReadChart = (service: ServiceDefinition, caller: Caller, request: HookRequest, signal: AbortSignal) => Promise<Chart>;

/** @throws ServiceError `data-unavailable` when a required list cannot be had, `patient-mismatch` when any of it is another patient's */
export function createReadChart({
  fetch,
  clock,
  limits,
}: {
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  readonly limits: GatherLimits;
}): ReadChart {
  return async function readChart(service, caller, request, signal) {
    const server = accessTo(request, caller, fetch, limits);
    const own = AbortSignal.any([signal, AbortSignal.timeout(limits.budgetMs)]);
    const names = listNames(service);
    const gathered = await Promise.all(
      names.map(async (name): Promise<readonly [ListName, GatheredList]> => {
        const template = resolveTemplate(service.prefetch[name] ?? '', request);
        return [name, await gatherList(readPrefetched(request.prefetch, name), template, typesOf[name], permit(server, template, request), own)];
      }),
    );
    for (const [name, list] of gathered) {
      if (list.state.state === 'unavailable' && service.required.includes(name))
        throw new ServiceError('data-unavailable', { where: { service: service.id, list: name } });
    }
    const patient = findPatient(gathered, request.patientId, service);
    refuseForeign(gathered, request);
    const lists = Object.fromEntries(gathered.map(([name, list]): readonly [ListName, ListState] => [name, stateOf(list, request.patientId)]));
    const { entries, state: notes } = makeNotesPlain(toEntries(gathered, request), lists['notes']);
    return {
      patient,
      entries,
      lists: notes === undefined ? lists : { ...lists, notes },
      selected: selectDrafts(entries, request),
      now: clock(),
    };
  };
}

function listNames(service: ServiceDefinition): readonly ListName[] {
  return (Object.keys(typesOf) as ListName[]).filter((name) => service.prefetch[name] !== undefined);
}

/** The same server, with what the token permits of this list. A token without scopes is the server's business, and so is no token. */
function permit(server: Server | undefined, template: string, { fhir }: HookRequest): ServerAccess | undefined {
  if (server === undefined) return undefined;
  const [, type = '', mark] = /^([A-Za-z]+)([/?])/.exec(template) ?? [];
  return { ...server, permission: fhir?.accessToken === undefined ? 'all' : permissionOf(fhir.scope, type, mark === '?') };
}

type Server = Omit<ServerAccess, 'permission'>;

function accessTo(request: HookRequest, caller: Caller, fetch: typeof globalThis.fetch, limits: GatherLimits): Server | undefined {
  if (request.fhir === undefined || !mayRead(caller, request.fhir.base)) return undefined;
  return { base: withoutSlash(request.fhir.base), readPage: createPageReader(fetch, request.fhir.accessToken, limits), maxPages: limits.maxPages };
}

/** The server's address comes from the request, which an attacker may write: only what the verified caller is bound to is read. */
function mayRead({ fhirBases }: Caller, base: string): boolean {
  if (!URL.canParse(base)) return false;
  if (fhirBases === 'loopback') return /^(127\.\d+\.\d+\.\d+|\[::1\]|localhost)$/.test(new URL(base).hostname);
  return fhirBases.some((allowed) => withoutSlash(allowed) === withoutSlash(base));
}

const withoutSlash = (url: string): string => url.replace(/\/+$/, '');

function resolveTemplate(template: string, { patientId, userId, encounterId }: HookRequest): string {
  const values: Readonly<Record<string, string | undefined>> = { patientId, userId, encounterId };
  return template.replaceAll(/\{\{context\.(\w+)\}\}/g, (_token, name: string) => encodeURIComponent(values[name] ?? ''));
}

function findPatient(gathered: readonly (readonly [ListName, GatheredList])[], patientId: string, service: ServiceDefinition): Patient {
  const all = gathered.find(([name]) => name === 'patient')?.[1].resources ?? [];
  const found = all[0];
  if (found === undefined) throw new ServiceError('data-unavailable', { where: { service: service.id, list: 'patient' } });
  if (all.some((one) => one['id'] !== patientId)) throw new ServiceError('patient-mismatch', { where: { service: service.id, list: 'patient' } });
  return found as unknown as Patient;
}

/** One foreign resource, of whatever type, refuses the whole call: whose data are the others? */
function refuseForeign(gathered: readonly (readonly [ListName, GatheredList])[], { patientId, draftOrders }: HookRequest): void {
  const isForeign = (resource: LooseResource): boolean => belongingOf(resource, patientId) === 'foreign';
  for (const [name, { resources, passengers }] of gathered) {
    if ([...resources, ...passengers].some(isForeign)) throw new ServiceError('patient-mismatch', { where: { list: name } });
  }
  if (draftOrders.some((draft) => isForeign(draft as unknown as LooseResource)))
    throw new ServiceError('patient-mismatch', { where: { field: 'context.draftOrders' } });
}

/** What names no patient is left out, and silence says nothing over a list that it was left out of. */
function stateOf({ state, resources }: GatheredList, patientId: string): ListState {
  const isOwnerless = resources.some((resource) => belongingOf(resource, patientId) === 'nobody' && !isEnteredInError(resource));
  return state.state === 'complete' && isOwnerless ? { state: 'partial', why: whyNot.ownerless } : state;
}

/** Each resource once, the patient's only, without those entered in error; drafts last, numbered as they came. */
function toEntries(gathered: readonly (readonly [ListName, GatheredList])[], request: HookRequest): readonly ChartEntry[] {
  const entries: ChartEntry[] = [];
  const seen = new Set<string>();
  const add = (list: ChartEntry['list'], resource: LooseResource, fact: string): void => {
    entries.push({ fact: fact as FactId, list, resource: resource as unknown as FhirResource });
  };
  for (const [name, { resources }] of gathered) {
    if (name === 'patient') continue;
    for (const resource of resources) {
      if (belongingOf(resource, request.patientId) !== 'ours' || isEnteredInError(resource)) continue;
      const key = typeof resource['id'] === 'string' ? `${resource.resourceType}/${resource['id']}` : undefined;
      if (key !== undefined && seen.has(key)) continue;
      if (key !== undefined) seen.add(key);
      add(name, resource, `f${entries.length}`);
    }
  }
  request.draftOrders.forEach((draft, index) => {
    const resource = draft as unknown as LooseResource;
    if (!isEnteredInError(resource)) add('drafts', resource, `d${index}`);
  });
  return entries;
}

/** order-select asks about the selected drafts only; the others are context. Absolute references are tolerated (Epic). */
function selectDrafts(entries: readonly ChartEntry[], request: HookRequest): readonly FactId[] {
  const drafts = entries.filter((entry) => entry.list === 'drafts');
  if (request.hook !== 'order-select') return drafts.map((entry) => entry.fact);
  const wanted = new Set(request.selections.map((reference) => reference.split('/').slice(-2).join('/')));
  return drafts.filter(({ resource }) => wanted.has(`${resource.resourceType}/${resource.id}`)).map((entry) => entry.fact);
}
