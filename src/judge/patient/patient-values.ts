/** What checks may ask of the patient: age, sex, measured values in one unit, kidney function. Three-valued where the record is silent. Knows no drug. */
import type { Chart, FactId } from '../../types.js';
import type { ChartIndex } from '../chart-index.js';
import type { ChartRecord } from '../chart-record.js';
import { isWithin } from '../dates.js';
import { estimateClearance, estimateGfr } from './kidney.js';
import type { LabRow } from './lab-schema.js';
import { convertUnit } from './units.js';

export interface Value {
  /** Equal but for "< 4" and "> 300". */
  readonly low: number;
  readonly high: number;
  readonly unit: string;
  readonly facts: readonly FactId[];
  /** When it was measured, as far as it is known: of two values the newer counts. */
  readonly measuredAt?: number | undefined;
  /** Not measured: the name of a diagnosis says between what it lies ("CKD stage 4"). */
  readonly stage?: string | undefined;
}

export interface PatientValues {
  readonly ageYears: { readonly min: number; readonly max: number } | undefined;
  readonly sex: 'female' | 'male' | undefined;
  /** The newest value within its months (or `withinMonths`) in the unit of `labs.json`; undefined: none, undated, or of a unit that is not convertible. */
  measure(lab: string, withinMonths?: number): Value | undefined;
  /** mL/min/1.73 m², CKD-EPI 2021 from the newest creatinine; the laboratory's own eGFR where that is newer, or there is no creatinine. Adults. */
  readonly egfr: Value | undefined;
  /** mL/min, Cockcroft–Gault. */
  readonly clearance: Value | undefined;
  /** 'observations: refused by the server', where measured values may be missing for that reason. */
  readonly whyUnmeasured: string | undefined;
}

const loinc = 'http://loinc.org';
const adult = 18;

export function createPatientValues(labs: ReadonlyMap<string, LabRow>, index: ChartIndex, patient: Chart['patient']): PatientValues {
  const cache = new Map<string, Value | undefined>();
  const measure = (id: string, withinMonths?: number): Value | undefined => {
    const row = labs.get(id);
    // Checks name labs in their own files: those names are checked when the knowledge is loaded.
    if (row === undefined) throw new TypeError(`no lab ${id}`);
    const months = withinMonths ?? row.withinMonths;
    const key = `${id} ${months}`;
    if (!cache.has(key)) cache.set(key, newestOf(row, months, index));
    return cache.get(key);
  };
  const sex = patient.gender === 'female' || patient.gender === 'male' ? patient.gender : undefined;
  const person = index.age === undefined || sex === undefined || index.age.min < adult ? undefined : { age: index.age, sex };
  const has = (id: string): boolean => labs.has(id);
  const creatinine = has('creatinine') ? measure('creatinine') : undefined;
  const weight = has('weight') ? measure('weight') : undefined;
  return {
    ageYears: index.age,
    sex,
    measure,
    egfr: newer(egfrOf(person, creatinine), has('egfr') ? measure('egfr') : undefined),
    clearance: clearanceOf(person, creatinine, weight),
    whyUnmeasured: index.whyIncomplete(['observations']),
  };
}

/** The first, unless the other was measured later. */
function newer(one: Value | undefined, other: Value | undefined): Value | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return (other.measuredAt ?? 0) > (one.measuredAt ?? 0) ? other : one;
}

type Person = { readonly age: { readonly min: number; readonly max: number }; readonly sex: 'female' | 'male' } | undefined;

function egfrOf(person: Person, creatinine: Value | undefined): Value | undefined {
  if (person === undefined || creatinine === undefined) return undefined;
  const at = (value: number, ageYears: number): number => estimateGfr({ creatinine: value, ageYears, sex: person.sex });
  return {
    low: at(creatinine.high, person.age.max),
    high: at(creatinine.low, person.age.min),
    unit: 'mL/min/1.73 m²',
    facts: creatinine.facts,
    measuredAt: creatinine.measuredAt,
  };
}

function clearanceOf(person: Person, creatinine: Value | undefined, weight: Value | undefined): Value | undefined {
  if (person === undefined || creatinine === undefined || weight === undefined) return undefined;
  const at = (value: number, ageYears: number, weightKg: number): number =>
    estimateClearance({ creatinine: value, ageYears, sex: person.sex, weightKg });
  return {
    low: at(creatinine.high, person.age.max, weight.low),
    high: at(creatinine.low, person.age.min, weight.high),
    unit: 'mL/min',
    facts: [...creatinine.facts, ...weight.facts],
  };
}

function newestOf(row: LabRow, months: number, index: ChartIndex): Value | undefined {
  const codes = new Set(row.loinc.map((code) => `${loinc}|${code}`));
  const dated = index
    .withCodes(codes, ['observations'])
    .filter((record) => record.standing === 'counts' && isWithin(record.span, months, index.now) === 'yes')
    .sort((a, b) => (b.span?.to ?? 0) - (a.span?.to ?? 0));
  const newest = dated.filter((record) => record.span?.to === dated[0]?.span?.to);
  const values = newest.map((record) => toValue(record, row));
  const [first] = values;
  if (first === undefined || values.some((value) => value === undefined)) return undefined;
  // Two values at the same instant: anything between them.
  const known = values.filter((value) => value !== undefined);
  return {
    low: Math.min(...known.map((value) => value.low)),
    high: Math.max(...known.map((value) => value.high)),
    unit: row.unit,
    facts: known.flatMap((value) => value.facts),
    measuredAt: newest[0]?.span?.to,
  };
}

function toValue({ fact, quantity }: ChartRecord, row: LabRow): Value | undefined {
  if (quantity === undefined) return undefined;
  const convert = (value: number): number | undefined =>
    Number.isFinite(value) ? convertUnit(value, quantity.unit, row.unit, row.molarMass) : value;
  const [low, high] = [convert(quantity.low), convert(quantity.high)];
  if (low === undefined || high === undefined) return undefined;
  const isPlausible = [low, high].filter(Number.isFinite).every((value) => value >= row.plausible.from && value <= row.plausible.to);
  return isPlausible ? { low, high, unit: row.unit, facts: [fact] } : undefined;
}
