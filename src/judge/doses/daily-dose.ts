/** The amount of an ingredient that an order brings in a day. Knows FHIR's Dosage and product names, no limit of any drug. */

import { convertUnit } from '../patient/units.js';
import { type DoseText, readDoseText } from './dose-text.js';
import { type Fields, fieldsOf, listOf, numberOf, textOf } from './fields.js';
import { readStrength, type Strength, type StrengthOf } from './strength.js';
import { readTiming, type TimesADay } from './timing.js';
import { readUnit } from './units.js';

/** `high`: if every dose that the order permits is taken. Undefined where the order does not say enough. */
export interface DailyDose {
  readonly low: number;
  readonly high: number;
  /** The largest single dose. */
  readonly single: number;
  readonly timesADay: number;
  readonly isAsNeeded: boolean;
}

export interface Product extends StrengthOf {
  /** What the order calls it: displays and text. */
  readonly words: string;
  readonly weightKg: number | undefined;
}

interface Range {
  readonly low: number;
  readonly high: number;
}

/** `unit`: UCUM, in which the answer is wanted. */
export function readDailyDose(resource: Fields, product: Product, unit: string): DailyDose | undefined {
  const instructions = [...listOf(resource['dosageInstruction']), ...listOf(resource['dosage'])];
  const strength = readStrength(product.words, product);
  // A sig may stand in the name of the drug itself: "Coumadin 5 mg po qd".
  const asText = instructions.length === 0 ? [{ text: product.words }] : instructions;
  const doses = asText.map((instruction) => readInstruction(instruction, strength, product, unit));
  const known = doses.filter((dose) => dose !== undefined);
  if (known.length === 0 || known.length < doses.length) return undefined;
  return isSequence(asText) ? highest(known) : summed(known);
}

/** Of an order without any directions: what one piece holds. One a day is how most are meant, and no more than that is known. */
export function readOnePiece(resource: Fields, product: Product, unit: string): number | undefined {
  const instructions = [...listOf(resource['dosageInstruction']), ...listOf(resource['dosage'])];
  const strength = readStrength(product.words, product);
  const { amount, times, most } = readDoseText(product.words);
  const isSilent = instructions.length === 0 && times === undefined && most === undefined && (amount === undefined || amount.low === amount.high);
  return isSilent && strength?.per === 'piece' ? convertUnit(strength.amount, strength.unit, unit) : undefined;
}

/** Steps of a taper follow each other: "40 mg for 5 days, then 20 mg". Equal sequence numbers run beside each other (FHIR R4, Dosage.sequence). */
function isSequence(instructions: readonly Fields[]): boolean {
  if (instructions.length < 2) return false;
  const numbers = instructions.map((one) => numberOf(one['sequence']));
  if (numbers.every((one) => one !== undefined)) return new Set(numbers).size > 1;
  const repeats = instructions.map((one) => fieldsOf(fieldsOf(one['timing'])['repeat']));
  const areBounded = repeats.filter((repeat) => Object.keys(repeat).some((key) => key.startsWith('bounds'))).length >= instructions.length - 1;
  return areBounded || instructions.some((one) => /\bthen\b/i.test(textOf(one['text'])));
}

const highest = (doses: readonly DailyDose[]): DailyDose => doses.reduce((most, dose) => (dose.high > most.high ? dose : most));

function summed(doses: readonly DailyDose[]): DailyDose {
  const sum = (pick: (dose: DailyDose) => number): number => doses.reduce((total, dose) => total + pick(dose), 0);
  return {
    low: sum((dose) => dose.low),
    high: sum((dose) => dose.high),
    single: Math.max(...doses.map((dose) => dose.single)),
    timesADay: sum((dose) => dose.timesADay),
    isAsNeeded: doses.every((dose) => dose.isAsNeeded),
  };
}

function readInstruction(instruction: Fields, strength: Strength | undefined, product: Product, unit: string): DailyDose | undefined {
  const text = readDoseText([textOf(instruction['text']), textOf(instruction['patientInstruction'])].join(' ; '));
  const isAsNeeded = instruction['asNeededBoolean'] === true || instruction['asNeededCodeableConcept'] !== undefined || text.isAsNeeded;
  const single = readSingle(instruction, text, strength, product, unit);
  const most = readMost(instruction, text, strength, product, unit);
  // A patch that releases so much an hour works all day, however often it is changed.
  const times = strength?.per === 'hour' ? { low: 24, high: 24 } : (readTiming(instruction['timing']) ?? text.times);
  if (single === undefined || times === undefined) {
    return most === undefined ? undefined : { low: 0, high: most, single: single?.high ?? most, timesADay: times?.high ?? 1, isAsNeeded };
  }
  return { ...dailyOf(single, times, most), single: single.high, timesADay: times.high, isAsNeeded };
}

