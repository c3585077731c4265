/** Which conditions of a chart belong to a named set ("heart failure"): by code, by ICD-10 chapter, by the words of a local code. Knows no drug. */
import { z } from 'zod';
import type { FactId, Truth } from '../../types.js';
import type { ChartIndex } from '../chart-index.js';
import type { ChartRecord } from '../chart-record.js';
import { isWithin } from '../dates.js';
import { id, provenance, version, words } from '../schema.js';

const plain = z.string().regex(/^[a-z0-9][a-z0-9 ',/-]*$/, 'must be lower-case words');
const icd10 = z.string().regex(/^[A-Z]\d[0-9A-Z](\.[0-9A-Z]+)?$/, 'must be an ICD-10 code or the beginning of one');

/** `icd10`: beginnings of codes. `words`: phrases of a display or text; `never`: phrases that make of it something else. */
export const conditionFile = z.strictObject({
  version,
  conditions: z
    .array(
      z.strictObject({
        id,
        name: words,
        icd10: z.array(icd10),
        snomed: z.array(z.string().regex(/^\d{6,18}$/, 'must be a SNOMED CT code')),
        words: z.array(plain).min(1),
        never: z.array(plain).optional(),
        /** A relative's counts too ("personal or family history"). */
        orInFamily: z.literal(true).optional(),
        /** `ever`: a past one counts too. */
        status: z.enum(['active', 'ever']),
        /** What the name of a stage says of the eGFR, where nobody measured it: from (included) to (not included). */
        egfr: z.strictObject({ from: z.number().min(0), to: z.number().positive() }).optional(),
        /** Older entries say nothing: a pregnancy that nobody closed. */
        withinMonths: z.int().min(1).max(600).optional(),
        source: words,
        ...provenance,
      }),
    )
    .min(1),
});

/** Codes by set, made by `scripts/condition-codes.mjs`. */
export const conditionCodeFile = z.strictObject({
  version,
  source: words,
  codes: z.record(id, z.strictObject({ valueSets: z.array(words), snomed: z.array(z.string()), icd10: z.array(z.string()) })),
});

export interface ConditionSet {
  readonly id: string;
  /** Completes "has …". */
  readonly name: string;
  readonly codes: ReadonlySet<string>;
  readonly icd10: readonly string[];
  readonly words: RegExp;
  readonly never: RegExp | undefined;
  readonly isAlsoInFamily: boolean;
  readonly egfr: { readonly from: number; readonly to: number } | undefined;
  readonly status: 'active' | 'ever';
  readonly withinMonths: number | undefined;
}

const snomed = 'http://snomed.info/sct|';
const icd = 'http://hl7.org/fhir/sid/icd-10-cm|';
/** Nobody's condition, or not one: risk, screening; and a relative's. */
const elsewhere = /\b(?:screening for|risk of|at risk for|fear of|suspected|rule out|no evidence of|negative for|no family history)\b/;
const inFamily = /\b(?:family history|fh of|fhx|(?:mother|father|brother|sister|parent|sibling)s? (?:with|had|has))\b/;

export function compileConditions(
  file: z.output<typeof conditionFile>,
  generated: z.output<typeof conditionCodeFile>,
): ReadonlyMap<string, ConditionSet> {
  return new Map(
    file.conditions.map((row) => {
      const more = generated.codes[row.id];
      return [
        row.id,
        {
          id: row.id,
          name: row.name,
          codes: new Set([...row.snomed, ...(more?.snomed ?? [])].map((code) => snomed + code).concat((more?.icd10 ?? []).map((code) => icd + code))),
          icd10: row.icd10,
          words: toPattern(row.words),
          never: row.never === undefined ? undefined : toPattern(row.never),
          isAlsoInFamily: row.orInFamily === true,
          egfr: row.egfr,
          status: row.status,
          withinMonths: row.withinMonths,
        },
      ];
    }),
  );
}

const toPattern = (phrases: readonly string[]): RegExp =>
  new RegExp(`(?<![a-z])(?:${phrases.map((phrase) => phrase.replaceAll('/', '\\/')).join('|')})(?![a-z])`);

export interface Found {
  readonly truth: Truth;
  readonly facts: readonly FactId[];
}

/** Each set is looked for once in a chart, and only when somebody asks. */
export function createFindCondition(sets: ReadonlyMap<string, ConditionSet>, index: ChartIndex): (id: string) => Found {
  const known = new Map<string, Found>();
  return (id) => {
    const set = sets.get(id);
    // Checks name sets in their own files: those names are checked when the knowledge is loaded.
    if (set === undefined) throw new TypeError(`no set of conditions ${id}`);
    const found = known.get(id) ?? findCondition(set, index);
    known.set(id, found);
    return found;
  };
}

/** *No* only over a complete list of conditions. */
function findCondition(set: ConditionSet, index: ChartIndex): Found {
  const met = index.records.filter((record) => record.list === 'conditions' && belongs(record, set) && isTimely(record, set, index.now));
  const certain = met.filter((record) => record.standing === 'counts');
  if (certain.length > 0) return { truth: 'yes', facts: certain.map((record) => record.fact) };
  const isOpen = met.some((record) => record.standing === 'uncertain') || index.whyIncomplete(['conditions']) !== undefined;
  return { truth: isOpen ? 'unknown' : 'no', facts: [] };
}

function isTimely(record: ChartRecord, { status, withinMonths }: ConditionSet, now: Date): boolean {
  if (status === 'active' && !record.isOngoing) return false;
  return withinMonths === undefined || isWithin(record.span, withinMonths, now) === 'yes';
}

function belongs(record: ChartRecord, set: ConditionSet): boolean {
  if (record.codes.some((code) => set.codes.has(code) || isUnder(code, set.icd10))) return true;
  if (!set.words.test(record.words) || set.never?.test(record.words) === true || elsewhere.test(record.words)) return false;
  return set.isAlsoInFamily || !inFamily.test(record.words);
}

function isUnder(code: string, prefixes: readonly string[]): boolean {
  if (!code.startsWith(icd)) return false;
  const bare = code.slice(icd.length).replaceAll('.', '');
  return prefixes.some((prefix) => bare.startsWith(prefix.replaceAll('.', '')));
}
