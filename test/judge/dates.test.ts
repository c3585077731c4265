import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ageInYears, isWithin, toSpan } from '../../src/judge/dates.js';
import type { Truth } from '../../src/types.js';

const now = new Date('2026-06-15T12:00:00Z');

describe('dates', () => {
  const windows: readonly (readonly [string | undefined, number | undefined, Truth])[] = [
    ['2016-06-15', 120, 'yes'], // ten years ago to the day
    ['2016-06-14', 120, 'no'],
    ['2016', 120, 'unknown'], // half of that year lies inside
    ['2016-06', 120, 'unknown'],
    ['2016-07', 120, 'yes'],
    ['2015', 120, 'no'],
    ['2026-06-15', 12, 'yes'], // today ends after now
    ['2026-06-15T11:00:00Z', 12, 'yes'],
    ['2026-06-16', 12, 'no'], // planned, not done
    ['2030', undefined, 'no'],
    ['1990', undefined, 'yes'],
    [undefined, undefined, 'yes'],
    [undefined, 12, 'unknown'], // an undated event never closes a window
  ];
  for (const [date, months, truth] of windows) {
    it(`window › ${date ?? 'undated'} within ${months ?? 'any'} months › ${truth}`, () => {
      assert.equal(isWithin(toSpan(date), months, now), truth);
    });
  }

  it('window › on the 31st, a month with 30 days › starts on its last day', () => {
    const last = new Date('2026-05-31T12:00:00Z');
    assert.equal(isWithin(toSpan('2026-02-28'), 3, last), 'yes');
    assert.equal(isWithin(toSpan('2026-02-27'), 3, last), 'no');
  });

  it('span › what is no FHIR date › is none', () => {
    for (const value of ['', 'yesterday', '2026-13', '2026-02-45', '20260101', 20_260_101, null, '2026-01-01Tnoon'])
      assert.equal(toSpan(value), undefined, String(value));
  });

  const ages: readonly (readonly [string, number, number])[] = [
    ['1981-06-15', 45, 45],
    ['1981-06-16', 44, 44],
    ['1981', 44, 45],
    ['1981-06', 44, 45],
    ['1981-05', 45, 45],
  ];
  for (const [birth, min, max] of ages) {
    it(`age › born ${birth} › ${min} to ${max}`, () => {
      const span = toSpan(birth);
      assert.ok(span !== undefined);
      assert.deepEqual(ageInYears(span, now), { min, max });
    });
  }
});
