/** Counted times ("2 yrs ago", "POD 3", "within the past 10 years"), which the date library misreads or leaves. Knows English clinical shorthand, no medicine. */
import type { Span } from './time.js';

export interface Mention extends Span {
  readonly start: number;
  readonly end: number;
  /** Says how long something has gone on ("x3 months"): no time of an event, and its words stay. */
  readonly isLasting?: true;
}

const dayMs = 86_400_000;
const unitDays: readonly (readonly [RegExp, number])[] = [
  [/^d/i, 1],
  [/^w/i, 7],
  [/^m/i, 30.44],
  [/^y/i, 365.25],
];
const numbers: ReadonlyMap<string, number> = new Map(
  ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'].map((word, value) => [word, value]),
);
const tens: ReadonlyMap<string, number> = new Map([
  ['fifteen', 15],
  ['twenty', 20],
  ['thirty', 30],
]);
const words = [...numbers.keys(), ...tens.keys()].join('|');
const amount = `(\\d{1,3}(?:\\.\\d)?|${words})`;
const unit = '(decades?|days?|d|weeks?|wks?|w|months?|mos?|mths?|years?|yrs?|y)\\b\\.?';
/** Vague counts, as the least and the most that is meant by them. */
const vague: readonly (readonly [RegExp, number, number])[] = [
  [/^half an?$/i, 0.5, 0.5],
  [/^an?$/i, 1, 1],
  [/couple/i, 1.5, 3.5],
  [/few/i, 2, 5],
  [/several/i, 3, 9],
];
const anyAmount = `(\\d{1,3}(?:\\.\\d)?\\+?|half an?|(?:a |the last )?couple(?: of)?|a few|few|several|an?|${words})`;
const past = '(?:ago|back|prior|earlier|previously)\\b';
const rangeAgo = new RegExp(`\\b${amount}\\s*(?:-|–|to|or)\\s*${amount}\\s*${unit}\\s+${past}`, 'gi');
const ago = new RegExp(
  `(?:\\b(more than|over|greater than|at least|less than|under|within|up to)\\s+|([<>≥≤]=?)\\s*)?(?<![\\d.\\w-])${anyAmount}\\s*${unit}(\\s+and\\s+a\\s+half)?(\\s+or\\s+more)?\\s+${past}`,
  'gi',
);
/** "Last DEXA >5 yrs" is always followed by "ago"; "<1 yr ago" too. */
const untilNow = new RegExp(`\\b(?:(?:with)?in|over|during|for)\\s+(?:the\\s+)?(?:past|last|previous|prior)\\s+(?:${anyAmount}\\s+)?${unit}`, 'gi');
const afterEvent = new RegExp(
  `(?<![\\d.\\w-])${anyAmount}\\s*${unit}\\s+(?:post[- ]?op\\w*|post[- ]?partum|pp\\b|out from|s\\/p|status post|post(?![- ]?(?:prandial|void)))`,
  'gi',
);
const eventDay = /\b(?:POD|post[- ]?op(?:erative)? day|post[- ]?partum day)\s*#?\s*(\d{1,3})\b|\bPPD\s*#\s*(\d{1,3})\b/gi;
const lasting = new RegExp(`\\bx\\s?${amount}\\s*${unit}(?!\\s+${past})`, 'gi');

interface Count {
  readonly least: number;
  readonly most: number;
}

function countOf(text: string | undefined): Count {
  const lower = (text ?? 'one').toLowerCase().replace(/\+$/, '');
  const exact = numbers.get(lower) ?? tens.get(lower) ?? Number(lower);
  if (Number.isFinite(exact)) return { least: exact, most: exact };
  const [, least = 1, most = 1] = vague.find(([pattern]) => pattern.test(lower)) ?? [];
  return { least, most };
}

function daysOf(name: string | undefined): number {
  if (/^decade/i.test(name ?? '')) return 3652.5;
  return unitDays.find(([pattern]) => pattern.test(name ?? ''))?.[1] ?? 0;
}

const lifetimeDays = 90 * 365.25;

/** Needs to know when the note was written. Longer forms come first: "5-6 years ago" is not "6 years ago" after a 5. */
export function findCounted(text: string, written: Date): readonly Mention[] {
  const mentions: Mention[] = [];
  const add = (match: RegExpMatchArray, mostDays: number, leastDays: number, more: Pick<Mention, 'isLasting'> = {}): void => {
    const start = match.index ?? 0;
    const at = written.getTime();
    const from = new Date(at - mostDays * dayMs);
    mentions.push({ from, to: new Date(at - Math.max(0, leastDays) * dayMs), start, end: start + match[0].length, ...more });
  };
  for (const match of text.matchAll(rangeAgo)) {
    const days = daysOf(match[3]);
    const [one, other] = [countOf(match[1]).least, countOf(match[2]).least];
    add(match, (Math.max(one, other) + 0.5) * days, (Math.min(one, other) - 0.5) * days);
  }
  for (const match of text.matchAll(ago)) addAgo(match, add);
  for (const match of text.matchAll(untilNow)) add(match, countOf(match[1]).most * daysOf(match[2]), 0);
  for (const match of text.matchAll(afterEvent)) {
    const { least, most } = countOf(match[1]);
    add(match, most * daysOf(match[2]), least * daysOf(match[2]));
  }
  for (const match of text.matchAll(eventDay)) add(match, Number(match[1] ?? match[2]), Number(match[1] ?? match[2]));
  if (isOneClause(text) && !isDosage(text))
    for (const match of text.matchAll(lasting)) add(match, countOf(match[1]).most * daysOf(match[2]), 0, { isLasting: true });
  return mentions;
}

function addAgo(match: RegExpMatchArray, add: (match: RegExpMatchArray, mostDays: number, leastDays: number) => void): void {
  const [, word = '', sign = '', count, name, half, orMore] = match;
  const days = daysOf(name);
  const extra = half === undefined ? 0 : 0.5;
  const { least, most } = countOf(count);
  const isOpen = /^(?:more|over|greater|at least)/i.test(word) || /[>≥]/.test(sign) || orMore !== undefined || count?.endsWith('+') === true;
  // "two years ago" is said of anything from a year and a half to two and a half; months and weeks are counted.
  const spread = days > 31 && half === undefined && least === most && Number.isInteger(least) ? 0.5 : 0;
  if (isOpen) add(match, lifetimeDays, (least + extra) * days);
  else if (word !== '' || sign !== '') add(match, (most + extra) * days, 0);
  else add(match, (most + extra + spread) * days, (least + extra - spread) * days);
}

/** "Cough x3 months, colonoscopy normal": how long the one has gone on does not date the other. */
function isOneClause(text: string): boolean {
  return !/[,;]\s|\s(?:and|but|with|after|while)\s/i.test(text);
}

/** "500 mg TID x 10 days" is an instruction. */
function isDosage(text: string): boolean {
  return /\b(?:mg|mcg|ml|tabs?|caps?|puffs?|po|bid|tid|qid|q\d+h?|daily|refills?)\b/i.test(text);
}
