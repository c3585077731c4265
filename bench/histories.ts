/** Synthetic life histories and published test patients as charts, for benchmarks that need the data folder. Knows FHIR types and lists, no rule. */
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { FhirResource, Patient } from 'fhir/r4.js';
import type { Chart, FactId, ListName, ListState } from '../src/types.js';

const data = '../shared/data';
const listOf: Readonly<Record<string, string>> = {
  Condition: 'conditions',
  Observation: 'observations',
  Procedure: 'procedures',
  MedicationRequest: 'medications',
  MedicationStatement: 'medications',
  MedicationDispense: 'medications',
  MedicationAdministration: 'medications',
  Medication: 'medications',
  AllergyIntolerance: 'allergies',
  Encounter: 'encounters',
  Immunization: 'immunizations',
  ServiceRequest: 'orders',
};

export interface Case {
  readonly id: string;
  readonly measure: string;
  readonly period: { readonly start: string; readonly end: string };
  readonly bundle: { readonly entry: readonly { readonly resource: FhirResource }[] };
}

export const hasHistories = (): boolean => existsSync(`${data}/synthea/patients-120.ndjson.gz`);

/** Each history without its patient, claims and administration. */
export function readHistories(): readonly (readonly FhirResource[])[] {
  return readLines(`${data}/synthea/patients-120.ndjson.gz`).map((line) => {
    const bundle: Case['bundle'] = JSON.parse(line);
    return bundle.entry.map((entry) => entry.resource).filter((resource) => listOf[resource.resourceType] !== undefined);
  });
}

export function readCases(measure: string): readonly Case[] {
  return readLines(`${data}/ecqm-2024/cases/${measure}.ndjson.gz`).map((line): Case => JSON.parse(line));
}

function readLines(file: string): readonly string[] {
  return gunzipSync(readFileSync(file))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
}

/** The resources of somebody else made this patient's own, under ids of their own. */
export function adopt(resources: readonly FhirResource[], patient: Patient, prefix: string): readonly FhirResource[] {
  const subject = { reference: `Patient/${patient.id ?? ''}` };
  const owned = { subject, patient: subject };
  return resources.map((resource): FhirResource => Object.assign(structuredClone(resource), owned, { id: `${prefix}-${resource.id ?? ''}` }));
}

/** All lists complete, as if an EHR had answered every question. */
export function toChart(resources: readonly FhirResource[], now: Date): Chart {
  const patient = resources.find((resource): resource is Patient => resource.resourceType === 'Patient') ?? { resourceType: 'Patient' };
  const kept = resources.filter((resource) => listOf[resource.resourceType] !== undefined);
  const complete: ListState = { state: 'complete' };
  const names = ['patient', 'notes', ...new Set(Object.values(listOf))];
  return {
    patient,
    entries: kept.map((resource, at) => ({ fact: `f${at}` as FactId, list: (listOf[resource.resourceType] ?? 'notes') as ListName, resource })),
    lists: Object.fromEntries(names.map((name) => [name, complete])),
    selected: [],
    now,
  };
}
