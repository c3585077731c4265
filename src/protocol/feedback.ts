/** Feedback on the wire, Epic's dialect included. Knows nothing of where it is kept. {@link https://cds-hooks.hl7.org/2.0/#feedback} */
import { z } from 'zod';
import { ServiceError } from '../errors.js';

/** No control character and no half of a pair: neither a store nor a log can be relied on to take them. */
const plain = z.string().regex(/^[^\p{Cc}\p{Cs}]*$/u);
const code = plain.min(1).max(256);
const overrideReason = z.looseObject({
  reason: z.looseObject({ code, system: plain.max(512).nullish() }).nullish(),
  userComment: z.string().nullish(),
});

const entry = z.looseObject({
  // Not always a UUID at Epic; what we never issued is counted, not refused.
  card: code,
  outcome: z.enum(['accepted', 'overridden']),
  outcomeTimestamp: z.string().max(64).nullish(),
  acceptedSuggestions: z
    .array(z.looseObject({ id: plain.max(256) }))
    .max(100)
    .nullish(),
  overrideReason: overrideReason.nullish(),
  // Epic writes the plural and puts its own codes into `extension`.
  overrideReasons: z.union([overrideReason, z.array(overrideReason)]).nullish(),
});

/** What a feedback request must hold. */
export const feedbackSchema = z.looseObject({ feedback: z.array(entry).min(1).max(1000) });

export interface ParsedFeedback {
  readonly card: string;
  readonly outcome: 'accepted' | 'overridden';
  readonly outcomeTimestamp: string | undefined;
  readonly acceptedSuggestions: readonly string[];
  readonly overrideReason: { readonly system?: string; readonly code: string } | undefined;
  /** That there was one. Its text is a clinician's about a patient and goes no further. */
  readonly hasComment: boolean;
}

/** @throws ServiceError `request-malformed` */
export function parseFeedback(value: unknown): readonly ParsedFeedback[] {
  const parsed = feedbackSchema.safeParse(value);
  if (!parsed.success) {
    const path = parsed.error.issues[0]?.path.filter((key) => typeof key === 'number' || key in entry.shape || key === 'feedback').join('.');
    throw new ServiceError('request-malformed', { where: { field: path === undefined || path === '' ? 'feedback' : path } });
  }
  return parsed.data.feedback.map((row) => {
    const plural = Array.isArray(row.overrideReasons) ? row.overrideReasons[0] : row.overrideReasons;
    const override = row.overrideReason ?? plural ?? undefined;
    const reason = override?.reason ?? undefined;
    return {
      card: row.card,
      outcome: row.outcome,
      // Anything else in this place is a string that somebody typed.
      outcomeTimestamp: /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/.test(row.outcomeTimestamp ?? '')
        ? (row.outcomeTimestamp ?? undefined)
        : undefined,
      acceptedSuggestions: (row.acceptedSuggestions ?? []).map((suggestion) => suggestion.id),
      overrideReason:
        reason === undefined ? undefined : { code: reason.code, ...(typeof reason.system === 'string' ? { system: reason.system } : {}) },
      hasComment: (override?.userComment ?? '') !== '',
    };
  });
}
