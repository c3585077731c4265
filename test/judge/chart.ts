/** Small charts for the tests of judging. All people are invented. */
import type { FhirResource, Patient } from 'fhir/r4.js';
import type { Chart, ChartEntry, FactId, ListName, ListState } from '../../src/types.js';

export const now = new Date('2026-06-15T12:00:00Z');
const subject = { reference: 'Patient/p1' };
const snomed = 'http://snomed.info/sct';

type Listed = readonly [ListName | 'drafts', FhirResource];

interface Sketch {
  readonly patient?: Partial<Patient>;
  readonly resources?: readonly Listed[];
  readonly lists?: Readonly<Partial<Record<ListName, ListState>>>;
  readonly selected?: readonly string[];
}

const complete: ListState = { state: 'complete' };
export const refused: ListState = { state: 'unavailable', why: 'refused by the server' };
export const truncated: ListState = { state: 'partial', why: 'only the first part was read' };

/** Facts are `f0`, `f1`… in the order given; drafts are selected unless told otherwise. */
export function chartOf({ patient = {}, resources = [], lists = {}, selected }: Sketch): Chart {
  const entries = resources.map(([list, resource], at): ChartEntry => ({ fact: `f${at}` as FactId, list, resource }));
  const drafts = entries.filter((entry) => entry.list === 'drafts').map((entry) => entry.fact);
  return {
    patient: { resourceType: 'Patient', id: 'p1', gender: 'male', birthDate: '1968-03-01', ...patient },
    entries,
    lists: {
      patient: complete,
      conditions: complete,
      observations: complete,
      medications: complete,
      procedures: complete,
      allergies: complete,
      encounters: complete,
      immunizations: complete,
      orders: complete,
      notes: complete,
      ...lists,
    },
    selected: (selected as readonly FactId[] | undefined) ?? drafts,
    now,
  };
}

export function procedure(code: string, performedDateTime: string | undefined, more: Readonly<Record<string, unknown>> = {}): Listed {
  return [
    'procedures',
    {
      resourceType: 'Procedure',
      status: 'completed',
      subject,
      code: { coding: [{ system: snomed, code }] },
      ...(performedDateTime === undefined ? {} : { performedDateTime }),
      ...more,
    } as FhirResource,
  ];
}

export function condition(code: string, more: Readonly<Record<string, unknown>> = {}): Listed {
  return ['conditions', { resourceType: 'Condition', subject, code: { coding: [{ system: snomed, code }] }, ...more } as FhirResource];
}

const status = (system: string, code: string): object => ({ coding: [{ system: `http://terminology.hl7.org/CodeSystem/${system}`, code }] });
export const clinical = (code: string): Readonly<Record<string, unknown>> => ({ clinicalStatus: status('condition-clinical', code) });
export const verified = (code: string): Readonly<Record<string, unknown>> => ({ verificationStatus: status('condition-ver-status', code) });

export function a1c(value: number, effectiveDateTime: string | undefined, more: Readonly<Record<string, unknown>> = {}): Listed {
  const valueQuantity = { value, unit: '%', system: 'http://unitsofmeasure.org', code: '%' };
  return [
    'observations',
    {
      resourceType: 'Observation',
      status: 'final',
      subject,
      code: { coding: [{ system: 'http://loinc.org', code: '4548-4' }] },
      valueQuantity,
      ...(effectiveDateTime === undefined ? {} : { effectiveDateTime }),
      ...more,
    } as FhirResource,
  ];
}

/** A drug by RxNorm code, or by words. */
export function drug(list: 'medications' | 'drafts', what: string, more: Readonly<Record<string, unknown>> = {}): Listed {
  const concept = /^\d+$/.test(what) ? { coding: [{ system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code: what }] } : { text: what };
  const order = {
    resourceType: 'MedicationRequest',
    id: `m-${what.replaceAll(/\W/g, '')}`,
    status: list === 'drafts' ? 'draft' : 'active',
    intent: 'order',
    subject,
    medicationCodeableConcept: concept,
    ...more,
  };
  return [list, order as FhirResource];
}
