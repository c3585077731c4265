/** How events stand to one another and to the calendar, as the knowledge writes it. All people and codes are invented. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FhirResource } from 'fhir/r4.js';
import { compileCriteria } from '../../../src/judge/criteria/compile.js';
import { toDay } from '../../../src/judge/criteria/days.js';
import { createEvaluation } from '../../../src/judge/criteria/gaps.js';
import { type CriterionRow, ruleFile } from '../../../src/judge/criteria/schema.js';
import type { Timeframe } from '../../../src/judge/criteria/window.js';
import type { ListName } from '../../../src/types.js';
import { chartOf } from '../chart.js';

const system = 'http://example.org/codes';
const key = (code: string): string => `${system}|${code}`;
const concept = (code: string) => ({ coding: [{ system, code }] });
const listOf: Readonly<Record<string, ListName>> = {
  Encounter: 'encounters',
  Condition: 'conditions',
  MedicationRequest: 'medications',
  MedicationDispense: 'medications',
  Observation: 'observations',
};
type Resource = Readonly<Record<string, unknown>> & { readonly resourceType: string };

const visit = (start: string | undefined, end: string | undefined, more = {}): Resource => ({
  resourceType: 'Encounter',
  id: `visit-${start}`,
  status: 'finished',
  class: { code: 'AMB' },
  type: [concept('visit')],
  period: { ...(start === undefined ? {} : { start }), ...(end === undefined ? {} : { end }) },
  ...more,
});
const illness = (onsetDateTime: string, more = {}): Resource => ({
  resourceType: 'Condition',
  id: 'illness',
  clinicalStatus: { coding: [{ code: 'active' }] },
  code: concept('illness'),
  onsetDateTime,
  ...more,
});
const drug = (start: string, end: string, more = {}): Resource => ({
  resourceType: 'MedicationRequest',
  status: 'active',
  intent: 'order',
  medicationCodeableConcept: concept('drug'),
  authoredOn: start,
  dosageInstruction: [{ timing: { repeat: { boundsPeriod: { start, end } } } }],
  ...more,
});
const supply = (authoredOn: string, days: number, amount: number, code = 'drug'): Resource => ({
  resourceType: 'MedicationRequest',
  status: 'completed',
  intent: 'order',
  medicationCodeableConcept: concept(code),
  authoredOn,
  dispenseRequest: { quantity: { value: amount }, expectedSupplyDuration: { value: days, code: 'd' } },
});
const pressure = (systolic: number, diastolic: number, effectiveDateTime = '2026-02-03'): Resource => ({
  resourceType: 'Observation',
  status: 'final',
  code: concept('pressure'),
  effectiveDateTime,
  component: [
    { code: concept('systolic'), valueQuantity: { value: systolic, unit: 'mm[Hg]' } },
    { code: concept('diastolic'), valueQuantity: { value: diastolic, unit: 'mm[Hg]' } },
  ],
});

const anyVisit = { kind: 'event', lists: ['encounters'], codes: [key('visit')] };
const anyIllness = { kind: 'event', lists: ['conditions'], codes: [key('illness')] };
const anyDrug = { kind: 'event', lists: ['medications'], codes: [key('drug')] };
const anyPressure = { kind: 'event', lists: ['observations'], codes: [key('pressure')] };
const ended = ['completed'];

/** The year 2026, a patient born on 1 March 1968. */
function judge(mode: Timeframe['mode'], definition: unknown, resources: readonly Resource[], others: Readonly<Record<string, unknown>> = {}) {
  const row = (id: string, one: unknown): unknown => ({
    id,
    text: id,
    name: id,
    absence: 'says-no',
    definition: one,
    source: 'invented',
    verified: 'read',
    reviewed: '2026-11-25',
  });
  const all = Object.entries({ asked: definition, ...others }).map(([id, one]) => row(id, one));
  const parsed = ruleFile.parse({ version: '1.0.0', criteria: all }).criteria ?? [];
  const rows = new Map(parsed.map((one: CriterionRow, at) => [one.id, { file: 'test', at, row: one }]));
  const criteria = compileCriteria(rows, new Map());
  const chart = chartOf({ resources: resources.map((one) => [listOf[one.resourceType] ?? 'conditions', one as unknown as FhirResource]) });
  const day = (date: string): number => toDay(Date.parse(date));
  const frame = {
    mode,
    start: day('2026-01-01'),
    end: day('2026-12-31'),
    birth: { min: day('1968-03-01'), max: day('1968-03-01') },
  };
  return createEvaluation({ gaps: [], criteria }, chart, frame).evaluate('asked').truth;
}

