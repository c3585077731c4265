/** The embedded EHR's signing key, made at start, and the two tokens it signs. Knows nothing of who asks for one. */
import { randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JSONWebKeySet, SignJWT } from 'jose';

export interface Keys {
  readonly jwks: JSONWebKeySet;
  /** The JWT that a CDS client shows with each call. {@link https://cds-hooks.hl7.org/2.0/#trusting-cds-clients} */
  issueCdsToken(aud: string): Promise<string>;
  issueIdToken(claims: {
    readonly client: string;
    readonly user: string;
    readonly fhirUser: string;
    readonly nonce: string | undefined;
  }): Promise<string>;
}

const cdsTokenSeconds = 300;
const idTokenSeconds = 3_600;

interface KeyOptions {
  readonly issuer: string;
  readonly clock: () => Date;
}

export async function createKeys({ issuer, clock }: KeyOptions): Promise<Keys> {
  const { publicKey, privateKey } = await generateKeyPair('ES384');
  const publicJwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(publicJwk);
  const now = () => Math.floor(clock().getTime() / 1_000);
  return {
    jwks: { keys: [{ ...publicJwk, kid, alg: 'ES384', use: 'sig' }] },
    issueCdsToken: (aud) =>
      new SignJWT()
        .setProtectedHeader({ alg: 'ES384', typ: 'JWT', kid, jku: `${issuer}/jwks.json` })
        .setIssuer(issuer)
        .setAudience(aud)
        .setIssuedAt(now())
        .setExpirationTime(now() + cdsTokenSeconds)
        .setJti(randomUUID())
        .sign(privateKey),
    issueIdToken: ({ client, user, fhirUser, nonce }) =>
      new SignJWT({ fhirUser, ...(nonce === undefined ? {} : { nonce }) })
        .setProtectedHeader({ alg: 'ES384', typ: 'JWT', kid })
        .setIssuer(issuer)
        .setSubject(user)
        .setAudience(client)
        .setIssuedAt(now())
        .setExpirationTime(now() + idTokenSeconds)
        .sign(privateKey),
  };
}
