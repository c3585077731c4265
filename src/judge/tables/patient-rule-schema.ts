/** The form of a rule "this drug in this patient": which drugs, which criteria of the patient, what it says. Knows fields, no clinical fact. */
import { z } from 'zod';
import { id, words } from '../schema.js';
import { alternative, checkFile } from './check.js';

const positive = z.number().positive();
const bound = z
  .strictObject({ lab: id, above: z.number().optional(), below: z.number().optional(), withinMonths: z.int().min(1).max(120).optional() })
  .refine((one) => (one.above === undefined) !== (one.below === undefined), 'must have either above or below');

/** All that are given must hold. */
export const patientCriteria = z
  .strictObject({
    /** Completed years, both included. */
    age: z.strictObject({ from: z.int().min(0).optional(), to: z.int().max(150).optional() }).optional(),
    sex: z.enum(['female', 'male']).optional(),
    /** Any of these sets of `conditions.json`. */
    conditions: z.array(id).min(1).optional(),
    pregnant: z.literal(true).optional(),
    /** Completed weeks of gestation, both included. */
    weeks: z.strictObject({ from: z.int().min(0), to: z.int().max(45) }).optional(),
    breastfeeding: z.literal(true).optional(),
    /** mL/min/1.73 m², CKD-EPI 2021. */
    egfrBelow: positive.optional(),
    /** mL/min, Cockcroft–Gault. */
    clearanceBelow: positive.optional(),
    clearanceAbove: positive.optional(),
    weightBelow: positive.optional(),
    measures: z.array(bound).min(1).optional(),
    /** So many of the listed: age from 80, weight to 60 kg, creatinine from 1.5 (apixaban). */
    atLeast: z
      .strictObject({
        count: z.int().min(1).max(3),
        of: z
          .array(z.union([z.strictObject({ age: z.int() }), z.strictObject({ weightTo: positive }), z.strictObject({ lab: id, from: z.number() })]))
          .min(2),
      })
      .optional(),
    /** What this order brings in a day, if all that it permits is taken. */
    dailyDoseAbove: z.strictObject({ value: positive, unit: words }).optional(),
    /** Takes one of these as well. */
    with: z.array(id).min(1).optional(),
  })
  .refine((when) => Object.values(when).some((one) => one !== undefined), 'must name a criterion');

export const patientRule = {
  drugs: z.array(id).min(1),
  except: z.array(id).optional(),
  /** After the drug's name: "contraindicated below an eGFR of 30". The values that decided are added. */
  says: words.max(90),
  rule: words,
  when: patientCriteria,
  /** Holds one of these: the rule is silent. One of these drugs: likewise. */
  unless: z.strictObject({ conditions: z.array(id).optional(), with: z.array(id).optional() }).optional(),
  /** The rule is about beginning: silent where the drug is on the list already. */
  only: z.enum(['start']).optional(),
  /** Rules of one topic: only the gravest that holds for a drug is said. */
  topic: id.optional(),
  /** What to do where a value is unknown and would decide: say so always, or where it is likely (from 65 years, or with kidney disease). */
  ask: z.enum(['always', 'at-risk']).optional(),
  /** How grave it is that it is unknown: more than information only where the source asks for the test before the drug is given. */
  askAs: z.enum(['info', 'warning']).optional(),
  /** The test that would settle it, or that the rule asks for. */
  order: z.strictObject({ label: words, code: z.strictObject({ system: z.url(), code: words, display: words }) }).optional(),
  replacements: z.array(z.strictObject({ for: z.array(id).min(1), ...alternative.shape })).optional(),
  /** The dose that the rule asks for. */
  changeTo: z.strictObject({ text: words, dose: z.strictObject({ value: positive, unit: words }), timesPerDay: positive }).optional(),
  /** Silent where the product's words say that it is of slow release, or where they do not. */
  release: z.enum(['immediate', 'slow']).optional(),
  /** Local forms (creams, drops, inhalers) count too. */
  anyRoute: z.literal(true).optional(),
};

export const patientRuleFile = checkFile(patientRule);
export type PatientRule = z.output<typeof patientRuleFile>['rows'][number];
export type PatientCriteria = PatientRule['when'];
