/** Cases of order safety as data: a patient in a few words, what is ordered, what a check is to say. All people are invented. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { FhirResource } from 'fhir/r4.js';
import { z } from 'zod';
import { createJudge } from '../../../src/judge/judge.js';
import { loadKnowledge } from '../../../src/judge/knowledge.js';
import type { Chart, Judgement, ListName } from '../../../src/types.js';
import { chartOf, now, refused } from '../chart.js';

const fields = z.record(z.string(), z.unknown());
/** Words, or words with a sig, or any FHIR fields of the order. */
const drugSketch = z.union([z.string(), z.strictObject({ drug: z.string(), sig: z.string().optional(), fields: fields.optional() })]);

const caseRow = z.strictObject({
  name: z.string().min(1),
  /** Where the case is from. */
  source: z.string().min(1),
  age: z.number().default(50),
  sex: z.enum(['female', 'male']).default('male'),
  order: z.array(drugSketch).min(1),
  takes: z.array(drugSketch).default([]),
  /** Code as in LOINC, value, unit, days ago. */
  labs: z.array(z.tuple([z.string(), z.number(), z.string(), z.number()])).default([]),
  observations: z.array(fields).default([]),
  /** Words, or "ICD:I50.9", or any fields of a Condition. */
  conditions: z.array(z.union([z.string(), fields])).default([]),
  allergies: z.array(z.union([z.string(), fields])).default([]),
  refused: z.array(z.enum(['observations', 'conditions', 'allergies', 'medications'])).default([]),
  /** Findings of the check, in any order: "renal.metformin-egfr-30.metformin critical". Empty: what a pharmacist would not say. */
  expect: z.array(z.string()),
  /** Texts under missing. */
  missing: z.array(z.string()).optional(),
});
export const caseFile = z.strictObject({ check: z.string(), cases: z.array(caseRow).min(1) });
export type CaseRow = z.output<typeof caseRow>;
type DrugSketch = z.output<typeof drugSketch>;

export async function readCases(name: string): Promise<z.output<typeof caseFile>> {
  return caseFile.parse(JSON.parse(await readFile(`test/judge/tables/${name}.cases.json`, 'utf8')));
}

export async function createJudgeOrders(): Promise<(chart: Chart) => Judgement> {
  const knowledge = await loadKnowledge('cards');
  const service = knowledge.services.find(({ id }) => id === 'order-safety');
  assert.ok(service !== undefined);
  const judge = createJudge(knowledge);
  return (chart) => judge(service, chart);
}

/** What one check says of a case: "rule indicator", sorted. */
export function saidBy(check: string, { findings }: Judgement): readonly string[] {
  return findings
    .filter(({ candidate }) => candidate.startsWith(`${check}.`))
    .map(({ candidate, indicator }) => `${candidate} ${indicator}`)
    .sort();
}

const subject = { reference: 'Patient/p1' };
const resource = (content: object): FhirResource => content as FhirResource;
const ago = (days: number): string => new Date(now.getTime() - days * 86_400_000).toISOString();

export function chartOfCase(row: CaseRow): Chart {
  const birth = new Date(now);
  birth.setUTCFullYear(now.getUTCFullYear() - Math.floor(row.age), now.getUTCMonth() - Math.round((row.age % 1) * 12) - 1);
  const listed: readonly (readonly [ListName | 'drafts', FhirResource])[] = [
    ...row.takes.map((drug, at) => ['medications', orderOf(drug, 'active', `t${at}`)] as const),
    ...row.conditions.map((one, at) => ['conditions', conditionOf(one, at)] as const),
    ...row.labs.map(([code, value, unit, days]) => ['observations', labOf(code, value, unit, days)] as const),
    ...row.observations.map((one) => ['observations', resource({ resourceType: 'Observation', status: 'final', subject, ...one })] as const),
    ...row.allergies.map((one, at) => ['allergies', allergyOf(one, at)] as const),
    ...row.order.map((drug, at) => ['drafts', orderOf(drug, 'draft', `d${at}`)] as const),
  ];
  return chartOf({
    patient: { gender: row.sex, birthDate: birth.toISOString().slice(0, 10) },
    resources: listed,
    lists: Object.fromEntries(row.refused.map((list) => [list, refused])),
  });
}

function orderOf(sketch: DrugSketch, status: string, id: string): FhirResource {
  const { drug, sig, fields: more = {} } = typeof sketch === 'string' ? { drug: sketch, sig: undefined } : sketch;
  const concept = /^\d+$/.test(drug) ? { coding: [{ system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code: drug }] } : { text: drug };
  const dosage = sig === undefined ? {} : { dosageInstruction: [{ text: sig }] };
  return resource({
    resourceType: 'MedicationRequest',
    id,
    status,
    intent: 'order',
    subject,
    medicationCodeableConcept: concept,
    ...dosage,
    ...more,
  });
}

function conditionOf(one: string | Readonly<Record<string, unknown>>, at: number): FhirResource {
  const icd = typeof one === 'string' ? /^ICD:(.+)$/.exec(one)?.[1] : undefined;
  const code = icd === undefined ? { text: one } : { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: icd }] };
  const named = typeof one === 'string' ? { code } : one;
  const active = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }] };
  return resource({ resourceType: 'Condition', id: `c${at}`, subject, clinicalStatus: active, recordedDate: ago(30), ...named });
}

function labOf(code: string, value: number, unit: string, days: number): FhirResource {
  const coding = [{ system: 'http://loinc.org', code }];
  return resource({
    resourceType: 'Observation',
    status: 'final',
    subject,
    code: { coding },
    effectiveDateTime: ago(days),
    valueQuantity: { value, unit, system: 'http://unitsofmeasure.org', code: unit },
  });
}

function allergyOf(one: string | Readonly<Record<string, unknown>>, at: number): FhirResource {
  const named = typeof one === 'string' ? { code: { text: one } } : one;
  const active = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' }] };
  return resource({ resourceType: 'AllergyIntolerance', id: `a${at}`, patient: subject, clinicalStatus: active, ...named });
}
