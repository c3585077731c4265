/** Goals that hang on the patient: the same value is a card for one and none for another. And the datum that decides is named. All people are invented. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { FhirResource, Patient } from 'fhir/r4.js';
import { createJudge } from '../../../src/judge/judge.js';
import { loadKnowledge } from '../../../src/judge/knowledge.js';
import type { Chart, Judgement } from '../../../src/types.js';
import { a1c, chartOf, clinical, condition, drug, procedure, verified } from '../chart.js';

let judge: (chart: Chart) => Judgement;
before(async () => {
  const knowledge = await loadKnowledge('cards');
  const service = knowledge.services.find(({ id }) => id === 'care-gaps');
  assert.ok(service !== undefined);
  judge = (chart) => createJudge(knowledge)(service, chart);
});

type Listed = ReturnType<typeof procedure>;
const has = (code: string): Listed => condition(code, { ...clinical('active'), ...verified('confirmed') });
const diabetes = has('44054006');
const [hypertension, heartFailure, depression, dementia] = [has('59621000'), has('42343007'), has('370143000'), has('52448006')];
const kidneyFailure = has('46177005');
const infarction = has('22298006');
const pressure = (systolic: number, diastolic: number): Listed => {
  const part = (code: string, value: number) => ({
    code: { coding: [{ system: 'http://loinc.org', code }] },
    valueQuantity: { value, unit: 'mmHg', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' },
  });
  return a1c(0, '2026-05-01', {
    code: { coding: [{ system: 'http://loinc.org', code: '85354-9' }] },
    valueQuantity: undefined,
    component: [part('8480-6', systolic), part('8462-4', diastolic)],
  });
};
const smokes = (code: string, day: string): Listed =>
  a1c(0, day, {
    code: { coding: [{ system: 'http://loinc.org', code: '72166-2' }] },
    valueQuantity: undefined,
    valueCodeableConcept: { coding: [{ system: 'http://snomed.info/sct', code }] },
  });
const packYears = (value: number, unit: string): Listed =>
  a1c(0, '2025-01-01', { code: { coding: [{ system: 'http://snomed.info/sct', code: '401201003' }] }, valueQuantity: { value, unit, code: unit } });
const born = (age: number): Partial<Patient> => ({ birthDate: `${2026 - age}-01-15` });

const ill = (code: string): Listed => condition(code, { ...clinical('active'), onsetDateTime: '2026-06-08' });
const antibiotic = (authoredOn: string, status = 'active'): Listed => drug('medications', '1013659', { authoredOn, status });

interface Case {
  readonly what: string;
  readonly patient: Partial<Patient>;
  readonly resources: readonly Listed[];
  /** Gaps among those of `asked` that are found. */
  readonly found: readonly string[];
}
const sugar = ['a1c-above-every-goal', 'a1c-above-goal-under-65', 'a1c-above-goal-from-65', 'diabetes-poor-glycemic-control'];
const others = ['blood-pressure-above-goal', 'statin-of-higher-intensity', 'lung-cancer-screening', 'antibiotic-for-cold'];

