/** The form of `mechanisms.json`: which drug inhibits, induces or is cleared by what, how much it matters, and what labels say of pairs. Knows fields, no drug. */
import { z } from 'zod';
import { id, indicator, provenance, source, version, words } from '../schema.js';
import { replacementRow } from './replacements.js';

const cited = { source, ...provenance };
const drugs = z.array(id).min(1);
const strength = z.enum(['strong', 'moderate', 'unspecified', 'sensitive', 'inducible']);

/** `does`: completes "CYP3A4, which … simvastatin". */
const pathway = z.strictObject({ id, name: words, does: words });

/**
 * One line of a published table. Inhibitors and inducers are strong, moderate or unspecified; what they act on is sensitive, moderate or
 * unspecified, or only `inducible`: known to fall with a strong inducer. A `prodrug` is activated by the pathway: an inhibitor takes its effect away.
 */
const role = z.strictObject({ id, pathway: id, role: z.enum(['inhibitor', 'inducer', 'substrate', 'prodrug']), strength, drugs, ...cited });

/** `narrow`: small changes of the level matter. `wide`: none does. `boosted`: raised on purpose, inhibitors are silent. */
const index = z.strictObject({ id, index: z.enum(['narrow', 'wide', 'boosted']), drugs, why: words, ...cited });

/** A value of the patient that moves the grade: `egfr`, `clearance` or a lab of `labs.json`. */
export const move = z.strictObject({ value: id, above: z.number().optional(), below: z.number().optional(), to: indicator });

/**
 * What a label or guideline says of `of` together with `with`, or with whatever acts on all of `acts`. It overrides what the roles derive, if its source
 * was read; `instead` does so in any case. `upTo`: a daily dose of `of` that the label permits. `{A}`, `{a}`, `{B}`, `{b}` stand for the two drugs.
 */
const statement = z.strictObject({
  id,
  of: drugs,
  with: drugs.optional(),
  acts: z
    .array(z.strictObject({ pathway: id, role: z.enum(['inhibitor', 'inducer']), strengths: z.array(strength).min(1) }))
    .min(1)
    .optional(),
  indicator,
  risk: words,
  text: words,
  upTo: z.strictObject({ mgPerDay: z.number().positive() }).optional(),
  moves: z.array(move).min(1).optional(),
  /** Inhaled and local forms count too. */
  anyRoute: z.boolean().optional(),
  instead: z.boolean().optional(),
  ...cited,
});

export const mechanismFile = z.strictObject({
  version,
  /** What a clinician may answer to any of its cards. */
  overrideReasons: z.array(id).min(1),
  pathways: z.array(pathway).min(1),
  roles: z.array(role).min(1),
  indices: z.array(index),
  statements: z.array(statement),
  replacements: z.array(replacementRow),
});

export type MechanismFile = z.output<typeof mechanismFile>;
export type RoleRow = MechanismFile['roles'][number];
export type IndexRow = MechanismFile['indices'][number];
export type StatementRow = MechanismFile['statements'][number];
export type Move = z.output<typeof move>;
