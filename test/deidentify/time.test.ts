/** Dates as months before now: FHIR's partial dates, and dates in sentences. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resolveDates } from '../../src/deidentify/dated-text.js';
import { ageOf, describeAge, toSpan } from '../../src/deidentify/time.js';

const now = new Date('2026-03-15T12:00:00Z');
const written = new Date('2026-01-20T10:00:00Z');

describe('time', () => {
  const dates: readonly (readonly [unknown, string | undefined])[] = [
    ['2026-03-15', 'this month'],
    ['2026-02-14', '1 month ago'],
    ['2025-12-16', '2 months ago'],
    ['2025-03-15', '12 months ago'],
    ['2024-03-15', '2 years ago'],
    ['2022-03', '4 years ago'],
    ['2022', 'between 3 and 4 years ago'],
    ['2025', 'between 2 and 14 months ago'],
    ['2026', 'between 0 and 2 months ago'],
    ['2026-03-15T12:00:00Z', 'this month'],
    ['2026-03-15T23:00:00+14:00', 'this month'],
    ['1930-05-05', '90 or more years ago'],
    ['1800', '90 or more years ago'],
    ['2026-03-16', undefined],
    ['2026-03-15T12:00:01Z', undefined],
    ['2027', undefined],
    ['2025-13-01', undefined],
    ['2025-00-01', undefined],
    ['2025-02-31', undefined],
    ['2025-01-01Tnoon', undefined],
    ['last year', undefined],
    ['', undefined],
    [2025, undefined],
    [null, undefined],
  ];
  for (const [text, expected] of dates) {
    it(`time › ${JSON.stringify(text)} › ${expected ?? 'no age'}`, () => {
      const span = toSpan(text);
      const age = span === undefined ? undefined : ageOf(span, now);
      assert.equal(age === undefined ? undefined : describeAge(age), expected);
    });
  }

  it('time › an instant without an offset › is UTC whatever the zone of the machine', () => {
    assert.equal(toSpan('2025-01-01T00:30:00')?.from.toISOString(), '2025-01-01T00:30:00.000Z');
  });

  it('time › years of different length of span › min never exceeds max', () => {
    for (const text of ['2020', '2020-06', '2020-06-30', '1900', '2026']) {
      const span = toSpan(text);
      const age = span && ageOf(span, now);
      assert.ok(age !== undefined && age.min >= 0 && age.min <= age.max && age.max <= 1080, text);
    }
  });
});

type Age = readonly [number, number] | undefined;

describe('dated text', () => {
  const cases: readonly (readonly [string, string, Age])[] = [
    // Absolute
    ['Colonoscopy 03/12/2019 normal.', 'Colonoscopy 7 years ago normal.', [84, 84]],
    ['Colonoscopy in March 2021 was normal.', 'Colonoscopy 5 years ago was normal.', [59, 60]],
    ['Last visit: 31.12.2019', 'Last visit: 6 years ago', [74, 74]],
    ['s/p TKA 2015', 's/p TKA between 10 and 11 years ago', [122, 134]],
    ['A1c 7.2 on 10/2025', 'A1c 7.2 5 months ago', [4, 5]],
    ['smoked 2019-2021', 'smoked between 4 and 7 years ago', [50, 86]],
    ['from 2010 to 2015', 'between 10 and 16 years ago', [122, 194]],
    ['mid-2019', 'between 6 and 7 years ago', [74, 86]],
    ['in the fall of 2020', '5 years ago', [63, 66]],
    ['born in 1930', 'born 90 or more years ago', [1080, 1080]],
    // Relative to the note, not to now
    ['Colonoscopy in March.', 'Colonoscopy 12 months ago.', [11, 12]],
    ['seen yesterday', 'seen 1 month ago', [1, 1]],
    ['Pap smear 3 months ago', 'Pap smear 4 months ago', [4, 4]],
    ['Had a mammogram 2 yrs ago.', 'Had a mammogram between 1 and 2 years ago.', [19, 31]],
    ['colonoscopy 5-6 years ago', 'colonoscopy between 4 and 6 years ago', [55, 79]],
    ['two to three years ago', 'between 1 and 3 years ago', [19, 43]],
    // A period that ends with the note
    ['no stroke in the last 6 months', 'no stroke between 1 and 7 months ago', [1, 7]],
    ['colonoscopy within the past 10 years', 'colonoscopy between 0 and 10 years ago', [1, 121]],
    // The future says that it has not happened
    ['colonoscopy scheduled 5/1/2026', 'colonoscopy scheduled at a future date', undefined],
    ['follow up in 6 months', 'follow up at a future date', undefined],
    ['Pap smear 3 months ago, repeat in 2027', 'Pap smear 4 months ago, repeat at a future date', [4, 4]],
    ['Pap smear 3 months ago was moved to 2027', 'Pap smear 4 months ago was moved to at a future date', undefined],
    // No date
    ['pain 3/10, BP 120/80', 'pain 3/10, BP 120/80', undefined],
    ['may have had a colonoscopy', 'may have had a colonoscopy', undefined],
    ['diabetes for 3 years', 'diabetes for 3 years', undefined],
    ['colonoscopy every 2 years', 'colonoscopy every 2 years', undefined],
    ['is now on metformin', 'is now on metformin', undefined],
    ['Vitamin D 2000 IU daily', 'Vitamin D 2000 IU daily', undefined],
    ['sat 98% on room air', 'sat 98% on room air', undefined],
    ['1/2 tablet 2 times a day', '1/2 tablet 2 times a day', undefined],
    ['LDL 142 mg/dL', 'LDL 142 mg/dL', undefined],
    ['He is 92 years old', 'He is 92 years old', undefined],
  ];
  for (const [sentence, text, age] of cases) {
    it(`dated text › ${sentence} › ${text}`, () => {
      const found = resolveDates(sentence, { written, now });
      assert.equal(found.text, text);
      assert.deepEqual(found.ageMonths, age === undefined ? undefined : { min: age[0], max: age[1] });
    });
  }

  const undated: readonly (readonly [string, Age])[] = [
    ['colonoscopy in March', undefined],
    ['colonoscopy last year', undefined],
    ['colonoscopy 2 years ago', undefined],
    ['colonoscopy within the past 10 years', undefined],
    ['repeat in 3 years', undefined],
    ['colonoscopy 03/12/2019', [84, 84]],
    ['colonoscopy 2015', [122, 134]],
  ];
  for (const [sentence, age] of undated) {
    it(`dated text of a note without a date › ${sentence} › ${age === undefined ? 'stays undated' : 'is dated by itself'}`, () => {
      assert.deepEqual(resolveDates(sentence, { now }).ageMonths, age === undefined ? undefined : { min: age[0], max: age[1] });
    });
  }
});
