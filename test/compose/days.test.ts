/** Days on cards: as exact as the record, never more. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FhirResource } from 'fhir/r4.js';
import { addMonths, dayOf, writeDay, writtenOn } from '../../src/compose/days.js';

const resource = (fields: object): FhirResource => ({ resourceType: 'Procedure', status: 'completed', subject: {}, ...fields }) as FhirResource;

describe('days', () => {
  for (const [day, words] of [
    ['2015', '2015'],
    ['2015-05', 'May 2015'],
    ['2015-05-02', '2 May 2015'],
  ] as const) {
    it(`${day} › ${words}`, () => assert.equal(writeDay(day), words));
  }

  for (const [day, count, moved] of [
    ['2015', 120, '2025'],
    ['2015-11', 14, '2017-01'],
    ['2024-02-29', 12, '2025-02-28'],
    ['2025-01-31', 1, '2025-02-28'],
    ['2025-12-31', 120, '2035-12-31'],
  ] as const) {
    it(`${day} and ${count} months › ${moved}`, () => assert.equal(addMonths(day, count), moved));
  }

  for (const [what, fields, day] of [
    ['a moment', { performedDateTime: '2015-05-02T23:59:00-05:00' }, '2015-05-02'],
    ['a period', { performedPeriod: { start: '2015-05-01', end: '2015-05-02' } }, '2015-05-02'],
    ['a period that has not ended', { performedPeriod: { start: '2015-05-01' } }, '2015-05-01'],
    ['a visit', { period: { end: '2015-05' } }, '2015-05'],
    ['an impossible month', { performedDateTime: '2015-13-02' }, undefined],
    ['words', { performedDateTime: 'last year' }, undefined],
    ['nothing', {}, undefined],
  ] as const) {
    it(`${what} › ${day ?? 'no day'}`, () => assert.equal(dayOf(resource(fields)), day));
  }

  it('an order › was written on the day of its author, not of its appointment', () => {
    assert.equal(writtenOn(resource({ authoredOn: '2026-06-01', occurrenceDateTime: '2026-09-01' })), '2026-06-01');
  });
});
