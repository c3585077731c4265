/** An invented patient: the chart that the built-in requests carry. Nobody is meant; knows no service. */
import type { Json } from './json.js';

export interface InventedChart {
  readonly patientId: string;
  readonly practitionerId: string;
  readonly encounterId: string;
  /** Every resource of the chart. */
  readonly resources: readonly Json[];
  /** What is about to be ordered: ibuprofen, beside the warfarin of the chart. */
  readonly draftOrder: Json;
  readonly appointment: Json;
}

const snomed = 'http://snomed.info/sct';
const loinc = 'http://loinc.org';
const rxnorm = 'http://www.nlm.nih.gov/research/umls/rxnorm';
const terminology = 'http://terminology.hl7.org/CodeSystem';
const practitionerId = 'invented-practitioner';
const encounterId = 'invented-encounter';
const dayMs = 86_400_000;

/** A common chart, so that many services have something to say: 58 years old, diabetes out of control, on warfarin. */
export function inventChart(patientId: string, now: Date): InventedChart {
  const daysAgo = (days: number): string => new Date(now.getTime() - days * dayMs).toISOString().slice(0, 10);
  const subject = { reference: `Patient/${patientId}` };
  const resources = [...inventPeople(patientId, subject, daysAgo), ...inventRecords(subject, daysAgo)];
  return {
    patientId,
    practitionerId,
    encounterId,
    resources,
    draftOrder: order(subject, 'draft-1', 'draft', { system: rxnorm, code: '310965', display: 'ibuprofen 200 MG Oral Tablet' }, daysAgo(0)),
    appointment: {
      resourceType: 'Appointment',
      id: 'invented-appointment',
      status: 'proposed',
      description: 'Follow-up',
      start: `${daysAgo(-14)}T09:00:00Z`,
      end: `${daysAgo(-14)}T09:30:00Z`,
      participant: [{ actor: subject, status: 'tentative' }],
    },
  };
}

type DaysAgo = (days: number) => string;

function inventPeople(patientId: string, subject: Json, daysAgo: DaysAgo): readonly Json[] {
  return [
    {
      resourceType: 'Patient',
      id: patientId,
      active: true,
      // Not all letters are ASCII: a service that reads bytes as Latin-1 shows it here.
      name: [{ use: 'official', family: 'Förster-Núñez', given: ['Invented'] }],
      gender: 'female',
      birthDate: daysAgo(58 * 365.25 + 30),
    },
    { resourceType: 'Practitioner', id: practitionerId, active: true, name: [{ family: 'Nobody', given: ['Invented'] }] },
    {
      resourceType: 'PractitionerRole',
      id: 'invented-role',
      active: true,
      practitioner: { reference: `Practitioner/${practitionerId}` },
    },
    {
      resourceType: 'Encounter',
      id: encounterId,
      status: 'in-progress',
      class: { system: `${terminology}/v3-ActCode`, code: 'AMB' },
      subject,
      period: { start: `${daysAgo(0)}T08:00:00Z` },
    },
    {
      resourceType: 'Coverage',
      id: 'invented-coverage',
      status: 'active',
      beneficiary: subject,
      payor: [{ display: 'Invented Health Plan' }],
    },
  ];
}

function inventRecords(subject: Json, daysAgo: DaysAgo): readonly Json[] {
  return [
    condition(subject, 'diabetes', { system: snomed, code: '44054006', display: 'Type 2 diabetes mellitus' }, daysAgo(1500)),
    condition(subject, 'fibrillation', { system: snomed, code: '49436004', display: 'Atrial fibrillation' }, daysAgo(900)),
    order(subject, 'warfarin', 'active', { system: rxnorm, code: '855332', display: 'warfarin sodium 5 MG Oral Tablet' }, daysAgo(200)),
    {
      resourceType: 'Observation',
      id: 'a1c',
      status: 'final',
      category: [{ coding: [{ system: `${terminology}/observation-category`, code: 'laboratory' }] }],
      code: { coding: [{ system: loinc, code: '4548-4', display: 'Hemoglobin A1c' }], text: 'Hemoglobin A1c' },
      subject,
      effectiveDateTime: `${daysAgo(90)}T10:00:00Z`,
      valueQuantity: { value: 9.8, unit: '%', system: 'http://unitsofmeasure.org', code: '%' },
    },
    {
      resourceType: 'AllergyIntolerance',
      id: 'penicillin',
      clinicalStatus: { coding: [{ system: `${terminology}/allergyintolerance-clinical`, code: 'active' }] },
      code: { coding: [{ system: rxnorm, code: '7980', display: 'penicillin G' }], text: 'penicillin G' },
      patient: subject,
    },
  ];
}

function condition(subject: Json, id: string, coding: Json, onset: string): Json {
  return {
    resourceType: 'Condition',
    id,
    clinicalStatus: { coding: [{ system: `${terminology}/condition-clinical`, code: 'active' }] },
    verificationStatus: { coding: [{ system: `${terminology}/condition-ver-status`, code: 'confirmed' }] },
    category: [{ coding: [{ system: `${terminology}/condition-category`, code: 'problem-list-item' }] }],
    code: { coding: [coding], text: coding['display'] },
    subject,
    onsetDateTime: onset,
  };
}

function order(subject: Json, id: string, status: string, coding: Json, authoredOn: string): Json {
  return {
    resourceType: 'MedicationRequest',
    id,
    status,
    intent: 'order',
    medicationCodeableConcept: { coding: [coding], text: coding['display'] },
    subject,
    authoredOn,
    requester: { reference: `Practitioner/${practitionerId}` },
  };
}
