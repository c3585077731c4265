/** Checks of the feedback endpoint, which a service may leave out. CDS Hooks 2.0, "Feedback". */
import { type Check, describeSighting, judgeEach, notApplicable } from './check.js';
import { userComment } from './feedback-variations.js';
import { type Exchange, isAbsent, isClientError, isSuccess, isWithheld, type Observed, type Sighting, sightingsOf, statusOf } from './observed.js';

const feedback = '2.0 Feedback';
const accepting = '2.0 Suggestion accepted';
const overriding = '2.0 Overridden guidance';

/** The ids of services with a feedback endpoint. */
function offeredBy(seen: Observed): readonly (string | undefined)[] {
  return sightingsOf(seen, 'feedback-unknown-card')
    .filter(({ exchange }) => !isAbsent(exchange))
    .map(({ service }) => service);
}

function rule(
  [id, level, title, source]: readonly [string, Check['level'], string, string],
  probes: readonly string[],
  isFine: (exchange: Exchange) => boolean,
): Check {
  return {
    id,
    level,
    title,
    source,
    judge(seen) {
      const offered = offeredBy(seen);
      if (offered.length === 0) return notApplicable('no service offers feedback');
      const open = sightingsOf(seen, ...probes).filter(({ service, exchange }) => offered.includes(service) && !isWithheld(exchange));
      const faultOf = (sighting: Sighting): string | undefined =>
        isFine(sighting.exchange) ? undefined : `${sighting.probe}, ${describeSighting(sighting)}`;
      return judgeEach(open, faultOf, 'no card that can be reported on, or a token is wanted');
    },
  };
}

const isNoSuccess = (exchange: Exchange): boolean => !isSuccess(exchange);

/** All that is malformed; that it is answered at all, and with 4xx, is one check. */
const malformed = [
  'feedback-bad-json',
  'feedback-bad-array',
  'feedback-bad-outcome',
  'feedback-no-outcome',
  'feedback-no-card',
  'feedback-no-timestamp',
  'feedback-accepted-nothing',
];

export const feedbackChecks: readonly Check[] = [
  rule(['CH-72a', 'must', 'an accepted suggestion can be reported', accepting], ['feedback-accepted'], isSuccess),
  rule(['CH-72b', 'must', 'an overridden card can be reported without a reason', overriding], ['feedback-overridden'], isSuccess),
  rule(['CH-72c', 'must', 'an overridden card can be reported with reason and comment', '2.0 OverrideReason'], ['feedback-reason'], isSuccess),
  rule(['CH-74', 'must', 'several cards, and one card again, can be reported at once', accepting], ['feedback-batch'], isSuccess),
  rule(
    ['CH-78', 'should', 'an unknown card is no server error', 'practice: a batch is not lost for one card'],
    ['feedback-unknown-card'],
    (exchange) => statusOf(exchange) > 0 && statusOf(exchange) < 500,
  ),
  rule(['CH-76', 'should', 'extensions and unknown fields in feedback are tolerated', '2.0 Extensions'], ['feedback-unknown-fields'], isSuccess),
  rule(['CH-72d', 'must', 'feedback that is no JSON is no success', '2.0 Use of JSON'], ['feedback-bad-json'], isNoSuccess),
  rule(['CH-72e', 'should', 'feedback without the array is no success', feedback], ['feedback-bad-array'], isNoSuccess),
  rule(
    ['CH-73a', 'should', 'an outcome other than accepted and overridden is no success', feedback],
    ['feedback-bad-outcome', 'feedback-no-outcome'],
    isNoSuccess,
  ),
  rule(['CH-73b', 'should', 'feedback without the card is no success', feedback], ['feedback-no-card'], isNoSuccess),
  rule(['CH-73c', 'should', 'feedback without outcomeTimestamp is no success', feedback], ['feedback-no-timestamp'], isNoSuccess),
  rule(['CH-73d', 'should', 'accepted without acceptedSuggestions is no success', feedback], ['feedback-accepted-nothing'], isNoSuccess),
  rule(
    ['CH-73e', 'should', 'malformed feedback is answered, and refused with 4xx', 'practice: HTTP semantics (RFC 9110)'],
    malformed,
    (exchange) => isSuccess(exchange) || isClientError(exchange),
  ),
  rule(
    ['CH-77', 'should', "a clinician's comment is not repeated", 'practice: comments are about patients'],
    ['feedback-reason'],
    (exchange) => exchange.kind === 'silence' || !exchange.text.includes(userComment),
  ),
];