const cases: readonly Case[] = [
  { what: '50, A1c 6.9', patient: born(50), resources: [diabetes, a1c(6.9, '2026-05-01')], found: [] },
  { what: '50, A1c 7.4', patient: born(50), resources: [diabetes, a1c(7.4, '2026-05-01')], found: ['a1c-above-goal-under-65'] },
  { what: '50 with dementia, A1c 7.4', patient: born(50), resources: [diabetes, dementia, a1c(7.4, '2026-05-01')], found: [] },
  { what: '50, A1c 8.4', patient: born(50), resources: [diabetes, a1c(8.4, '2026-05-01')], found: ['a1c-above-every-goal'] },
  {
    what: '50, A1c 9.4: one card, not two',
    patient: born(50),
    resources: [diabetes, a1c(9.4, '2026-05-01')],
    found: ['diabetes-poor-glycemic-control'],
  },
  { what: '72, A1c 7.4', patient: born(72), resources: [diabetes, a1c(7.4, '2026-05-01')], found: [] },
  { what: '72, A1c 7.8', patient: born(72), resources: [diabetes, a1c(7.8, '2026-05-01')], found: ['a1c-above-goal-from-65'] },
  {
    what: '72 with two illnesses, A1c 7.8',
    patient: born(72),
    resources: [diabetes, hypertension, heartFailure, a1c(7.8, '2026-05-01')],
    found: ['a1c-above-goal-from-65'],
  },
  {
    what: '72 with three illnesses, A1c 7.8',
    patient: born(72),
    resources: [diabetes, hypertension, heartFailure, depression, a1c(7.8, '2026-05-01')],
    found: [],
  },
  {
    what: '72 with one illness written down three times, A1c 7.8',
    patient: born(72),
    resources: [diabetes, hypertension, hypertension, hypertension, a1c(7.8, '2026-05-01')],
    found: ['a1c-above-goal-from-65'],
  },
  {
    what: '72 with three illnesses, A1c 8.2',
    patient: born(72),
    resources: [diabetes, hypertension, heartFailure, depression, a1c(8.2, '2026-05-01')],
    found: ['a1c-above-every-goal'],
  },
  { what: '72 with kidney failure, A1c 8.2', patient: born(72), resources: [diabetes, kidneyFailure, a1c(8.2, '2026-05-01')], found: [] },
  {
    what: 'pregnant, A1c 8.2',
    patient: { ...born(30), gender: 'female' },
    resources: [diabetes, has('255409004'), a1c(8.2, '2026-05-01')],
    found: [],
  },
  { what: 'A1c 8.2, 13 months old', patient: born(50), resources: [diabetes, a1c(8.2, '2025-05-01')], found: [] },
  { what: 'pressure 128/78', patient: born(50), resources: [hypertension, pressure(128, 78)], found: [] },
  { what: 'pressure 134/78', patient: born(50), resources: [hypertension, pressure(134, 78)], found: ['blood-pressure-above-goal'] },
  { what: 'pressure 126/84', patient: born(50), resources: [hypertension, pressure(126, 84)], found: ['blood-pressure-above-goal'] },
  { what: 'pressure 134/78 in kidney failure', patient: born(70), resources: [hypertension, kidneyFailure, pressure(134, 78)], found: [] },
  {
    what: 'infarction on atorvastatin 20',
    patient: born(60),
    resources: [infarction, drug('medications', '617310')],
    found: ['statin-of-higher-intensity'],
  },
  { what: 'infarction on atorvastatin 80', patient: born(60), resources: [infarction, drug('medications', '259255')], found: [] },
  { what: 'infarction at 80 on atorvastatin 20', patient: born(80), resources: [infarction, drug('medications', '617310')], found: [] },
  { what: 'atorvastatin 20 alone', patient: born(60), resources: [drug('medications', '617310')], found: [] },
  {
    what: 'smoker of 60, 30 pack-years',
    patient: born(60),
    resources: [smokes('449868002', '2026-01-01'), packYears(30, '{pack-years}')],
    found: ['lung-cancer-screening'],
  },
  {
    what: 'smoker of 60, 30 PackYears as mCODE writes them',
    patient: born(60),
    resources: [smokes('449868002', '2026-01-01'), packYears(30, '{PackYears}')],
    found: ['lung-cancer-screening'],
  },
  {
    what: 'smoker of 60, 12 pack-years',
    patient: born(60),
    resources: [smokes('449868002', '2026-01-01'), packYears(12, '{pack-years}')],
    found: [],
  },
  {
    what: 'smoked 10 years ago, 30 pack-years',
    patient: born(60),
    resources: [smokes('449868002', '2016-01-01'), smokes('8517006', '2026-01-01'), packYears(30, '{pack-years}')],
    found: ['lung-cancer-screening'],
  },
  {
    what: 'smoked 16 years ago, 30 pack-years',
    patient: born(60),
    resources: [smokes('449868002', '2010-01-01'), smokes('8517006', '2026-01-01'), packYears(30, '{pack-years}')],
    found: [],
  },
  {
    what: 'smoker of 60, screened this year',
    patient: born(60),
    resources: [smokes('449868002', '2026-01-01'), packYears(30, '{pack-years}'), procedure('16334891000119106', '2026-02-01')],
    found: [],
  },
  { what: 'never smoked', patient: born(60), resources: [smokes('266919005', '2026-01-01')], found: [] },
  {
    what: '30, a cold, an antibiotic the next day',
    patient: born(30),
    resources: [ill('82272006'), antibiotic('2026-06-09')],
    found: ['antibiotic-for-cold'],
  },
  { what: '30, a cold, an antibiotic of two weeks before', patient: born(30), resources: [ill('82272006'), antibiotic('2026-05-25')], found: [] },
  {
    what: '30, a cold with tonsillitis, an antibiotic',
    patient: born(30),
    resources: [ill('82272006'), ill('17741008'), antibiotic('2026-06-09')],
    found: [],
  },
  {
    what: '30, a cold, an antibiotic that was cancelled',
    patient: born(30),
    resources: [ill('82272006'), antibiotic('2026-06-09', 'cancelled')],
    found: [],
  },
];

describe('targets', () => {
  for (const { what, patient, resources, found } of cases) {
    it(`${what} › ${found.join(', ') || 'nothing'}`, () => {
      const { findings } = judge(chartOf({ patient, resources: [...resources] }));
      const asked = [...sugar, ...others];
      assert.deepEqual(
        findings.map(({ candidate }) => String(candidate)).filter((candidate) => asked.includes(candidate)),
        found,
      );
    });
  }

  it('smoker of 60, pack-years unknown › not found, and the datum that decides is named', () => {
    const { findings, missing } = judge(chartOf({ patient: born(60), resources: [smokes('449868002', '2026-01-01')] }));
    assert.ok(findings.every(({ candidate }) => candidate !== 'lung-cancer-screening'));
    assert.match(missing.find(({ candidate }) => candidate === 'lung-cancer-screening')?.text ?? '', /a smoking history in pack-years/);
  });

  it('a medicine that points to a record that did not come › whether it is the statin is unknown, and said', () => {
    const pointer = (display: string | undefined): Listed => [
      'medications',
      {
        resourceType: 'MedicationRequest',
        status: 'active',
        intent: 'order',
        subject: { reference: 'Patient/p1' },
        medicationReference: { reference: 'Medication/gone', ...(display === undefined ? {} : { display }) },
      } as FhirResource,
    ];
    const resources = (other: Listed): readonly Listed[] => [infarction, drug('medications', '617310'), other];
    const lost = judge(chartOf({ patient: born(60), resources: [...resources(pointer(undefined))] }));
    assert.ok(lost.findings.every(({ candidate }) => candidate !== 'statin-of-higher-intensity'));
    assert.match(
      lost.missing.find(({ candidate }) => candidate === 'statin-of-higher-intensity')?.text ?? '',
      /statin of high intensity \(medications: an entry points to a medicine that was not found\)/,
    );
    // With words a reader can read it: silence of the codes is silence.
    const named = judge(chartOf({ patient: born(60), resources: [...resources(pointer('Lisinopril 10 mg'))] }));
    assert.ok(named.findings.some(({ candidate }) => candidate === 'statin-of-higher-intensity'));
  });
});
