/** Drugs that may stand in for an ordered one, whatever the other drug of the interaction is. Knows rows, no drug. */
import { z } from 'zod';
import { id, provenance, source } from '../schema.js';
import { type Alternative, alternative, type PatientDrug } from './check.js';

export const replacementRow = alternative.extend({ id, for: z.array(id).min(1), source, ...provenance });
export type Replacement = z.output<typeof replacementRow>;

/** Of a product of several ingredients nothing is replaced: what the others were for is not known. */
export function offerReplacements(rows: readonly Replacement[], drafts: readonly PatientDrug[]): readonly Alternative[] {
  return drafts.flatMap(({ fact, ingredients }) => {
    const [only, ...others] = ingredients;
    if (only === undefined || others.length > 0) return [];
    return rows
      .filter((row) => row.for.includes(only.id))
      .map(({ ingredient, label, code }): Alternative => ({ draft: fact, ingredient, label, code }));
  });
}
