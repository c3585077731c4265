/** How the fake service verifies a client's token, and which fault of one it can be told not to mind. */
import { compactVerify, createLocalJWKSet, decodeJwt, decodeProtectedHeader } from 'jose';
import type { Client } from '../../../src/cli/conformance/tokens.js';
import type { Incoming } from './fake.js';

export interface Verifier {
  readonly endpoint: string;
  /** The one that is trusted. */
  readonly client: Client;
  readonly lenient: readonly string[];
  /** The `jti` of tokens that came before. */
  readonly used: Set<string>;
}

/** What is wrong with a token, in a word. */
export async function findTokenProblem(
  { kind, headers }: Pick<Incoming, 'kind' | 'headers'>,
  { endpoint, client, lenient, used }: Verifier,
): Promise<string | undefined> {
  const token = headers.authorization?.replace(/^Bearer /, '');
  if (token === undefined) return kind === 'feedback' ? 'token-missing-feedback' : 'token-missing';
  const minded = (problem: string): boolean => !lenient.includes(problem);
  let alg: string | undefined;
  let claims: ReturnType<typeof decodeJwt>;
  try {
    alg = decodeProtectedHeader(token).alg;
    claims = decodeJwt(token);
  } catch {
    return 'token-garbage';
  }
  if (alg === 'none') return 'token-none';
  if (alg?.startsWith('HS')) return 'token-hmac';
  if (claims.iss !== client.issuer) return 'token-issuer';
  if (minded('token-signature') && !(await isSigned(token, client))) return 'token-signature';
  const now = Date.now() / 1000;
  if ((claims.exp ?? 0) < now && minded('token-expired')) return 'token-expired';
  if ((claims.iat ?? 0) > now + 60 && minded('token-future')) return 'token-future';
  if (claims.jti === undefined) return 'token-jti';
  if (claims.aud !== endpoint) return String(claims.aud).includes('127.0.0.1') ? 'token-sibling' : 'token-audience';
  if (used.has(claims.jti)) return 'token-replay';
  used.add(claims.jti);
  return undefined;
}

async function isSigned(token: string, client: Client): Promise<boolean> {
  try {
    await compactVerify(token, createLocalJWKSet({ keys: [{ ...client.publicJwk, kid: client.keyId, alg: client.algorithm }] }));
    return true;
  } catch {
    return false;
  }
}
