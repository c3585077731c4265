/** The writing half of the FHIR server: create, update, delete within the token's patient. Knows nothing of searches. */
import { randomUUID } from 'node:crypto';
import express from 'express';
import { type Access, authorizeRequest, patientOf, requirePermission, requireType, requireVisible } from './fhir-access.js';
import { type FhirReadDeps, isFhirId, sendResource } from './fhir-read.js';
import { isDeeperThan, isRecord } from './json-value.js';
import { Refusal } from './refusal.js';
import type { Found, IncomingResource } from './resource-store.js';
import { isWritable } from './search-parameters.js';

const jsonTypes = ['application/fhir+json', 'application/json', 'application/json+fhir'];
const maximumBody = '1mb';
const maximumDepth = 64;

export function createFhirWriteRouter(deps: FhirReadDeps): express.Router {
  const router = express.Router();
  const parseBody = express.json({ type: jsonTypes, limit: maximumBody });
  router.post('/:type', parseBody, (request, response) => create(deps, request, response));
  router.put('/:type/:id', parseBody, (request, response) => update(deps, request, response));
  router.delete('/:type/:id', (request, response) => remove(deps, request, response));
  return router;
}

async function create(deps: FhirReadDeps, request: express.Request<{ type: string }>, response: express.Response): Promise<void> {
  const { type } = request.params;
  const access = authorizeRequest(deps, request);
  requireWritable(type);
  requirePermission(deps, access, 'c', type);
  if (request.get('if-none-exist') !== undefined) throw new Refusal(412, 'not-supported', 'Conditional creates are not supported.');
  const incoming = readIncoming(deps, request, type, randomUUID());
  requireOwn(access, 'c', incoming);
  const resource = await deps.store.put(incoming);
  response.set('Location', `${deps.fhirBase}/${type}/${resource.id}`);
  sendResource(response, 201, resource);
}

async function update(deps: FhirReadDeps, request: express.Request<{ type: string; id: string }>, response: express.Response): Promise<void> {
  const { type, id } = request.params;
  const access = authorizeRequest(deps, request);
  requireWritable(type);
  requirePermission(deps, access, 'u', type);
  if (!isFhirId(id)) throw new Refusal(400, 'invalid', 'The id is not a FHIR id.');
  const incoming = readIncoming(deps, request, type, id);
  if (isRecord(request.body) && request.body['id'] !== id) throw new Refusal(400, 'invalid', 'The id of the resource is not the id of the address.');
  const found = await deps.store.read(type, id);
  // Both the old and the new content must be this patient's: neither takes a resource away from somebody nor gives it to somebody.
  if (found?.state === 'present') requireVisible(access, 'u', found.resource, found.patient);
  requireOwn(access, 'u', incoming);
  requireVersion(request.get('if-match'), found);
  const resource = await deps.store.put(incoming);
  if (found?.state !== 'present') response.set('Location', `${deps.fhirBase}/${type}/${id}`);
  sendResource(response, found?.state === 'present' ? 200 : 201, resource);
}

async function remove(deps: FhirReadDeps, request: express.Request<{ type: string; id: string }>, response: express.Response): Promise<void> {
  const { type, id } = request.params;
  const access = authorizeRequest(deps, request);
  requireWritable(type);
  requirePermission(deps, access, 'd', type);
  const found = isFhirId(id) ? await deps.store.read(type, id) : undefined;
  if (found === undefined) throw new Refusal(404, 'not-found', 'There is no such resource.');
  if (found.state === 'present') {
    requireVisible(access, 'd', found.resource, found.patient);
    requireVersion(request.get('if-match'), found);
    await deps.store.remove(type, id);
  }
  response.status(204).end();
}

function requireWritable(type: string): void {
  requireType(type);
  if (!isWritable(type)) throw new Refusal(405, 'not-supported', 'Resources of this type are not written through this interface.', { Allow: 'GET' });
}

function readIncoming(deps: FhirReadDeps, request: express.Request, type: string, id: string): IncomingResource {
  const body: unknown = request.body;
  if (request.is(jsonTypes) === false) throw new Refusal(415, 'not-supported', 'This server takes application/fhir+json.');
  if (!isRecord(body)) throw new Refusal(400, 'structure', 'The body is not a FHIR resource.');
  if (isDeeperThan(body, maximumDepth)) throw new Refusal(413, 'too-long', 'The resource is nested deeper than this server accepts.');
  if (body['resourceType'] !== type) throw new Refusal(400, 'invalid', 'The resourceType is not the type of the address.');
  const patient = patientOf(body, deps.fhirBase);
  if (patient === undefined) throw new Refusal(422, 'required', 'The resource does not say whose it is.');
  return { type, id, patient, resource: body };
}

function requireOwn(access: Access, interaction: 'c' | 'u', incoming: IncomingResource): void {
  requireVisible(access, interaction, { ...incoming.resource, resourceType: incoming.type }, incoming.patient);
}

/** {@link https://hl7.org/fhir/R4/http.html#concurrency} */
function requireVersion(header: string | undefined, found: Found | undefined): void {
  if (header === undefined) return;
  const current = found?.state === 'present' ? `W/"${found.resource.meta.versionId}"` : undefined;
  if (header !== current) throw new Refusal(412, 'conflict', 'The resource has changed since it was read.');
}
