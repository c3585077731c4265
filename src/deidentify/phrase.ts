/** Phrases one coded resource in plain clinical English: what, which value. Knows FHIR's fields, never a name or an id. */
import type { FactKind } from '../types.js';
import { asNumber, asObject, asObjects, asText, type Loose } from './loose.js';

export interface Phrase {
  readonly kind: FactKind;
  readonly text: string;
  /** FHIR dateTime of the event, for its age. */
  readonly when: unknown;
  /** No code of a terminology that knowledge can name stands behind it. */
  readonly isFreeText: boolean;
}

const knownSystems = [
  'http://snomed.info/sct',
  'http://loinc.org',
  'http://www.nlm.nih.gov/research/umls/rxnorm',
  'http://hl7.org/fhir/sid/icd-10-cm',
  'http://hl7.org/fhir/sid/icd-10',
  'http://hl7.org/fhir/sid/icd-9-cm',
  'http://www.ama-assn.org/go/cpt',
  'http://hl7.org/fhir/sid/cvx',
  'http://hl7.org/fhir/sid/ndc',
  'http://www.whocc.no/atc',
];

/** SNOMED CT writes behind a name of what kind it is: nobody speaks so. */
const semanticTag =
  / \((?:disorder|finding|procedure|situation|regime\/therapy|observable entity|qualifier value|event|morphologic abnormality|product|substance)\)$/;

export function phrase(resource: Loose, isDraft: boolean): Phrase | undefined {
  switch (resource['resourceType']) {
    case 'Condition':
      return named(
        'condition',
        resource,
        resource['code'],
        resource['onsetDateTime'] ?? resource['recordedDate'],
        statusOf(resource['clinicalStatus'], ['active', 'recurrence', 'relapse']),
      );
    case 'Procedure':
      return named(
        'procedure',
        resource,
        resource['code'],
        resource['performedDateTime'] ?? startOf(resource['performedPeriod']),
        plainStatus(resource, 'completed'),
      );
    case 'MedicationRequest':
    case 'MedicationStatement':
      return named(
        isDraft ? 'order' : 'medication',
        resource,
        medicationOf(resource),
        resource['authoredOn'] ?? resource['effectiveDateTime'] ?? resource['dateAsserted'],
        isDraft ? '' : plainStatus(resource, 'active'),
      );
    case 'MedicationDispense':
      return named('medication', resource, medicationOf(resource), resource['whenHandedOver'] ?? resource['whenPrepared'], ' (dispensed)');
    case 'Encounter':
      return named('visit', resource, asObjects(resource['type'])[0], startOf(resource['period']), plainStatus(resource, 'finished'));
    case 'Immunization':
      return named('immunization', resource, resource['vaccineCode'], resource['occurrenceDateTime'], plainStatus(resource, 'completed'));
    case 'ServiceRequest':
    case 'DeviceRequest':
      return named(
        'order',
        resource,
        resource['code'] ?? resource['codeCodeableConcept'],
        resource['authoredOn'],
        isDraft ? '' : requestStatus(resource),
        isDraft,
      );
    case 'AllergyIntolerance':
      return named('allergy', resource, resource['code'], resource['recordedDate'] ?? resource['onsetDateTime'], '');
    case 'Observation':
      return observation(resource);
    default:
      return undefined;
  }
}

function requestStatus(resource: Loose): string {
  return resource['doNotPerform'] === true ? ' (not to be done)' : plainStatus(resource, 'active');
}

function named(kind: FactKind, resource: Loose, concept: unknown, when: unknown, suffix: string, isDraft = true): Phrase | undefined {
  const name = nameOf(concept);
  if (name === undefined) return undefined;
  const lead = kind === 'order' ? (isDraft ? 'being ordered: ' : 'ordered: ') : kind === 'allergy' ? 'allergy: ' : '';
  const refuted = statusOf(resource['verificationStatus'], ['confirmed', 'provisional', 'unconfirmed', 'differential']);
  return { kind, text: `${lead}${name.text}${suffix}${refuted}`, when, isFreeText: name.isFreeText };
}

function observation(resource: Loose): Phrase | undefined {
  const name = nameOf(resource['code']);
  if (name === undefined) return undefined;
  const category = asObjects(resource['category'])
    .flatMap((concept) => asObjects(concept['coding']))
    .map((coding) => coding['code']);
  const kind: FactKind = category.includes('vital-signs') ? 'vital' : category.includes('laboratory') ? 'lab' : 'observation';
  const parts = asObjects(resource['component']).map((part) => {
    const [partName, value] = [nameOf(part['code']), writeValue(part)];
    return partName === undefined || value === undefined ? undefined : `${partName.text} ${value}`;
  });
  const value = writeValue(resource) ?? (parts.filter((part) => part !== undefined).join(', ') || undefined);
  const flag = interpretationOf(resource);
  const text = `${name.text}${value === undefined ? '' : ` ${value}`}${flag}`;
  return {
    kind,
    text,
    when: resource['effectiveDateTime'] ?? startOf(resource['effectivePeriod']) ?? resource['effectiveInstant'] ?? resource['issued'],
    isFreeText: name.isFreeText,
  };
}

