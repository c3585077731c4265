/** The form of the knowledge in `cards/`: one schema a file. Knows the fields of each row, nothing of how rows are judged. */
import { z } from 'zod';
import type { ListName } from '../types.js';

export const id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case words joined by -');
export const words = z.string().trim().min(1, 'must not be empty');
export const version = z.string().regex(/^\d+\.\d+\.\d+$/, 'must be a version such as 1.0.0');
export const indicator = z.enum(['info', 'warning', 'critical']);
/** Was the source's text before us when the row was written, and when was it last looked at. */
export const provenance = { verified: z.enum(['read', 'recalled']), reviewed: z.iso.date('must be a date such as 2026-01-31') };
export const code = z.strictObject({ system: z.url(), code: words, display: words });
export const source = z.strictObject({ label: words, url: z.url({ protocol: /^https$/ }), section: words });
const months = z.int().min(1).max(600);

const listNames = ['patient', 'conditions', 'observations', 'medications', 'procedures', 'allergies', 'notes'] as const satisfies readonly ListName[];
const listName = z.enum(listNames);
const recordLists = z.array(z.enum(['conditions', 'observations', 'procedures'])).min(1);

export const serviceFile = z.strictObject({
  version,
  id,
  hook: z.enum(['patient-view', 'order-sign', 'order-select']),
  title: words,
  description: words,
  usageRequirements: words,
  prefetch: z.partialRecord(listName, words).refine((prefetch) => prefetch.patient !== undefined, 'must ask for the patient'),
  required: z.array(listName),
  scopes: z.array(words),
  knowledge: id,
  showFrom: indicator,
  maxCards: z.int().min(1).max(50),
});

export const valueSetFile = z.strictObject({
  version,
  valueSets: z
    .array(
      z.strictObject({
        id,
        source: words,
        ...provenance,
        codes: z.record(z.string(), z.array(words).min(1)).refine((codes) => Object.keys(codes).length > 0, 'must not be empty'),
      }),
    )
    .min(1),
});

const definition = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('age'), from: z.int().min(0), to: z.int().max(150) }),
  z.strictObject({ kind: z.literal('sex'), is: z.enum(['female', 'male']) }),
  /** Any datum of these lists with a code of these sets. `status: active`: of conditions only those that go on. */
  z.strictObject({ kind: z.literal('record'), lists: recordLists, valueSets: z.array(id).min(1), status: z.enum(['active', 'ever']).optional() }),
  /** The newest value in the window, compared. */
  z.strictObject({ kind: z.literal('latest'), lists: recordLists, valueSets: z.array(id).min(1), above: z.number(), unit: words }),
]);

export const criterionFile = z.strictObject({
  version,
  criteria: z
    .array(
      z.strictObject({
        id,
        text: words,
        name: words,
        withinMonths: months.optional(),
        absence: z.enum(['says-no', 'says-nothing']).optional(),
        definition,
        source: words,
        ...provenance,
      }),
    )
    .min(1),
});

/** `exemptSilence`, `doneSilence`: what to say in short where the whole group was looked for and nothing found; without it the criteria are named. */
export const gapFile = z.strictObject({
  version,
  gaps: z
    .array(
      z.strictObject({
        id,
        text: words,
        indicator,
        summary: words.max(139),
        rule: words,
        requires: z.array(id).min(1),
        exempt: z.array(id),
        closedBy: z.array(id),
        exemptSilence: words.optional(),
        doneSilence: words.optional(),
        source,
        orders: z.array(z.strictObject({ label: words, code, reason: words })),
        overrideReasons: z.array(id),
        ...provenance,
      }),
    )
    .min(1),
});

/** `quietDays`: how long an override for this reason keeps its card quiet; `feedback/` reads it. */
const quietDays = z.int().min(1).max(3650);
export const reasonFile = z.strictObject({
  version,
  system: z.url(),
  quietDays,
  reasons: z.array(z.strictObject({ code: id, display: words, quietDays: quietDays.optional() })).min(1),
});

export type ServiceRow = z.output<typeof serviceFile>;
export type CriterionRow = z.output<typeof criterionFile>['criteria'][number];
export type Definition = z.output<typeof definition>;
export type GapRow = z.output<typeof gapFile>['gaps'][number];
