/** Parses a type search, runs it over resources and cuts pages. Knows nothing of tokens, scopes or the database. */
import { z } from 'zod';
import { Refusal } from './refusal.js';
import type { StoredResource } from './resource-store.js';
import { createMatcher, instantOf, localReference, type Matcher, splitEscaped } from './search-match.js';
import { parameterOf, parametersOf } from './search-parameters.js';

export interface SearchQuery {
  readonly type: string;
  /** Patients that the search names; undefined: it names none. */
  readonly patients: readonly string[] | undefined;
  readonly matchers: readonly Matcher[];
  readonly sort: { readonly name: string; readonly isDescending: boolean } | undefined;
  /** 0 asks for the total only. {@link https://hl7.org/fhir/R4/search.html#count} */
  readonly count: number;
  readonly after: Position | undefined;
  /** The parameters that were used, for the links: what is not in the self link was ignored (FHIR R4, "Server Conformance"). */
  readonly used: URLSearchParams;
}

interface SearchOptions {
  readonly fhirBase: string;
  /** `Prefer: handling=strict`: an unknown parameter is an error instead of ignored. */
  readonly isStrict: boolean;
}

const defaultCount = 50;
const maximumCount = 200;
/** Result parameters that this server has nothing to do for. */
const presentation: readonly string[] = ['_format', '_pretty', '_total', '_summary', '_elements'];
const sortable: readonly string[] = ['date', 'authoredon', 'authored', 'effective', 'recorded-date', 'onset-date', '_lastUpdated', 'birthdate'];

export function parseSearch(type: string, parameters: URLSearchParams, options: SearchOptions): SearchQuery {
  const used = new URLSearchParams();
  const matchers: Matcher[] = [];
  let patients: readonly string[] | undefined;
  for (const [key, value] of parameters) {
    if (key === '_count' || key === '_sort' || key === '_cursor' || presentation.includes(key) || value === '') continue;
    const parsed = parseParameter(type, key, value, options);
    if (parsed === undefined) continue;
    used.append(key, value);
    matchers.push(parsed.matcher);
    if (parsed.patients !== undefined) patients = [...(patients ?? []), ...parsed.patients];
  }
  const sort = parseSort(type, parameters.get('_sort'), options.isStrict);
  if (sort !== undefined) used.set('_sort', `${sort.isDescending ? '-' : ''}${sort.name}`);
  const count = parseCount(parameters.get('_count'));
  if (parameters.has('_count')) used.set('_count', String(count));
  return { type, patients, matchers, sort, count, after: parseCursor(parameters.get('_cursor')), used };
}

function parseParameter(
  type: string,
  key: string,
  value: string,
  options: SearchOptions,
): { readonly matcher: Matcher; readonly patients: readonly string[] | undefined } | undefined {
  const [name = '', modifier] = key.split(':', 2);
  const parameter = parameterOf(type, name);
  if (parameter === undefined) {
    if (options.isStrict) throw new Refusal(400, 'not-supported', 'A search parameter is not supported for this type.');
    return undefined;
  }
  // FHIR R4, "Modifiers": a server SHALL reject a modifier that it does not support; ignoring it would widen the search.
  if (modifier !== undefined && !(parameter.kind === 'reference' && modifier === 'Patient')) {
    throw new Refusal(400, 'not-supported', 'A modifier of a search parameter is not supported.');
  }
  const matcher = createMatcher(parameter, value, options.fhirBase);
  if (parameter.kind !== 'reference') return { matcher, patients: undefined };
  const named = splitEscaped(value, ',').map((part) => localReference(part, options.fhirBase) ?? '');
  return { matcher, patients: named.map((reference) => (reference.startsWith('Patient/') ? reference.slice('Patient/'.length) : '')) };
}

function parseCount(text: string | null): number {
  if (text === null || text === '') return defaultCount;
  if (!/^\d{1,9}$/.test(text)) throw new Refusal(400, 'invalid', '_count is not a number.');
  return Math.min(Number(text), maximumCount);
}

function parseSort(type: string, text: string | null, isStrict: boolean): SearchQuery['sort'] {
  if (text === null || text === '') return undefined;
  const isDescending = text.startsWith('-');
  const name = isDescending ? text.slice(1) : text;
  if (sortable.includes(name) && Object.hasOwn(parametersOf(type), name)) return { name, isDescending };
  if (isStrict) throw new Refusal(400, 'not-supported', 'This server does not sort by that.');
  return undefined;
}

/** Where the last page ended. Held by value, so that a page still follows when the resource has gone meanwhile. */
interface Position {
  readonly rank: number;
  readonly id: string;
}

const position = z.strictObject({ rank: z.number(), id: z.string() });

function parseCursor(text: string | null): Position | undefined {
  if (text === null) return undefined;
  try {
    return position.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch {
    throw new Refusal(400, 'invalid', 'The page link is not one of this server.');
  }
}

export interface Page {
  readonly total: number;
  readonly resources: readonly StoredResource[];
  /** The cursor of the following page, if there is one. */
  readonly next: string | undefined;
}

/** Types and ids are the order where nothing else is asked, so that paging is stable. */
export function runSearch(query: SearchQuery, resources: readonly StoredResource[]): Page {
  const matching = resources.filter((resource) => query.matchers.every((matches) => matches(resource)));
  const sort = query.sort;
  const rankOf = (resource: StoredResource) =>
    sort === undefined ? 0 : instantOf(parameterOf(query.type, sort.name), resource) * (sort.isDescending ? -1 : 1);
  const placed = matching.map((resource) => ({ resource, at: { rank: rankOf(resource), id: `${resource.resourceType}/${resource.id}` } }));
  placed.sort((one, other) => compare(one.at, other.at));
  const after = query.after;
  const rest = after === undefined ? placed : placed.filter((item) => compare(item.at, after) > 0);
  const page = rest.slice(0, query.count);
  const last = page.at(-1);
  return {
    total: matching.length,
    resources: page.map((item) => item.resource),
    next: last === undefined || rest.length <= page.length ? undefined : Buffer.from(JSON.stringify(last.at)).toString('base64url'),
  };
}

function compare(one: Position, other: Position): number {
  if (one.rank !== other.rank) return one.rank < other.rank ? -1 : 1;
  if (one.id === other.id) return 0;
  return one.id < other.id ? -1 : 1;
}
