/** The reading half of the FHIR server: read, type search, $everything. Knows nothing of writing or of tokens' origin. */
import express from 'express';
import type { Access, FhirAccessDeps } from './fhir-access.js';
import { authorizeRequest, isVisible, patientOf, requirePermission, requireType, requireVisible } from './fhir-access.js';
import { readForm, readQuery } from './form.js';
import { Refusal } from './refusal.js';
import type { ResourceStore, StoredResource } from './resource-store.js';
import { type Page, parseSearch, runSearch, type SearchQuery } from './search-query.js';

export interface FhirReadDeps extends FhirAccessDeps {
  readonly store: ResourceStore;
}

export function createFhirReadRouter(deps: FhirReadDeps): express.Router {
  const router = express.Router();
  router.get('/Patient/:id/$everything', (request, response) => everything(deps, request, response));
  router.post('/:type/_search', express.text({ type: 'application/x-www-form-urlencoded', limit: '64kb' }), (request, response) =>
    search(deps, request, response, [...readQuery(request), ...readForm(request)]),
  );
  router.get('/:type/:id', (request, response) => read(deps, request, response));
  router.get('/:type', (request, response) => search(deps, request, response, [...readQuery(request)]));
  return router;
}

async function read(deps: FhirReadDeps, request: express.Request<{ type: string; id: string }>, response: express.Response): Promise<void> {
  const { type, id } = request.params;
  const access = authorizeRequest(deps, request);
  requireType(type);
  requirePermission(deps, access, 'r', type);
  const found = isFhirId(id) ? await deps.store.read(type, id) : undefined;
  if (found === undefined) throw new Refusal(404, 'not-found', 'There is no such resource.');
  if (found.state === 'deleted') throw new Refusal(410, 'deleted', 'The resource was deleted.');
  requireVisible(access, 'r', found.resource, found.patient);
  sendResource(response, 200, found.resource);
}

async function search(
  deps: FhirReadDeps,
  request: express.Request,
  response: express.Response,
  pairs: readonly (readonly [string, string])[],
): Promise<void> {
  const type = String(request.params['type']);
  const access = authorizeRequest(deps, request);
  requireType(type);
  requirePermission(deps, access, 's', type);
  const isStrict = /\bhandling=strict\b/.test(request.get('prefer') ?? '');
  const query = parseSearch(type, toParameters(pairs), { fhirBase: deps.fhirBase, isStrict });
  requireOwnPatient(query, access);
  const visible = (await deps.store.list(access.patient, type)).filter((resource) =>
    isVisible(access, 's', resource, patientOf(resource, deps.fhirBase)),
  );
  sendBundle(response, deps.fhirBase, type, query, runSearch(query, visible));
}

/** A search that names somebody else is refused rather than empty: empty would read as "nothing on record". */
function requireOwnPatient(query: SearchQuery, access: Access): void {
  if (query.patients?.some((patient) => patient !== access.patient)) throw new Refusal(403, 'forbidden', 'The access token is for another patient.');
}

/** {@link https://hl7.org/fhir/R4/patient-operation-everything.html} Types that scopes or the story withhold are left out. */
async function everything(deps: FhirReadDeps, request: express.Request<{ id: string }>, response: express.Response): Promise<void> {
  const access = authorizeRequest(deps, request);
  requirePermission(deps, access, 'r', 'Patient');
  const { id } = request.params;
  const found = isFhirId(id) ? await deps.store.read('Patient', id) : undefined;
  if (found?.state !== 'present') throw new Refusal(404, 'not-found', 'There is no such resource.');
  requireVisible(access, 'r', found.resource, found.patient);
  const parameters = readQuery(request);
  const types = parameters.get('_type')?.split(',');
  const query = parseSearch('Patient', keep(parameters, ['_count', '_cursor']), { fhirBase: deps.fhirBase, isStrict: false });
  if (types !== undefined) query.used.set('_type', types.join(','));
  const refused = deps.refusedTypes.get(access.patient) ?? [];
  const resources = (await deps.store.list(access.patient)).filter(
    (resource) =>
      (types === undefined || types.includes(resource.resourceType)) &&
      !refused.includes(resource.resourceType) &&
      isVisible(access, 'r', resource, patientOf(resource, deps.fhirBase)),
  );
  sendBundle(response, deps.fhirBase, `Patient/${id}/$everything`, query, runSearch(query, resources));
}

function toParameters(pairs: readonly (readonly [string, string])[]): URLSearchParams {
  const parameters = new URLSearchParams();
  for (const [name, value] of pairs) parameters.append(name, value);
  return parameters;
}

function keep(parameters: URLSearchParams, names: readonly string[]): URLSearchParams {
  return toParameters([...parameters].filter(([name]) => names.includes(name)));
}

export function isFhirId(id: string): boolean {
  return /^[A-Za-z0-9\-.]{1,64}$/.test(id);
}

function sendBundle(response: express.Response, fhirBase: string, path: string, query: SearchQuery, page: Page): void {
  const address = `${fhirBase}/${path}`;
  const self = query.used.size === 0 ? address : `${address}?${query.used}`;
  const next = page.next === undefined || query.count === 0 ? undefined : toParameters([...query.used, ['_cursor', page.next]]);
  response.type('application/fhir+json').send(
    JSON.stringify({
      resourceType: 'Bundle',
      type: 'searchset',
      total: page.total,
      link: [{ relation: 'self', url: self }, ...(next === undefined ? [] : [{ relation: 'next', url: `${address}?${next}` }])],
      // FHIR JSON has no empty arrays.
      ...(page.resources.length === 0 ? {} : { entry: page.resources.map((resource) => entryOf(resource, fhirBase)) }),
    }),
  );
}

function entryOf(resource: StoredResource, fhirBase: string): Readonly<Record<string, unknown>> {
  return { fullUrl: `${fhirBase}/${resource.resourceType}/${resource.id}`, resource, search: { mode: 'match' } };
}

export function sendResource(response: express.Response, status: number, resource: StoredResource): void {
  response
    .status(status)
    .set({ ETag: `W/"${resource.meta.versionId}"`, 'Last-Modified': new Date(resource.meta.lastUpdated).toUTCString() })
    .type('application/fhir+json')
    .send(JSON.stringify(resource));
}
