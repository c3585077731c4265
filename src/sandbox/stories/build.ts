/** Builds the resources of one invented chart, every date relative to one instant, every id from a count. Knows no story. */
import type { CodeableConcept, FhirResource, Patient } from 'fhir/r4.js';
import { bloodPressure, neverSmoker, noKnownAllergy, progressNote, screenings, smokingStatus, vitals } from './codes.js';

/** HTEST: test health data. {@link https://terminology.hl7.org/CodeSystem-v3-ActReason.html} */
export const invented = { tag: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'HTEST', display: 'test health data' }] };

type Identified = FhirResource & { readonly id: string };

interface PatientSketch {
  readonly id: string;
  readonly given: string;
  readonly family: string;
  readonly gender: 'female' | 'male';
  readonly ageYears: number;
  readonly recordNumber: string;
  readonly phone: string;
}

/** `days` ago everywhere: how long before the instant of seeding. */
interface ChartBuilder {
  readonly patient: Patient & { readonly id: string };
  readonly resources: readonly Identified[];
  condition(code: CodeableConcept, days: number): void;
  measure(
    kind: 'laboratory' | 'vital-signs' | 'imaging',
    what: { readonly code: CodeableConcept; readonly unit: string },
    value: number,
    days: number,
  ): void;
  /** A finding without a number: a test that was normal, an examination. */
  finding(kind: 'laboratory' | 'exam', code: CodeableConcept, value: CodeableConcept, days: number): void;
  pressure(systolic: number, diastolic: number, days: number): void;
  takes(code: CodeableConcept, days: number, instruction: string): void;
  procedure(code: CodeableConcept, days: number): void;
  allergy(code: CodeableConcept, days: number): void;
  visit(reason: string, days: number): void;
  note(text: string, days: number): void;
  /** What every cared-for adult has: visits, vital signs, and what is asked once a year. */
  routine(size: {
    readonly weight: number;
    readonly height: number;
    readonly systolic: number;
    readonly diastolic: number;
    readonly smoking?: CodeableConcept;
  }): void;
  noKnownAllergies(): void;
}

