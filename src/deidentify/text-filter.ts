/**
 * A first text filter: what the chart says could name somebody, and patterns of contacts, numbers, dates, places and names, give way to placeholders.
 * It is no guarantee: docs/deidentification.md publishes what it misses. Knows no FHIR.
 */
import type { KnownIdentifiers } from './known-identifiers.js';
import { type Pattern, patterns, type SpanKind } from './patterns.js';

export interface FoundSpan {
  /** Positions in the normalised text. */
  readonly start: number;
  readonly end: number;
  readonly kind: SpanKind;
}

export interface SafeText {
  readonly text: string;
  readonly spans: readonly FoundSpan[];
}

const placeholders: Readonly<Record<SpanKind, string>> = {
  name: '[name]',
  number: '[number]',
  contact: '[contact]',
  date: '[date]',
  place: '[place]',
  age: '90 or older',
};

export function createTextFilter(known: KnownIdentifiers): (text: string) => SafeText {
  const knownPatterns = [
    ...toPatterns(known.contacts, 'contact'),
    ...toPatterns(known.numbers, 'number'),
    ...toPatterns(known.places, 'place'),
    ...toPatterns(known.names, 'name'),
  ];
  return function filterText(raw) {
    const text = normalise(raw);
    const spans = merge([...find(withoutAccents(text), knownPatterns), ...find(text, patterns)]);
    return { text: replace(text, spans), spans };
  };
}

function find(text: string, all: readonly Pattern[]): readonly FoundSpan[] {
  const spans: FoundSpan[] = [];
  for (const { kind, pattern, group } of all) {
    // Not matchAll, which copies the expression: this runs fifty times for each fact of a chart.
    pattern.lastIndex = 0;
    for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
      // An empty match stays where it is.
      if (match[0] === '') pattern.lastIndex += 1;
      const found = match[group ?? 0] ?? '';
      const start = match.index + (group === undefined ? 0 : match[0].lastIndexOf(found));
      if (found !== '') spans.push({ start, end: start + found.length, kind });
    }
  }
  return spans;
}

/** Overlapping spans become one, of the kind of the longer: a name within an address must not leave the rest of the address. */
function merge(spans: readonly FoundSpan[]): readonly FoundSpan[] {
  const merged: FoundSpan[] = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = merged.at(-1);
    if (last === undefined || span.start >= last.end) {
      merged.push(span);
    } else if (span.end > last.end) {
      const kind = span.end - span.start > last.end - last.start ? span.kind : last.kind;
      merged[merged.length - 1] = { start: last.start, end: span.end, kind };
    }
  }
  return merged;
}

/** Compatibility forms and invisible characters would hide a name from every pattern. */
export function normalise(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(/[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u206a-\u206f\ufeff]/gu, '')
    .replaceAll(/(?![\t\n])\p{Cc}/gu, ' ');
}

/** Each letter without its accent, none added or taken away, so that positions hold: "José" is found where a note says "Jose". */
function withoutAccents(text: string): string {
  return text.replaceAll(/[\u00c0-\u024f\u1e00-\u1eff]/gu, (letter) => letter.normalize('NFD').charAt(0));
}

function replace(text: string, spans: readonly FoundSpan[]): string {
  let safe = '';
  let at = 0;
  for (const { start, end, kind } of spans) {
    safe += text.slice(at, start) + placeholders[kind];
    at = end;
  }
  return safe + text.slice(at);
}

/** Names that are words of every note ("may", "white count"): only as written with a capital. */
const alsoWords = new Set(
  'may will white black brown green gray grey young long short little small large strong hand head foot back heart love day king page price case early grant mark rose bill pat art hope grace joy faith dawn april june august summer wood stone rice cook baker bean frank gene ray jack drew sue rich guy dean bell ball banks fields rivers hill lake church park parks ward wells moon star best good sharp swift hunt fish fox wolf bird lamb ham rush cross bush reed root branch street lane way house booth law major miles mills pope power sands self sweet tanner walker weeks winter winters wise noble'.split(
    ' ',
  ),
);

function toPatterns(values: ReadonlySet<string>, kind: SpanKind): readonly Pattern[] {
  // Longest first, so that the whole goes before its parts.
  const sorted = [...new Set([...values].map((value) => withoutAccents(normalise(value)).trim()))]
    .filter((value) => value.length >= 2)
    .sort((a, b) => b.length - a.length);
  // Two letters ("Li", "Ng") and names that are words: only as written or in capitals. All others in any case.
  const isExact = (value: string): boolean => value.length < 3 || (kind === 'name' && alsoWords.has(value.toLowerCase()));
  const exact = sorted.filter(isExact).flatMap((value) => (value.length < 3 ? [value] : [capitalised(value), value.toUpperCase()]));
  const loose = sorted.filter((value) => !isExact(value));
  const build = (list: readonly string[], flags: string): Pattern[] =>
    list.length === 0
      ? []
      : [{ kind, pattern: new RegExp(`(?<![\\p{L}\\p{N}])(?:${list.map(escapeForPattern).join('|')})(?![\\p{L}\\p{N}])`, flags) }];
  return [...build(loose, 'giu'), ...build(exact, 'gu')];
}

function capitalised(value: string): string {
  return value.charAt(0).toUpperCase() + value.slice(1).toLowerCase();
}

function escapeForPattern(text: string): string {
  return text
    .replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&')
    .replaceAll(/\s+/g, '\\s+')
    .replaceAll(/['’`]/g, "['’`]?");
}
