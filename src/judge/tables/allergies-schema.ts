/** The form of `allergies.json`: what allergens are called, and which drug meets which allergy how gravely. Knows fields, no clinical fact. */
import { z } from 'zod';
import { id, indicator, provenance, version, words } from '../schema.js';
import { alternative, ruleFields } from './check.js';

const plain = z.string().regex(/^[a-z0-9][a-z0-9 '/&-]*$/, 'must be lower-case words');

/** `drug`: stands for ingredients or a class. `none`: "no known allergies". `elsewhere`: no drug (pollen, latex). `unknown`: says nothing. */
const allergen = z
  .strictObject({
    id,
    kind: z.enum(['drug', 'none', 'elsewhere', 'unknown']),
    /** Completes "an allergy to …". */
    name: words,
    names: z.array(plain).min(1),
    snomed: z.array(z.string().regex(/^\d{6,18}$/, 'must be a SNOMED CT code')).optional(),
    means: z.array(id).min(1).optional(),
    source: words,
    ...provenance,
  })
  .refine((one) => (one.kind === 'drug') === (one.means !== undefined), 'a drug must say what it means, and only a drug');

const relation = z.strictObject({
  ...ruleFields,
  /** `same`: the very ingredient. `cross`: the allergy lies wholly within `from`, the order within `to`. */
  relation: z.enum(['same', 'cross', 'not-recorded', 'not-recognised']),
  from: z.array(id).min(1).optional(),
  to: z.array(id).min(1).optional(),
  /** Grade with a severe reaction or high criticality; where nobody wrote what happened; with an intolerance or a mere side effect (`none`: silent). */
  severe: indicator.optional(),
  unstated: indicator.optional(),
  mild: z.enum(['none', 'info', 'warning']).optional(),
  /** `{allergen}` is filled in. */
  says: words.max(90),
  rule: words,
  replacements: z.array(z.strictObject({ for: z.array(id).min(1), ...alternative.shape })).optional(),
});

export const allergyFile = z.strictObject({
  version,
  allergens: z.array(allergen).min(1),
  /** Words of a manifestation: severe ones, and those that are side effects and no allergy. */
  reactions: z.strictObject({ severe: z.array(plain).min(1), sideEffect: z.array(plain).min(1), source: words, ...provenance }),
  rows: z.array(relation).min(1),
});

export type AllergyFile = z.output<typeof allergyFile>;
export type Allergen = AllergyFile['allergens'][number];
export type AllergyRow = AllergyFile['rows'][number];
