/** The form of `additive.json`: effects that add up over the whole list of drugs, from how many on they matter, and what of the patient raises them. Knows fields, no drug. */
import { z } from 'zod';
import { id, indicator, provenance, source, version, words } from '../schema.js';
import { replacementRow } from './replacements.js';

const cited = { source, ...provenance };

/** Drugs (or classes of them) that add to an effect in the same way. Rows of the same component are joined. */
const member = z.strictObject({ id, component: id, drugs: z.array(id).min(1), ...cited });

/** `needs`: so many different ingredients of each component. `total`: so many of all these components together. */
const rule = z.strictObject({
  id,
  needs: z.record(id, z.int().min(1)).optional(),
  total: z.strictObject({ of: z.array(id).min(1), atLeast: z.int().min(2) }).optional(),
  ageFrom: z.int().min(0).max(120).optional(),
  indicator,
  text: words,
  ...cited,
});

/** A value beyond its limit lifts the rules (all, or those named) by so many grades. `with`, `drugs`: only where a drug of this component, or one of these, is there. */
const raise = z.strictObject({
  id,
  rules: z.array(id).min(1).optional(),
  with: id.optional(),
  drugs: z.array(id).min(1).optional(),
  value: id,
  above: z.number().optional(),
  below: z.number().optional(),
  ageFrom: z.int().min(0).max(120).optional(),
  by: z.int().min(1).max(2),
  ...cited,
});

/** A published score: its items count, and from `from` points on the grade is `to`. */
const item = z.strictObject({
  id,
  text: words,
  points: z.int().min(1),
  ageFrom: z.int().optional(),
  sex: z.enum(['female', 'male']).optional(),
  value: z.strictObject({ of: id, atMost: z.number().optional(), atLeast: z.number().optional() }).optional(),
  drugs: z.array(id).min(1).optional(),
  /** Sets of `conditions.json`, one of which is enough. */
  conditions: z.array(id).min(1).optional(),
});
const points = z.strictObject({ id, from: z.int().min(1), to: indicator, items: z.array(item).min(1), ...cited });

const family = z.strictObject({
  id,
  /** Begins the summary: "Bleeding: …". */
  name: words,
  components: z.record(id, words),
  members: z.array(member).min(1),
  rules: z.array(rule).min(1),
  raises: z.array(raise).optional(),
  points: points.optional(),
  replacements: z.array(replacementRow).optional(),
  /** Rules of other checks about drugs of this family that say the same in other words: one card. */
  sameAs: z.array(id).optional(),
});

/** `overrideReasons`: what a clinician may answer to any of its cards. */
export const additiveFile = z.strictObject({ version, overrideReasons: z.array(id).min(1), families: z.array(family).min(1) });

export type Family = z.output<typeof family>;
export type FamilyRule = Family['rules'][number];
export type Raise = z.output<typeof raise>;
export type Points = z.output<typeof points>;
export type PointItem = z.output<typeof item>;
