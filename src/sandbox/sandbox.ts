/** The embedded EHR, put together: FHIR server, SMART authorization, the pages' API, the pages. Knows nothing of the CDS service it calls. */
import express from 'express';
import type { JSONWebKeySet } from 'jose';
import { ServiceError } from '../errors.js';
import type { Database, VendorName } from '../types.js';
import { createAuthorizeRouter, type Registration } from './authorize.js';
import { createEhrApi, type PatientSummary } from './ehr-api.js';
import { allowOrigins, createFhirServer } from './fhir-server.js';
import { sendRefusals } from './http-errors.js';
import { textAt } from './json-value.js';
import { createKeys } from './keys.js';
import { createProfiles, vendorOf } from './profiles.js';
import { createResourceStore, type StoredResource } from './resource-store.js';
import { seedIfNeeded, seedStories } from './seed.js';
import { createSessions } from './session.js';
import { openIdConfiguration } from './smart-configuration.js';
import { createStories } from './stories/stories.js';
import { createTokenRouter } from './token.js';

interface SandboxOptions {
  readonly db: Database;
  readonly clock: () => Date;
  /** Where the router is mounted, as the outside sees it: `http://127.0.0.1:3000/ehr`. */
  readonly baseUrl: string;
  readonly pagesDir: string | undefined;
  /** The app: its origin (then `/launch` and `/app/` of it are registered), or single addresses, registered as they are. */
  readonly appUrls: readonly string[];
}

export interface Sandbox {
  /** To be mounted at the path of `baseUrl`. */
  readonly router: express.Router;
  readonly issuer: string;
  readonly jwks: JSONWebKeySet;
  readonly fhirBase: string;
  /** Which product it is just now: its pages can switch. */
  readonly vendor: () => VendorName;
  readonly patients: readonly { readonly id: string; readonly name: string; readonly story: { readonly title: string; readonly shows: string } }[];
  issueCdsToken(aud: string): Promise<string>;
  issueAccessToken(patient: string): Promise<{ readonly accessToken: string; readonly scope: string }>;
}

const readingScopes: readonly string[] = ['patient/*.rs'];

export async function createSandbox({ db, clock, baseUrl, pagesDir, appUrls }: SandboxOptions): Promise<Sandbox> {
  const issuer = baseUrl.replace(/\/+$/, '');
  const fhirBase = `${issuer}/fhir`;
  const store = await createResourceStore({ db, clock });
  const stories = createStories(clock());
  await seedIfNeeded(store, stories, clock(), fhirBase);

  const keys = await createKeys({ issuer, clock });
  const sessions = createSessions(clock);
  const registration: Registration = { clientId: 'whycard-app', urls: appUrls.flatMap(addressesOf) };
  const listPatients = async () => summarize(await store.patients());
  const storyOf = new Map(stories.map((story) => [story.patient.id, story]));
  const refusedTypes = new Map(stories.map((story) => [story.patient.id, story.refusedTypes]));

  function summarize(patients: readonly StoredResource[]): readonly PatientSummary[] {
    return patients
      .flatMap((patient) => {
        const story = storyOf.get(patient.id);
        if (story === undefined) return [];
        const summary = { name: nameOf(patient), birthDate: textAt(patient, 'birthDate'), gender: textAt(patient, 'gender') };
        return [{ id: patient.id, ...summary, story: { title: story.title, shows: story.shows } }];
      })
      .sort((one, other) => stories.findIndex((story) => story.patient.id === one.id) - stories.findIndex((story) => story.patient.id === other.id));
  }

  const profiles = createProfiles();
  const router = express.Router();
  router.get('/jwks.json', allowOrigins, (_request, response) => {
    response.set('Cache-Control', 'max-age=300').json(keys.jwks);
  });
  router.get('/.well-known/openid-configuration', allowOrigins, (_request, response) => {
    response.json(openIdConfiguration({ issuer, fhirBase }));
  });
  router.use('/auth', createAuthorizeRouter({ sessions, registration, fhirBase, listPatients }));
  router.use('/auth/token', allowOrigins);
  router.use('/auth', createTokenRouter({ sessions, registration, keys, fhirBase }));
  router.use('/fhir', createFhirServer({ sessions, registration, fhirBase, issuer, clock, store, refusedTypes, profiles }));
  const reset = () => seedStories(store, createStories(clock()), fhirBase);
  router.use('/api', createEhrApi({ sessions, keys, registration, fhirBase, listPatients, reset, profiles }));
  if (pagesDir !== undefined) router.use(express.static(pagesDir));
  router.use(sendRefusals);

  return {
    router,
    issuer,
    jwks: keys.jwks,
    fhirBase,
    vendor: () => vendorOf(profiles.current()),
    patients: summarize(await store.patients()).map(({ id, name, story }) => ({ id, name, story })),
    issueCdsToken: (aud) => keys.issueCdsToken(aud),
    async issueAccessToken(patient) {
      if (!storyOf.has(patient)) throw new ServiceError('not-found');
      return { accessToken: sessions.issueAccess({ client: 'sandbox-ehr', patient, scopes: readingScopes }), scope: readingScopes.join(' ') };
    },
  };
}

/** A bare origin stands for the app that whycard serves there; anything with a path is one registered address, compared exactly. */
function addressesOf(appUrl: string): readonly string[] {
  const url = new URL(appUrl);
  return url.pathname === '/' && url.search === '' ? ['/launch', '/app/', '/app'].map((path) => url.origin + path) : [appUrl];
}

function nameOf(patient: StoredResource): string {
  const given = textAt(patient, 'name.given');
  const family = textAt(patient, 'name.family');
  return [given, family].filter((part) => part !== undefined).join(' ');
}
