/** One resource as criteria see it: what (codes), when (days), and whether it says that something is so. Knows FHIR's fields, no rule. */
import type { ChartEntry, FactId, ListName } from '../../types.js';
import { toSpan } from '../dates.js';
import { type DaySpan, ever, toDays } from './days.js';
import { codesOf, extensionOf, type Fields, fieldsOf, listOf, plainCodesOf, textOf } from './fields.js';
import { courseOf } from './supply.js';

/** `counts`: it says that this is so. `refuted`: that it is not. `negated`: that it was decided against. `uncertain`: nobody can tell. `ignored`: it says nothing. */
export type Standing = 'counts' | 'refuted' | 'negated' | 'uncertain' | 'ignored';

export interface ChartEvent {
  readonly fact: FactId;
  readonly list: ListName;
  readonly type: string;
  readonly fields: Fields;
  readonly codes: readonly string[];
  /** What of, for a medicine that is prescribed: its course. Open at an end that is not known. */
  readonly start: DaySpan;
  readonly end: DaySpan;
  /** When an order was written; of other resources their start. */
  readonly authored: DaySpan;
  readonly isDated: boolean;
  /** For the order within a day, in milliseconds. */
  readonly at: number;
  readonly standing: Standing;
  /** A condition, or an allergy, that has not ended. */
  readonly isOngoing: boolean;
  /** False of a condition that is over, nobody says since when, and of one that does not say whether it is over. */
  readonly isEndKnown: boolean;
}

export function toEvent({ fact, list, resource }: ChartEntry, medications: ReadonlyMap<string, Fields>): ChartEvent | undefined {
  if (list === 'drafts' || list === 'patient' || list === 'notes') return undefined;
  const fields = fieldsOf(resource);
  const type = textOf(fields['resourceType']);
  const isConditionLike = type === 'Condition' || type === 'AllergyIntolerance';
  const ongoing = isConditionLike && isOngoing(fields);
  const isStated = type !== 'Condition' || plainCodesOf(fields['clinicalStatus']).length > 0;
  const when = whenOf(type, fields, ongoing);
  return {
    fact,
    list,
    type,
    fields,
    codes: codesOf(conceptOf(type, fields, medications)),
    ...when,
    isEndKnown: !isConditionLike || (ongoing && isStated) || Number.isFinite(when.end.max),
    standing: standingOf(type, fields),
    isOngoing: ongoing,
  };
}

export function collectMedications(entries: readonly ChartEntry[]): ReadonlyMap<string, Fields> {
  const found = entries.map(({ resource }) => fieldsOf(resource)).filter((fields) => fields['resourceType'] === 'Medication');
  return new Map(found.map((fields) => [textOf(fields['id']), fields]));
}

const conceptFields: Readonly<Record<string, readonly string[]>> = {
  Encounter: ['type', 'serviceType'],
  Immunization: ['vaccineCode'],
  DeviceRequest: ['codeCodeableConcept'],
  AdverseEvent: ['event'],
};

function conceptOf(type: string, fields: Fields, medications: ReadonlyMap<string, Fields>): readonly unknown[] {
  const substances = type === 'AdverseEvent' ? listOf(fields['suspectEntity']).map((one) => one['instanceCodeableConcept']) : [];
  if (!type.startsWith('Medication')) return [...(conceptFields[type] ?? ['code']).map((name) => fields[name]), ...substances].flat();
  if (fields['medicationCodeableConcept'] !== undefined) return [fields['medicationCodeableConcept']];
  const target = textOf(fieldsOf(fields['medicationReference'])['reference']);
  const contained = listOf(fields['contained']).find((one) => `#${textOf(one['id'])}` === target);
  const medication = contained ?? medications.get(target.split('/').at(-1) ?? '');
  return [medication?.['code'], ...listOf(medication?.['ingredient']).map((ingredient) => ingredient['itemCodeableConcept'])];
}

const startFields: Readonly<Record<string, readonly string[]>> = {
  Condition: ['onsetDateTime', 'onsetPeriod', 'recordedDate'],
  AllergyIntolerance: ['onsetDateTime', 'onsetPeriod', 'recordedDate'],
  Encounter: ['period'],
  Procedure: ['performedDateTime', 'performedPeriod'],
  Observation: ['effectiveDateTime', 'effectivePeriod', 'effectiveInstant', 'issued'],
  Immunization: ['occurrenceDateTime'],
  MedicationDispense: ['whenHandedOver', 'whenPrepared'],
  AdverseEvent: ['date', 'recordedDate'],
  MedicationStatement: ['effectiveDateTime', 'effectivePeriod', 'dateAsserted'],
};

function whenOf(type: string, fields: Fields, ongoing: boolean): Pick<ChartEvent, 'start' | 'end' | 'authored' | 'isDated' | 'at'> {
  const name = (startFields[type] ?? ['authoredOn', 'occurrenceDateTime', 'date']).find((one) => fields[one] !== undefined);
  const value = name === undefined ? undefined : fields[name];
  const [first, last] = typeof value === 'string' ? [value, value] : [fieldsOf(value)['start'], fieldsOf(value)['end']];
  const written = toDays(first) ?? toDays(last);
  const authored = written ?? ever;
  const at = toSpan(last ?? first)?.from ?? toSpan(first)?.from ?? Number.NEGATIVE_INFINITY;
  const isDated = written !== undefined;
  if (type === 'Condition' || type === 'AllergyIntolerance') {
    // What goes on now and has no beginning on record began some time before.
    const start = isDated ? authored : ongoing ? { min: Number.NEGATIVE_INFINITY, max: Number.NEGATIVE_INFINITY } : ever;
    return { start, end: endOfCondition(fields, start, ongoing), authored, isDated, at };
  }
  if (type === 'MedicationRequest' || type === 'MedicationDispense' || type === 'MedicationStatement')
    return { ...courseOf(type, fields, written, toDays(last)), authored, isDated, at };
  // An observation is on record when it is issued, whenever it was made (or should have been).
  const issued = type === 'Observation' ? toDays(fields['issued']) : undefined;
  // A visit without an end may go on, one without a beginning began before its end.
  const [starts, ends] = [toDays(first), toDays(last)];
  if (type === 'Encounter' && isDated && (starts === undefined || ends === undefined)) {
    const start = starts ?? { min: Number.NEGATIVE_INFINITY, max: authored.max };
    return { start, end: ends ?? { min: authored.min, max: Number.POSITIVE_INFINITY }, authored, isDated, at };
  }
  return { start: authored, end: ends ?? authored, authored: issued ?? authored, isDated, at };
}

