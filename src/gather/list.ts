/** One list of the chart: from prefetch, from the server, or half of each. Knows resources as values with a type, not whose they are. */
import type { ListState } from '../types.js';
import type { ReadPage } from './reader.js';
import type { Permission } from './scopes.js';
import { type WhyNot, whyNot } from './unavailability.js';

export interface LooseResource {
  readonly resourceType: string;
  readonly [key: string]: unknown;
}

export interface GatheredList {
  readonly state: ListState;
  readonly resources: readonly LooseResource[];
  /** What else the bundle held (includes, strays): never data, but looked at for whose it is. */
  readonly passengers: readonly LooseResource[];
}

/** How to go on asking; absent where no server may be asked. */
export interface ServerAccess {
  readonly base: string;
  readonly readPage: ReadPage;
  readonly maxPages: number;
  /** What the token permits of this list. */
  readonly permission: Permission;
}

/** The three states of a prefetch key, and the fourth that the specification asks to expect: asked and failed. */
export type Prefetched =
  | { readonly kind: 'missing' }
  | { readonly kind: 'empty' }
  | { readonly kind: 'failed'; readonly why: WhyNot }
  | { readonly kind: 'data'; readonly value: LooseResource };

export function readPrefetched(prefetch: Readonly<Record<string, unknown>>, key: string): Prefetched {
  if (!Object.hasOwn(prefetch, key)) return { kind: 'missing' };
  const value = prefetch[key];
  if (value === undefined) return { kind: 'missing' };
  if (value === null) return { kind: 'empty' };
  if (!isResource(value)) return { kind: 'failed', why: whyNot.unreadable };
  if (value.resourceType === 'OperationOutcome') return { kind: 'failed', why: whyOf(value) };
  return { kind: 'data', value };
}

/** `template` has its tokens resolved already. `types`: what may stand in this list. */
export async function gatherList(
  prefetched: Prefetched,
  template: string,
  types: readonly string[],
  server: ServerAccess | undefined,
  signal: AbortSignal,
): Promise<GatheredList> {
  if (prefetched.kind === 'empty') return complete([]);
  if (prefetched.kind === 'data') return walk(prefetched.value, types, server, signal);
  const why = prefetched.kind === 'failed' ? prefetched.why : whyNot.absent;
  if (server === undefined) return unavailable(why);
  if (server.permission === 'none') return unavailable(whyNot.unscoped);
  const page = await server.readPage(`${server.base}/${template}`, signal);
  if (!page.ok) return unavailable(page.why);
  if (!isResource(page.value)) return unavailable(whyNot.unreadable);
  if (page.value.resourceType === 'OperationOutcome') return unavailable(whyOf(page.value));
  const list = await walk(page.value, types, server, signal);
  return server.permission === 'part' && list.state.state === 'complete' ? { ...list, state: { state: 'partial', why: whyNot.narrowed } } : list;
}

const complete = (resources: readonly LooseResource[]): GatheredList => ({ state: { state: 'complete' }, resources, passengers: [] });
const unavailable = (why: WhyNot): GatheredList => ({ state: { state: 'unavailable', why }, resources: [], passengers: [] });

/** What the pages of a list held so far. */
interface Collected {
  readonly resources: LooseResource[];
  readonly passengers: LooseResource[];
  /** The first reason why something may be missing from it. */
  flaw: WhyNot | undefined;
}

/** A resource, or a searchset with the pages behind it. */
async function walk(first: LooseResource, types: readonly string[], server: ServerAccess | undefined, signal: AbortSignal): Promise<GatheredList> {
  if (first.resourceType !== 'Bundle') {
    return types.includes(first.resourceType) ? complete([first]) : { ...unavailable(whyNot.unreadable), passengers: [first] };
  }
  const into: Collected = { resources: [], passengers: [], flaw: undefined };
  const stopped = await collectPages(first, types, server, signal, into);
  const why = stopped ?? into.flaw ?? (isShort(first, into) ? whyNot.truncated : undefined);
  const { resources, passengers } = into;
  if (why === undefined) return { state: { state: 'complete' }, resources, passengers };
  // Nothing of it to be read and a reason why: not a part of the list, none of it.
  return { state: { state: resources.length === 0 ? 'unavailable' : 'partial', why }, resources, passengers };
}