export function createChartBuilder(sketch: PatientSketch, now: Date): ChartBuilder {
  const resources: Identified[] = [];
  const subject = { reference: `Patient/${sketch.id}` };
  const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);
  const instant = (days: number) => `${daysAgo(days).toISOString().slice(0, 10)}T09:30:00Z`;
  const base = () => ({ id: `${sketch.id}-${resources.length + 1}`, meta: invented });
  const add = (resource: Identified) => {
    resources.push(resource);
  };
  const observation = (category: string, code: CodeableConcept, days: number) => ({
    resourceType: 'Observation' as const,
    ...base(),
    status: 'final' as const,
    category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: category }] }],
    code,
    subject,
    effectiveDateTime: instant(days),
  });
  const active = (system: string) => ({ coding: [{ system: `http://terminology.hl7.org/CodeSystem/${system}`, code: 'active' }] });
  const confirmed = (system: string) => ({ coding: [{ system: `http://terminology.hl7.org/CodeSystem/${system}`, code: 'confirmed' }] });

  const builder: ChartBuilder = {
    patient: toPatient(sketch, now),
    resources,
    condition: (code, days) =>
      add({
        resourceType: 'Condition',
        ...base(),
        clinicalStatus: active('condition-clinical'),
        verificationStatus: confirmed('condition-ver-status'),
        category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-category', code: 'problem-list-item' }] }],
        code,
        subject,
        onsetDateTime: instant(days),
        recordedDate: instant(days),
      }),
    measure: (kind, what, value, days) =>
      add({
        ...observation(kind, what.code, days),
        valueQuantity: { value, unit: what.unit, system: 'http://unitsofmeasure.org', code: what.unit },
      }),
    finding: (kind, code, value, days) => add({ ...observation(kind, code, days), valueCodeableConcept: value }),
    pressure: (systolic, diastolic, days) => {
      const quantity = (value: number) => ({ value, unit: 'mmHg', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' });
      add({
        ...observation('vital-signs', bloodPressure.panel, days),
        component: [
          { code: bloodPressure.systolic, valueQuantity: quantity(systolic) },
          { code: bloodPressure.diastolic, valueQuantity: quantity(diastolic) },
        ],
      });
    },
    takes: (code, days, instruction) =>
      add({
        resourceType: 'MedicationRequest',
        ...base(),
        status: 'active',
        intent: 'order',
        medicationCodeableConcept: code,
        subject,
        authoredOn: instant(days),
        dosageInstruction: [{ text: instruction }],
      }),
    procedure: (code, days) => add({ resourceType: 'Procedure', ...base(), status: 'completed', code, subject, performedDateTime: instant(days) }),
    allergy: (code, days) =>
      add({
        resourceType: 'AllergyIntolerance',
        ...base(),
        clinicalStatus: active('allergyintolerance-clinical'),
        verificationStatus: confirmed('allergyintolerance-verification'),
        code,
        patient: subject,
        recordedDate: instant(days),
      }),
    visit: (reason, days) =>
      add({
        resourceType: 'Encounter',
        ...base(),
        status: 'finished',
        class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB', display: 'ambulatory' },
        type: [{ text: reason }],
        subject,
        period: { start: instant(days), end: `${instant(days).slice(0, 10)}T10:00:00Z` },
      }),
    note: (text, days) =>
      add({
        resourceType: 'DocumentReference',
        ...base(),
        status: 'current',
        type: progressNote,
        category: [{ coding: [{ system: 'http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category', code: 'clinical-note' }] }],
        subject,
        date: instant(days),
        content: [{ attachment: { contentType: 'text/plain; charset=utf-8', data: Buffer.from(text, 'utf8').toString('base64') } }],
      }),
    routine(size) {
      for (const days of [40, 210, 400]) builder.visit(days === 210 ? 'Office visit' : 'Check-up', days);
      for (const days of [40, 400]) {
        builder.pressure(size.systolic, size.diastolic, days);
        builder.measure('vital-signs', vitals.weight, size.weight, days);
      }
      builder.measure('vital-signs', vitals.height, size.height, 400);
      builder.measure('vital-signs', vitals.bodyMassIndex, Math.round(size.weight / (size.height / 100) ** 2), 40);
      builder.measure('vital-signs', vitals.heartRate, 72, 40);
      add({ ...observation('social-history', smokingStatus, 40), valueCodeableConcept: size.smoking ?? neverSmoker });
      add({ ...observation('survey', screenings.depression, 40), valueCodeableConcept: screenings.depressionNegative });
      if (sketch.ageYears >= 65) add({ ...observation('survey', screenings.falls, 40), valueString: 'no fall in the past year, steady gait' });
    },
    noKnownAllergies: () => builder.allergy(noKnownAllergy, 400),
  };
  return builder;
}

function toPatient(sketch: PatientSketch, now: Date): Patient & { readonly id: string } {
  // Half a year past the birthday: the age is right for months to come.
  const birth = new Date(Date.UTC(now.getUTCFullYear() - sketch.ageYears, now.getUTCMonth() - 6, 12));
  return {
    resourceType: 'Patient',
    id: sketch.id,
    meta: invented,
    identifier: [
      {
        type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MR' }] },
        system: 'urn:whycard:sandbox:mrn',
        value: sketch.recordNumber,
      },
    ],
    active: true,
    name: [{ use: 'official', family: sketch.family, given: [sketch.given], suffix: ['(invented)'] }],
    telecom: [{ system: 'phone', value: sketch.phone, use: 'home' }],
    gender: sketch.gender,
    birthDate: birth.toISOString().slice(0, 10),
    address: [{ use: 'home', line: ['12 Example Road'], city: 'Sampleton', state: 'MA', postalCode: '01999', country: 'US' }],
  };
}
