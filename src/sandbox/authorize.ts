/** The SMART authorization endpoint: EHR launch, standalone launch with a patient picker. Knows nothing of tokens' content or FHIR access. */
import { randomUUID } from 'node:crypto';
import express from 'express';
import { pickerPage, refusalPage } from './authorize-pages.js';
import { readForm, readQuery } from './form.js';
import { grantScopes } from './scopes.js';
import type { AuthorizeRequest, Launch, Sessions } from './session.js';

/** The registered client: public, so PKCE is what binds the code to it. */
export interface Registration {
  readonly clientId: string;
  /** Redirect and launch addresses, compared exactly. */
  readonly urls: readonly string[];
}

interface AuthorizeDeps {
  readonly sessions: Sessions;
  readonly registration: Registration;
  readonly fhirBase: string;
  readonly listPatients: () => Promise<readonly { readonly id: string; readonly name: string }[]>;
}

type Reading =
  /** Client or redirect address not verified: RFC 6749 4.1.2.1 forbids to redirect. */
  | { readonly kind: 'page'; readonly text: string }
  | { readonly kind: 'error'; readonly redirectUri: string; readonly state: string | undefined; readonly error: string; readonly description: string }
  | { readonly kind: 'valid'; readonly request: AuthorizeRequest; readonly launch: string | undefined };

export function createAuthorizeRouter(deps: AuthorizeDeps): express.Router {
  const router = express.Router();
  router.get('/authorize', (request, response) => authorize(deps, readQuery(request), response, 302));
  router.post('/authorize', express.text({ type: 'application/x-www-form-urlencoded', limit: '64kb' }), (request, response) =>
    authorize(deps, readForm(request), response, 303),
  );
  router.post('/choose', express.text({ type: 'application/x-www-form-urlencoded', limit: '16kb' }), (request, response) =>
    choose(deps, readForm(request), response),
  );
  return router;
}

async function authorize(deps: AuthorizeDeps, parameters: URLSearchParams, response: express.Response, status: 302 | 303): Promise<void> {
  response.set('Cache-Control', 'no-store');
  const reading = readRequest(deps, parameters);
  if (reading.kind === 'page') return sendPage(response, 400, refusalPage(reading.text));
  if (reading.kind === 'error') return response.redirect(status, errorAddress(reading));
  const { request } = reading;
  if (reading.launch === undefined) {
    const page = pickerPage(deps.sessions.pending.issue(request), await deps.listPatients());
    return sendPage(response, 200, page, new URL(request.redirectUri).origin);
  }
  const launch = deps.sessions.launches.take(reading.launch);
  if (launch.state !== 'fresh') {
    const description = 'The launch is unknown, expired or was used before.';
    return response.redirect(status, errorAddress({ ...request, error: 'invalid_request', description }));
  }
  response.redirect(status, codeAddress(deps.sessions, request, launch.value));
}

async function choose(deps: AuthorizeDeps, parameters: URLSearchParams, response: express.Response): Promise<void> {
  response.set('Cache-Control', 'no-store');
  const pending = deps.sessions.pending.take(parameters.get('request') ?? '');
  if (pending.state !== 'fresh')
    return sendPage(response, 400, refusalPage('This choice is unknown, expired or was made before. Launch the app again.'));
  const request = pending.value;
  const patient = (await deps.listPatients()).find(({ id }) => id === parameters.get('patient'))?.id;
  if (patient === undefined) {
    return response.redirect(303, errorAddress({ ...request, error: 'access_denied', description: 'No patient was chosen.' }));
  }
  response.redirect(303, codeAddress(deps.sessions, request, { patient, appContext: undefined }));
}

const authorizeParameters = [
  'response_type',
  'client_id',
  'redirect_uri',
  'scope',
  'state',
  'aud',
  'code_challenge',
  'code_challenge_method',
  'launch',
  'nonce',
];

function readRequest({ registration, fhirBase }: AuthorizeDeps, parameters: URLSearchParams): Reading {
  const one = (name: string) => {
    const values = parameters.getAll(name);
    return values.length === 1 && values[0] !== '' ? values[0] : undefined;
  };
  const redirectUri = one('redirect_uri');
  if (one('client_id') !== registration.clientId) return { kind: 'page', text: 'This app is not registered here.' };
  if (redirectUri === undefined || !registration.urls.includes(redirectUri))
    return { kind: 'page', text: 'The redirect address of the app is not registered here.' };

  const state = one('state');
  const refuse = (error: string, description: string): Reading => ({ kind: 'error', redirectUri, state, error, description });
  // RFC 6749 3.1: parameters must not be included more than once.
  if (authorizeParameters.some((name) => parameters.getAll(name).length > 1))
    return refuse('invalid_request', 'A parameter is given more than once.');
  if (one('response_type') !== 'code') return refuse('unsupported_response_type', 'response_type must be code.');
  if (state === undefined) return refuse('invalid_request', 'state is missing.');
  if (one('aud') !== fhirBase) return refuse('invalid_request', 'aud is not the FHIR base of this server.');
  const codeChallenge = one('code_challenge');
  if (one('code_challenge_method') !== 'S256' || codeChallenge === undefined || !/^[A-Za-z0-9_-]{43}$/.test(codeChallenge)) {
    return refuse('invalid_request', 'PKCE with S256 is required.');
  }
  const launch = one('launch');
  const scopes = grantScopes(one('scope') ?? '').filter((scope) => scope !== 'launch' || launch !== undefined);
  if (!scopes.some((scope) => scope.startsWith('patient/') || scope === 'openid' || scope === 'launch' || scope === 'launch/patient')) {
    return refuse('invalid_scope', 'No scope that was asked for can be granted.');
  }
  return { kind: 'valid', request: { client: registration.clientId, redirectUri, state, scopes, codeChallenge, nonce: one('nonce') }, launch };
}

function codeAddress(sessions: Sessions, request: AuthorizeRequest, launch: Launch): string {
  const code = sessions.codes.issue({ request, launch, family: randomUUID() });
  return withParameters(request.redirectUri, { code, state: request.state });
}

function errorAddress(error: {
  readonly redirectUri: string;
  readonly state: string | undefined;
  readonly error: string;
  readonly description: string;
}): string {
  return withParameters(error.redirectUri, { error: error.error, error_description: error.description, state: error.state });
}

function withParameters(address: string, parameters: Readonly<Record<string, string | undefined>>): string {
  const url = new URL(address);
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value);
  return url.href;
}

function sendPage(response: express.Response, status: number, html: string, formTarget = ''): void {
  // Browsers apply form-action to the redirect that answers a form as well.
  const policy = `default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self' ${formTarget}`.trim();
  response.status(status).set('Content-Security-Policy', policy).set('Referrer-Policy', 'no-referrer').type('html').send(html);
}
