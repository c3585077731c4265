/** Bare years, decades and month/year ("s/p 2015", "in '19", "10/2019", "the 1990s"), which the date library leaves alone. Knows no medicine. */
import type { Mention } from './date-mentions.js';

const lead = '(?:\\b(?:in|since|from|of|during|back in)\\s+)?(?:\\bthe\\s+)?(?:\\b(?:early|mid|late)[\\s-]+(?:of\\s+)?(?:the\\s+)?)?';
const year = '((?:19|20)\\d{2})';
/** What makes four digits an amount. */
const noAmount = '(?!\\s*(?:vision|mg|mcg|ml|units?|iu|kcal|cal|calories|steps|cells|hours|hrs|copies|feet|ft)\\b|[\\d.,%/-]*\\d)';
const years = new RegExp(`${lead}\\b${year}\\s*(?:-|–|to|until|through)\\s*${year}\\b${noAmount}`, 'giu');
const decade = new RegExp(`${lead}(?:\\b((?:19|20)\\d0)['’]?s\\b|['’‘](\\d0)s\\b)`, 'giu');
const oneYear = new RegExp(`(?<!\\broom )${lead}\\b(?:(0?[1-9]|1[0-2])\\/)?${year}\\b${noAmount}`, 'giu');
const names = 'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec';
const isoMonth = /(?:\b(?:in|since|from|of)\s+)?\b((?:19|20)\d{2})-(0[1-9]|1[0-2])\b(?!-?\d)/gi;
const shortYear = new RegExp(`${lead}(?:\\b(${names})[a-z]*\\.?\\s+)?['’‘](\\d{2})\\b(?!s|\\d)`, 'giu');

/** "Oct '19", "in '19", "2019-10": before the library reads the first as a day. */
export function findShortYears(text: string, now: Date): readonly Mention[] {
  const short = [...text.matchAll(shortYear)].map((match) => {
    const at = toCentury(Number(match[2]), now);
    if (match[1] === undefined) return toMention(match, Date.UTC(at, 0, 1), Date.UTC(at + 1, 0, 1));
    const month = names.split('|').indexOf(match[1].toLowerCase());
    return toMention(match, Date.UTC(at, month, 1), Date.UTC(at, month + 1, 1));
  });
  const months = [...text.matchAll(isoMonth)].map((match) =>
    toMention(match, Date.UTC(Number(match[1]), Number(match[2]) - 1, 1), Date.UTC(Number(match[1]), Number(match[2]), 1)),
  );
  return [...short, ...months];
}

function toMention(match: RegExpMatchArray, from: number, to: number): Mention {
  const start = match.index ?? 0;
  return { from: new Date(from), to: new Date(to - 1), start, end: start + match[0].length };
}

export function findYears(text: string, now: Date): readonly Mention[] {
  const mentions: Mention[] = [];
  const addYears = (match: RegExpMatchArray, first: number, last: number): void => {
    mentions.push(toMention(match, Date.UTC(first, 0, 1), Date.UTC(last + 1, 0, 1)));
  };
  for (const match of text.matchAll(years)) addYears(match, Number(match[1]), Number(match[2]));
  for (const match of text.matchAll(decade)) {
    const first = match[1] === undefined ? toCentury(Number(match[2]), now) : Number(match[1]);
    addYears(match, first, first + 9);
  }
  for (const match of text.matchAll(oneYear)) {
    if (match[1] === undefined) addYears(match, Number(match[2]), Number(match[2]));
    else mentions.push(toMention(match, Date.UTC(Number(match[2]), Number(match[1]) - 1, 1), Date.UTC(Number(match[2]), Number(match[1]), 1)));
  }
  return mentions;
}

/** Two digits are of this century unless they lie more than ten years ahead. */
function toCentury(digits: number, now: Date): number {
  return digits + 2000 > now.getUTCFullYear() + 10 ? digits + 1900 : digits + 2000;
}

const dayOfYear =
  /\b(?:on|since|done|performed|completed|given|received|dated|booked for|scheduled for|for)\s+((0?[1-9]|1[0-2])\/(3[01]|[12]\d|0?[1-9]))\b(?![/%\d.])/gi;

/** "on 5/12", after a word that makes it a day and not a score; the year is the last one that had it, or the next where it is planned. */
export function findDays(text: string, written: Date, isPlanned: (at: number) => boolean): readonly Mention[] {
  if (/\b(?:pain|scale|strength|score|reflex\w*|pulses?|murmur)\b/i.test(text)) return [];
  return [...text.matchAll(dayOfYear)].flatMap((match) => {
    const [month, day] = [Number(match[2]) - 1, Number(match[3])];
    const start = match.index ?? 0;
    const of = (at: number): Date => new Date(Date.UTC(at, month, day));
    const thisYear = written.getUTCFullYear();
    const isBefore = of(thisYear).getTime() <= written.getTime();
    const from = isPlanned(start + match[0].length) ? of(isBefore ? thisYear + 1 : thisYear) : of(isBefore ? thisYear : thisYear - 1);
    // 31 February is no day.
    if (from.getUTCDate() !== day) return [];
    return [{ from, to: new Date(from.getTime() + 86_399_999), start, end: start + match[0].length }];
  });
}
