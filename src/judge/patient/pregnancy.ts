/** Is she pregnant, how far, does she breastfeed: from conditions, status observations and dates. Three-valued; knows no drug. */
import type { FactId, Truth } from '../../types.js';
import type { ChartIndex } from '../chart-index.js';
import type { ChartRecord } from '../chart-record.js';
import { isWithin, toSpan } from '../dates.js';
import type { Found } from './conditions.js';
import type { PatientValues } from './patient-values.js';

export interface Pregnancy {
  readonly pregnant: Truth;
  readonly breastfeeding: Truth;
  /** Completed weeks, where a date or a gestational age says so. */
  readonly week: { readonly low: number; readonly high: number } | undefined;
  readonly facts: readonly FactId[];
  readonly lactationFacts: readonly FactId[];
  /** A woman of an age in which an unknown pregnancy is possible. */
  readonly isPossible: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

/** {@link https://build.fhir.org/ig/HL7/fhir-ips/StructureDefinition-Observation-pregnancy-status-uv-ips.html} */
const code = {
  status: 'http://loinc.org|82810-3',
  dueDates: ['http://loinc.org|11778-8', 'http://loinc.org|11779-6', 'http://loinc.org|11780-4'],

  gestationalAge: ['http://loinc.org|18185-9', 'http://loinc.org|11884-4', 'http://loinc.org|11885-1', 'http://loinc.org|49051-6'],
};
const pregnantAnswers = new Set(['77386006', 'LA15173-0']);
const notPregnantAnswers = new Set(['60001007', 'LA26683-5']);
const dayMs = 86_400_000;
const termDays = 280;
/** Beyond the 44th week an entry that nobody closed is history. */
const longestDays = 308;
const statusMonths = 9;
const fertile = { from: 10, to: 55 };

export interface PregnancyParts {
  readonly index: ChartIndex;
  readonly patient: Pick<PatientValues, 'ageYears' | 'sex'>;
  condition(id: 'pregnancy' | 'breastfeeding'): Found;
  fieldsOf(fact: FactId): Fields;
}

export function readPregnancy({ index, patient, condition, fieldsOf }: PregnancyParts): Pregnancy {
  const age = patient.ageYears;
  const isPossible = patient.sex === 'female' && age !== undefined && age.max >= fertile.from && age.min <= fertile.to;
  const nobody = { pregnant: 'no', breastfeeding: 'no', week: undefined, facts: [], lactationFacts: [], isPossible: false } as const;
  if (patient.sex === 'male') return nobody;
  const milk = condition('breastfeeding');
  const nursing = { breastfeeding: milk.truth, lactationFacts: milk.facts } as const;
  const dated = datesOf(index, fieldsOf);
  if (dated !== undefined) return { pregnant: 'yes', week: dated.week, facts: dated.facts, isPossible, ...nursing };
  const status = statusOf(index, fieldsOf);
  if (status !== undefined) return { ...status, week: undefined, isPossible, ...nursing };
  const found = condition('pregnancy');
  if (found.truth === 'yes') return { pregnant: 'yes', week: weekOfCodes(found.facts, index), facts: found.facts, isPossible, ...nursing };
  return { pregnant: isPossible ? 'unknown' : 'no', week: undefined, facts: [], isPossible, ...nursing };
}

/** The newest answer to "pregnancy status". */
function statusOf(
  index: ChartIndex,
  fieldsOf: PregnancyParts['fieldsOf'],
): { readonly pregnant: Truth; readonly facts: readonly FactId[] } | undefined {
  const [newest] = timely(index.withCodes(new Set([code.status]), ['observations']), index, statusMonths);
  if (newest === undefined) return undefined;
  const answers = codesOf(fieldsOf(newest.fact)['valueCodeableConcept']);
  if (answers.some((answer) => pregnantAnswers.has(answer))) return { pregnant: 'yes', facts: [newest.fact] };
  // "Not pregnant" is true of its day; a month later nobody knows.
  const isFresh = isWithin(newest.span, 1, index.now) === 'yes';
  return isFresh && answers.some((answer) => notPregnantAnswers.has(answer)) ? { pregnant: 'no', facts: [newest.fact] } : undefined;
}

/** A due date or a gestational age that is still running. */
function datesOf(
  index: ChartIndex,
  fieldsOf: PregnancyParts['fieldsOf'],
): { readonly week: Pregnancy['week']; readonly facts: readonly FactId[] } | undefined {
  const wanted = new Set([...code.dueDates, ...code.gestationalAge]);
  for (const record of timely(index.withCodes(wanted, ['observations']), index, 10)) {
    const days = daysPregnant(record, fieldsOf(record.fact), index.now);
    if (days !== undefined && days >= 0 && days <= longestDays) {
      const week = Math.floor(days / 7);
      return { week: { low: week, high: week }, facts: [record.fact] };
    }
  }
  return undefined;
}

/** A last period alone is no pregnancy, and not asked for. */
function daysPregnant(record: ChartRecord, fields: Fields, now: Date): number | undefined {
  const on = toSpan(fields['valueDateTime'])?.from;
  if (on !== undefined && record.codes.some((one) => code.dueDates.includes(one))) return termDays - Math.round((on - now.getTime()) / dayMs);
  const { quantity, span } = record;
  if (quantity === undefined || span === undefined || quantity.low !== quantity.high) return undefined;
  if (!record.codes.some((one) => code.gestationalAge.includes(one))) return undefined;
  const since = Math.floor((now.getTime() - span.from) / dayMs);
  if (/^w/i.test(quantity.unit)) return quantity.low * 7 + since;
  return /^d/i.test(quantity.unit) ? quantity.low + since : undefined;
}

/** ICD-10-CM Z3A.xx: weeks of gestation on the day that it was recorded. */
function weekOfCodes(facts: readonly FactId[], index: ChartIndex): Pregnancy['week'] {
  for (const record of index.records.filter(({ fact }) => facts.includes(fact))) {
    for (const one of record.codes) {
      const week = /\|Z3A\.?(\d\d)$/.exec(one)?.[1];
      if (week === undefined || record.span === undefined || Number(week) < 8) continue;
      const now = Number(week) + Math.floor((index.now.getTime() - record.span.from) / dayMs / 7);
      return { low: now, high: now };
    }
  }
  return undefined;
}

function timely(records: readonly ChartRecord[], { now }: ChartIndex, months: number): readonly ChartRecord[] {
  return records
    .filter((record) => record.standing === 'counts' && isWithin(record.span, months, now) === 'yes')
    .sort((a, b) => (b.span?.to ?? 0) - (a.span?.to ?? 0));
}

function codesOf(concept: unknown): readonly string[] {
  const coding = typeof concept === 'object' && concept !== null && 'coding' in concept ? concept.coding : undefined;
  if (!Array.isArray(coding)) return [];
  return coding.flatMap((one: unknown) =>
    typeof one === 'object' && one !== null && 'code' in one && typeof one.code === 'string' ? [one.code] : [],
  );
}
