/** The FHIR R4 address of the embedded EHR: formats, CORS, discovery, errors as OperationOutcome. Knows nothing of how a resource is found or kept. */
import express from 'express';
import { z } from 'zod';
import type { Registration } from './authorize.js';
import { authorizeRequest } from './fhir-access.js';
import { createFhirReadRouter, type FhirReadDeps } from './fhir-read.js';
import { createFhirWriteRouter } from './fhir-write.js';
import { readQuery } from './form.js';
import { sendRefusals } from './http-errors.js';
import type { Profiles } from './profiles.js';
import { Refusal } from './refusal.js';
import { capabilityStatement, smartConfiguration } from './smart-configuration.js';

interface FhirServerDeps extends FhirReadDeps {
  readonly registration: Registration;
  readonly issuer: string;
  readonly clock: () => Date;
  readonly profiles: Profiles;
}

export function createFhirServer(deps: FhirServerDeps): express.Router {
  const router = express.Router();
  router.use(allowOrigins, requireJson, deps.profiles.play);
  router.get('/.well-known/smart-configuration', (_request, response) => {
    response.json(smartConfiguration(deps));
  });
  router.get('/metadata', (_request, response) => {
    response.type('application/fhir+json').send(JSON.stringify(capabilityStatement(deps, deps.clock())));
  });
  router.post('/_services/smart/Launch', express.json({ limit: '64kb' }), (request, response) => launch(deps, request, response));
  router.use(createFhirReadRouter(deps), createFhirWriteRouter(deps));
  router.use(() => {
    throw new Refusal(405, 'not-supported', 'This address does not take that method.', { Allow: 'GET, POST, PUT, DELETE, OPTIONS' });
  });
  router.use(sendRefusals);
  return router;
}

/** Any origin: the token is what protects, and apps and CDS clients stand elsewhere. No credentials mode, so no cookie ever counts. */
export function allowOrigins(request: express.Request, response: express.Response, next: express.NextFunction): void {
  response.set({
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Allow-Methods': 'GET, POST, PUT, DELETE, OPTIONS',
    'Access-Control-Allow-Headers': 'Authorization, Content-Type, Accept, Prefer, If-Match',
    'Access-Control-Expose-Headers': 'ETag, Location, Last-Modified',
    'Cache-Control': 'no-store',
  });
  if (request.method === 'OPTIONS') response.status(204).end();
  else next();
}

/** {@link https://hl7.org/fhir/R4/http.html#mime-type} `_format` overrides Accept. `json+fhir` is what DSTU2-era clients still send. */
function requireJson(request: express.Request, _response: express.Response, next: express.NextFunction): void {
  const asked = readQuery(request).get('_format') ?? request.get('accept') ?? '*/*';
  if (!/json|\*\/\*|application\/\*/.test(asked)) throw new Refusal(406, 'not-supported', 'This server speaks JSON only.');
  next();
}

const launchBody = z.looseObject({
  launchUrl: z.string().max(2_048),
  parameters: z.looseObject({ patient: z.string().max(128), appContext: z.string().max(4_096).optional() }),
});

/** The call by which the CDS Hooks Sandbox asks for a launch (its launch-context-retrieval.js), only for the patient of the token. */
function launch(deps: FhirServerDeps, request: express.Request, response: express.Response): void {
  const access = authorizeRequest(deps, request);
  const body = launchBody.safeParse(request.body);
  if (!body.success) throw new Refusal(400, 'invalid', 'launchUrl and parameters.patient are needed.');
  const { launchUrl, parameters } = body.data;
  if (parameters.patient !== access.patient) throw new Refusal(403, 'forbidden', 'The access token is for another patient.');
  if (!deps.registration.urls.includes(launchUrl)) throw new Refusal(400, 'invalid', 'No app is registered at that address.');
  response.json({ launch_id: deps.sessions.launches.issue({ patient: parameters.patient, appContext: parameters.appContext }) });
}
