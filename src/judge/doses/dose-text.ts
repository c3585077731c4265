/** Reads a sig in words: "1-2 tabs po q4-6h prn, max 8/day". What it cannot read it leaves out; it never guesses. Knows no drug. */
import { exactly, readAbbreviation, type TimesADay } from './timing.js';

export interface DoseText {
  readonly amount?: { readonly low: number; readonly high: number; readonly unit: string };
  readonly times?: TimesADay;
  readonly isAsNeeded: boolean;
  /** "max 8 tablets per day": an amount a day. */
  readonly most?: { readonly value: number; readonly unit: string };
}

const numerals: Readonly<Record<string, string>> = {
  'one and a half': '1.5',
  'one-half': '0.5',
  'one half': '0.5',
  half: '0.5',
  a: '1',
  an: '1',
  one: '1',
  two: '2',
  three: '3',
  four: '4',
  five: '5',
  six: '6',
  eight: '8',
  ten: '10',
  twelve: '12',
};

const unit =
  'mg|milligrams?|mcg|ug|µg|micrograms?|g|grams?|ml|cc|meq|units?|iu|tabs?|tablets?|caps?|capsules?|caplets?|pills?|puffs?|inhalations?|sprays?|patch(?:es)?|drops?|gtts?|suppositor(?:y|ies)|lozenges?|packets?|teaspoons?(?:ful)?|tsp|tablespoons?(?:ful)?|tbsp';
const number = String.raw`\d+(?:\.\d+)?`;
const amountPattern = new RegExp(
  String.raw`(?<![\d./-])(${number})(?:\s*(?:-|to|or)\s*(${number}))?\s*(${unit})(?![a-z])(?!\s*\/\s*(?:ml|tab|cap|actuat))`,
);
const mostPattern = new RegExp(
  String.raw`(?:max(?:imum)?(?: of)?|not? (?:to exceed|more than)|nte|do not exceed|up to)[:\s]*(${number})\s*(${unit})?(?:[a-z ]{0,20})?(?:\/|per|a|in|every|each|in any)\s*(?:day|d\b|24\s*h(?:ours|rs|r)?)`,
);

export function readDoseText(text: string): DoseText {
  const plain = inDigits(text.toLowerCase());
  const most = mostPattern.exec(plain);
  const sig = most === null ? plain : plain.replace(most[0], ' ');
  const amount = amountPattern.exec(sig);
  const times = readTimes(sig);
  return {
    isAsNeeded: /\b(?:prn|as needed|when needed|if needed|as required)\b/.test(plain),
    ...(amount === null ? {} : { amount: toAmount(amount[1], amount[2], amount[3]) }),
    ...(times === undefined ? {} : { times }),
    ...(most === null ? {} : { most: { value: Number(most[1]), unit: most[2] ?? amount?.[3] ?? '' } }),
  };
}

const toAmount = (from = '', to = from, written = ''): { low: number; high: number; unit: string } => ({
  low: Math.min(Number(from), Number(to)),
  high: Math.max(Number(from), Number(to)),
  unit: written,
});

/** "½", "1/2 tab", "two tablets" as digits; "1,000 mg" without its comma. */
function inDigits(text: string): string {
  const digits = text
    .replaceAll(/(\d)½/g, '$1.5')
    .replaceAll('½', '0.5')
    .replaceAll(/(?<![\d/])(\d)\s+1\/2\b/g, '$1.5')
    .replaceAll(/(?<![\d/])1\/2\b/g, '0.5')
    .replaceAll(/(\d),(\d{3})\b/g, '$1$2');
  // A word is a number only before what can be counted: "take a tablet", not "once a day".
  return Object.entries(numerals).reduce(
    (done, [word, digit]) =>
      done.replaceAll(new RegExp(String.raw`\b${word}\b(?=\s*(?:\(\d+\)\s*)?(?:(?:-|to|or)\s*\w+\s*)?(?:${unit})\b)`, 'g'), digit),
    digits.replaceAll(/\(\d+\)/g, ' '),
  );
}

const wordTimes: readonly (readonly [RegExp, (match: RegExpExecArray) => TimesADay])[] = [
  [/\bevery other day\b|\balternate days?\b/, () => exactly(0.5)],
  [/\b(\d+)\s*(?:x|times)\s*(?:\/|per|a|each|every)?\s*(?:day|d|daily)\b/, (match) => exactly(Number(match[1]))],
  [/\b(\d+)\s*(?:x|times)\s*(?:\/|per|a|each|every)?\s*(?:week|wk|weekly)\b/, (match) => exactly(Number(match[1]) / 7)],
  [
    /\b(once|twice|thrice|one time|two times|three times|four times|five times)\s*(?:a|per|each|every)?\s*(?:week|weekly)\b/,
    (match) => exactly(wordToTimes(match[1]) / 7),
  ],
  [
    /\b(once|twice|thrice|one time|two times|three times|four times|five times)\s*(?:a|per|each|every)?\s*(?:day|daily)\b/,
    (match) => exactly(wordToTimes(match[1])),
  ],
  [/\bevery\s*(\d+)(?:\s*(?:-|to)\s*(\d+))?\s*h(?:ours?|rs?|r)?\b/, (match) => hourly(match[1], match[2])],
  [/\bq\s*(\d+)(?:\s*(?:-|to)\s*(\d+))?\s*h(?:ours?|rs?|r)?\b/, (match) => hourly(match[1], match[2])],
  [/\b(?:every|once a|each|per|a)\s*week\b|\bweekly\b|\bq\s?wk\b/, () => exactly(1 / 7)],
  [/\bevery\s*(\d+)\s*days\b/, (match) => exactly(1 / Math.max(1, Number(match[1])))],
];

function readTimes(sig: string): TimesADay | undefined {
  for (const [pattern, toTimes] of wordTimes) {
    const match = pattern.exec(sig);
    if (match !== null) return toTimes(match);
  }
  const token = /\b(qod|qid|q\.i\.d\.?|qds|tid|t\.i\.d\.?|tds|bid|b\.i\.d\.?|bd|qhs|qam|qpm|qday|qd|q\.d\.?|hs|daily|nightly)(?![a-z])/.exec(sig);
  if (token?.[1] !== undefined) return readAbbreviation(token[1]);
  if (/\b(?:every|each|per|a) (?:day|morning|evening|night)\b|\bat bedtime\b|\bin the (?:morning|evening)\b/.test(sig)) return exactly(1);
  return undefined;
}

function hourly(from = '', to = from): TimesADay {
  const [a, b] = [Math.max(1, Number(from)), Math.max(1, Number(to))];
  return { low: 24 / Math.max(a, b), high: 24 / Math.min(a, b) };
}

function wordToTimes(word = ''): number {
  const times = { once: 1, 'one time': 1, twice: 2, 'two times': 2, thrice: 3, 'three times': 3, 'four times': 4, 'five times': 5 };
  return Object.entries(times).find(([name]) => name === word)?.[1] ?? 1;
}
