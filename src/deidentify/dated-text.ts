/** Dates inside a sentence become months before now, before any filter can eat them. Knows when a note was written, nothing of what it says. */
import * as chrono from 'chrono-node';
import { type AgeMonths, ageOf, describeAge, type Span } from './time.js';

export interface DatedText {
  /** With every date that was understood said relative to now. */
  readonly text: string;
  /** Over all dates of the sentence; absent: undated, or in the future. */
  readonly ageMonths: AgeMonths | undefined;
}

interface Mention extends Span {
  readonly start: number;
  readonly end: number;
}

/** `written`: when the note was; without it "in March" and "last year" cannot be placed and stay undated. */
export function resolveDates(raw: string, written: Date | undefined, now: Date): DatedText {
  // The library knows "years" and "months", clinicians write "yrs" and "mos".
  const text = raw.replaceAll(
    /\b(\d+|an?|two|three|four|five|six)\s*(yr|mo|wk)s?\b\.?/gi,
    (_match, count: string, unit: string) => `${count} ${units[unit.toLowerCase()]}s`,
  );
  const mentions = [...findDates(text, written), ...findYears(text)]
    .sort((a, b) => a.start - b.start)
    .filter((mention, index, all) => !all.slice(0, index).some((other) => mention.start < other.end));
  let resolved = '';
  let at = 0;
  const ages: (AgeMonths | undefined)[] = [];
  for (const mention of mentions) {
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
    const { start } = result;
    const isAbsolute = start.isCertain('year') && !isRelative(result.text);
    if (!isAbsolute && written === undefined) continue;
    // "3/10" is a pain score and "120/80" a pressure before they are dates; a bare time or weekday says nothing in months.
    if (/^\d{1,3}\s*[/.]\s*\d{1,3}$/.test(result.text) || !(start.isCertain('year') || start.isCertain('month') || isRelative(result.text))) continue;
    const span = toSpan(result, reference);
    const lead = /\b(?:in|on|since|of|from)\s+$/i.exec(text.slice(0, result.index))?.[0].length ?? 0;
    mentions.push({ ...span, start: result.index - lead, end: result.index + result.text.length });
  }
  return mentions;
}

function isRelative(text: string): boolean {
  return /\b(?:ago|last|past|previous|yesterday|today|earlier|this|back|prior)\b/i.test(text);
}

function toSpan(result: chrono.ParsedResult, reference: Date): Span {
  const { start } = result;
  let year = start.get('year') ?? reference.getUTCFullYear();
  const month = start.get('month') ?? 1;
  // "in March" of a note from January: last year's. Notes tell what was; what is planned is said with its year or "next".
  if (!start.isCertain('year') && start.isCertain('month') && Date.UTC(year, month - 1, 1) > reference.getTime() && !/\bnext\b/i.test(result.text))
    year -= 1;
  if (start.isCertain('day')) {
    const day = Date.UTC(year, month - 1, start.get('day') ?? 1);
    return { from: new Date(day), to: new Date(day + 86_399_999) };
  }
  if (isRelative(result.text) && /\byears?\b|\byrs?\b/i.test(result.text)) {
    // "two years ago" is said of anything from a year and a half to two and a half.
    const middle = start.date().getTime();
    const half = 183 * 86_400_000;
    return { from: new Date(middle - half), to: new Date(Math.min(middle + half, reference.getTime())) };
  }
  if (isRelative(result.text) || !start.isCertain('month')) {
    const at = start.date();
    return { from: at, to: at };
  }
  return { from: new Date(Date.UTC(year, month - 1, 1)), to: new Date(Date.UTC(year, month, 1) - 1) };
}

/** Bare years ("s/p TKA 2015", "in 2019") and month/year ("10/2019"), which the date library leaves alone. */
function findYears(text: string): readonly Mention[] {
  const mentions: Mention[] = [];
  for (const match of text.matchAll(
    /(?:\b(?:in|since|from)\s+)?\b(?:(0?[1-9]|1[0-2])\/)?((?:19|20)\d{2})\b(?!\s*(?:mg|mcg|ml|units?|iu|kcal|calories|steps|cells|hours|hrs)\b|[\d.,%/-]*\d)/giu,
  )) {
    const year = Number(match[2]);
    const month = match[1] === undefined ? undefined : Number(match[1]) - 1;
    const from = Date.UTC(year, month ?? 0, 1);
    const to = month === undefined ? Date.UTC(year + 1, 0, 1) : Date.UTC(year, month + 1, 1);
    mentions.push({ from: new Date(from), to: new Date(to - 1), start: match.index, end: match.index + match[0].length });
  }
  return mentions;
}