function dailyOf(single: Range, times: TimesADay, most: number | undefined): Range {
  const high = Math.min(single.high * times.high, most ?? Number.POSITIVE_INFINITY);
  return { low: Math.min(single.low * times.low, high), high };
}

function readSingle(instruction: Fields, text: DoseText, strength: Strength | undefined, product: Product, unit: string): Range | undefined {
  const [rate] = listOf(instruction['doseAndRate']);
  const source = rate ?? instruction;
  const quantity = fieldsOf(source['doseQuantity']);
  const range = fieldsOf(source['doseRange']);
  const [low, high] = [fieldsOf(range['low']), fieldsOf(range['high'])];
  const top = numberOf(quantity['value']) === undefined ? (numberOf(high['value']) === undefined ? low : high) : quantity;
  const bottom = numberOf(quantity['value']) === undefined ? (numberOf(low['value']) === undefined ? high : low) : quantity;
  const fromQuantity = toRange(amountOf(bottom, strength, product, unit), amountOf(top, strength, product, unit));
  if (fromQuantity !== undefined) return fromQuantity;
  // A quantity in a unit that nobody knows is not overruled by words.
  if (numberOf(top['value']) !== undefined) return undefined;
  const { amount } = text;
  if (amount === undefined) return undefined;
  const inUnit = (value: number): number | undefined => toAmount(value, amount.unit, strength, product, unit);
  return toRange(inUnit(amount.low), inUnit(amount.high));
}

const toRange = (low: number | undefined, high: number | undefined): Range | undefined =>
  low === undefined || high === undefined ? undefined : { low, high };

function amountOf(quantity: Fields, strength: Strength | undefined, product: Product, unit: string): number | undefined {
  const value = numberOf(quantity['value']);
  if (value === undefined || value < 0) return undefined;
  const written = textOf(quantity['unit']);
  const code = textOf(quantity['code']);
  return toAmount(value, readUnit(code) === undefined && perKilogram(code) === undefined ? written : code || written, strength, product, unit);
}

const perKilogram = (written: string): string | undefined => /^(.+)\/kg(?:\/(?:d|day|dose))?$/i.exec(written.trim())?.[1];

function toAmount(value: number, written: string, strength: Strength | undefined, product: Product, unit: string): number | undefined {
  const byWeight = perKilogram(written);
  if (byWeight !== undefined) {
    return product.weightKg === undefined ? undefined : toAmount(value * product.weightKg, byWeight, strength, product, unit);
  }
  const read = readUnit(written);
  if (read === undefined) return undefined;
  if (read.kind === 'count')
    return strength === undefined || strength.per === 'mL' ? undefined : convertUnit(value * strength.amount, strength.unit, unit);
  if (read.code === 'mL' || read.code === 'L') {
    const volume = convertUnit(value * read.factor, read.code, 'mL');
    return volume === undefined || strength?.per !== 'mL' ? undefined : convertUnit(volume * strength.amount, strength.unit, unit);
  }
  // "5 mg" of a combination is not said to be of this ingredient.
  return product.others.length === 0 ? convertUnit(value, read.code, unit) : undefined;
}

function readMost(instruction: Fields, text: DoseText, strength: Strength | undefined, product: Product, unit: string): number | undefined {
  const ratio = fieldsOf(instruction['maxDosePerPeriod']);
  const [numerator, denominator] = [fieldsOf(ratio['numerator']), fieldsOf(ratio['denominator'])];
  const amount = amountOf(numerator, strength, product, unit);
  const days = convertUnit(numberOf(denominator['value']) ?? 1, textOf(denominator['code']) || textOf(denominator['unit']), 'd');
  if (amount !== undefined && days !== undefined && days > 0) return amount / days;
  return text.most === undefined ? undefined : toAmount(text.most.value, text.most.unit, strength, product, unit);
}
