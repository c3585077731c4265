/**
 * A first text filter: what the chart says could name somebody, and patterns of contacts, numbers, dates and places, give way to placeholders.
 * It is no guarantee: docs/deidentification.md publishes what it misses. Knows no FHIR.
 */
import type { KnownIdentifiers } from './known-identifiers.js';

export type SpanKind = 'name' | 'number' | 'contact' | 'date' | 'place' | 'age';

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

const months =
  '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)';
const word = "[A-Z][\\p{L}'’-]+";

/** Earlier rows win where two overlap. */
const patterns: readonly { readonly kind: SpanKind; readonly pattern: RegExp; readonly group?: number }[] = [
  { kind: 'contact', pattern: /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gu },
  { kind: 'contact', pattern: /\b(?:https?:\/\/|www\.)\S+/giu },
  { kind: 'contact', pattern: /\b\d{1,3}(?:\.\d{1,3}){3}\b/gu },
  { kind: 'number', pattern: /\b\d{3}-\d{2}-\d{4}\b/gu },
  { kind: 'contact', pattern: /(?:\+\d{1,3}[ .-]?)?(?:\(\d{2,5}\)|\b\d{3,4})[ .-]\d{3}[ .-]\d{3,4}(?:\s*(?:x|ext\.?)\s*\d+)?\b/giu },
  { kind: 'contact', pattern: /\b\d{3}[.-]\d{4}\b/gu },
  { kind: 'contact', pattern: /\+\d[\d ().-]{7,}\d/gu },
  { kind: 'date', pattern: /\b\d{4}-\d{1,2}(?:-\d{1,2})?(?:T[\d:.Z+-]+)?\b/gu },
  { kind: 'date', pattern: /\b\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})\b/gu },
  { kind: 'date', pattern: /\b\d{1,2}\/(?:19|20)\d{2}\b/gu },
  { kind: 'date', pattern: new RegExp(`\\b${months}\\.?\\s+\\d{1,2}(?:st|nd|rd|th)?(?:,?\\s+(?:19|20)\\d{2})?\\b`, 'giu') },
  { kind: 'date', pattern: new RegExp(`\\b(?:\\d{1,2}(?:st|nd|rd|th)?\\s+)?${months}\\.?,?\\s+(?:19|20)\\d{2}\\b`, 'giu') },
  { kind: 'date', pattern: new RegExp(`\\b\\d{1,2}(?:st|nd|rd|th)?\\s+(?:of\\s+)?${months}\\b`, 'giu') },
  {
    kind: 'number',
    pattern:
      /\b(?:mrn|medical record(?: number)?|account|acct|ssn|policy|member id|insurance id|license|passport|iban|card)\s*(?:no\.?|number|#|id)?\s*[:#]?\s*([A-Z]*[\d-]{3,}[\w-]*)/giu,
    group: 1,
  },
  { kind: 'number', pattern: /\b[A-Z]{1,4}\d{5,}[A-Z0-9]*\b/gu },
  { kind: 'number', pattern: /\b(?:\d{4}[ -]){2,4}\d{1,4}\b/gu },
  { kind: 'number', pattern: /\b[A-Z]{2}\d{2} ?(?:[A-Z0-9]{4} ?){2,7}[A-Z0-9]{1,4}\b/giu },
  { kind: 'number', pattern: /\b[A-Z]\d{6,}\b/giu },
  { kind: 'contact', pattern: /\b(?:[0-9a-f]{1,4}:){5,7}[0-9a-f]{1,4}\b/giu },
  // Telephone numbers in groups, seven digits or more, one of four or a leading zero: rows of laboratory values have neither.
  {
    kind: 'contact',
    pattern: /(?<![\d/.,])(?=0|[\d .-]*\d{4})(?=(?:[ .-]?\d){7,12}(?!\d))\d{2,4}(?:[ .-]\d{2,4}){1,4}(?![\d/%]|\s*(?:mg|mcg|units?)\b)/giu,
  },
  { kind: 'number', pattern: /\b\d{6,}\b/gu },
  // Five digits are a postal code, or a count: that is round, or has its unit behind it.
  { kind: 'number', pattern: /(?<![\d.,$])(?!\d\d000\b)\d{5}(?:-\d{4})?(?![.,]?\d|%|\s*(?:units?|iu|mg|mcg|ml|cells|copies|steps|\/))/giu },
  { kind: 'place', pattern: /\b(?:p\.? ?o\.? box|apt|apartment|suite|ste)\.?\s*#?\s*\d+\w?\b/giu },
  {
    kind: 'place',
    pattern: new RegExp(
      `\\b\\d{1,6}\\s+(?:${word}\\s+){1,4}(?:street|st|avenue|ave|road|rd|lane|ln|boulevard|blvd|drive|court|ct|way|place|pl|square|terrace|circle|highway|hwy)\\b\\.?(?:\\s*(?:apt|suite|unit|#)\\.?\\s*\\w+)?`,
      'giu',
    ),
  },
  { kind: 'place', pattern: /\b[A-Z]{2}\s+\d{5}(?:-\d{4})?\b/gu },
  {
    kind: 'place',
    pattern: new RegExp(
      `\\b(?:lives? in|living in|resides? in|residing in|moved (?:from|to)|born in|address(?: is)?:?)\\s+((?:the\\s+)?${word}(?:[ ,]+${word}){0,3})`,
      'gu',
    ),
    group: 1,
  },
  {
    kind: 'name',
    pattern: new RegExp(`\\b(?:Dr|Doctor|Mr|Mrs|Ms|Miss|Mx|Prof|Professor|Nurse|Sister|Rev|Sir)\\b\\.?\\s+(${word}(?:\\s+${word}){0,2})`, 'gu'),
    group: 1,
  },
  {
    kind: 'name',
    pattern: new RegExp(
      `\\b(?:[Nn]ame(?:d| is)?|[Cc]alled|[Aa]ttending|[Pp]rovider|[Ss]igned(?: by)?|[Rr]eferred by|[Pp]atient)\\s*:\\s*(${word}(?:\\s+${word}){0,2})`,
      'gu',
    ),
    group: 1,
  },
  { kind: 'name', pattern: new RegExp(`\\b(?:named|my name is|name is|I am|I'm)\\s+(${word}(?:\\s+${word}){0,2})`, 'gu'), group: 1 },
  { kind: 'age', pattern: /\b(?:9\d|1[0-4]\d)(?=[ -]?(?:years?|yrs?|y\/?o|y\.o\.|yo)\b)/giu },
  { kind: 'age', pattern: /(?<=\bage[ds]?(?: of)?:? )(?:9\d|1[0-4]\d)\b/giu },
];

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
    const spans: FoundSpan[] = [];
    for (const { kind, pattern, group } of [...knownPatterns, ...patterns]) {
      for (const match of text.matchAll(pattern)) {
        const found = match[group ?? 0] ?? '';
        const start = match.index + (group === undefined ? 0 : match[0].lastIndexOf(found));
        const span = { start, end: start + found.length, kind };
        if (found !== '' && !spans.some((other) => span.start < other.end && other.start < span.end)) spans.push(span);
      }
    }
    spans.sort((a, b) => a.start - b.start);
    return { text: replace(text, spans), spans };
  };
}

