/** An embedded EHR on an in-memory database for one test file, with what a client of it does again and again. */
import { createHash } from 'node:crypto';
import { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import express from 'express';
import supertest from 'supertest';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';

export const origin = 'http://127.0.0.1:3000';
export const fhirBase = `${origin}/ehr/fhir`;
export const redirectUri = `${origin}/app/`;
export const launchUrl = `${origin}/launch`;
export const verifier = 'v'.repeat(64);
export const challenge = createHash('sha256').update(verifier).digest('base64url');

export interface TestEhr {
  readonly sandbox: Sandbox;
  readonly http: ReturnType<typeof supertest>;
  /** Moves the clock. */
  pass(seconds: number): void;
  /** Restarts the EHR on the same database. */
  restart(): Promise<TestEhr>;
  session(patient: string): Promise<string>;
  /** EHR launch to the redirect, with overrides of the authorize parameters. */
  authorize(overrides?: Readonly<Record<string, string | undefined>>, patient?: string, appContext?: string): Promise<supertest.Response>;
  redeem(code: string, overrides?: Readonly<Record<string, string>>): Promise<supertest.Response>;
  /** A token with exactly these scopes. */
  tokenFor(scope: string, patient?: string): Promise<string>;
  get(path: string, token?: string): supertest.Test;
  close(): Promise<void>;
}

export async function createTestEhr(): Promise<TestEhr> {
  const client = new PGlite();
  return start(client, { milliseconds: Date.UTC(2026, 2, 31, 12) });
}

async function start(client: PGlite, time: { milliseconds: number }): Promise<TestEhr> {
  const sandbox = await createSandbox({
    db: drizzle(client),
    clock: () => new Date(time.milliseconds),
    baseUrl: `${origin}/ehr`,
    pagesDir: undefined,
    appUrls: [origin],
  });
  const app = express();
  app.use('/ehr', sandbox.router);
  app.use((error: unknown, _request: express.Request, response: express.Response, _next: express.NextFunction) => {
    response.status(500).json({ unexpected: String(error) });
  });
  const http = supertest(app);

  const ehr: TestEhr = {
    sandbox,
    http,
    pass(seconds) {
      time.milliseconds += seconds * 1_000;
    },
    restart: () => start(client, time),
    async session(patient) {
      return String((await http.post('/ehr/api/session').send({ patient }).expect(200)).body.accessToken);
    },
    async authorize(overrides = {}, patient = 'gap-colorectal', appContext = undefined) {
      const launched = await http.post('/ehr/api/launch').send({ patient, launchUrl, ...(appContext === undefined ? {} : { appContext }) });
      const launch = new URL(launched.body.url).searchParams.get('launch') ?? '';
      const wanted = { ...authorizeDefaults, launch, ...overrides };
      return http.get('/ehr/auth/authorize').query(Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined)));
    },
    redeem: (code, overrides = {}) =>
      http
        .post('/ehr/auth/token')
        .type('form')
        .send({ grant_type: 'authorization_code', code, redirect_uri: redirectUri, client_id: 'whycard-app', code_verifier: verifier, ...overrides }),
    async tokenFor(scope, patient = 'gap-colorectal') {
      const answer = await ehr.redeem(codeOf(await ehr.authorize({ scope: `launch ${scope}` }, patient)));
      return String(answer.body.access_token);
    },
    get: (path, token) =>
      token === undefined ? http.get(`/ehr/fhir/${path}`) : http.get(`/ehr/fhir/${path}`).set('Authorization', `Bearer ${token}`),
    close: () => client.close(),
  };
  return ehr;
}

export const authorizeDefaults: Readonly<Record<string, string | undefined>> = {
  response_type: 'code',
  client_id: 'whycard-app',
  redirect_uri: redirectUri,
  scope: 'launch openid fhirUser patient/*.rs',
  state: 'state-of-the-app',
  aud: fhirBase,
  code_challenge: challenge,
  code_challenge_method: 'S256',
};

export function redirectOf(response: supertest.Response): URLSearchParams {
  return new URL(response.headers['location'] ?? 'none:').searchParams;
}

export function codeOf(response: supertest.Response): string {
  return redirectOf(response).get('code') ?? '';
}

interface Entry {
  readonly resource: { readonly resourceType: string; readonly id: string };
}

export function idsOf(response: supertest.Response): readonly string[] {
  return ((response.body.entry ?? []) as readonly Entry[]).map(({ resource }) => `${resource.resourceType}/${resource.id}`);
}

/** The path below the FHIR base of a link of a bundle. */
export function linkOf(response: supertest.Response, relation: string): string | undefined {
  const link = (response.body.link as readonly { readonly relation: string; readonly url: string }[]).find((one) => one.relation === relation);
  return link?.url.slice(fhirBase.length + 1);
}
