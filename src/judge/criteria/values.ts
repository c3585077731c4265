/** Compares the value of an observation: numbers with their units, codes, or that there is one at all. Three-valued; knows no analyte. */
import type { Truth } from '../../types.js';
import { convertUnit } from '../units.js';
import type { CompiledValue } from './compile.js';
import { codesOf, type Fields, fieldsOf, listOf, numberOf, textOf } from './fields.js';
import { allOf } from './truth.js';

/** "< 4" lies anywhere below. */
interface Amount {
  readonly low: number;
  readonly high: number;
  readonly unit: string;
}

const valueFields = [
  'valueQuantity',
  'valueCodeableConcept',
  'valueString',
  'valueBoolean',
  'valueInteger',
  'valueRange',
  'valueRatio',
  'valueDateTime',
];

export function testValue(value: CompiledValue, fields: Fields): Truth {
  switch (value.kind) {
    case 'present':
      return valueFields.some((name) => fields[name] !== undefined) || listOf(fields['component']).some((part) => testValue(value, part) === 'yes')
        ? 'yes'
        : 'no';
    case 'code':
      return codesOf(fields['valueCodeableConcept']).some((code) => value.codes.has(code)) ? 'yes' : 'no';
    case 'quantity': {
      const amount = amountOf(value, fields);
      return amount === undefined ? 'no' : compare(amount, value);
    }
  }
}

type Quantity = Extract<CompiledValue, { readonly kind: 'quantity' }>;

/** Undefined: there is no number. */
export function amountOf({ component }: Quantity, fields: Fields): Amount | undefined {
  if (component === undefined) return amountIn(fields);
  const part = listOf(fields['component']).find((one) => codesOf(one['code']).includes(component));
  if (part !== undefined) return amountIn(part);
  // Some systems record each part as an observation of its own.
  return codesOf(fields['code']).includes(component) ? amountIn(fields) : undefined;
}

function amountIn(holder: Fields): Amount | undefined {
  const quantity = fieldsOf(holder['valueQuantity']);
  const value = numberOf(quantity['value']) ?? numberOf(holder['valueInteger']);
  if (value === undefined) return undefined;
  const comparator = textOf(quantity['comparator']);
  // "> 9" is above 9, "≥ 9" need not be.
  const hair = comparator.length === 1 ? Math.max(Math.abs(value), 1) * 1e-9 : 0;
  return {
    low: comparator.startsWith('<') ? Number.NEGATIVE_INFINITY : value + hair,
    high: comparator.startsWith('>') ? Number.POSITIVE_INFINITY : value - hair,
    unit: textOf(quantity['code']) || textOf(quantity['unit']),
  };
}

function compare(amount: Amount, value: Quantity): Truth {
  const { test } = value;
  const [low, high] = [inUnit(amount.low, amount.unit, value), inUnit(amount.high, amount.unit, value)];
  if (low === undefined || high === undefined) return 'unknown';
  const truths: Truth[] = [];
  if (test.above !== undefined) truths.push(low > test.above ? 'yes' : high <= test.above ? 'no' : 'unknown');
  if (test.atLeast !== undefined) truths.push(low >= test.atLeast ? 'yes' : high < test.atLeast ? 'no' : 'unknown');
  if (test.below !== undefined) truths.push(high < test.below ? 'yes' : low >= test.below ? 'no' : 'unknown');
  if (test.atMost !== undefined) truths.push(high <= test.atMost ? 'yes' : low > test.atMost ? 'no' : 'unknown');
  return allOf(truths);
}

/** A conversion that the knowledge names goes before UCUM's: mmol/mol of hemoglobin A1c is no percent of it, though the dimensions agree. */
function inUnit(value: number, unit: string, { test }: Quantity): number | undefined {
  const other = test.otherUnits?.find((one) => one.unit === unit);
  if (other !== undefined) return value * other.times + other.plus;
  return Number.isFinite(value) ? convertUnit(value, unit, test.unit) : convertUnit(0, unit, test.unit) === undefined ? undefined : value;
}

/** For choosing among values of one day; undefined where it cannot be compared. */
export function comparable(value: Quantity, fields: Fields): number | undefined {
  const amount = amountOf(value, fields);
  return amount === undefined ? undefined : inUnit(Number.isFinite(amount.low) ? amount.low : amount.high, amount.unit, value);
}
