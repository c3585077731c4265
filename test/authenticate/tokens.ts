/** A client of an EHR for tests: invented issuer, fresh keys, tokens with any fault. */
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import type { TrustedClient } from '../../src/authenticate/caller.js';

export const issuer = 'https://ehr.example';
export const endpoint = 'https://whycard.example/cds-services/care-gaps';
export const fhirBases = ['https://ehr.example/fhir'];
/** Seconds of the tests' standing clock. */
export const now = Date.UTC(2026, 0, 1) / 1000;
export const clock = (): Date => new Date(now * 1000);

export interface TestClient {
  readonly trusted: TrustedClient;
  readonly publicJwk: JWK;
  /** Claims and header of a good token, changed; a claim that is undefined is left out. */
  sign(claims?: Readonly<Record<string, unknown>>, header?: Readonly<Record<string, unknown>>): Promise<string>;
}

export async function createTestClient(alg = 'ES384', kid = 'k+1/='): Promise<TestClient> {
  const { publicKey, privateKey } = await generateKeyPair(alg);
  const publicJwk = { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' };
  return {
    trusted: { id: 'test-ehr', issuer, audiences: ['typed-by-hand'], keys: { keys: [publicJwk] }, fhirBases },
    publicJwk,
    sign: (claims = {}, header = {}) => new SignJWT(claimsOf(claims)).setProtectedHeader({ alg, kid, typ: 'JWT', ...header }).sign(privateKey),
  };
}

export function claimsOf(changes: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const claims = { iss: issuer, aud: endpoint, iat: now, exp: now + 300, jti: crypto.randomUUID(), ...changes };
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
}

/** Any header and claims with any signature: what an attacker can write. */
export function writeToken(header: object, claims: object, signature = ''): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part(header)}.${part(claims)}.${signature}`;
}

/** Remembers in a set; what a store does in a table. */
export function createFakeReplay(): { seen(jti: string, issuer: string, expiresAt: Date): Promise<boolean>; readonly kept: Map<string, Date> } {
  const kept = new Map<string, Date>();
  return {
    kept,
    async seen(jti, from, expiresAt) {
      const key = `${from} ${jti}`;
      const wasThere = kept.has(key);
      kept.set(key, expiresAt);
      return wasThere;
    },
  };
}
