/** Ways to write a time that the date library misreads: bare years, ranges, periods that end now. Knows English clinical shorthand, no medicine. */
import type { Span } from './time.js';

export interface Mention extends Span {
  readonly start: number;
  readonly end: number;
}

const dayMs = 86_400_000;
const unitDays: ReadonlyMap<string, number> = new Map([
  ['day', 1],
  ['week', 7],
  ['month', 30.44],
  ['year', 365.25],
]);
const numbers: ReadonlyMap<string, number> = new Map(
  ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'].map((word, value) => [word, value]),
);
const amount = `(\\d{1,3}|${[...numbers.keys()].join('|')})`;
const unit = '(day|week|month|year)s?';
const rangeAgo = new RegExp(`\\b${amount}\\s*(?:-|–|to|or)\\s*${amount}\\s*${unit}\\s+(?:ago|back|prior|earlier)\\b`, 'gi');
const untilNow = new RegExp(`\\b(?:(?:with)?in|over|during|for)\\s+(?:the\\s+)?(?:past|last|previous|prior)\\s+(?:${amount}\\s+)?${unit}\\b`, 'gi');

/** "2 to 3 years ago", and "within the past 10 years", which is any time up to when the note was written. */
export function findPeriods(text: string, written: Date): readonly Mention[] {
  const mentions: Mention[] = [];
  const add = (match: RegExpMatchArray, mostDays: number, leastDays: number): void => {
    const start = match.index ?? 0;
    const at = written.getTime();
    mentions.push({ from: new Date(at - mostDays * dayMs), to: new Date(at - Math.max(0, leastDays) * dayMs), start, end: start + match[0].length });
  };
  for (const match of text.matchAll(rangeAgo)) {
    const days = toDays(match[3]);
    const [one, other] = [toNumber(match[1]), toNumber(match[2])];
    add(match, (Math.max(one, other) + 0.5) * days, (Math.min(one, other) - 0.5) * days);
  }
  for (const match of text.matchAll(untilNow)) add(match, toNumber(match[1] ?? 'one') * toDays(match[2]), 0);
  return mentions;
}

function toNumber(text: string | undefined): number {
  const lower = (text ?? '').toLowerCase();
  return numbers.get(lower) ?? Number(lower);
}

function toDays(name: string | undefined): number {
  return unitDays.get((name ?? '').toLowerCase()) ?? 0;
}

const lead =
  '(?:\\b(?:in|since|from|of|during)\\s+)?(?:\\bthe\\s+)?(?:\\b(?:early|mid|late|spring|summer|fall|autumn|winter)[\\s-]+(?:of\\s+)?(?:the\\s+)?)?';
const year = '((?:19|20)\\d{2})';
/** What makes four digits an amount. */
const noAmount = '(?!\\s*(?:mg|mcg|ml|units?|iu|kcal|calories|steps|cells|hours|hrs)\\b|[\\d.,%/-]*\\d)';
const years = new RegExp(`${lead}\\b${year}\\s*(?:-|–|to|until|through)\\s*${year}\\b${noAmount}`, 'giu');
const oneYear = new RegExp(`${lead}\\b(?:(0?[1-9]|1[0-2])\\/)?${year}\\b${noAmount}`, 'giu');

/** Bare years ("s/p TKA 2015", "in 2019", "2019-2021") and month/year ("10/2019"), which the date library leaves alone. */
export function findYears(text: string): readonly Mention[] {
  const mentions: Mention[] = [];
  const add = (match: RegExpMatchArray, from: number, to: number): void => {
    const start = match.index ?? 0;
    mentions.push({ from: new Date(from), to: new Date(to - 1), start, end: start + match[0].length });
  };
  for (const match of text.matchAll(years)) add(match, Date.UTC(Number(match[1]), 0, 1), Date.UTC(Number(match[2]) + 1, 0, 1));
  for (const match of text.matchAll(oneYear)) {
    const at = Number(match[2]);
    if (match[1] === undefined) add(match, Date.UTC(at, 0, 1), Date.UTC(at + 1, 0, 1));
    else add(match, Date.UTC(at, Number(match[1]) - 1, 1), Date.UTC(at, Number(match[1]), 1));
  }
  return mentions;
}