/** Ended, nobody knows when: some time between its beginning and now. */
function endOfCondition(fields: Fields, start: DaySpan, ongoing: boolean): DaySpan {
  if (ongoing) return { min: Number.POSITIVE_INFINITY, max: Number.POSITIVE_INFINITY };
  const abated = fields['abatementPeriod'] === undefined ? fields['abatementDateTime'] : fieldsOf(fields['abatementPeriod'])['end'];
  return toDays(abated) ?? { min: start.min, max: Number.POSITIVE_INFINITY };
}

/** Of what begins slowly, the whole time in which it began. */
export function onsetOf({ fields, start }: ChartEvent): { readonly start: DaySpan; readonly end: DaySpan } {
  const period = fields['onsetPeriod'];
  if (period === undefined) return { start, end: start };
  return { start, end: toDays(fieldsOf(period)['end']) ?? { min: Number.POSITIVE_INFINITY, max: Number.POSITIVE_INFINITY } };
}

/** Absent clinical status: EHRs leave it out on old problems that nobody closed. */
function isOngoing(fields: Fields): boolean {
  const status = plainCodesOf(fields['clinicalStatus'])[0] ?? '';
  const names = ['abatementDateTime', 'abatementPeriod', 'abatementAge', 'abatementRange', 'abatementString'];
  const hasAbated = names.some((name) => fields[name] !== undefined) || fields['abatementBoolean'] === true;
  return !hasAbated && ['', 'active', 'recurrence', 'relapse'].includes(status);
}

/** Status codes that let a resource count, and those that leave it open; all others say nothing. {@link https://hl7.org/fhir/R4/} */
const standings: Readonly<Record<string, { readonly counts: readonly string[]; readonly uncertain: readonly string[] }>> = {
  Procedure: { counts: ['completed', ''], uncertain: ['in-progress', 'unknown'] },
  Observation: { counts: ['final', 'amended', 'corrected', 'preliminary', 'appended', ''], uncertain: ['unknown'] },
  MedicationRequest: { counts: ['active', ''], uncertain: ['on-hold', 'unknown'] },
  MedicationStatement: { counts: ['active', ''], uncertain: ['on-hold', 'unknown'] },
  MedicationDispense: { counts: ['completed', 'in-progress', ''], uncertain: ['on-hold', 'unknown'] },
  Encounter: { counts: ['finished', 'arrived', 'triaged', 'in-progress', 'onleave', ''], uncertain: ['unknown'] },
  Immunization: { counts: ['completed', ''], uncertain: [] },
  ServiceRequest: { counts: ['active', 'completed', ''], uncertain: ['on-hold', 'unknown'] },
  DeviceRequest: { counts: ['active', 'completed', ''], uncertain: ['on-hold', 'unknown'] },
};

function standingOf(type: string, fields: Fields): Standing {
  if (type === 'Condition' || type === 'AllergyIntolerance') {
    const verification = plainCodesOf(fields['verificationStatus'])[0] ?? '';
    if (verification === 'refuted' || verification === 'entered-in-error') return verification === 'refuted' ? 'refuted' : 'ignored';
    return ['', 'confirmed'].includes(verification) ? 'counts' : 'uncertain';
  }
  if (type === 'AdverseEvent') return 'counts';
  if (isNegated(fields)) return 'negated';
  const status = textOf(fields['status']);
  if (fields['intent'] === 'proposal') return 'ignored';
  if (standings[type]?.counts.includes(status)) return 'counts';
  return standings[type]?.uncertain.includes(status) ? 'uncertain' : 'ignored';
}

/** Decided against: FHIR's own flag, FHIR's status, or QI-Core's reasons. {@link http://hl7.org/fhir/us/qicore/negation.html} */
function isNegated(fields: Fields): boolean {
  if (fields['doNotPerform'] === true || fields['status'] === 'not-done' || notDoneFlag(fields) === true) return true;
  // A reason beside a plain "to be done" is a remark.
  return notDoneReason(fields) !== undefined && fields['doNotPerform'] !== false;
}

function notDoneFlag(fields: Fields): unknown {
  return (extensionOf(fields, 'qicore-notDone') ?? extensionOf(fields, 'qicore-doNotPerform'))?.['valueBoolean'];
}

function notDoneReason(fields: Fields): Fields | undefined {
  return (
    extensionOf(fields, 'qicore-notDoneReason') ?? extensionOf(fields, 'qicore-doNotPerformReason') ?? extensionOf(fields, 'qicore-reasonRefused')
  );
}

/** Why it was done, or why not. */
export function reasonsOf({ fields }: ChartEvent): readonly string[] {
  return codesOf([fields['reasonCode'], fields['statusReason'], notDoneReason(fields)?.['valueCodeableConcept']].flat());
}
