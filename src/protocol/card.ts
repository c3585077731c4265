/** The card on the wire: what the specification demands of every card that leaves. Knows nothing of how one is made. {@link https://cds-hooks.hl7.org/2.0/#card-attributes} */
import { z } from 'zod';
import type { Card } from '../types.js';

/** Neither empty nor blank. */
const words = z.string().regex(/\S/);
const uuid = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const url = z.string().refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol));
const coding = z.strictObject({ code: words, system: words, display: words });
const resource = z.looseObject({ resourceType: words });

const action = z.union([
  z.strictObject({ type: z.enum(['create', 'update']), description: words, resource }),
  z.strictObject({ type: z.literal('delete'), description: words, resourceId: z.string().regex(/^[A-Za-z]+\/\S+$/) }),
]);

const suggestion = z.strictObject({ uuid, label: words, isRecommended: z.boolean().optional(), actions: z.array(action).min(1) });

const link = z.union([
  z.strictObject({ label: words, url, type: z.literal('absolute') }),
  z.strictObject({ label: words, url, type: z.literal('smart'), appContext: words.optional() }),
]);

const card = z
  .strictObject({
    uuid,
    // "fewer than 140 characters"
    summary: words.max(139),
    detail: words,
    indicator: z.enum(['info', 'warning', 'critical']),
    source: z.strictObject({ label: words, url: url.optional(), topic: coding.extend({ code: z.string().regex(/^[A-Za-z0-9-]{1,100}$/) }) }),
    suggestions: z.array(suggestion).min(1).optional(),
    selectionBehavior: z.enum(['at-most-one', 'any']).optional(),
    overrideReasons: z.array(coding).min(1).optional(),
    links: z.array(link).min(1).optional(),
    extension: z.record(z.string(), z.unknown()).optional(),
  })
  .refine((value) => (value.suggestions === undefined) === (value.selectionBehavior === undefined), 'selectionBehavior goes with suggestions')
  .refine(
    (value) => value.selectionBehavior !== 'at-most-one' || (value.suggestions ?? []).filter((one) => one.isRecommended).length <= 1,
    'at most one is recommended',
  );

/** The answer to a hook. */
export const answerSchema = z.strictObject({ cards: z.array(card) });

/** A card that breaks the specification is our bug. @throws TypeError naming the field, never its value */
export function checkCards(cards: readonly Card[]): void {
  const parsed = z.array(card).safeParse(cards);
  if (!parsed.success)
    throw new TypeError(`a card breaks the specification at ${parsed.error.issues.map((issue) => issue.path.join('.')).join(', ')}`);
  const hole = findHole(cards, '');
  if (hole !== undefined) throw new TypeError(`a card holds a null or an empty value at ${hole}`);
}

/**
 * Never null (nor what JSON writes as null), never an empty string, array or object (CDS Hooks 2.0, "JSON");
 * inside the explanation empty lists are allowed: they say "none".
 */
function findHole(value: unknown, path: string): string | undefined {
  if (value === null || value === '' || (typeof value === 'number' && !Number.isFinite(value))) return path;
  if (typeof value !== 'object') return undefined;
  const entries = Object.entries(value as object);
  if (entries.length === 0 && path !== '' && !path.includes('.org.whycard.explanation.')) return path;
  for (const [key, child] of entries) {
    // JSON leaves an undefined field out, and writes an undefined element as null.
    const isLeftOut = child === undefined && !Array.isArray(value);
    const hole = isLeftOut ? undefined : findHole(child ?? null, `${path}.${key}`);
    if (hole !== undefined) return hole;
  }
  return undefined;
}
