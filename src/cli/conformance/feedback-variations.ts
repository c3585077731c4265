/** What is posted to a feedback endpoint: outcomes of the cards that this run was given. Knows nothing of what the answer should be. */
import { isObject, isText, type Json } from './json.js';

/** A card that may be reported on: it came with a uuid. */
export interface ReportedCard {
  readonly card: string;
  /** Of one of its suggestions; without one, acceptance cannot be reported (CDS Hooks 2.0, "Suggestion accepted"). */
  readonly suggestion: string | undefined;
}

export interface FeedbackVariation {
  readonly probe: string;
  readonly body: string;
}

/** Sent as a clinician's comment: no answer may repeat it. */
export const userComment = 'conformance-check-comment-9c2e';

/** The card that allows most to be reported. */
export function chooseCard(json: unknown): ReportedCard | undefined {
  const cards: readonly unknown[] = isObject(json) && Array.isArray(json['cards']) ? json['cards'] : [];
  const reported = cards.flatMap((card) => (isObject(card) && isText(card['uuid']) ? [{ card: card['uuid'], suggestion: suggestionOf(card) }] : []));
  return reported.find(({ suggestion }) => suggestion !== undefined) ?? reported[0];
}

function suggestionOf(card: Json): string | undefined {
  const suggestions: readonly unknown[] = Array.isArray(card['suggestions']) ? card['suggestions'] : [];
  return suggestions.flatMap((one) => (isObject(one) && isText(one['uuid']) ? [one['uuid']] : []))[0];
}

/** The first shows whether there is an endpoint at all, and needs no card. */
export function feedbackVariations(reported: ReportedCard | undefined, outcomeTimestamp: string): readonly FeedbackVariation[] {
  const unknown = { card: crypto.randomUUID(), outcome: 'overridden', outcomeTimestamp };
  const variation = (probe: string, ...entries: readonly Json[]): FeedbackVariation => ({ probe, body: JSON.stringify({ feedback: entries }) });
  const first = variation('feedback-unknown-card', unknown);
  if (reported === undefined) return [first, ...malformedFeedback(unknown)];
  const { card, suggestion } = reported;
  const overridden = { card, outcome: 'overridden', outcomeTimestamp };
  const reason = { code: 'conformance-check', system: 'https://example.org/override-reasons' };
  const accepted = suggestion === undefined ? [] : [{ card, outcome: 'accepted', acceptedSuggestions: [{ id: suggestion }], outcomeTimestamp }];
  return [
    first,
    ...accepted.map((entry) => variation('feedback-accepted', entry)),
    variation('feedback-overridden', overridden),
    variation('feedback-reason', { ...overridden, overrideReason: { reason, userComment } }),
    variation('feedback-batch', overridden, overridden, ...accepted, unknown),
    variation('feedback-unknown-fields', { ...overridden, extension: { 'org.example.conformance': { at: 'feedback' } }, fieldOfALaterVersion: 1 }),
    ...malformedFeedback(overridden),
  ];
}

function malformedFeedback(good: Json): readonly FeedbackVariation[] {
  const broken = (probe: string, change: Json): FeedbackVariation => ({ probe, body: JSON.stringify({ feedback: [{ ...good, ...change }] }) });
  return [
    { probe: 'feedback-bad-json', body: '{"feedback": [' },
    { probe: 'feedback-bad-array', body: JSON.stringify(good) },
    broken('feedback-bad-outcome', { outcome: 'ignored' }),
    broken('feedback-no-outcome', { outcome: undefined }),
    broken('feedback-no-card', { card: undefined }),
    broken('feedback-no-timestamp', { outcomeTimestamp: undefined }),
    broken('feedback-accepted-nothing', { outcome: 'accepted' }),
  ];
}
