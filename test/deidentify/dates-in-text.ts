/** Scores what the resolver makes of the sentences in `dates-in-text.tsv`. Knows the rules written at the head of that file. */
import { readFileSync } from 'node:fs';
import { resolveDates } from '../../src/deidentify/dated-text.js';
import { type AgeMonths, ageOf } from '../../src/deidentify/time.js';

export interface Judged {
  readonly half: 'd' | 'h';
  readonly sentence: string;
  readonly expected: AgeMonths | undefined;
  readonly found: AgeMonths | undefined;
  readonly isRight: boolean;
  readonly isSafe: boolean;
}

const now = new Date('2026-03-15T12:00:00Z');
const toDate = (text: string): Date | undefined => (text === '-' ? undefined : new Date(`${text}T00:00:00Z`));

function expectedOf(text: string): AgeMonths | undefined {
  if (text === 'undated') return undefined;
  const [from = '', to = ''] = text.split('..');
  const first = from === 'open' ? new Date(0 - 40 * 366 * 86_400_000) : new Date(`${from}T00:00:00Z`);
  return ageOf({ from: first, to: new Date(`${to}T23:59:59Z`) }, now);
}

function isRight(expected: AgeMonths | undefined, found: AgeMonths | undefined): boolean {
  if (expected === undefined || found === undefined) return expected === found;
  const isNear = (a: number, b: number): boolean => Math.abs(a - b) <= 1 + b / 10;
  return isNear(found.min, expected.min) && isNear(found.max, expected.max);
}

export function judgeDates(): readonly Judged[] {
  return readFileSync(new URL('dates-in-text.tsv', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [half, written = '', born = '', expectation = '', sentence = ''] = line.split('\t');
      const expected = expectedOf(expectation);
      const found = resolveDates(sentence, { written: toDate(written), born: toDate(born), now }).ageMonths;
      const isSafe = found === undefined || (expected !== undefined && found.max >= expected.max - 1 - expected.max / 10);
      return { half: half === 'd' ? 'd' : 'h', sentence, expected, found, isRight: isRight(expected, found), isSafe };
    });
}