/** Compatibility forms and invisible characters would hide a name from every pattern. */
export function normalise(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(/[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u206a-\u206f\ufeff]/gu, '')
    .replaceAll(/(?![\t\n])\p{Cc}/gu, ' ');
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

function toPatterns(values: ReadonlySet<string>, kind: SpanKind): readonly { kind: SpanKind; pattern: RegExp; group?: number }[] {
  // Longest first, so that the whole goes before its parts.
  const sorted = [...values]
    .map(normalise)
    .filter((value) => value.trim().length >= 2)
    .sort((a, b) => b.length - a.length);
  if (sorted.length === 0) return [];
  // Two letters ("Li", "Ng") only as written; longer ones in any case.
  const short = sorted.filter((value) => value.length < 3);
  const long = sorted.filter((value) => value.length >= 3);
  const build = (list: readonly string[], flags: string): { kind: SpanKind; pattern: RegExp }[] =>
    list.length === 0
      ? []
      : [{ kind, pattern: new RegExp(`(?<![\\p{L}\\p{N}])(?:${list.map(escapeForPattern).join('|')})(?![\\p{L}\\p{N}])`, flags) }];
  return [...build(long, 'giu'), ...build(short, 'gu')];
}

function escapeForPattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&').replaceAll(/\s+/g, '\\s+');
}
