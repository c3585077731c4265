/** The form of what is known about drugs: names and codes, classes, and the words that stand around a name. Knows fields, no drug. */
import { z } from 'zod';
import { id, provenance, version, words } from '../schema.js';

const plainWords = z.string().regex(/^[a-z0-9][a-z0-9 -]*$/, 'must be lower-case words');
const rxcui = z.string().regex(/^\d+$/, 'must be a number');
const cited = { source: words, ...provenance };

/** `rxnorm`: codes of the ingredient itself; `names`: other names, brands and abbreviations. */
const drug = z.strictObject({ id, name: words, rxnorm: z.array(rxcui), names: z.array(plainWords), ...cited });

/** One file of `drugs/`. Rows of the same id in two files are joined. */
export const drugFile = z.strictObject({
  version,
  drugs: z.array(drug).default([]),
  /** Names that stand for more than one ingredient ("bactrim"). */
  combinations: z.array(z.strictObject({ names: z.array(plainWords).min(1), ingredients: z.array(id).min(2), ...cited })).default([]),
  /** Combined products that write their strengths as numbers in this order ("percocet 5/325"); `fixedMg`: what a piece of this name always holds. */
  strengths: z
    .array(
      z
        .strictObject({ names: z.array(plainWords).min(1), order: z.array(id).min(2), fixedMg: z.array(z.number().positive()).optional(), ...cited })
        .refine((row) => row.fixedMg === undefined || row.fixedMg.length === row.order.length, 'fixedMg must name an amount for each of order'),
    )
    .default([]),
  /** Generated rows share their provenance: `from` is a key of it. */
  sources: z.record(id, z.strictObject(cited)).default({}),
  generated: z.array(z.strictObject({ id, name: words, rxnorm: z.array(rxcui), names: z.array(plainWords), from: id })).default([]),
  /** Products by code: `{ "855332": "warfarin" }`, ingredients joined by a blank. */
  products: z.record(id, z.record(rxcui, words)).default({}),
  brands: z.record(id, z.record(plainWords, words)).default({}),
});

/** Members are ingredients or other classes. `name` completes "takes …". */
export const classFile = z.strictObject({
  version,
  classes: z.array(z.strictObject({ id, name: words, members: z.array(id).min(1), ...cited })).min(1),
});

/** What may stand beside a name: parts of a salt, dose forms, units, directions; and which words say where a drug acts. */
export const wordFile = z.strictObject({
  version,
  salts: z.array(plainWords).min(1),
  /** Elements and the like: what is left of their name without its salt is another substance. */
  saltBearers: z.array(plainWords).min(1),
  ignored: z.array(plainWords).min(1),
  routes: z.record(z.enum(['topical', 'ophthalmic', 'otic', 'inhaled', 'nasal', 'vaginal', 'systemic']), z.array(plainWords)),
  ...cited,
});

export type DrugFile = z.output<typeof drugFile>;
export type ClassFile = z.output<typeof classFile>;
export type WordFile = z.output<typeof wordFile>;
