/** A whole hook request for a service, as an EHR would send it: context, and prefetch from the invented chart or a FHIR server. */
import type { InventedChart } from './chart.js';
import { isObject, isText, type Json } from './json.js';
import type { Probe } from './probe.js';

export interface DescribedService {
  readonly id: string;
  readonly hook: string;
  readonly prefetch: Readonly<Record<string, string>>;
}

export interface RequestParts {
  readonly chart: InventedChart;
  readonly probe: Probe;
  /** Base of an open FHIR server that is to be read in place of the invented chart. */
  readonly fhir: string | undefined;
  /** A hook request given by the person who runs this, for the services of its hook. */
  readonly given: Json | undefined;
}

/** Undefined where nothing is invented for the hook and no request was given. */
export async function makeRequest(service: DescribedService, parts: RequestParts): Promise<Json | undefined> {
  const { given, fhir } = parts;
  const isGiven = given !== undefined && given['hook'] === service.hook;
  const context = isGiven ? given['context'] : makeContext(service.hook, parts.chart);
  if (!isObject(context)) return undefined;
  const prefetch = isGiven && isObject(given['prefetch']) ? given['prefetch'] : await fillPrefetch(service.prefetch, context, parts);
  return {
    ...(isGiven ? given : {}),
    hook: service.hook,
    hookInstance: crypto.randomUUID(),
    ...(fhir === undefined || isGiven ? {} : { fhirServer: fhir }),
    context,
    // CDS Hooks 2.0, "Null and empty JSON elements": nothing to send is nothing sent.
    ...(Object.keys(prefetch).length === 0 ? {} : { prefetch }),
  };
}

/** The context of each hook that can be played without a request given. */
export function makeContext(hook: string, chart: InventedChart): Json | undefined {
  const { patientId, practitionerId, encounterId, draftOrder, appointment } = chart;
  const people = { userId: `Practitioner/${practitionerId}`, patientId };
  const withEncounter = { ...people, encounterId };
  const draftOrders = bundle('collection', [draftOrder]);
  const resourceOf = (type: string): Json | undefined => chart.resources.find((resource) => resource['resourceType'] === type);
  const contexts: Readonly<Record<string, Json>> = {
    'patient-view': withEncounter,
    'order-sign': { ...withEncounter, draftOrders },
    'order-select': { ...withEncounter, selections: [`${String(draftOrder['resourceType'])}/${String(draftOrder['id'])}`], draftOrders },
    'appointment-book': { ...withEncounter, appointments: bundle('collection', [appointment]) },
    'encounter-start': withEncounter,
    'encounter-discharge': withEncounter,
    'allergyintolerance-create': { ...withEncounter, allergyIntolerance: resourceOf('AllergyIntolerance') },
    'problem-list-item-create': {
      ...withEncounter,
      conditions: bundle(
        'collection',
        chart.resources.filter((resource) => resource['resourceType'] === 'Condition'),
      ),
    },
    'medication-refill': { ...withEncounter, medications: bundle('collection', [draftOrder]) },
  };
  return Object.hasOwn(contexts, hook) ? contexts[hook] : undefined;
}

/** Each key that can be satisfied; a key that cannot is left out (CDS Hooks 2.0, "Prefetch Template"). */
async function fillPrefetch(templates: DescribedService['prefetch'], context: Json, { chart, fhir, probe }: RequestParts): Promise<Json> {
  const filled: Record<string, unknown> = {};
  await Promise.all(
    Object.entries(templates).map(async ([key, template]) => {
      const query = resolveTemplate(template, context);
      if (query === undefined) return;
      const value = fhir === undefined ? readChart(query, chart) : await readServer(`${fhir}/${query}`, probe);
      if (value !== undefined) filled[key] = value;
    }),
  );
  return Object.fromEntries(Object.keys(templates).flatMap((key) => (key in filled ? [[key, filled[key]]] : [])));
}

/** Undefined where the context lacks a token. */
export function resolveTemplate(template: string, context: Json): string | undefined {
  let isWhole = true;
  const query = template.replaceAll(/\{\{\s*(.*?)\s*\}\}/g, (_whole, token: string) => {
    const value = valueOfToken(token, context);
    if (value === undefined) isWhole = false;
    return value ?? '';
  });
  return isWhole && query !== '' ? query : undefined;
}

function valueOfToken(token: string, context: Json): string | undefined {
  const userId = isText(context['userId']) ? context['userId'] : '';
  if (/^user(Practitioner|PractitionerRole|Patient|RelatedPerson)Id$/.test(token)) {
    const [type, id] = userId.split('/');
    return token === `user${type}Id` ? id : undefined;
  }
  const field = /^context\.(\w+)$/.exec(token)?.[1];
  const value = field === undefined ? undefined : context[field];
  return isText(value) ? value : undefined;
}

/** What a FHIR server with this chart would answer: null for a read that finds nothing (CDS Hooks 2.0), a searchset for a search. */
function readChart(query: string, { resources }: InventedChart): unknown {
  const [path = '', search] = query.split('?', 2);
  const [type = '', id] = path.split('/');
  const ofType = resources.filter((resource) => resource['resourceType'] === type);
  if (search === undefined) return ofType.find((resource) => resource['id'] === id) ?? null;
  const parameters = new URLSearchParams(search);
  return bundle(
    'searchset',
    ofType.filter((resource) => [...parameters].every(([name, value]) => meets(resource, name, value))),
  );
}

/** As far as a short chart needs it: ids, codes, categories, statuses. What else is asked does not narrow the answer. */
function meets(resource: Json, name: string, value: string): boolean {
  const wanted = value.split(',').map((token) => token.split('|').at(-1) ?? '');
  if (name === '_id') return wanted.includes(String(resource['id']));
  if (name === 'status') return wanted.includes(String(resource['status']));
  if (name === 'code') return codesIn(resource['code'] ?? resource['medicationCodeableConcept']).some((code) => wanted.includes(code));
  if (name === 'category') return codesIn(resource['category']).some((code) => wanted.includes(code));
  return true;
}

function codesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(codesIn);
  if (!isObject(value)) return [];
  return [...(isText(value['code']) ? [value['code']] : []), ...codesIn(value['coding'])];
}

async function readServer(url: string, probe: Probe): Promise<unknown> {
  const exchange = await probe({ method: 'GET', url, headers: { accept: 'application/fhir+json' } });
  return exchange.kind === 'answer' && exchange.status === 200 ? exchange.json : undefined;
}

export function bundle(type: 'collection' | 'searchset', resources: readonly unknown[]): Json {
  const total = type === 'searchset' ? { total: resources.length } : {};
  return { resourceType: 'Bundle', type, ...total, ...(resources.length === 0 ? {} : { entry: resources.map((resource) => ({ resource })) }) };
}
