/** Charts of a few words for tests of order safety, and a judge that runs one check alone. All people are invented. */
import assert from 'node:assert/strict';
import type { FhirResource } from 'fhir/r4.js';
import { createJudge } from '../../../src/judge/judge.js';
import type { Knowledge } from '../../../src/judge/knowledge.js';
import type { Chart, FactId, Judgement, ListName } from '../../../src/types.js';
import { chartOf, drug } from '../chart.js';

const loincOf: Readonly<Record<string, readonly [code: string, unit: string]>> = {
  potassium: ['2823-3', 'mmol/L'],
  magnesium: ['19123-9', 'mg/dL'],
  creatinine: ['2160-0', 'mg/dL'],
  inr: ['6301-6', '1'],
  qtc: ['8634-8', 'ms'],
};

function lab(name: string, value: number): readonly [ListName, FhirResource] {
  const [code, unit] = loincOf[name] ?? ['', ''];
  assert.notEqual(code, '', `no lab ${name}`);
  const observation = {
    resourceType: 'Observation',
    status: 'final',
    subject: { reference: 'Patient/p1' },
    code: { coding: [{ system: 'http://loinc.org', code }] },
    effectiveDateTime: '2026-06-10',
    valueQuantity: { value, unit, system: 'http://unitsofmeasure.org', code: unit },
  };
  return ['observations', observation as FhirResource];
}

function condition(code: string): readonly [ListName, FhirResource] {
  const coding = [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code }];
  const found = { resourceType: 'Condition', subject: { reference: 'Patient/p1' }, code: { coding }, recordedDate: '2026-06-10' };
  return ['conditions', found as FhirResource];
}

const listed = (text: string): readonly string[] => text.split(',').flatMap((one) => (one.trim() === '' ? [] : [one.trim()]));

/** `takes`, `orders`: drugs by words, with commas. `about`: 'F72 potassium=5.6 has=I50.9'; a man of 58 if it does not say. */
export function orderChart(takes: string, orders: string, about = ''): Chart {
  const [, sex = 'M', age = '58'] = /\b([FM])(\d+)\b/.exec(about) ?? [];
  const labs = [...about.matchAll(/\b([a-z]+)=([\d.]+)/g)].map(([, name = '', value]) => lab(name, Number(value)));
  const conditions = [...about.matchAll(/\bhas=([A-Z0-9.]+)/g)].map(([, code = '']) => condition(code));
  return chartOf({
    patient: { gender: sex === 'F' ? 'female' : 'male', birthDate: `${2026 - Number(age)}-01-02` },
    resources: [...listed(takes).map((one) => drug('medications', one)), ...listed(orders).map((one) => drug('drafts', one)), ...labs, ...conditions],
  });
}

/** With a clinical note that says so. */
export function withNote(chart: Chart, text: string): Chart {
  const note = {
    resourceType: 'DocumentReference',
    status: 'current',
    content: [{ attachment: { contentType: 'text/plain', data: Buffer.from(text).toString('base64') } }],
  };
  return { ...chart, entries: [...chart.entries, { fact: 'n0' as FactId, list: 'notes', resource: note as FhirResource }] };
}

export function judgeWith(knowledge: Knowledge, checkId: string): (chart: Chart) => Judgement {
  const service = knowledge.services.find(({ id }) => id === 'order-safety');
  const orders = knowledge.orders.get('order-safety');
  assert.ok(service !== undefined && orders !== undefined);
  const checks = orders.checks.filter(({ id }) => id === checkId);
  assert.equal(checks.length, 1, checkId);
  const judge = createJudge({ ...knowledge, orders: new Map([['order-safety', { ...orders, checks }]]) });
  return (chart) => judge(service, chart);
}

/** 'warning additive.bleeding', sorted. */
export function findingsOf({ findings }: Judgement): readonly string[] {
  return findings.map(({ indicator, candidate }) => `${indicator} ${candidate}`).sort();
}
