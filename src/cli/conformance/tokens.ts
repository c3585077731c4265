/** Client tokens, right and wrong ones: each has one fault. CDS Hooks 2.0, "Trusting CDS Clients". Knows nothing of what the answer should be. */
import {
  type CryptoKey,
  calculateJwkThumbprint,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  importJWK,
  type JWK,
  type JWTHeaderParameters,
  SignJWT,
  UnsecuredJWT,
} from 'jose';

/** A client that may call: its private key, and its name. */
export interface Client {
  readonly issuer: string;
  readonly algorithm: string;
  readonly keyId: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

/** A client that nobody can have registered: its key is new and its name is reserved (RFC 2606). */
export async function inventClient(): Promise<Client> {
  const { privateKey, publicKey } = await generateKeyPair('ES384', { extractable: true });
  const publicJwk = await exportJWK(publicKey);
  return { issuer: 'https://conformance.invalid', algorithm: 'ES384', keyId: await calculateJwkThumbprint(publicJwk), privateKey, publicJwk };
}

/** A private JWK that the service trusts for this issuer. @throws TypeError or a JOSE error where it is none */
export async function openClient(jwk: JWK, issuer: string): Promise<Client> {
  const algorithm = jwk.alg ?? algorithmOf[jwk.crv ?? jwk.kty ?? ''] ?? 'RS384';
  const key = await importJWK(jwk, algorithm, { extractable: true });
  if (key instanceof Uint8Array || key.type !== 'private') throw new TypeError('not a private key');
  // What is left of the members is public; `d` and the primes are not.
  const publicJwk: JWK = Object.fromEntries(Object.entries(jwk).filter(([name]) => ['kty', 'crv', 'x', 'y', 'n', 'e'].includes(name)));
  return { issuer, algorithm, keyId: jwk.kid ?? (await calculateJwkThumbprint(publicJwk)), privateKey: key, publicJwk };
}

/** Where the key does not say: by its curve, else RSA. */
const algorithmOf: Readonly<Record<string, string>> = { 'P-256': 'ES256', 'P-384': 'ES384', 'P-521': 'ES512', Ed25519: 'EdDSA' };

interface Claims {
  readonly iat?: number;
  readonly exp?: number;
  readonly aud?: string;
  readonly jti?: string | undefined;
}

const lifeSeconds = 300;
/** Further off than any clock is wrong. */
const farSeconds = 86_400;

function claimsOf(client: Client, endpoint: string, now: number, changes: Claims = {}): Record<string, unknown> {
  return { iss: client.issuer, aud: endpoint, iat: now, exp: now + lifeSeconds, jti: crypto.randomUUID(), ...changes };
}

function headerOf(client: Client): JWTHeaderParameters {
  return { alg: client.algorithm, kid: client.keyId, typ: 'JWT' };
}

/** As it should be. */
export async function signToken(client: Client, endpoint: string, now: Date, changes: Claims = {}): Promise<string> {
  const claims = claimsOf(client, endpoint, Math.floor(now.getTime() / 1000), changes);
  return new SignJWT(claims).setProtectedHeader(headerOf(client)).sign(client.privateKey);
}

/** Each with one fault, by the name of its probe. Undefined: sent without a token. */
export async function makeWrongTokens(client: Client, endpoint: string, now: Date): Promise<readonly (readonly [string, string | undefined])[]> {
  const seconds = Math.floor(now.getTime() / 1000);
  const sign = (changes: Claims): Promise<string> => signToken(client, endpoint, now, changes);
  const stranger = await inventClient();
  const claims = claimsOf(client, endpoint, seconds);
  return [
    ['token-missing', undefined],
    ['token-garbage', 'not.a.token'],
    ['token-none', new UnsecuredJWT(claims).encode()],
    ['token-none-kid', encodeUnsigned({ ...headerOf(client), alg: 'none' }, claimsOf(client, endpoint, seconds))],
    ['token-hmac', await signHmac(client, claimsOf(client, endpoint, seconds))],
    // The same name and key id, another key: only the signature tells.
    ['token-other-key', await signToken({ ...stranger, issuer: client.issuer, keyId: client.keyId }, endpoint, now)],
    ['token-unknown-issuer', await signToken(stranger, endpoint, now)],
    ['token-expired', await sign({ iat: seconds - farSeconds, exp: seconds - farSeconds + lifeSeconds })],
    ['token-future', await sign({ iat: seconds + farSeconds, exp: seconds + farSeconds + lifeSeconds })],
    ['token-other-audience', await sign({ aud: 'https://conformance.invalid/cds-services/other' })],
    // Right for discovery of the same service, and not for this endpoint of it.
    ['token-sibling-audience', await sign({ aud: endpoint.replace(/\/cds-services\/.*$/, '/cds-services') })],
    ['token-no-jti', await sign({ jti: undefined })],
  ];
}

function encodeUnsigned(header: object, payload: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part(header)}.${part(payload)}.`;
}

/** The public key taken for a shared secret: what a verifier does that lets the token choose the algorithm. */
async function signHmac(client: Client, claims: Record<string, unknown>): Promise<string> {
  const publicKey = await importJWK(client.publicJwk, client.algorithm, { extractable: true });
  const secret = publicKey instanceof Uint8Array ? publicKey : new TextEncoder().encode(await exportSPKI(publicKey));
  return new SignJWT(claims).setProtectedHeader({ ...headerOf(client), alg: 'HS256' }).sign(secret);
}
