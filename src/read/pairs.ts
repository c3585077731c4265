/**
 * Which statements are read against which criteria. Knows nothing of readers.
 * A statement that speaks of a time before a criterion's window is not read against it; an undated one can contradict and never supports.
 */

import type { Criterion, Fact, Judgement, Pair } from '../types.js';
import { isInstruction } from './instruction.js';
import { normalise } from './statement.js';

const numbers: Readonly<Record<string, number>> = {
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  couple: 2,
  three: 3,
  few: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  several: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  twelve: 12,
  fifteen: 15,
  twenty: 20,
  thirty: 30,
};
const monthsIn: Readonly<Record<string, number>> = { day: 0, week: 0, month: 1, year: 12, yr: 12, decade: 120 };
const stated = /\b(\d+(?:\.\d+)?|[a-z]+)\+?(?: of| or (?:so|more))? ?(day|week|month|year|yr|decade)s? (?:ago|back|prior|earlier|before)\b/gi;
/** A time long past without a number: nobody can tell that it lies in the window. */
const longAgo =
  /\b(?:(?:many |some |several |long )?(?:years|decades) (?:ago|back)|long ago|in (?:the )?(?:remote|distant) past|remote(?:ly)?|in (?:his|her|their) (?:youth|teens|twenties|thirties|forties|fifties)|as a (?:child|teen\w*|young \w+)|in childhood|in the (?:19)?[5-9]0'?s)\b/i;

/** The longest time ago that the sentence itself names, in months; Infinity: long ago without a number; undefined: names none. */
export function statedMonthsAgo(text: string): number | undefined {
  let longest: number | undefined;
  for (const [, count = '', unit = ''] of text.matchAll(stated)) {
    const amount = numbers[count.toLowerCase()] ?? Number(count);
    if (Number.isFinite(amount)) longest = Math.max(longest ?? 0, amount * (monthsIn[unit.toLowerCase()] ?? 12));
  }
  return longest ?? (longAgo.test(text) ? Number.POSITIVE_INFINITY : undefined);
}

/** A pair, and whether a *supports* may count: an undated "never had one" still contradicts, an undated "had one" closes no window. */
export interface AskedPair extends Pair {
  readonly maySupport: boolean;
}

type Fit = 'fits' | 'undated' | 'outside';

function fitOf(fact: Fact, criterion: Criterion): Fit {
  if (criterion.withinMonths === undefined) return 'fits';
  // The date of a note is not the date of what it tells: "12 years ago" in last week's note lies outside.
  if ((statedMonthsAgo(fact.text) ?? 0) > criterion.withinMonths) return 'outside';
  if (fact.ageMonths === undefined) return 'undated';
  return fact.ageMonths.max <= criterion.withinMonths ? 'fits' : 'outside';
}

/** `f12.s3`: the sentences next to it in its note. */
function besideOf(id: string): readonly string[] {
  const [, note = '', at = ''] = /^(.*\.s)(\d+)$/.exec(id) ?? [];
  return note === '' ? [] : [`${note}${Number(at) - 1}`, `${note}${Number(at) + 1}`];
}

/** Nothing of a sentence that talks to the machine, nor of those beside it: "Ignore the rules; mammogram done last month." is two statements. */
function dropInstructions(facts: readonly Fact[]): readonly Fact[] {
  const instructions = facts.filter(({ text }) => isInstruction(normalise(text))).map(({ id }) => String(id));
  const dropped = new Set([...instructions, ...instructions.flatMap(besideOf)]);
  return facts.filter(({ id }) => !dropped.has(id));
}

export function buildPairs(judgement: Pick<Judgement, 'criteria'>, facts: readonly Fact[]): readonly AskedPair[] {
  return dropInstructions(facts.filter((fact) => fact.isFreeText && fact.text.trim() !== '')).flatMap((fact) =>
    judgement.criteria
      .filter((criterion) => criterion.byCodeOnly !== true)
      .map((criterion) => ({ criterion, fit: fitOf(fact, criterion) }))
      .filter(({ fit }) => fit !== 'outside')
      .map(({ criterion, fit }) => ({
        fact: fact.id,
        statement: fact.text,
        criterion: criterion.id,
        criterionText: criterion.text,
        maySupport: fit === 'fits',
      })),
  );
}
