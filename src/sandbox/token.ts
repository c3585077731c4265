/** The SMART token endpoint: codes and refresh tokens become access tokens. Knows nothing of launches' pages or FHIR access. */
import { createHash, timingSafeEqual } from 'node:crypto';
import express from 'express';
import type { Registration } from './authorize.js';
import { readForm } from './form.js';
import type { Keys } from './keys.js';
import { accessTokenSeconds, type Grant, type Sessions, sandboxUser } from './session.js';

interface TokenDeps {
  readonly sessions: Sessions;
  readonly registration: Registration;
  readonly keys: Keys;
  readonly fhirBase: string;
}

/** {@link https://www.rfc-editor.org/rfc/rfc6749#section-5.2} */
interface TokenError {
  readonly status: 400 | 401;
  readonly error: 'invalid_request' | 'invalid_client' | 'invalid_grant' | 'invalid_scope' | 'unsupported_grant_type';
  readonly description: string;
}

type TokenAnswer = TokenError | { readonly status: 200; readonly body: Readonly<Record<string, unknown>> };

export function createTokenRouter(deps: TokenDeps): express.Router {
  const router = express.Router();
  router.post('/token', express.text({ type: 'application/x-www-form-urlencoded', limit: '64kb' }), async (request, response) => {
    const answer = await exchange(deps, readForm(request), request.get('authorization') !== undefined);
    response.status(answer.status).set({ 'Cache-Control': 'no-store', Pragma: 'no-cache' });
    if (answer.status === 401) response.set('WWW-Authenticate', 'Basic realm="token"');
    response.json('body' in answer ? answer.body : { error: answer.error, error_description: answer.description });
  });
  return router;
}

const refuse = (error: TokenError['error'], description: string): TokenError => ({
  status: error === 'invalid_client' ? 401 : 400,
  error,
  description,
});

async function exchange(deps: TokenDeps, form: URLSearchParams, isAuthenticating: boolean): Promise<TokenAnswer> {
  if ([...form.keys()].some((name) => form.getAll(name).length > 1)) return refuse('invalid_request', 'A parameter is given more than once.');
  if (isAuthenticating || form.get('client_id') !== deps.registration.clientId) {
    return refuse('invalid_client', 'The app is not registered here as a public client.');
  }
  const grantType = form.get('grant_type');
  if (grantType === null) return refuse('invalid_request', 'grant_type is missing.');
  if (grantType === 'authorization_code') return redeemCode(deps, form);
  if (grantType === 'refresh_token') return refresh(deps, form);
  return refuse('unsupported_grant_type', 'This grant type is not supported.');
}

async function redeemCode(deps: TokenDeps, form: URLSearchParams): Promise<TokenAnswer> {
  const { sessions } = deps;
  // Any attempt burns the code: a thief gets one guess at the verifier.
  const taken = sessions.codes.take(form.get('code') ?? '');
  // RFC 6749 4.1.2: a code used twice SHOULD revoke what it gave before.
  if (taken.state === 'spent') sessions.revokeFamily(taken.value.family);
  if (taken.state !== 'fresh') return refuse('invalid_grant', 'The code is unknown, expired or was used before.');
  const { request, launch, family } = taken.value;
  if (form.get('redirect_uri') !== request.redirectUri) return refuse('invalid_grant', 'redirect_uri is not the one of the authorization.');
  if (!isVerified(form.get('code_verifier') ?? '', request.codeChallenge)) return refuse('invalid_grant', 'code_verifier does not match.');
  const grant = { family, client: request.client, patient: launch.patient, scopes: request.scopes };
  const body = await tokenBody(deps, grant, request.nonce);
  return { status: 200, body: launch.appContext === undefined ? body : { ...body, appContext: launch.appContext } };
}

async function refresh(deps: TokenDeps, form: URLSearchParams): Promise<TokenAnswer> {
  const { sessions } = deps;
  const taken = sessions.refreshTokens.take(form.get('refresh_token') ?? '');
  if (taken.state === 'spent') sessions.revokeFamily(taken.value.grant.family);
  if (taken.state !== 'fresh') return refuse('invalid_grant', 'The refresh token is unknown, expired or was used before.');
  const { grant, nonce } = taken.value;
  const asked =
    form
      .get('scope')
      ?.split(/\s+/)
      .filter((scope) => scope !== '') ?? [];
  if (asked.some((scope) => !grant.scopes.includes(scope))) return refuse('invalid_scope', 'A scope was not granted before.');
  return { status: 200, body: await tokenBody(deps, asked.length === 0 ? grant : { ...grant, scopes: asked }, nonce) };
}

function isVerified(verifier: string, challenge: string): boolean {
  // RFC 7636 4.1: 43 to 128 unreserved characters.
  if (!/^[A-Za-z0-9\-._~]{43,128}$/.test(verifier)) return false;
  const computed = Buffer.from(createHash('sha256').update(verifier).digest('base64url'));
  const expected = Buffer.from(challenge);
  return computed.length === expected.length && timingSafeEqual(computed, expected);
}

async function tokenBody(
  { sessions, keys, fhirBase }: TokenDeps,
  grant: Grant,
  nonce: string | undefined,
): Promise<Readonly<Record<string, unknown>>> {
  const isRefreshable = grant.scopes.includes('online_access') || grant.scopes.includes('offline_access');
  const fhirUser = `${fhirBase}/${sandboxUser}`;
  return {
    access_token: sessions.accessTokens.issue(grant),
    token_type: 'Bearer',
    expires_in: accessTokenSeconds,
    scope: grant.scopes.join(' '),
    patient: grant.patient,
    // The app may stand in a window of its own, so it must always say whose data it shows.
    need_patient_banner: true,
    ...(isRefreshable ? { refresh_token: sessions.refreshTokens.issue({ grant, nonce }) } : {}),
    ...(grant.scopes.includes('openid') ? { id_token: await keys.issueIdToken({ client: grant.client, user: sandboxUser, fhirUser, nonce }) } : {}),
  };
}
