/**
 * One resource as judging sees it: its codes, its words, when, and whether its status lets it count. Knows FHIR's status fields, no rule.
 * EHRs send malformed content: a field of a wrong shape is an absent one.
 */
import type { ChartEntry, FactId, ListName } from '../types.js';
import { type Span, toSpan } from './dates.js';

/** `counts`: it says that this is so. `refuted`: it says that it is not. `uncertain`: nobody can tell. `ignored`: it says nothing. */
export type Standing = 'counts' | 'refuted' | 'uncertain' | 'ignored';

export interface ChartRecord {
  readonly fact: FactId;
  readonly list: ListName | 'drafts';
  /** `system|code`, as sent. */
  readonly codes: readonly string[];
  /** Every display and text of its code, in lower case. */
  readonly words: string;
  readonly span: Span | undefined;
  /** A condition that has not ended. */
  readonly isOngoing: boolean;
  readonly standing: Standing;
  readonly quantity: { readonly low: number; readonly high: number; readonly unit: string } | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {});
const listOf = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isFields) : isFields(value) ? [value] : []);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const codeOf = (concept: unknown): string => listOf(fieldsOf(concept)['coding']).map((coding) => textOf(coding['code']))[0] ?? '';

/** `medications`: Medication resources by id, for orders that point to them. */
export function toRecord({ fact, list, resource }: ChartEntry, medications: ReadonlyMap<string, Fields>): ChartRecord {
  const fields = fieldsOf(resource);
  const concepts = conceptsOf(fields, medications);
  const codings = concepts.flatMap((concept) => listOf(concept['coding']));
  return {
    fact,
    list,
    codes: codings.map((coding) => `${textOf(coding['system'])}|${textOf(coding['code'])}`),
    words: [...concepts.map((concept) => textOf(concept['text'])), ...codings.map((coding) => textOf(coding['display']))].join(' \n ').toLowerCase(),
    span: whenOf(fields),
    isOngoing: fields['resourceType'] === 'Condition' && isOngoing(fields),
    standing: list === 'drafts' ? draftStanding(fields) : standingOf(fields),
    quantity: quantityOf(fields),
  };
}

export function collectMedications(entries: readonly ChartEntry[]): ReadonlyMap<string, Fields> {
  const found = entries.map(({ resource }) => fieldsOf(resource)).filter((fields) => fields['resourceType'] === 'Medication');
  return new Map(found.map((fields) => [textOf(fields['id']), fields]));
}

function conceptsOf(fields: Fields, medications: ReadonlyMap<string, Fields>): readonly Fields[] {
  const type = fields['resourceType'];
  if (type !== 'MedicationRequest' && type !== 'MedicationStatement') return [fieldsOf(fields['code'])];
  const concept = fields['medicationCodeableConcept'];
  if (isFields(concept)) return [concept];
  const reference = fieldsOf(fields['medicationReference']);
  const target = textOf(reference['reference']);
  const contained = listOf(fields['contained']).find((one) => `#${textOf(one['id'])}` === target);
  const medication = contained ?? medications.get(target.split('/').at(-1) ?? '');
  const ingredients = listOf(medication?.['ingredient']).map((ingredient) => fieldsOf(ingredient['itemCodeableConcept']));
  return [fieldsOf(medication?.['code']), ...ingredients, { text: textOf(reference['display']) }];
}

function whenOf(fields: Fields): Span | undefined {
  const candidates = [
    fields['performedDateTime'],
    fieldsOf(fields['performedPeriod'])['end'],
    fieldsOf(fields['performedPeriod'])['start'],
    fields['effectiveDateTime'],
    fields['effectiveInstant'],
    fieldsOf(fields['effectivePeriod'])['end'],
    fieldsOf(fields['effectivePeriod'])['start'],
    fields['onsetDateTime'],
    fieldsOf(fields['onsetPeriod'])['start'],
    fields['recordedDate'],
    fields['authoredOn'],
    fields['dateAsserted'],
  ];
  return candidates.map(toSpan).find((span) => span !== undefined);
}

/** Absent clinical status: EHRs leave it out on old problems that nobody closed. */
function isOngoing(fields: Fields): boolean {
  const status = codeOf(fields['clinicalStatus']);
  const hasAbated =
    ['abatementDateTime', 'abatementPeriod', 'abatementAge', 'abatementRange', 'abatementString'].some((name) => fields[name] !== undefined) ||
    fields['abatementBoolean'] === true;
  return !hasAbated && ['', 'active', 'recurrence', 'relapse'].includes(status);
}

/** Status codes that let a resource count, and those that leave it open; all others say nothing. {@link https://hl7.org/fhir/R4/} */
const standings: Readonly<Record<string, { readonly counts: readonly string[]; readonly uncertain: readonly string[] }>> = {
  Procedure: { counts: ['completed', ''], uncertain: ['in-progress', 'unknown'] },
  Observation: { counts: ['final', 'amended', 'corrected', 'preliminary', ''], uncertain: ['unknown'] },
  MedicationRequest: { counts: ['active', ''], uncertain: ['on-hold', 'unknown'] },
  MedicationStatement: { counts: ['active', ''], uncertain: ['on-hold', 'unknown'] },
};

function standingOf(fields: Fields): Standing {
  const type = textOf(fields['resourceType']);
  if (type === 'Condition') {
    const verification = codeOf(fields['verificationStatus']);
    if (verification === 'refuted') return 'refuted';
    return ['', 'confirmed'].includes(verification) ? 'counts' : 'uncertain';
  }
  if (fields['doNotPerform'] === true || fields['intent'] === 'proposal') return 'ignored';
  const status = textOf(fields['status']);
  if (standings[type]?.counts.includes(status)) return 'counts';
  return standings[type]?.uncertain.includes(status) ? 'uncertain' : 'ignored';
}

/** A draft counts whatever its status says, unless it is an order to stop. */
function draftStanding(fields: Fields): Standing {
  const isDrug = fields['resourceType'] === 'MedicationRequest';
  const isStop = fields['doNotPerform'] === true || ['stopped', 'cancelled', 'completed', 'entered-in-error'].includes(textOf(fields['status']));
  return isDrug && !isStop ? 'counts' : 'ignored';
}

/** A value "< 4" lies anywhere below. */
function quantityOf(fields: Fields): ChartRecord['quantity'] {
  const quantity = fieldsOf(fields['valueQuantity']);
  const value = quantity['value'];
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  const comparator = textOf(quantity['comparator']);
  return {
    low: comparator.startsWith('<') ? Number.NEGATIVE_INFINITY : value,
    high: comparator.startsWith('>') ? Number.POSITIVE_INFINITY : value,
    unit: textOf(quantity['code']) || textOf(quantity['unit']),
  };
}
