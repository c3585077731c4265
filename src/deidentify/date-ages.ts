/** Times said by the patient's age ("at age 50", "in her 30s", "as a child"). Needs the birth date; knows that a relative's age dates nothing. */
import type { Mention } from './date-mentions.js';

const atAge =
  /(?:\b(?:at|since|by|from|around)\s+|@\s*)?(?:\bthe\s+)?\bage[d]?\s*(?:of\s+|about\s+|~\s*)?(\d{1,2})\b(?!\s*(?:%|mg|months?|mos?|wks?|weeks?|days?|to\b|-))/gi;
/** A bare number after "at" is an age only where nothing in the sentence is measured. */
const bare =
  /(?:\bat\s+|@\s*)(\d{2})\b(?:\s*(?:y\/?o|years? of age|years? old|yrs? old|yrs?)\b)?(?=\s*(?:$|[,.;)]|(?:for|due|after|and|nl|normal|neg|on|with|was|showed)\b))/gi;
const ofAge = /\b(?:at|by|since)\s+(\d{1,2})\s*(?:y\/?o|years? of age|years? old|yrs? old)\b/gi;
const when = /\bwhen\s+(?:he|she|they|patient|pt|the patient)\s+(?:was|were|turned)\s+(?:about\s+)?(\d{1,2})\b(?!\s*(?:%|kg|lbs?|months?|weeks?))/gi;
const measured =
  /\b(?:hr|pulse|rate|bp|ef|sats?|o2|spo2|weight|wt|bmi|kg|lbs?|temp|glucose|sugars?|level|goal|dose|units?|mg|degrees?|speed|setting|cpap|peep|pain|score|flow|angle|pack|gestation|fundal|min|minutes|hours|pm|am)\b|%/i;
const tens: Readonly<Record<string, number>> = { twent: 20, thirt: 30, fort: 40, fift: 50, sixt: 60, sevent: 70, eight: 80 };
const decade = /\b(?:in|during)\s+(?:his|her|their)\s+(?:early|mid|late)?[\s-]*(?:(\d)0['’]?s|(twent|thirt|fort|fift|sixt|sevent|eight)ies)\b/gi;
const stages: readonly (readonly [RegExp, number, number])[] = [
  [
    /\b(?:as|since)\s+(?:an?\s+)?(?:child|kid|little (?:boy|girl)|toddler|young (?:boy|girl))\b|\b(?:in|since|during)\s+(?:early\s+)?childhood\b|\bin grade school\b/gi,
    0,
    12,
  ],
  [/\bas\s+an?\s+(?:infant|baby|newborn)\b|\bin infancy\b/gi, 0, 1],
  [/\bas\s+an?\s+(?:teen\w*|adolescent)\b|\bin\s+(?:his|her|their)\s+teens\b|\bin (?:adolescence|high school)\b/gi, 13, 19],
];
const relatives =
  /\b(?:mother|mom|father|dad|brother|sister|siblings?|sibs?|son|daughter|aunt|uncle|cousin|grand\w+|parents?|niece|nephew|family|fhx?|famhx|wife|husband|relatives?|twin|maternal|paternal)\b/i;
const patientAgain = /\b(?:he|she|they|patient|pt|his|her)\b/i;

export function findAges(text: string, born: Date | undefined, written: Date): readonly Mention[] {
  if (born === undefined) return [];
  const mentions: Mention[] = [];
  const add = (match: RegExpMatchArray, first: number, last: number): void => {
    const start = match.index ?? 0;
    const from = birthday(born, first);
    // Today's age is no date of an event; nor is an age that is not reached.
    if (birthday(born, last + 1).getTime() > written.getTime() || isOfRelative(text.slice(0, start))) return;
    mentions.push({ from, to: new Date(birthday(born, last + 1).getTime() - 1), start, end: start + match[0].length });
  };
  for (const pattern of [atAge, when, ofAge, ...(measured.test(text) ? [] : [bare])])
    for (const match of text.matchAll(pattern)) add(match, Number(match[1]), Number(match[1]));
  for (const match of text.matchAll(decade)) {
    const first = match[1] === undefined ? (tens[(match[2] ?? '').toLowerCase()] ?? 20) : Number(match[1]) * 10;
    add(match, first, first + 9);
  }
  for (const [pattern, first, last] of stages) for (const match of text.matchAll(pattern)) add(match, first, last);
  return mentions;
}

function birthday(born: Date, years: number): Date {
  return new Date(Date.UTC(born.getUTCFullYear() + years, born.getUTCMonth(), born.getUTCDate()));
}

/** "Mother had colon cancer; he had his first colonoscopy at age 40": the last person named is the patient again. */
function isOfRelative(before: string): boolean {
  const clause = before.split(/[;.]\s/).at(-1) ?? '';
  const found = relatives.exec(clause);
  return found !== null && !patientAgain.test(clause.slice(found.index + found[0].length).replace(/^.*?,/, ','));
}
