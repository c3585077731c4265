/** Who may see and change which resource: bearer token, scopes, compartment, and what a story refuses. Knows nothing of routes or searches. */
import type express from 'express';
import { textAt } from './json-value.js';
import { Refusal } from './refusal.js';
import { createPermissions, type Interaction, type Permissions } from './scopes.js';
import { localReference } from './search-match.js';
import { isSupported } from './search-parameters.js';
import type { Sessions } from './session.js';

export interface Access {
  /** The one patient that the token is for. */
  readonly patient: string;
  readonly permissions: Permissions;
}

export interface FhirAccessDeps {
  readonly sessions: Sessions;
  readonly fhirBase: string;
  /** Types that this EHR refuses for a patient, whatever the token: the story of a list that cannot be read. */
  readonly refusedTypes: ReadonlyMap<string, readonly string[]>;
}

/** Types that belong to no patient; a token of any patient may read them, if its scopes allow the type. */
const sharedTypes: readonly string[] = ['Practitioner'];

/** RFC 6750: no token gets a bare challenge, a bad one is told so. */
export function authorizeRequest({ sessions, fhirBase }: FhirAccessDeps, request: express.Request): Access {
  const header = request.get('authorization');
  if (header === undefined) throw new Refusal(401, 'login', 'An access token is required.', { 'WWW-Authenticate': 'Bearer realm="fhir"' });
  const token = /^Bearer ([A-Za-z0-9\-._~+/]+=*)$/i.exec(header)?.[1];
  const grant = token === undefined ? undefined : sessions.accessTokens.find(token);
  if (grant === undefined) {
    throw new Refusal(401, 'login', 'The access token is not valid here or has expired.', {
      'WWW-Authenticate': 'Bearer realm="fhir", error="invalid_token"',
    });
  }
  return { patient: grant.patient, permissions: createPermissions(grant.scopes, fhirBase) };
}

export function requireType(type: string): void {
  if (!isSupported(type)) throw new Refusal(404, 'not-supported', 'This server has no such resource type.');
}

const forbidden = () => new Refusal(403, 'forbidden', 'The access token does not permit this.');

export function requirePermission({ refusedTypes }: FhirAccessDeps, access: Access, interaction: Interaction, type: string): void {
  if (!access.permissions.mayEver(interaction, type)) throw forbidden();
  if (refusedTypes.get(access.patient)?.includes(type)) throw new Refusal(403, 'forbidden', 'This server does not give these records out.');
}

export function isVisible(
  access: Access,
  interaction: Interaction,
  resource: { readonly resourceType: string },
  patient: string | undefined,
): boolean {
  const isShared = patient === undefined && sharedTypes.includes(resource.resourceType);
  return (isShared || patient === access.patient) && access.permissions.may(interaction, resource);
}

export function requireVisible(
  access: Access,
  interaction: Interaction,
  resource: { readonly resourceType: string },
  patient: string | undefined,
): void {
  if (!isVisible(access, interaction, resource, patient)) throw forbidden();
}

/** Whose a resource is; undefined: nobody's. */
export function patientOf(resource: Readonly<Record<string, unknown>>, fhirBase: string): string | undefined {
  if (resource['resourceType'] === 'Patient') return textAt(resource, 'id');
  for (const path of ['subject.reference', 'patient.reference']) {
    const reference = textAt(resource, path);
    const local = reference === undefined ? undefined : localReference(reference, fhirBase);
    // A bare id is a search value's shorthand, never a reference.
    if (reference?.includes('/') && local?.startsWith('Patient/')) return local.slice('Patient/'.length);
  }
  return undefined;
}
