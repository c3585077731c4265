/** Dates inside a sentence become months before now, before any filter can eat them. Knows when a note was written, nothing of what it says. */
import * as chrono from 'chrono-node';
import { findAges } from './date-ages.js';
import { findCounted, type Mention } from './date-mentions.js';
import { findNamedTimes } from './date-seasons.js';
import { findDays, findShortYears, findYears } from './date-years.js';
import { type AgeMonths, ageOf, describeAge, type Span } from './time.js';

export interface DatedText {
  /** With every date that was understood said relative to now. */
  readonly text: string;
  /** Over all dates of the sentence; absent: undated, or in the future. */
  readonly ageMonths: AgeMonths | undefined;
}

/** What a sentence's times are relative to. Without `written` "in March" and "last year" cannot be placed and stay undated; without `born` "at age 50". */
export interface TimeFrame {
  readonly written?: Date | undefined;
  readonly born?: Date | undefined;
  readonly now: Date;
}

const dayMs = 86_400_000;

/** Most texts name no time; the finders behind this are a hundred times dearer. A digit alone is no time: "10 mg", "9.8 %". */
const mayNameTime = new RegExp(
  [
    /(?:19|20)\d\d|['’‘]\d\d|\d[/-]\d|\d\.\d{1,2}\.\d|\d(?:st|nd|rd|th)\b|\d0['’]?s\b/,
    /\d\+?[\s-]*(?:d|days?|decades?|w|wks?|weeks?|mos?|mths?|months?|y|yrs?|years?)\b/,
    /\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)[a-z]*\b/,
    /\b(?:to(?:day|night|morrow)|yesterday|morning|last|past|previous\w*|ago|back|prior|earlier|this|next|years?|months?|weeks?|days?|decades?)\b/,
    /\b(?:yrs?|mos?|wks?|mths?|spring|summer|fall|autumn|winter|christmas|thanksgiving|halloween|new year\w*|easter|(?:labor|memorial|valentine\w*) day)\b/,
    /\b(?:age[ds]?|when|pod|ppd|post\w*|child\w*|kid|teen\w*|infan\w+|baby|newborn|toddler|young|adolescen\w+|school|\w+ties)\b|(?:\bat\s+|@\s*|\bx\s?)\d/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'i',
);

export function resolveDates(raw: string, { written, born, now }: TimeFrame): DatedText {
  if (!mayNameTime.test(raw)) return { text: raw, ageMonths: undefined };
  // The library knows "years" and "months", clinicians write "yrs" and "mos".
  const text = raw.replaceAll(
    /\b(\d+|an?|two|three|four|five|six)\s*(yr|mo|wk|mth)s?\b\.?/gi,
    (_match, count: string, unit: string) => `${count} ${units[unit.toLowerCase()]}s`,
  );
  const mentions = findMentions(text, { written, born, now });
  // What lies ahead of the note is a plan, whatever has become of it since.
  const told = Math.min(now.getTime(), (written ?? now).getTime() + dayMs);
  let resolved = '';
  let at = 0;
  const placed: Placed[] = [];
  for (const mention of mentions) {
    const age = mention.from.getTime() > told ? undefined : ageOf(mention, now);
    placed.push({ mention, age });
    if (mention.isLasting === true) continue;
    resolved += text.slice(at, mention.start) + (age === undefined ? 'at a future date' : describeAge(age));
    at = mention.end;
  }
  return { text: resolved + text.slice(at), ageMonths: cover(placed, text) };
}

const units: Readonly<Record<string, string>> = { yr: 'year', mo: 'month', wk: 'week', mth: 'month' };

interface Placed {
  readonly mention: Mention;
  readonly age: AgeMonths | undefined;
}

/** In order, none overlapping. Earlier finders know better: "the fall of 2020" is not the year, "5-6 years ago" not "6 years ago". */
function findMentions(text: string, { written, born, now }: TimeFrame): readonly Mention[] {
  const isPlanned = (at: number): boolean => isPlan(text.slice(0, at));
  const found: Mention[] = [];
  const candidates = [
    ...(written === undefined ? [] : findCounted(text, written)),
    ...findAges(text, born, written ?? now),
    ...(written === undefined ? [] : findNamedTimes(text, written, isPlanned)),
    ...(written === undefined ? [] : findDays(text, written, isPlanned)),
    ...findShortYears(text, now),
    ...findDates(text, written, isPlanned),
    ...findYears(text, now),
  ];
  for (const mention of candidates) if (!found.some((other) => mention.start < other.end && other.start < mention.end)) found.push(mention);
  return found.sort((a, b) => a.start - b.start);
}

