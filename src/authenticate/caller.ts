/** Who calls: verifies the client's JWT. Knows issuers and keys, nothing of what is asked. {@link https://cds-hooks.hl7.org/2.0/#trusting-cds-clients} */
import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';
import { ServiceError } from '../errors.js';
import type { Caller, Clock, Credentials } from '../types.js';

export interface TrustedClient {
  readonly id: string;
  readonly issuer: string;
  /** Accepted besides the endpoint's own URL: at Epic an analyst types `aud` by hand. */
  readonly audiences: readonly string[];
  readonly keys: JSONWebKeySet;
  readonly fhirBases: readonly string[];
  /** Its FHIR servers lie in the site's own network: private addresses are expected there. */
  readonly isPrivateNetwork?: boolean;
}

export interface VerifyCallerOptions {
  readonly trust: readonly TrustedClient[];
  readonly isSandbox: boolean;
  readonly clock: Clock;
  readonly replay: { seen(jti: string, issuer: string, expiresAt: Date): Promise<boolean> };
}

/** Asymmetric only: `none` and every HMAC are forbidden by the specification. */
const algorithms = ['ES384', 'RS384', 'ES256', 'RS256', 'PS384'];
const skewSeconds = 60;
const longestLifeSeconds = 3600;
/** A client's token holds half a dozen claims. */
const maxTokenLength = 8_192;

export function createVerifyCaller({ trust, isSandbox, clock, replay }: VerifyCallerOptions): (credentials: Credentials) => Promise<Caller> {
  const clients = new Map(trust.map((client) => [client.issuer, { client, keys: createLocalJWKSet(client.keys) }]));
  return async function verifyCaller({ authorization, isLoopback, endpoint }) {
    if (authorization === undefined) {
      // docs/decisions/0001: curl on the same machine, in the sandbox only.
      if (isSandbox && isLoopback) return { id: 'anonymous-loopback', fhirBases: 'loopback' };
      throw new ServiceError('caller-unverified');
    }
    const token = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization)?.[1];
    if (token === undefined || token.length > maxTokenLength) throw new ServiceError('caller-unverified');
    const { payload, client } = await verify(token, endpoint, clock());
    // Outside of what becomes a 401: a store that does not answer is our fault, not the caller's.
    const { iss = '', jti = '', exp = 0 } = payload;
    if (await replay.seen(jti, iss, new Date((exp + skewSeconds) * 1000)))
      throw new ServiceError('caller-unverified', { cause: refusal('TOKEN_REPLAYED') });
    return { id: client.id, fhirBases: client.fhirBases };
  };

  async function verify(token: string, endpoint: string, now: Date): Promise<{ readonly payload: JWTPayload; readonly client: TrustedClient }> {
    try {
      const known = clients.get(peekIssuer(token));
      if (known === undefined) throw refusal('ISSUER_UNKNOWN');
      const { payload } = await jwtVerify(token, known.keys, {
        algorithms,
        issuer: known.client.issuer,
        audience: [endpoint, ...known.client.audiences],
        clockTolerance: skewSeconds,
        currentDate: now,
        requiredClaims: ['exp', 'iat', 'jti', 'aud'],
      });
      checkFresh(payload, now);
      return { payload, client: known.client };
    } catch (cause) {
      // Why goes to the log (the code of the cause), never to the caller (best practice of the specification).
      throw new ServiceError('caller-unverified', { cause });
    }
  }
}

/** Unverified: used to choose the keys, which then must verify the same claim. */
function peekIssuer(token: string): string {
  const payload: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
  const issuer = typeof payload === 'object' && payload !== null && 'iss' in payload ? payload.iss : undefined;
  return typeof issuer === 'string' ? issuer : '';
}

function checkFresh({ jti, iat = 0, exp = 0 }: JWTPayload, now: Date): void {
  if (iat > now.getTime() / 1000 + skewSeconds) throw refusal('TOKEN_FROM_FUTURE');
  if (exp - iat > longestLifeSeconds) throw refusal('TOKEN_LIVES_TOO_LONG');
  // A claim is whatever the client wrote: its type is not given.
  if (typeof jti !== 'string' || jti === '' || jti.length > 512) throw refusal('JTI_UNUSABLE');
}

/** The code is what the log shows. */
function refusal(code: string): Error {
  return Object.assign(new Error('the token is refused'), { code });
}
