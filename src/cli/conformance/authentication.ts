/** Checks of who is let in, where a service wants a token. CDS Hooks 2.0, "Trusting CDS Clients", "JWT Signing Algorithm". */
import { type Check, describeSighting, judgeEach, notApplicable, type Verdict } from './check.js';
import { type Exchange, isLockedOut, isSuccess, type Observed, sightingsOf } from './observed.js';

const trusting = '2.0 Trusting CDS Clients';
const signing = '2.0 JWT Signing Algorithm';
const bestPractice = 'best practice: replay and lifetime of tokens';

type Head = readonly [id: string, level: Check['level'], title: string, source: string];

function wanted(seen: Observed, judge: () => Verdict): Verdict {
  return seen.isTokenWanted ? judge() : notApplicable('the service wants no token (--require-jwt to demand it)');
}

function refused([id, level, title, source]: Head, ...probes: readonly string[]): Check {
  return {
    id,
    level,
    title,
    source,
    judge: (seen) =>
      wanted(seen, () =>
        judgeEach(
          sightingsOf(seen, ...probes).filter(({ exchange }) => exchange.kind === 'answer' && exchange.status !== 404),
          (sighting) => (isLockedOut(sighting.exchange) ? undefined : describeSighting(sighting)),
          'nothing to try it on',
        ),
      ),
  };
}

/** Only a token that is otherwise right can show that one fault of it is seen. */
function withTrustedKey(check: Check): Check {
  return {
    ...check,
    judge: (seen) => (seen.isKeyTrusted ? check.judge(seen) : notApplicable('needs a key that the service trusts: --key and --issuer')),
  };
}

function accepted([id, level, title, source]: Head, probe: string, isFine: (exchange: Exchange) => boolean): Check {
  return {
    id,
    level,
    title,
    source,
    judge: (seen) =>
      wanted(seen, () =>
        judgeEach(sightingsOf(seen, probe), (sighting) => (isFine(sighting.exchange) ? undefined : describeSighting(sighting)), 'not tried'),
      ),
  };
}

export const authenticationChecks: readonly Check[] = [
  refused(['CH-80', 'must', 'a call without a token is refused', trusting], 'token-missing'),
  refused(['CH-81', 'must', 'feedback without a token is refused as well', trusting], 'token-missing-feedback'),
  refused(['CH-82a', 'must', 'what is no token is refused', trusting], 'token-garbage'),
  refused(['CH-85a', 'must', 'a token without a signature (alg none) is refused', signing], 'token-none', 'token-none-kid'),
  refused(['CH-85b', 'must', 'a token with a shared secret (HS256) is refused', signing], 'token-hmac'),
  refused(['CH-82b', 'must', 'a token signed with another key is refused', trusting], 'token-other-key'),
  refused(['CH-86', 'should', 'a token of an unknown issuer is refused', trusting], 'token-unknown-issuer'),
  withTrustedKey(accepted(['CH-83a', 'must', 'a right token is let in', trusting], 'token-right', (exchange) => !isLockedOut(exchange))),
  withTrustedKey(refused(['CH-83b', 'must', 'an expired token is refused', trusting], 'token-expired')),
  withTrustedKey(refused(['CH-84a', 'must', 'a token for another audience is refused', trusting], 'token-other-audience')),
  withTrustedKey(refused(['CH-84b', 'must', 'a token for another endpoint of the same service is refused', trusting], 'token-sibling-audience')),
  withTrustedKey(refused(['CH-88a', 'should', 'a token issued in the future is refused', bestPractice], 'token-future')),
  withTrustedKey(refused(['CH-83c', 'should', 'a token without jti is refused', trusting], 'token-no-jti')),
  withTrustedKey(refused(['CH-88b', 'should', 'a token is refused the second time', bestPractice], 'token-again')),
  {
    id: 'CH-89',
    level: 'should',
    title: 'a refused token is not repeated in the answer',
    source: 'best practice: tokens are neither stored nor logged',
    judge: (seen) =>
      judgeEach(
        seen.sightings.filter(({ probe, exchange }) => probe.startsWith('token-') && !isSuccess(exchange)),
        (sighting) =>
          sighting.exchange.kind === 'answer' &&
          seen.secrets.some((secret) => sighting.exchange.kind === 'answer' && sighting.exchange.text.includes(secret))
            ? describeSighting(sighting)
            : undefined,
        'no token was refused',
      ),
  },
];
