/** Dates inside a sentence become months before now, before any filter can eat them. Knows when a note was written, nothing of what it says. */
import * as chrono from 'chrono-node';
import { findPeriods, findYears, type Mention } from './date-mentions.js';
import { type AgeMonths, ageOf, describeAge, type Span } from './time.js';

export interface DatedText {
  /** With every date that was understood said relative to now. */
  readonly text: string;
  /** Over all dates of the sentence; absent: undated, or in the future. */
  readonly ageMonths: AgeMonths | undefined;
}

/** `written`: when the note was; without it "in March" and "last year" cannot be placed and stay undated. */
export function resolveDates(raw: string, written: Date | undefined, now: Date): DatedText {
  // The library knows "years" and "months", clinicians write "yrs" and "mos".
  const text = raw.replaceAll(
    /\b(\d+|an?|two|three|four|five|six)\s*(yr|mo|wk)s?\b\.?/gi,
    (_match, count: string, unit: string) => `${count} ${units[unit.toLowerCase()]}s`,
  );
  // Earlier finders know better: "5-6 years ago" is not "6 years ago" after a 5.
  const found: Mention[] = [];
  for (const mention of [...(written === undefined ? [] : findPeriods(text, written)), ...findDates(text, written), ...findYears(text)]) {
    if (!found.some((other) => mention.start < other.end && other.start < mention.end)) found.push(mention);
  }
  let resolved = '';
  let at = 0;
  const ages: (AgeMonths | undefined)[] = [];
  for (const mention of found.sort((a, b) => a.start - b.start)) {
    const age = ageOf(mention, now);
    ages.push(age);
    resolved += text.slice(at, mention.start) + (age === undefined ? 'at a future date' : describeAge(age));
    at = mention.end;
  }
  return { text: resolved + text.slice(at), ageMonths: cover(ages) };
}

const units: Readonly<Record<string, string>> = { yr: 'year', mo: 'month', wk: 'week' };

/** The whole range: a window must hold even for the earliest date that is named. A future date says that the thing has not happened yet. */
function cover(ages: readonly (AgeMonths | undefined)[]): AgeMonths | undefined {
  const known = ages.filter((age) => age !== undefined);
  if (known.length === 0 || known.length < ages.length) return undefined;
  return { min: Math.min(...known.map((age) => age.min)), max: Math.max(...known.map((age) => age.max)) };
}

function findDates(text: string, written: Date | undefined): readonly Mention[] {
  const reference = written ?? new Date(0);
  const mentions: Mention[] = [];
  for (const result of chrono.parse(text, { instant: reference, timezone: 0 }, { forwardDate: false })) {
    const { start, end } = result;
    const before = text.slice(0, result.index);
    // The library takes the month of "next March" alone.
    const planned = /\bnext\s+$/i.exec(before)?.[0] ?? '';
    const isCounted = /\b(?:years?|months?|weeks?|days?|hours?|minutes?)\b/i.test(result.text);
    const isAbsolute = start.isCertain('year') && !isRelative(result.text) && !isCounted;
    if (!isAbsolute && written === undefined) continue;
    // "3/10" is a pain score and "120/80" a pressure before they are dates; a bare time or weekday says nothing in months.
    if (/^\d{1,3}\s*[/.]\s*\d{1,3}$/.test(result.text) || !(start.isCertain('year') || start.isCertain('month') || isRelative(result.text))) continue;
    // "diabetes for 3 years" and "now on metformin" name no date; the library takes the first for one ahead.
    if (/^now\b/i.test(result.text) || (isCounted && (/^for\b/i.test(result.text) || /\b(?:for|every|x)\s+$/i.test(before)))) continue;
    const first = toSpan(start, planned + result.text, reference);
    const last = end === null || end === undefined ? first : toSpan(end, planned + result.text, reference);
    const lead = /\b(?:in|on|since|of|from|for|by|until)\s+$/i.exec(before)?.[0].length ?? planned.length;
    const to = new Date(Math.max(last.to.getTime(), first.to.getTime()));
    mentions.push({ from: first.from, to, start: result.index - lead, end: result.index + result.text.length });
  }
  return mentions;
}

function isRelative(text: string): boolean {
  return /\b(?:ago|last|past|previous|yesterday|today|earlier|this|back|prior)\b/i.test(text);
}

function toSpan(parts: chrono.ParsedComponents, text: string, reference: Date): Span {
  let year = parts.get('year') ?? reference.getUTCFullYear();
  const month = parts.get('month') ?? 1;
  // "in March" of a note from January: last year's. Notes tell what was; what is planned is said with its year or "next".
  if (!parts.isCertain('year') && parts.isCertain('month')) {
    const isAhead = Date.UTC(year, month - 1, 1) > reference.getTime();
    const isPlanned = /\bnext\b/i.test(text);
    if (isAhead && !isPlanned) year -= 1;
    // "next March" in a note from March is not the month that it was written in.
    if (isPlanned && !isAhead) year += 1;
  }
  if (parts.isCertain('day')) {
    const day = Date.UTC(year, month - 1, parts.get('day') ?? 1);
    return { from: new Date(day), to: new Date(day + 86_399_999) };
  }
  if (isRelative(text) && /\byears?\b/i.test(text)) {
    // "two years ago" is said of anything from a year and a half to two and a half.
    const middle = parts.date().getTime();
    const half = 183 * 86_400_000;
    return { from: new Date(middle - half), to: new Date(Math.min(middle + half, reference.getTime())) };
  }
  if (isRelative(text) || !parts.isCertain('month')) {
    const at = parts.date();
    return { from: at, to: at };
  }
  return { from: new Date(Date.UTC(year, month - 1, 1)), to: new Date(Date.UTC(year, month, 1) - 1) };
}