const cases: readonly (readonly [string, unknown, readonly Resource[], 'yes' | 'no' | 'unknown', Readonly<Record<string, unknown>>?])[] = [
  [
    'a course that begins before a visit ends and lasts beyond it',
    overlapsAfter(),
    [visit('2026-02-03', '2026-02-03'), drug('2026-01-10', '2026-04-01')],
    'yes',
  ],
  ['a course that ends with the visit', overlapsAfter(), [visit('2026-02-03', '2026-02-03'), drug('2026-01-10', '2026-02-03')], 'no'],
  [
    'one visit meets the first relation, another the second',
    overlapsAfter(),
    [visit('2026-02-03', '2026-02-03'), visit('2026-06-01', '2026-06-01'), drug('2026-03-01', '2026-04-01')],
    'no',
  ],
  [
    'near any of two kinds of event, the second is there',
    nearEither(),
    [visit('2026-02-03', '2026-02-03'), drug('2026-02-03', '2026-02-04')],
    'yes',
    either(),
  ],
  ['near any of two kinds of event, neither is there', nearEither(), [visit('2026-02-03', '2026-02-03')], 'no', either()],
  [
    'a visit without an end may go on beyond the year',
    { ...anyVisit, at: 'during', window: 'start..end' },
    [visit('2026-02-03', undefined)],
    'unknown',
  ],
  [
    'a visit without a beginning may have begun the year before',
    { ...anyVisit, at: 'during', window: 'start..end' },
    [visit(undefined, '2026-02-03')],
    'unknown',
  ],
  [
    'a window of several offsets: the day before it closes',
    { ...anyDrug, at: 'start', window: '..start+4m-1d' },
    [drug('2026-04-30', '2026-05-01')],
    'yes',
  ],
  [
    'a window of several offsets: the day after it closes',
    { ...anyDrug, at: 'start', window: '..start+4m-1d' },
    [drug('2026-05-01', '2026-05-02')],
    'no',
  ],
  ['57 years old ten months before the year', { kind: 'age', to: 57, at: 'start-10m' }, [], 'yes'],
  ['58 years old eleven weeks into the year', { kind: 'age', from: 58, at: 'start+11d' }, [], 'no'],
  ['clinical status is asked for and stated', { ...anyIllness, status: ['active'] }, [illness('2020-01-01')], 'yes'],
  [
    'clinical status is asked for and not stated',
    { ...anyIllness, status: ['active'] },
    [illness('2020-01-01', { clinicalStatus: undefined })],
    'no',
  ],
  [
    'severity is asked for and stated',
    { ...anyIllness, severity: { codes: [key('severe')] } },
    [illness('2020-01-01', { severity: concept('severe') })],
    'yes',
  ],
  ['severity is asked for and not stated', { ...anyIllness, severity: { codes: [key('severe')] } }, [illness('2020-01-01')], 'no'],
  [
    'a visit for the illness that it refers to',
    { ...anyVisit, diagnosis: { codes: [key('illness')] } },
    [illness('2020-01-01'), visit('2026-02-03', '2026-02-03', { diagnosis: [{ condition: { reference: 'Condition/illness' } }] })],
    'yes',
  ],
  [
    'a visit that refers to nothing',
    { ...anyVisit, diagnosis: { codes: [key('illness')] } },
    [illness('2020-01-01'), visit('2026-02-03', '2026-02-03')],
    'no',
  ],
  ['both numbers of a blood pressure are below', bothBelow(), [pressure(118, 78)], 'yes'],
  ['one number of a blood pressure is above', bothBelow(), [pressure(118, 82)], 'no'],
  [
    'supply of more than 90 days in all',
    { ...anyDrug, status: ended, supplyAboveDays: 90 },
    [supply('2026-01-05', 61, 61), supply('2026-01-20', 30, 30)],
    'yes',
  ],
  [
    'supply of 90 days in all',
    { ...anyDrug, status: ended, supplyAboveDays: 90 },
    [supply('2026-01-05', 60, 60), supply('2026-01-20', 30, 30)],
    'no',
  ],
  ['a daily dose above: two tablets of 0.125 mg a day', dose(), [supply('2026-01-05', 30, 60)], 'yes'],
  ['a daily dose at the bound', dose(), [supply('2026-01-05', 30, 30)], 'no'],
  ['a daily dose of a product whose strength is not known', dose(['other']), [supply('2026-01-05', 30, 60, 'other')], 'no'],
  [
    'prescriptions do not stand in for what was dispensed',
    { ...anyDrug, resources: ['MedicationDispense'] },
    [drug('2026-01-10', '2026-04-01')],
    'no',
  ],
  ['an observation not done counts when it was recorded', notDoneAtVisit(), [visit('2026-08-06', '2026-08-06'), declined('2026-08-06')], 'yes'],
  ['an observation not done, recorded at another time', notDoneAtVisit(), [visit('2026-08-06', '2026-08-06'), declined('2026-08-09')], 'no'],
  ['every visit has its measurement', unmeasuredVisit(), [visit('2026-02-03', '2026-02-03'), pressure(118, 78)], 'no', measuredVisit()],
  [
    'one visit has its measurement, another has none',
    unmeasuredVisit(),
    [visit('2026-02-03', '2026-02-03'), pressure(118, 78), visit('2026-05-06', '2026-05-06')],
    'yes',
    measuredVisit(),
  ],
  [
    'the last measurement of a visit is low, an earlier one is not',
    lastIsLow(),
    [visit('2026-02-03', '2026-02-03'), pressure(142, 92, '2026-02-03T08:00:00Z'), pressure(118, 78, '2026-02-03T09:00:00Z')],
    'yes',
    readings(),
  ],
  [
    'the last measurement of a visit is high, an earlier one is not',
    lastIsLow(),
    [visit('2026-02-03', '2026-02-03'), pressure(142, 92, '2026-02-03T09:00:00Z'), pressure(118, 78, '2026-02-03T08:00:00Z')],
    'no',
    readings(),
  ],
  [
    'the last measurement of a visit has no date that can be told',
    lastIsLow(),
    [visit('2026-02-03', '2026-02-03'), pressure(118, 78, '2026')],
    'unknown',
    readings(),
  ],
  ['a course that is over, from when on known, until when not', overlapsAfterEnded(), [visit('2026-02-03', '2026-02-03'), openCourse()], 'yes'],
  ['an illness that is over, since when nobody says', inPeriod(), [illness('2020-01-01', status('resolved'))], 'no'],
  ['an illness that does not say whether it is over', inPeriod(), [illness('2020-01-01', { clinicalStatus: undefined })], 'no'],
  [
    'a reading that says only when it was issued',
    inYear(),
    [{ ...pressure(118, 78), effectiveDateTime: undefined, issued: '2026-02-03T08:00:00Z' }],
    'no',
  ],
  [
    'the only measurement cannot be told to be of the visit',
    unmeasuredVisit(),
    [visit('2026-02-03', '2026-02-03'), pressure(118, 78, '2026')],
    'yes',
    measuredVisit(),
  ],
];

