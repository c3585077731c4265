/** Who calls: verifies the client's JWT. Knows issuers and keys, nothing of what is asked. {@link https://cds-hooks.hl7.org/2.0/#trusting-cds-clients} */
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  decodeProtectedHeader,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose';
import { ServiceError } from '../errors.js';
import type { Caller, Clock, Credentials, VendorName } from '../types.js';

export interface TrustedClient {
  readonly id: string;
  readonly issuer: string;
  /** Accepted besides the endpoint's own URL: at Epic an analyst types `aud` by hand. */
  readonly audiences: readonly string[];
  /** Pinned, or the address of the client's key set: the only one that is ever fetched for it. */
  readonly keys: JSONWebKeySet | URL;
  /** Addresses that the `jku` header of its tokens may name, beside that of its key set. They are compared, not fetched. */
  readonly jkus?: readonly string[];
  /** Beside ES384 and RS384. */
  readonly algorithms?: readonly string[];
  readonly fhirBases: readonly string[];
  /** Its FHIR servers lie in the site's own network: private addresses are expected there. */
  readonly isPrivateNetwork?: boolean;
  /** A question where the answer may change: the embedded EHR plays several. Absent: `plain`. */
  readonly vendor?: VendorName | (() => VendorName);
  /** What the app is called at this EHR, and how its scopes are spelled there; absent: its own id, and as the server states. */
  readonly app?: { readonly clientId?: string | undefined; readonly scopes?: 'v1' | 'v2' | undefined };
}

export interface VerifyCallerOptions {
  readonly trust: readonly TrustedClient[];
  readonly isSandbox: boolean;
  readonly clock: Clock;
  /** Reads key sets. */
  readonly fetch?: typeof globalThis.fetch;
  readonly replay: { seen(jti: string, issuer: string, expiresAt: Date): Promise<boolean> };
}

/** What the specification asks every client for. `none` and every HMAC are forbidden by it: no setting brings them back. */
export const usualAlgorithms: readonly string[] = ['ES384', 'RS384'];
export const skewSeconds = 60;
export const longestLifeSeconds = 3600;
const keySetLifeMs = 10 * 60_000;
/** A new key is found by one more read; tokens with made-up key names must not become a flood of them. */
const refetchPauseMs = 30_000;
const keySetTimeoutMs = 2_000;
/** A client's token holds half a dozen claims. */
const maxTokenLength = 8_192;

export function createVerifyCaller({
  trust,
  isSandbox,
  clock,
  replay,
  fetch = globalThis.fetch,
}: VerifyCallerOptions): (credentials: Credentials) => Promise<Caller> {
  const clients = new Map(trust.map((client) => [client.issuer, { client, keys: openKeys(client.keys, fetch) }]));
  return async function verifyCaller({ authorization, isLoopback, endpoint }) {
    if (authorization === undefined) {
      // docs/decisions/0001: curl on the same machine, in the sandbox only.
      if (isSandbox && isLoopback) return { id: 'anonymous-loopback', fhirBases: 'loopback', vendor: 'plain' };
      throw new ServiceError('caller-unverified');
    }
    const token = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization)?.[1];
    if (token === undefined || token.length > maxTokenLength) throw new ServiceError('caller-unverified');
    const { payload, client } = await verify(token, endpoint, clock());
    // Outside of what becomes a 401: a store that does not answer is our fault, not the caller's.
    const { iss = '', jti = '', exp = 0 } = payload;
    if (await replay.seen(jti, iss, new Date((exp + skewSeconds) * 1000)))
      throw new ServiceError('caller-unverified', { cause: refusal('TOKEN_REPLAYED') });
    const { vendor = 'plain' } = client;
    return { id: client.id, fhirBases: client.fhirBases, vendor: typeof vendor === 'function' ? vendor() : vendor };
  };

  async function verify(token: string, endpoint: string, now: Date): Promise<{ readonly payload: JWTPayload; readonly client: TrustedClient }> {
    try {
      const known = clients.get(peekIssuer(token));
      if (known === undefined) throw refusal('ISSUER_UNKNOWN');
      checkKeyAddress(token, known.client);
      const { payload } = await jwtVerify(token, known.keys, {
        algorithms: [...usualAlgorithms, ...(known.client.algorithms ?? [])],
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

function openKeys(keys: JSONWebKeySet | URL, fetch: typeof globalThis.fetch): JWTVerifyGetKey {
  if (!(keys instanceof URL)) return createLocalJWKSet(keys);
  return createRemoteJWKSet(keys, {
    cacheMaxAge: keySetLifeMs,
    cooldownDuration: refetchPauseMs,
    timeoutDuration: keySetTimeoutMs,
    [customFetch]: fetch,
  });
}

/** The header is whatever the sender wrote: an address in it is compared with those that the site has listed, and never fetched because of it. */
export function checkKeyAddress(token: string, { keys, jkus = [] }: TrustedClient): void {
  const { jku } = decodeProtectedHeader(token);
  const listed = [...jkus, ...(keys instanceof URL ? [keys.href] : [])];
  if (jku !== undefined && !listed.includes(jku)) throw refusal('JKU_UNLISTED');
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
