/** Does a resource match one search parameter value? FHIR R4 search semantics by kind of parameter. Knows nothing of requests, paging or scopes. */
import { isRecord, textAt, valuesAt } from './json-value.js';
import { Refusal } from './refusal.js';
import type { SearchParameter } from './search-parameters.js';

export type Matcher = (resource: unknown) => boolean;

/** {@link https://hl7.org/fhir/R4/search.html#combining} Commas are OR; the caller ANDs repeated parameters. */
export function createMatcher(parameter: SearchParameter, value: string, fhirBase: string): Matcher {
  const alternatives = splitEscaped(value, ',').map((part) => createAlternative(parameter.kind, part, fhirBase));
  return (resource) => {
    const elements = parameter.paths.flatMap((path) => valuesAt(resource, path));
    return alternatives.some((matches) => elements.some(matches));
  };
}

function createAlternative(kind: SearchParameter['kind'], value: string, fhirBase: string): Matcher {
  if (kind === 'token') return createTokenMatcher(value);
  if (kind === 'date') return createDateMatcher(value);
  if (kind === 'reference') return createReferenceMatcher(value, fhirBase);
  const wanted = unescapeValue(value).toLowerCase();
  return (element) => typeof element === 'string' && element.toLowerCase().startsWith(wanted);
}

/** {@link https://hl7.org/fhir/R4/search.html#token} `code`, `system|code`, `|code` (no system), `system|` (any code of it). */
function createTokenMatcher(value: string): Matcher {
  const [first = '', second] = splitEscaped(value, '|').map(unescapeValue);
  const [system, code] = second === undefined ? [undefined, first] : [first, second];
  return (element) => {
    // A primitive code has an implicit system that the element does not carry: only the code is compared.
    if (typeof element === 'string' || typeof element === 'boolean') return code !== '' && String(element) === code;
    return [...valuesAt(element, 'coding'), element].some((coding) => {
      const codeOf = textAt(coding, 'code') ?? textAt(coding, 'value');
      if (codeOf === undefined || (system !== undefined && (textAt(coding, 'system') ?? '') !== system)) return false;
      return code === '' ? system !== undefined && system !== '' : codeOf === code;
    });
  };
}

function createReferenceMatcher(value: string, fhirBase: string): Matcher {
  const wanted = localReference(unescapeValue(value), fhirBase);
  return (element) => {
    const reference = textAt(element, 'reference');
    return reference !== undefined && wanted !== undefined && localReference(reference, fhirBase) === wanted;
  };
}

/** A bare id is a Patient's: the only target of the reference parameters served here. Another server's reference is nobody here. */
export function localReference(reference: string, fhirBase: string): string | undefined {
  const local = reference.startsWith(`${fhirBase}/`) ? reference.slice(fhirBase.length + 1) : reference;
  if (/^[A-Za-z0-9\-.]{1,64}$/.test(local)) return `Patient/${local}`;
  return /^[A-Za-z]{1,64}\/[A-Za-z0-9\-.]{1,64}$/.test(local) ? local : undefined;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** {@link https://hl7.org/fhir/R4/search.html#prefix} compares ranges: a date without a time is a whole day. */
const comparisons: Readonly<Record<string, (element: Span, wanted: Span) => boolean>> = {
  eq: (element, wanted) => wanted.start <= element.start && element.end <= wanted.end,
  ne: (element, wanted) => !(wanted.start <= element.start && element.end <= wanted.end),
  gt: (element, wanted) => element.end > wanted.end,
  lt: (element, wanted) => element.start < wanted.start,
  ge: (element, wanted) => element.end > wanted.end || (wanted.start <= element.start && element.end <= wanted.end),
  le: (element, wanted) => element.start < wanted.start || (wanted.start <= element.start && element.end <= wanted.end),
  sa: (element, wanted) => element.start >= wanted.end,
  eb: (element, wanted) => element.end <= wanted.start,
};

function createDateMatcher(value: string): Matcher {
  const prefix = /^[a-z]{2}/.exec(value)?.[0];
  const compare = comparisons[prefix ?? 'eq'];
  const wanted = spanOf(prefix === undefined ? value : value.slice(2));
  if (compare === undefined || wanted === undefined)
    throw new Refusal(400, 'invalid', 'A date parameter is not a date that this server understands.');
  return (element) => {
    const span = elementSpan(element);
    return span !== undefined && compare(span, wanted);
  };
}

function elementSpan(element: unknown): Span | undefined {
  if (typeof element === 'string') return spanOf(element);
  if (!isRecord(element)) return undefined;
  const start = textAt(element, 'start');
  const end = textAt(element, 'end');
  if (start === undefined && end === undefined) return undefined;
  return {
    start: start === undefined ? Number.NEGATIVE_INFINITY : (spanOf(start)?.start ?? Number.NaN),
    end: end === undefined ? Number.POSITIVE_INFINITY : (spanOf(end)?.end ?? Number.NaN),
  };
}

const dateForm = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$/;

/** The instants that a FHIR date covers; without a zone it is UTC. Undefined for 2026-02-31 and everything that is no date. */
export function spanOf(text: string): Span | undefined {
  // In a query string an unescapeValued `+` of a zone arrives as a blank.
  const parts = dateForm.exec(text.replace(' ', '+'));
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction, zone] = parts;
  const start = Date.parse(
    `${year}-${month ?? '01'}-${day ?? '01'}T${hour ?? '00'}:${minute ?? '00'}:${second ?? '00'}${fraction?.slice(0, 4) ?? ''}${zone ?? 'Z'}`,
  );
  if (Number.isNaN(start)) return undefined;
  if (day !== undefined && new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() !== Number(day)) return undefined;
  if (fraction !== undefined) return { start, end: start + 1 };
  if (second !== undefined) return { start, end: start + 1_000 };
  if (hour !== undefined) return { start, end: start + 60_000 };
  if (day !== undefined) return { start, end: start + 86_400_000 };
  return { start, end: month === undefined ? Date.UTC(Number(year) + 1, 0) : Date.UTC(Number(year), Number(month)) };
}

/** When the resource happened, for sorting; undated ones sort as the oldest. */
export function instantOf(parameter: SearchParameter | undefined, resource: unknown): number {
  for (const element of (parameter?.paths ?? []).flatMap((path) => valuesAt(resource, path))) {
    const span = elementSpan(element);
    if (span === undefined) continue;
    const instant = Number.isFinite(span.start) ? span.start : span.end;
    if (Number.isFinite(instant)) return instant;
  }
  return 0;
}

/** {@link https://hl7.org/fhir/R4/search.html#escaping} */
export function splitEscaped(value: string, separator: ',' | '|'): readonly string[] {
  const parts: string[] = [''];
  for (let index = 0; index < value.length; index += 1) {
    const character = value.charAt(index);
    if (character === '\\') {
      parts.push(`${parts.pop() ?? ''}\\${value.charAt(index + 1)}`);
      index += 1;
    } else if (character === separator) parts.push('');
    else parts.push((parts.pop() ?? '') + character);
  }
  return parts;
}

function unescapeValue(value: string): string {
  return value.replace(/\\(.)/gs, '$1');
}
