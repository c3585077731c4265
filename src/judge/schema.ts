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

const listNames = [
  'patient',
  'conditions',
  'observations',
  'medications',
  'procedures',
  'allergies',
  'encounters',
  'immunizations',
  'orders',
  'notes',
] as const satisfies readonly ListName[];
const listName = z.enum(listNames);

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
  maxInfoCards: z.int().min(1).max(50).optional(),
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

/** `quietDays`: how long an override for this reason keeps its card quiet; `feedback/` reads it. */
const quietDays = z.int().min(1).max(3650);
export const reasonFile = z.strictObject({
  version,
  system: z.url(),
  quietDays,
  reasons: z.array(z.strictObject({ code: id, display: words, quietDays: quietDays.optional() })).min(1),
});

export type ServiceRow = z.output<typeof serviceFile>;