/** Returns why it stopped before the last page; undefined at the end. */
async function collectPages(
  first: LooseResource,
  types: readonly string[],
  server: ServerAccess | undefined,
  signal: AbortSignal,
  into: Collected,
): Promise<WhyNot | undefined> {
  const seen = new Set<string>();
  let page = first;
  for (let pages = 1; ; pages += 1) {
    const failed = collect(page, types, into);
    if (failed !== undefined) return failed;
    const next = nextLink(page);
    if (next === undefined) return undefined;
    if (server === undefined || pages >= server.maxPages) return whyNot.truncated;
    const url = resolveWithin(server.base, next);
    if (url === undefined) return whyNot.elsewhere;
    if (seen.has(url)) return whyNot.loop;
    seen.add(url);
    const answer = await server.readPage(url, signal);
    if (!answer.ok) return answer.why;
    if (!isResource(answer.value) || answer.value.resourceType !== 'Bundle') return whyNot.unreadable;
    page = answer.value;
  }
}

/** Adds the entries of a page. Returns why when the page says that the search itself failed: an outcome and nothing else, with no total of zero. */
function collect(page: LooseResource, types: readonly string[], into: Collected): WhyNot | undefined {
  if (page['entry'] !== undefined && page['entry'] !== null && !Array.isArray(page['entry'])) return whyNot.unreadable;
  const entries: readonly unknown[] = Array.isArray(page['entry']) ? page['entry'] : [];
  let outcome: LooseResource | undefined;
  let matches = 0;
  let strays = 0;
  for (const entry of entries) {
    const resource: unknown = isObject(entry) ? entry['resource'] : undefined;
    if (!isResource(resource)) {
      into.flaw ??= whyNot.unreadable;
    } else if (resource.resourceType === 'OperationOutcome') {
      outcome = resource;
    } else if (types.includes(resource.resourceType)) {
      matches += 1;
      into.resources.push(resource);
    } else {
      strays += 1;
      into.passengers.push(resource);
    }
  }
  // A page of conditions under "observations" is no empty list of observations.
  if (strays > 0 && matches === 0) into.flaw ??= whyNot.unreadable;
  if (outcome === undefined) return undefined;
  // Epic answers an empty search with total 0 and an outcome entry: that is empty, not failed. An error outcome instead of any match is a failure.
  if (matches === 0 && page['total'] !== 0 && hasError(outcome)) return whyOf(outcome);
  if (matches > 0 && hasError(outcome)) into.flaw ??= whyOf(outcome);
  // "Some information was not returned" for privacy or cost, whatever the severity: silence says nothing over such a list.
  if (issuesOf(outcome).some(({ code }) => code === 'suppressed' || code === 'incomplete')) into.flaw ??= whyNot.withheld;
  return undefined;
}

/** The server counted more than came, and offers no further page. */
function isShort(first: LooseResource, { resources }: Collected): boolean {
  return typeof first['total'] === 'number' && first['total'] > resources.length;
}

function nextLink(page: LooseResource): string | undefined {
  const links = Array.isArray(page['link']) ? page['link'] : [];
  const next = links.find((link) => isObject(link) && link['relation'] === 'next');
  return isObject(next) && typeof next['url'] === 'string' && next['url'] !== '' ? next['url'] : undefined;
}

/** Same origin, same base path: anything else would carry the token away (cds-hooks.md rule 43). */
function resolveWithin(base: string, link: string): string | undefined {
  if (!URL.canParse(link, `${base}/`)) return undefined;
  const url = new URL(link, `${base}/`);
  const home = new URL(`${base}/`);
  const isInside = url.origin === home.origin && `${url.pathname}/`.startsWith(home.pathname) && url.username === '' && url.password === '';
  return isInside ? url.href : undefined;
}

/** A Map: the code is the server's word, and 'constructor' is none of these. */
const codeWhy: ReadonlyMap<unknown, WhyNot> = new Map([
  ['forbidden', whyNot.forbidden],
  ['login', whyNot.forbidden],
  ['security', whyNot.forbidden],
  ['suppressed', whyNot.forbidden],
  ['not-supported', whyNot.notOffered],
  ['not-found', whyNot.notOffered],
  ['timeout', whyNot.slow],
]);

function issuesOf(outcome: LooseResource): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(outcome['issue']) ? outcome['issue'].filter(isObject) : [];
}

function hasError(outcome: LooseResource): boolean {
  return issuesOf(outcome).some((issue) => issue['severity'] === 'error' || issue['severity'] === 'fatal');
}

function whyOf(outcome: LooseResource): WhyNot {
  return codeWhy.get(issuesOf(outcome)[0]?.['code']) ?? whyNot.failed;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isResource(value: unknown): value is LooseResource {
  return isObject(value) && typeof value['resourceType'] === 'string';
}
