/** What the EHR's own pages ask: patients, a session, a CDS token, a launch, a reset. Mints tokens, so only this machine's own pages may call it. */
import express from 'express';
import { z } from 'zod';
import type { Registration } from './authorize.js';
import { sendRefusals } from './http-errors.js';
import type { Keys } from './keys.js';
import { type Profiles, profileNames } from './profiles.js';
import { Refusal } from './refusal.js';
import { accessTokenSeconds, type Sessions, sandboxUser } from './session.js';

export interface PatientSummary {
  readonly id: string;
  readonly name: string;
  readonly birthDate: string | undefined;
  readonly gender: string | undefined;
  readonly story: { readonly title: string; readonly shows: string };
}

interface EhrApiDeps {
  readonly sessions: Sessions;
  readonly keys: Keys;
  readonly registration: Registration;
  readonly fhirBase: string;
  readonly listPatients: () => Promise<readonly PatientSummary[]>;
  readonly reset: () => Promise<void>;
  readonly profiles: Profiles;
}

/** The pages read the chart and write orders. */
const pageScopes: readonly string[] = ['patient/*.cruds'];
/** What the CDS service is given with a hook: it never writes. */
const hookScopes: readonly string[] = ['patient/*.rs'];
const pageClient = 'sandbox-ehr';

const patientBody = z.strictObject({ patient: z.string().max(128) });
const audienceBody = z.strictObject({ aud: z.url({ protocol: /^https?$/ }).max(2_048) });
const profileBody = z.strictObject({ profile: z.enum(profileNames) });
const launchBody = z.strictObject({ patient: z.string().max(128), launchUrl: z.string().max(2_048), appContext: z.string().max(4_096).optional() });

export function createEhrApi(deps: EhrApiDeps): express.Router {
  const router = express.Router();
  router.use(requireOwnPage);
  router.use(express.json({ limit: '64kb' }));

  router.get('/patients', async (_request, response) => {
    response.json(await deps.listPatients());
  });
  router.post('/session', async (request, response) => {
    const { patient } = parseBody(patientBody, request);
    await requirePatient(deps, patient);
    const accessToken = deps.sessions.issueAccess({ client: pageClient, patient, scopes: pageScopes });
    const hook = { accessToken: deps.sessions.issueAccess({ client: pageClient, patient, scopes: hookScopes }), scope: hookScopes.join(' ') };
    response.json({ accessToken, scope: pageScopes.join(' '), hook, expiresIn: accessTokenSeconds, fhirBase: deps.fhirBase, userId: sandboxUser });
  });
  router.post('/cds-token', async (request, response) => {
    response.json({ token: await deps.keys.issueCdsToken(parseBody(audienceBody, request).aud) });
  });
  router.post('/launch', async (request, response) => {
    const { patient, launchUrl, appContext } = parseBody(launchBody, request);
    await requirePatient(deps, patient);
    if (!deps.registration.urls.includes(launchUrl)) throw new Refusal(400, 'invalid', 'No app is registered at that address.');
    const url = new URL(launchUrl);
    url.searchParams.set('launch', deps.sessions.launches.issue({ patient, appContext }));
    url.searchParams.set('iss', deps.fhirBase);
    response.json({ url: url.href });
  });
  router.get('/profile', (_request, response) => {
    response.json({ profile: deps.profiles.current(), profiles: profileNames });
  });
  router.post('/profile', (request, response) => {
    deps.profiles.set(parseBody(profileBody, request).profile);
    response.json({ profile: deps.profiles.current(), profiles: profileNames });
  });
  router.post('/reset', async (_request, response) => {
    await deps.reset();
    response.status(204).end();
  });
  router.use(() => {
    throw new Refusal(404, 'not-found', 'There is nothing here.');
  });
  router.use(sendRefusals);
  return router;
}

const loopbackHost = /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])(?::\d{1,5})?$/i;

/**
 * A loopback Host keeps out a page that rebinds its own name to 127.0.0.1; Origin and Sec-Fetch-Site keep out pages of other sites and ports.
 * {@link https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header}
 */
function requireOwnPage(request: express.Request, response: express.Response, next: express.NextFunction): void {
  const host = request.get('host') ?? '';
  const origin = request.get('origin');
  const site = request.get('sec-fetch-site');
  const isOwn =
    loopbackHost.test(host) &&
    (origin === undefined || origin === `http://${host}`) &&
    (site === undefined || site === 'same-origin' || site === 'none');
  if (!isOwn) throw new Refusal(403, 'forbidden', 'Only the pages of this EHR, on this machine, may ask this.');
  // A form of another page could post without an Origin in old browsers, but never as JSON.
  if (request.method === 'POST' && request.get('content-length') !== '0' && request.is('application/json') === false) {
    throw new Refusal(415, 'not-supported', 'This address takes application/json.');
  }
  response.set('Cache-Control', 'no-store');
  next();
}

function parseBody<Body>(schema: z.ZodType<Body>, request: express.Request): Body {
  const parsed = schema.safeParse(request.body);
  if (!parsed.success) throw new Refusal(400, 'invalid', 'The body does not have the fields that this address takes.');
  return parsed.data;
}

async function requirePatient({ listPatients }: EhrApiDeps, patient: string): Promise<void> {
  if (!(await listPatients()).some(({ id }) => id === patient)) throw new Refusal(404, 'not-found', 'There is no such patient.');
}
