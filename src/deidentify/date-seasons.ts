/** Seasons, feasts and calendar periods by name ("last fall", "around Thanksgiving", "last year"). The seasons are those of the north. */
import type { Mention } from './date-mentions.js';

/** First month (0 January) of each; each has three. */
const seasonStart: Readonly<Record<string, number>> = { spring: 2, summer: 5, fall: 8, autumn: 8, winter: 11 };
const season =
  /(?:\b(?:in|over|during|since|from|back in|around)\s+)?(?:\b(?:the|this|this past|last|this last|past|early|mid|late|a)[\s-]+)*\b(spring|summer|fall|autumn|winter)\b(?:(?:\s+of)?(?:\s+of)?\s+((?:19|20)\d{2})\b)?/gi;
/** "in the fall" of somebody who fell. */
const accident = /\b(?:fell|tripp\w*|slipp\w*|injur\w*|bruis\w*|hit|fractur\w*|sustain\w*|trauma|head|risk|a fall|falls)\b/i;

/** Not "a fall", "since the fall". */
const certainFall = /^(?!(?:a|since|from)\b).*\b(?:last|this|in|over|during|past|late|early)\b/i;

const dayMs = 86_400_000;
const feast = (name: string): RegExp =>
  new RegExp(`\\b(?:(on|at|around|over|before|after|since|by|near|about)\\s+)?(?:last\\s+|this past\\s+)?${name}\\b`, 'gi');
/** Month (0 January), first and last day on which it may fall, in the United States. */
const feasts: readonly (readonly [RegExp, number, number, number])[] = [
  [feast('christmas(?: (?:day|eve))?'), 11, 24, 25],
  [feast('thanksgiving(?: day)?'), 10, 22, 28],
  [feast('halloween'), 9, 31, 31],
  [feast("new year['’]?s(?: (?:day|eve))?"), 0, 0, 1],
  [feast('easter'), 2, 22, 56],
  [feast('(?:the )?(?:fourth|4th) of july'), 6, 4, 4],
  [feast('labor day'), 8, 1, 7],
  [feast('memorial day'), 4, 25, 31],
  [feast("valentine['’]?s(?: day)?"), 1, 14, 14],
];
/** Whether any of the finders below may find something; most texts name no time by name. */
const mayName = /spring|summer|fall|autumn|winter|chris|thanks|hallow|new year|easter|july|(?:labor|memorial) day|valen|last|this|past/i;
/** "the last year" is a period, "last year" a year of the calendar. */
const lastYear = /(?<!\bthe )\blast year\b(?:['’]s)?/gi;
const lastMonth = /(?<!\bthe )\blast month\b(?:['’]s)?/gi;
const lastWeek = /(?<!\bthe )\blast week\b(?:['’]s)?/gi;
const current = /\b(?:earlier\s+)?this (year|month|week)\b/gi;

const monthNames = 'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec';
/** "last Oct", "this March", "March of last year"; a month alone is the date library's. */
const namedMonth =
  /\b(?:(?:in|since|back in)\s+)?(last|this past|this|past)\s+(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?:[a-z]*)\b(?!\s+(?:\d|have|be|need))|\b(?:in\s+)?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\s+of\s+(last|this)\s+year\b/gi;

function monthOf(match: RegExpMatchArray, written: Date): readonly [number, number] {
  const month = monthNames.split('|').indexOf((match[2] ?? match[3] ?? '').toLowerCase());
  const thisYear = written.getUTCFullYear();
  const spanOf = (year: number): readonly [number, number] => [Date.UTC(year, month, 1), Date.UTC(year, month + 1, 1) - 1];
  if (match[4] !== undefined) return spanOf(/last/i.test(match[4]) ? thisYear - 1 : thisYear);
  // "this March" may lie ahead, "last March" cannot.
  if (/^this$/i.test(match[1] ?? '')) return spanOf(thisYear);
  const [, to] = spanOf(thisYear);
  return to < written.getTime() ? spanOf(thisYear) : spanOf(thisYear - 1);
}

export function findNamedTimes(text: string, written: Date, isPlanned: (at: number) => boolean): readonly Mention[] {
  if (!mayName.test(text)) return [];
  const at = written.getTime();
  const thisYear = written.getUTCFullYear();
  const month = written.getUTCMonth();
  const mentions: Mention[] = [];
  const add = (match: RegExpMatchArray, from: number, to: number): void => {
    const start = match.index ?? 0;
    mentions.push({ from: new Date(from), to: new Date(to), start, end: start + match[0].length });
  };
  for (const match of text.matchAll(season)) {
    const span = seasonOf(match, text, written, isPlanned(match.index));
    if (span !== undefined) add(match, ...span);
  }
  for (const [name, feastMonth, first, last] of feasts) {
    for (const match of text.matchAll(name)) {
      const slack = /around|near|about|over/i.test(match[1] ?? '') ? 7 : /before|after|by/i.test(match[1] ?? '') ? 21 : 0;
      const isAhead = Date.UTC(thisYear, feastMonth, first) > at;
      const of = isPlanned(match.index) ? (isAhead ? thisYear : thisYear + 1) : isAhead ? thisYear - 1 : thisYear;
      add(
        match,
        Date.UTC(of, feastMonth, first) - slack * dayMs,
        Math.max(Date.UTC(of, feastMonth, first), Date.UTC(of, feastMonth, last + 1) - 1 + slack * dayMs),
      );
    }
  }
  for (const match of text.matchAll(namedMonth)) add(match, ...monthOf(match, written));
  for (const match of text.matchAll(lastYear)) add(match, Date.UTC(thisYear - 1, 0, 1), Date.UTC(thisYear, 0, 1) - 1);
  for (const match of text.matchAll(lastMonth)) add(match, Date.UTC(thisYear, month - 1, 1), Date.UTC(thisYear, month, 1) - 1);
  for (const match of text.matchAll(lastWeek)) add(match, at - 14 * dayMs, at - 7 * dayMs);
  for (const match of text.matchAll(current)) {
    if (isPlanned(match.index)) continue;
    const begin: Readonly<Record<string, number>> = { year: Date.UTC(thisYear, 0, 1), month: Date.UTC(thisYear, month, 1), week: at - 7 * dayMs };
    add(match, begin[(match[1] ?? '').toLowerCase()] ?? at, at);
  }
  return mentions;
}

function seasonOf(match: RegExpMatchArray, text: string, written: Date, isPlanned: boolean): readonly [number, number] | undefined {
  const [whole, name = '', stated] = match;
  const start = seasonStart[name.toLowerCase()] ?? 0;
  const spanOf = (year: number): readonly [number, number] => [Date.UTC(year, start, 1), Date.UTC(year, start + 3, 1) - 1];
  if (stated !== undefined) {
    const year = Number(stated);
    // The winter of a year may be the one that ends in it or the one that begins in it.
    return start === 11 ? [Date.UTC(year - 1, 11, 1), Date.UTC(year + 1, 2, 1) - 1] : spanOf(year);
  }
  if (name.toLowerCase() === 'fall' && (!certainFall.test(whole) || accident.test(text))) return undefined;
  const at = written.getTime();
  const year = written.getUTCFullYear();
  if (isPlanned) return spanOf(spanOf(year)[0] > at ? year : year + 1);
  const begun = spanOf(year)[0] <= at ? year : year - 1;
  const [from, to] = spanOf(begun);
  // "last fall" said in the fall may be this one or the one before.
  if (/\blast\b/i.test(whole) && to > at) return [spanOf(begun - 1)[0], at];
  return [from, Math.min(to, at)];
}