function writeValue(holder: Loose): string | undefined {
  const quantity = asObject(holder['valueQuantity']);
  const value = asNumber(quantity?.['value']);
  if (value !== undefined) {
    // Units come from a small alphabet; anything else in their place is somebody's free text.
    const unit = [quantity?.['unit'], quantity?.['code']]
      .map(asText)
      .find((text) => text !== undefined && /^[A-Za-z%µ°[\]{}()/.*^0-9 -]{1,20}$/.test(text));
    const comparator = asText(quantity?.['comparator']);
    return `${comparator !== undefined && /^[<>]=?$/.test(comparator) ? `${comparator} ` : ''}${writeNumber(value)}${unit === undefined ? '' : ` ${unit}`}`;
  }
  const coded = nameOf(holder['valueCodeableConcept']);
  if (coded !== undefined) return coded.text;
  if (typeof holder['valueBoolean'] === 'boolean') return holder['valueBoolean'] ? 'yes' : 'no';
  return asNumber(holder['valueInteger'])?.toString() ?? asText(holder['valueString']);
}

/** As a clinician writes it: no more decimals than are measured. Long rows of digits would look like somebody's number to the filter. */
function writeNumber(value: number): string {
  const rounded = Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(4));
  return Math.abs(rounded) >= 100_000 ? rounded.toLocaleString('en-US') : String(rounded);
}

/** HL7 v3 ObservationInterpretation. A Map: a code named 'constructor' is no word. */
const interpretations: ReadonlyMap<string, string> = new Map([
  ['H', 'high'],
  ['HH', 'critically high'],
  ['HU', 'high'],
  ['L', 'low'],
  ['LL', 'critically low'],
  ['LU', 'low'],
  ['A', 'abnormal'],
  ['AA', 'critically abnormal'],
  ['POS', 'positive'],
  ['NEG', 'negative'],
]);

/** 'high', 'low', 'abnormal' as the laboratory flagged it, or by its reference range. */
function interpretationOf(resource: Loose): string {
  const code = asObjects(resource['interpretation'])
    .flatMap((concept) => asObjects(concept['coding']))
    .map((coding) => interpretations.get(asText(coding['code']) ?? ''))
    .find((word) => word !== undefined);
  if (code !== undefined) return ` (${code})`;
  const value = asNumber(asObject(resource['valueQuantity'])?.['value']);
  const range = asObjects(resource['referenceRange'])[0];
  const [low, high] = [asNumber(asObject(range?.['low'])?.['value']), asNumber(asObject(range?.['high'])?.['value'])];
  if (value !== undefined && high !== undefined && value > high) return ' (high)';
  return value !== undefined && low !== undefined && value < low ? ' (low)' : '';
}

/** Display of the first coding that knowledge could name; else the text, which only a language model can read. */
function nameOf(concept: unknown): { readonly text: string; readonly isFreeText: boolean } | undefined {
  const object = asObject(concept);
  const codings = asObjects(object?.['coding']);
  const coded = codings.find((coding) => knownSystems.includes(asText(coding['system']) ?? '') && asText(coding['code']) !== undefined);
  const display = [coded?.['display'], object?.['text'], ...codings.map((coding) => coding['display'])]
    .map(asText)
    .find((text) => text !== undefined);
  if (display !== undefined) return { text: display.replace(semanticTag, ''), isFreeText: coded === undefined };
  const code = asText(coded?.['code']);
  if (code === undefined || !/^[A-Za-z0-9.-]{1,20}$/.test(code)) return undefined;
  // "2823-3" tells nobody anything, and with a number behind it looks like a date to the filter.
  return { text: /^\d+-\d$/.test(code) ? 'a measurement without a name:' : `code ${code}`, isFreeText: false };
}

function medicationOf(resource: Loose): unknown {
  if (asObject(resource['medicationCodeableConcept']) !== undefined) return resource['medicationCodeableConcept'];
  const contained = asObjects(resource['contained']).find((one) => one['resourceType'] === 'Medication');
  if (contained !== undefined) return contained['code'];
  const display = asText(asObject(resource['medicationReference'])?.['display']);
  return display === undefined ? undefined : { text: display };
}

function statusOf(concept: unknown, usual: readonly string[]): string {
  const code = asObjects(asObject(concept)?.['coding']).map((coding) => asText(coding['code']))[0];
  return code === undefined || usual.includes(code) || !/^[a-z-]{1,30}$/.test(code) ? '' : ` (${code})`;
}

function plainStatus(resource: Loose, usual: string): string {
  const status = asText(resource['status']);
  return status === undefined || status === usual || !/^[a-z-]{1,30}$/.test(status) ? '' : ` (${status})`;
}

function startOf(period: unknown): unknown {
  return asObject(period)?.['start'];
}
