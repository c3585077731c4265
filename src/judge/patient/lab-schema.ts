/** The form of `labs.json`: which codes measure what, in which unit, and for how long a value speaks. */
import { z } from 'zod';
import { id, provenance, version, words } from '../schema.js';

export const labFile = z.strictObject({
  version,
  labs: z
    .array(
      z.strictObject({
        id,
        name: words,
        loinc: z.array(z.string().regex(/^\d+-\d$/, 'must be a LOINC code')).min(1),
        unit: words,
        /** g/mol, where laboratories report both mass and moles. */
        molarMass: z.number().positive().optional(),
        /** Outside of it a value is a slip of the unit or the pen: unknown. */
        plausible: z.strictObject({ from: z.number(), to: z.number() }),
        withinMonths: z.int().min(1).max(600),
        source: words,
        ...provenance,
      }),
    )
    .min(1),
});

export type LabRow = z.output<typeof labFile>['labs'][number];