const plans =
  /\b(?:schedul\w*|due|will|plan\w*|book\w*|next|appointments?|appts?|return\w*|recall|repeat|f\/u|follow\w*|upcoming|set for|rtc|recheck|to be|going to|until|defer\w*|postpon\w*)\b/gi;
const pasts = /\b(?:underwent|had|done|completed|performed|was|were|got|received|given|last|showed|normal|negative|s\/p|since)\b/gi;

/** Whether what stands before a time without a year makes it one ahead: the last word that tells decides. */
function isPlan(before: string): boolean {
  const lastOf = (pattern: RegExp): number => [...before.matchAll(pattern)].at(-1)?.index ?? -1;
  return lastOf(plans) > lastOf(pasts);
}

const again = /\b(?:repeat|recall|next|again|due|follow|f\/?u|rtc|return|surveillance|recheck|then|rec'?d|recommend\w*|rec)\b/i;

/**
 * The whole range: a window must hold even for the earliest date that is named. A time ahead says that the thing has not happened yet,
 * unless it follows one that is past and speaks of the next time ("5 years ago, repeat in 10").
 */
function cover(placed: readonly Placed[], text: string): AgeMonths | undefined {
  const dated = placed.some(({ mention }) => mention.isLasting !== true) ? placed.filter(({ mention }) => mention.isLasting !== true) : placed;
  const past = dated.filter((one): one is { readonly mention: Mention; readonly age: AgeMonths } => one.age !== undefined);
  for (const { mention } of dated.filter(({ age }) => age === undefined)) {
    const before = past.filter((one) => one.mention.end <= mention.start).at(-1);
    if (before === undefined || !again.test(text.slice(before.mention.end, mention.start))) return undefined;
  }
  const known = past.map(({ age }) => age);
  if (known.length === 0) return undefined;
  return { min: Math.min(...known.map((age) => age.min)), max: Math.max(...known.map((age) => age.max)) };
}

function findDates(text: string, written: Date | undefined, isPlanned: (at: number) => boolean): readonly Mention[] {
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
    if (/^now\b/i.test(result.text) || (isCounted && (/^for\b/i.test(result.text) || /\b(?:for|every|q|x)\s*$/i.test(before)))) continue;
    // "2 years after her hysterectomy" counts from something that has no date here.
    if (isCounted && /\b(?:after|before|from(?! now))\b/i.test(result.text)) continue;
    const isAhead = planned !== '' || isPlanned(result.index);
    const first = toSpan(start, result.text, reference, isAhead);
    const last = end === null || end === undefined ? first : toSpan(end, result.text, reference, isAhead);
    const lead = /\b(?:in|on|since|of|from|for|by|until)\s+$/i.exec(before)?.[0].length ?? planned.length;
    const to = new Date(Math.max(last.to.getTime(), first.to.getTime()));
    mentions.push({ from: first.from, to, start: result.index - lead, end: result.index + result.text.length });
  }
  return mentions;
}

function isRelative(text: string): boolean {
  return /\b(?:ago|last|past|previous|yesterday|today|tonight|earlier|this|back|prior)\b/i.test(text);
}

function toSpan(parts: chrono.ParsedComponents, text: string, reference: Date, isPlanned: boolean): Span {
  let year = parts.get('year') ?? reference.getUTCFullYear();
  const month = parts.get('month') ?? 1;
  // "in March" of a note from January: last year's. Notes tell what was, unless a word before it plans.
  if (!parts.isCertain('year') && parts.isCertain('month')) {
    year = reference.getUTCFullYear();
    const isAhead = Date.UTC(year, month - 1, 1) > reference.getTime();
    if (isAhead && !isPlanned) year -= 1;
    // "next March" in a note from March is not the month that it was written in.
    if (isPlanned && !isAhead) year += 1;
  }
  if (parts.isCertain('day')) {
    const day = Date.UTC(year, month - 1, parts.get('day') ?? 1);
    return { from: new Date(day), to: new Date(day + dayMs - 1) };
  }
  if (isRelative(text) || !parts.isCertain('month')) {
    const at = parts.date();
    return { from: at, to: at };
  }
  return { from: new Date(Date.UTC(year, month - 1, 1)), to: new Date(Date.UTC(year, month, 1) - 1) };
}