function status(code: string) {
  return { clinicalStatus: { coding: [{ code }] } };
}
function inPeriod() {
  return { ...anyIllness, at: 'overlap', window: 'start..end' };
}
function openCourse(): Resource {
  return drug('2026-01-10', '2026-01-10', {
    status: 'completed',
    dosageInstruction: [{ timing: { repeat: { boundsPeriod: { start: '2026-01-10' } } } }],
  });
}
function inYear() {
  return { ...anyPressure, window: 'start..end' };
}
function unmeasuredVisit() {
  return { ...anyVisit, near: [{ event: 'measured', same: true, absent: true }] };
}
function measuredVisit() {
  return { measured: { ...anyVisit, near: [{ event: anyPressure, own: 'start', its: 'start', from: '0d', to: '0d' }] } };
}
function lastIsLow() {
  return { ...anyVisit, near: [{ event: 'reading', own: 'start', its: 'start', from: '0d', to: '0d', lastIs: 'low' }] };
}
function readings() {
  return { reading: anyPressure, low: bothBelow() };
}

function overlapsAfter() {
  return { ...anyDrug, near: [{ event: anyVisit, own: 'start', its: 'end', to: '0d', also: [{ own: 'end', its: 'end', from: '1d' }] }] };
}
function overlapsAfterEnded() {
  return { ...overlapsAfter(), status: ended };
}
function nearEither() {
  return { ...anyVisit, near: [{ event: 'either', own: 'start', its: 'start', from: '0d', to: '0d' }] };
}
function either() {
  return { either: { kind: 'any', of: [anyIllness, anyDrug] } };
}
function bothBelow() {
  const below = (part: string, bound: number) => ({ below: bound, unit: 'mm[Hg]', component: key(part) });
  return { kind: 'event', lists: ['observations'], codes: [key('pressure')], values: [below('systolic', 120), below('diastolic', 80)] };
}
function dose(codes: readonly string[] = ['drug']) {
  return { ...anyDrug, codes: codes.map(key), status: ended, dailyDose: { above: 0.125, unit: 'mg', strengths: { [key('drug')]: 0.125 } } };
}
function notDoneAtVisit() {
  const near = [{ event: anyVisit, own: 'authored', its: 'start', from: '0d', to: '0d' }];
  return { kind: 'event', lists: ['observations'], codes: [key('test')], notDone: true, near };
}
function declined(issued: string): Resource {
  const url = 'http://hl7.org/fhir/us/qicore/StructureDefinition/qicore-notDoneReason';
  const extension = [{ url, valueCodeableConcept: concept('declined') }];
  return { resourceType: 'Observation', status: 'cancelled', code: concept('test'), effectiveDateTime: '2026-05-06', issued, extension };
}

describe('relations', () => {
  for (const [what, definition, resources, truth, others] of cases)
    it(`criterion › ${what} › ${truth}`, () => {
      // What is unknown to a guideline is not met to a measure, which has two values.
      if (truth === 'unknown') assert.equal(judge('guideline', definition, resources, others), 'unknown');
      assert.equal(judge('measure', definition, resources, others), truth === 'unknown' ? 'no' : truth);
    });
});
