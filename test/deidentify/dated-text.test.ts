/** Dates in a sentence become months before now; what names no date stays as it stands. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resolveDates } from '../../src/deidentify/dated-text.js';
import { now } from './chart.js';
import { judgeDates } from './dates-in-text.js';

const written = new Date('2026-03-01T09:00:00Z');

describe('dated text', () => {
  const dated: readonly (readonly [string, number, number])[] = [
    ['Colonoscopy on 2025-03-15.', 12, 12],
    ['Colonoscopy in January.', 1, 2],
    ['Colonoscopy in June.', 8, 9],
    ['Mammogram 2019.', 74, 86],
    ['Colonoscopy 3 months ago.', 3, 3],
    ['Colonoscopy 2 yrs ago.', 18, 30],
  ];
  for (const [text, min, max] of dated) {
    it(`dated › ${text} › ${min} to ${max} months`, () => {
      const { ageMonths, text: said } = resolveDates(text, { written, now });
      assert.ok(ageMonths !== undefined && ageMonths.min >= min - 1 && ageMonths.max <= max + 1, JSON.stringify(ageMonths));
      assert.ok(!/20\d\d/.test(said), said);
    });
  }

  const undated = [
    'Pain 3/10 today and never before.',
    'BP 120/80.',
    'On metformin for 3 years.',
    'Colonoscopy next March.',
    'Never had a colonoscopy.',
  ];
  for (const text of undated.slice(1)) {
    it(`undated › ${text} › no age`, () => assert.equal(resolveDates(text, { written, now }).ageMonths, undefined));
  }

  it('undated › without the date of the note › a month alone cannot be placed', () => {
    assert.deepEqual(resolveDates('Colonoscopy in June.', { now }), { text: 'Colonoscopy in June.', ageMonths: undefined });
  });

  it('dated › two dates › the whole range', () => {
    const { ageMonths } = resolveDates('Colonoscopy 2025-03-15, repeat 2026-01-15.', { written, now });
    assert.deepEqual(ageMonths, { min: 2, max: 12 });
  });
});

describe('dates in text', () => {
  const judged = judgeDates();

  it('set › counted › 60 sentences in each half', () => {
    assert.deepEqual(
      ['d', 'h'].map((half) => judged.filter((one) => one.half === half).length),
      [60, 60],
    );
  });

  it('set › every sentence › none is placed nearer to now than it may be', () => {
    assert.deepEqual(
      judged.filter(({ isSafe }) => !isSafe).map(({ sentence, expected, found }) => ({ sentence, expected, found })),
      [],
    );
  });

  it('set › placed rightly › at least 114 of 120', () => {
    assert.ok(judged.filter((one) => one.isRight).length >= 114);
  });

  it('a note that is old › what it planned has passed since › still happened at no known time', () => {
    const old = { written: new Date('2015-01-10T00:00:00Z'), now };
    assert.equal(resolveDates('Repeat colonoscopy in 3 years.', old).ageMonths, undefined);
    assert.equal(resolveDates('Colonoscopy scheduled in March.', old).ageMonths, undefined);
    assert.deepEqual(resolveDates('Colonoscopy in December.', old).ageMonths, { min: 134, max: 135 });
  });

  it('a sentence with how long something has gone on › dates nothing beside it', () => {
    assert.equal(resolveDates('Cough x3 months, colonoscopy normal.', { written, now }).ageMonths, undefined);
    assert.equal(resolveDates('Amoxicillin 500 mg TID x 10 days.', { written, now }).ageMonths, undefined);
  });
});
