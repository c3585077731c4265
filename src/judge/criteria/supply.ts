/** From when until when a prescribed or dispensed medicine lasts. Knows FHIR's dosage and supply, no drug. */
import { convertUnit } from '../units.js';
import { type DaySpan, toDays } from './days.js';
import { type Fields, fieldsOf, listOf, numberOf, textOf } from './fields.js';

interface Course {
  readonly start: DaySpan;
  readonly end: DaySpan;
}

const unknown: DaySpan = { min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY };

/** `written`: when it was ordered, handed over or stated; `last`: the end of that, where it is a period. */
export function courseOf(type: string, fields: Fields, written: DaySpan | undefined, last: DaySpan | undefined): Course {
  if (type === 'MedicationStatement') return { start: written ?? unknown, end: last ?? written ?? unknown };
  const bounds = fieldsOf(fieldsOf(fieldsOf(dosageOf(fields)['timing'])['repeat'])['boundsPeriod']);
  const start = (type === 'MedicationRequest' ? toDays(bounds['start']) : undefined) ?? written ?? unknown;
  const days = daysOf(type, fields);
  // One day's supply ends on the day it starts.
  if (days !== undefined) return { start, end: { min: start.min + Math.floor(days) - 1, max: start.max + Math.floor(days) - 1 } };
  const end = type === 'MedicationRequest' ? toDays(bounds['end']) : undefined;
  // An order that is active and has no end goes on; so does a dosage that says from when and not until when.
  const isOpen = fields['status'] === 'active' || (fields['status'] === 'completed' && bounds['start'] !== undefined);
  return { start, end: end ?? (isOpen ? { min: Number.POSITIVE_INFINITY, max: Number.POSITIVE_INFINITY } : start) };
}

export function isBounded(fields: Fields): boolean {
  const bounds = fieldsOf(fieldsOf(fieldsOf(dosageOf(fields)['timing'])['repeat'])['boundsPeriod']);
  return bounds['start'] !== undefined || bounds['end'] !== undefined;
}

export function isLengthKnown({ type, fields }: { readonly type: string; readonly fields: Fields }): boolean {
  const bounds = fieldsOf(fieldsOf(fieldsOf(dosageOf(fields)['timing'])['repeat'])['boundsPeriod']);
  return daysOf(type, fields) !== undefined || bounds['end'] !== undefined;
}

function dosageOf(fields: Fields): Fields {
  return listOf(fields['dosageInstruction'])[0] ?? {};
}

/** The supply as stated, else quantity by dose and frequency; all refills of a request. */
function daysOf(type: string, fields: Fields): number | undefined {
  if (type === 'MedicationDispense') return inDays(fields['daysSupply']) ?? byQuantity(fields['quantity'], fields);
  const dispense = fieldsOf(fields['dispenseRequest']);
  const once = inDays(dispense['expectedSupplyDuration']) ?? byQuantity(dispense['quantity'], fields);
  return once === undefined ? undefined : once * (1 + (numberOf(dispense['numberOfRepeatsAllowed']) ?? 0));
}

function inDays(duration: unknown): number | undefined {
  const { value, code, unit } = fieldsOf(duration);
  const amount = numberOf(value);
  return amount === undefined ? undefined : convertUnit(amount, unitName(textOf(code) || textOf(unit) || 'd'), 'd');
}

/** FHIR writes `days` where UCUM has `d`. */
function unitName(unit: string): string {
  return /^days?$/i.test(unit) ? 'd' : unit;
}

function byQuantity(quantity: unknown, fields: Fields): number | undefined {
  const amount = numberOf(fieldsOf(quantity)['value']);
  const dosage = dosageOf(fields);
  const rate = listOf(dosage['doseAndRate'])[0] ?? {};
  const dose = numberOf(fieldsOf(fieldsOf(rate['doseRange'])['high'])['value']) ?? numberOf(fieldsOf(rate['doseQuantity'])['value']);
  if (amount === undefined || dose === undefined || dose <= 0) return undefined;
  return amount / (dose * dosesPerDay(fieldsOf(fieldsOf(dosage['timing'])['repeat'])));
}

function dosesPerDay(repeat: Fields): number {
  const frequency = numberOf(repeat['frequencyMax']) ?? numberOf(repeat['frequency']);
  const period = numberOf(repeat['period']);
  const length = period === undefined ? undefined : convertUnit(period, textOf(repeat['periodUnit']), 'd');
  if (frequency !== undefined && length !== undefined && length > 0) return frequency / length;
  const times = Array.isArray(repeat['timeOfDay']) ? repeat['timeOfDay'].length : 0;
  return times > 0 ? times : 1;
}

interface Supplied {
  readonly type: string;
  readonly fields: Fields;
  readonly codes: readonly string[];
}

export function suppliedDaysOf({ type, fields }: Supplied): number | undefined {
  return daysOf(type, fields);
}

/** Amount × strength by the days that it lasts; undefined where one of the three is not known. */
export function dailyDoseOf({ type, fields, codes }: Supplied, strengths: ReadonlyMap<string, number> | undefined): number | undefined {
  const amount = numberOf(fieldsOf(fieldsOf(fields['dispenseRequest'])['quantity'])['value']);
  const strength = codes.map((code) => strengths?.get(code)).find((one) => one !== undefined);
  const days = daysOf(type, fields);
  return amount === undefined || strength === undefined || days === undefined || days <= 0 ? undefined : (amount * strength) / days;
}
