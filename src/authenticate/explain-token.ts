/**
 * What is wrong with a client's token, in words for the person who configures it. Sends nothing anywhere: a key set that is known by its address is not read.
 * Knows the rules of `caller.ts`, not where a token came from.
 */
import { createLocalJWKSet, errors, type JWTPayload, jwtVerify, type ProtectedHeaderParameters } from 'jose';
import { checkKeyAddress, longestLifeSeconds, skewSeconds, type TrustedClient, usualAlgorithms } from './caller.js';

export interface TokenFinding {
  readonly ok: boolean;
  readonly text: string;
}

export interface ExplainTokenOptions {
  /** Empty: nobody's trust file is at hand; what hangs on it is not judged. */
  readonly trust: readonly TrustedClient[];
  /** The public URL of the endpoint that the token is for. */
  readonly audience: string | undefined;
  readonly now: Date;
}

type Claims = Readonly<Record<string, unknown>>;

const yes = (text: string): TokenFinding => ({ ok: true, text });
const no = (text: string): TokenFinding => ({ ok: false, text });

export async function explainToken(raw: string, { trust, audience, now }: ExplainTokenOptions): Promise<readonly TokenFinding[]> {
  const token = raw.trim().replace(/^Bearer +/i, '');
  const parts = token.split('.');
  if (parts.length !== 3) return [no(`a token has three parts joined by dots; this has ${parts.length}`)];
  const [header, claims] = [decode(parts[0]), decode(parts[1])];
  if (header === undefined || claims === undefined) return [no('header and claims must each be base64url of a JSON object')];
  const client = trust.find((one) => one.issuer === claims['iss']);
  return [
    ...explainHeader(header as ProtectedHeaderParameters, client),
    ...explainIssuer(claims, trust, client),
    explainAudience(claims, audience, client),
    ...explainTimes(claims, now.getTime() / 1000),
    typeof claims['jti'] === 'string' && claims['jti'] !== ''
      ? yes('jti is there; it must be new for every call')
      : no('jti is missing or empty: it protects against replay'),
    ...(client === undefined ? [] : [explainKeyAddress(token, client), await explainSignature(token, client, now)]),
  ];
}

function decode(part: string | undefined): Claims | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Claims) : undefined;
  } catch {
    return undefined;
  }
}

function explainHeader({ alg, kid, typ }: ProtectedHeaderParameters, client: TrustedClient | undefined): readonly TokenFinding[] {
  const allowed = [...usualAlgorithms, ...(client?.algorithms ?? [])];
  const name = typeof alg === 'string' ? alg : 'missing';
  const isForbidden = name === 'none' || name.startsWith('HS');
  return [
    allowed.includes(name)
      ? yes(`alg is ${name}`)
      : no(`alg is ${name}; ${isForbidden ? 'CDS Hooks forbids it' : `allowed for this client: ${allowed.join(', ')}`}`),
    typeof kid === 'string' && kid !== '' ? yes('kid names a key') : no('kid is missing: it says which key signed'),
    typ === 'JWT' ? yes('typ is JWT') : no('typ should be JWT'),
  ];
}

function explainIssuer(claims: Claims, trust: readonly TrustedClient[], client: TrustedClient | undefined): readonly TokenFinding[] {
  if (typeof claims['iss'] !== 'string') return [no('iss is missing')];
  if (trust.length === 0) return [yes('iss is there; whether it is trusted was not looked at (no --trust file)')];
  return [
    client === undefined
      ? no('iss is not in the trust file; it is compared character by character, a slash at the end included')
      : yes(`iss is that of ${client.id}`),
  ];
}

function explainAudience(claims: Claims, audience: string | undefined, client: TrustedClient | undefined): TokenFinding {
  const sent = [claims['aud']].flat().filter((one) => typeof one === 'string');
  if (sent.length === 0) return no('aud is missing: it must be the URL of the endpoint that is called');
  if (audience === undefined) return yes('aud is there; whether it is right was not looked at (no --aud)');
  const accepted = [audience, ...(client?.audiences ?? [])];
  return sent.some((one) => accepted.includes(one)) ? yes('aud is this endpoint') : no(`aud is not ${accepted.join(' nor ')}`);
}

function explainTimes(claims: Claims, now: number): readonly TokenFinding[] {
  const { iat, exp, nbf } = claims as JWTPayload;
  if (typeof exp !== 'number' || typeof iat !== 'number') return [no('exp and iat must both be there, in seconds since 1970')];
  const findings = [
    exp > now - skewSeconds ? yes('exp lies ahead') : no(`exp was ${Math.round(now - exp)} s ago`),
    iat <= now + skewSeconds
      ? yes('iat is not in the future')
      : no(`iat is ${Math.round(iat - now)} s in the future: compare the clocks (${skewSeconds} s are tolerated)`),
    exp - iat <= longestLifeSeconds ? yes(`it lives ${exp - iat} s`) : no(`it lives ${exp - iat} s; at most ${longestLifeSeconds} are accepted`),
  ];
  return typeof nbf === 'number' && nbf > now + skewSeconds ? [...findings, no(`nbf is ${Math.round(nbf - now)} s in the future`)] : findings;
}

function explainKeyAddress(token: string, client: TrustedClient): TokenFinding {
  try {
    checkKeyAddress(token, client);
    return yes('jku is absent or listed');
  } catch {
    return no('jku is not listed for this client in the trust file: it would never be fetched');
  }
}

async function explainSignature(token: string, { keys, algorithms = [], issuer }: TrustedClient, now: Date): Promise<TokenFinding> {
  if (keys instanceof URL) return yes('the signature was not looked at: the keys are behind an address, and nothing is sent from here');
  try {
    // The times were judged already; here only the signature counts.
    await jwtVerify(token, createLocalJWKSet(keys), {
      algorithms: [...usualAlgorithms, ...algorithms],
      issuer,
      currentDate: now,
      clockTolerance: Number.MAX_SAFE_INTEGER,
    });
    return yes('the signature is good');
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey) return no('no key of the client has this kid and alg');
    return error instanceof errors.JWSSignatureVerificationFailed
      ? no('the signature does not fit the key')
      : no('the signature could not be checked');
  }
}
