/** Which resource types and search parameters the embedded EHR knows, and where in a resource each looks. Knows nothing of values or of requests. */

type ParameterKind = 'token' | 'date' | 'reference' | 'string';

export interface SearchParameter {
  readonly kind: ParameterKind;
  /** Paths into the resource; any of them may match. */
  readonly paths: readonly string[];
}

const token = (...paths: readonly string[]): SearchParameter => ({ kind: 'token', paths });
const date = (...paths: readonly string[]): SearchParameter => ({ kind: 'date', paths });
const text = (...paths: readonly string[]): SearchParameter => ({ kind: 'string', paths });

const ofEveryType = { _id: token('id'), _lastUpdated: date('meta.lastUpdated'), _tag: token('meta.tag') };
/** `patient` and `subject` look in both elements: R4 types carry the one or the other, never both with a different person. */
const ofPatient = {
  ...ofEveryType,
  patient: { kind: 'reference', paths: ['subject', 'patient'] },
  subject: { kind: 'reference', paths: ['subject', 'patient'] },
  identifier: token('identifier'),
} as const;

/** {@link https://hl7.org/fhir/R4/searchparameter-registry.html} A type that stands here is served; any other is 404. */
const table: Readonly<Record<string, Readonly<Record<string, SearchParameter>>>> = {
  Patient: {
    ...ofEveryType,
    identifier: token('identifier'),
    gender: token('gender'),
    birthdate: date('birthDate'),
    name: text('name.text', 'name.family', 'name.given'),
    family: text('name.family'),
    given: text('name.given'),
  },
  Practitioner: { ...ofEveryType, identifier: token('identifier'), name: text('name.text', 'name.family', 'name.given') },
  Condition: {
    ...ofPatient,
    code: token('code'),
    category: token('category'),
    'clinical-status': token('clinicalStatus'),
    'verification-status': token('verificationStatus'),
    'onset-date': date('onsetDateTime', 'onsetPeriod'),
    'recorded-date': date('recordedDate'),
  },
  Observation: {
    ...ofPatient,
    code: token('code'),
    category: token('category'),
    status: token('status'),
    date: date('effectiveDateTime', 'effectivePeriod', 'effectiveInstant'),
  },
  MedicationRequest: {
    ...ofPatient,
    code: token('medicationCodeableConcept'),
    category: token('category'),
    status: token('status'),
    intent: token('intent'),
    authoredon: date('authoredOn'),
  },
  MedicationStatement: {
    ...ofPatient,
    code: token('medicationCodeableConcept'),
    category: token('category'),
    status: token('status'),
    effective: date('effectiveDateTime', 'effectivePeriod'),
  },
  Procedure: {
    ...ofPatient,
    code: token('code'),
    category: token('category'),
    status: token('status'),
    date: date('performedDateTime', 'performedPeriod', 'performedString'),
  },
  AllergyIntolerance: {
    ...ofPatient,
    code: token('code', 'reaction.substance'),
    category: token('category'),
    'clinical-status': token('clinicalStatus'),
    'verification-status': token('verificationStatus'),
    date: date('recordedDate'),
  },
  DocumentReference: { ...ofPatient, type: token('type'), category: token('category'), status: token('status'), date: date('date') },
  DiagnosticReport: {
    ...ofPatient,
    code: token('code'),
    category: token('category'),
    status: token('status'),
    date: date('effectiveDateTime', 'effectivePeriod'),
  },
  ServiceRequest: {
    ...ofPatient,
    code: token('code'),
    category: token('category'),
    status: token('status'),
    intent: token('intent'),
    authored: date('authoredOn'),
  },
  Immunization: { ...ofPatient, 'vaccine-code': token('vaccineCode'), status: token('status'), date: date('occurrenceDateTime') },
  Encounter: { ...ofPatient, class: token('class'), type: token('type'), status: token('status'), date: date('period') },
  Consent: { ...ofPatient, scope: token('scope'), category: token('category'), status: token('status'), date: date('dateTime') },
  FamilyMemberHistory: {
    ...ofPatient,
    code: token('condition.code'),
    relationship: token('relationship'),
    status: token('status'),
    date: date('date'),
  },
};

export const supportedTypes: readonly string[] = Object.keys(table);

/** These the chart may read and never write: an EHR's own registers. */
const readOnlyTypes: readonly string[] = ['Patient', 'Practitioner'];

export function isSupported(type: string): boolean {
  return Object.hasOwn(table, type);
}

export function isWritable(type: string): boolean {
  return isSupported(type) && !readOnlyTypes.includes(type);
}

export function parametersOf(type: string): Readonly<Record<string, SearchParameter>> {
  return (isSupported(type) ? table[type] : undefined) ?? {};
}

export function parameterOf(type: string, name: string): SearchParameter | undefined {
  const known = parametersOf(type);
  return Object.hasOwn(known, name) ? known[name] : undefined;
}
