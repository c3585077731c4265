/** Whose a resource is, and whether it counts. Knows references and statuses, no clinical meaning. */
import { isObject, type LooseResource } from './list.js';

export type Belonging = 'ours' | 'foreign' | 'nobody';

/** Reads `subject` and `patient`: relative, absolute, versioned. A reference that names no patient by id (contained, by identifier only) is nobody's. */
export function belongingOf(resource: LooseResource, patientId: string): Belonging {
  if (resource.resourceType === 'Medication') return 'ours';
  if (resource.resourceType === 'Patient') return resource['id'] === patientId ? 'ours' : 'foreign';
  const owners = [resource['subject'], resource['patient']].map(patientIdOf).filter((id) => id !== undefined);
  if (owners.length === 0) return 'nobody';
  return owners.every((id) => id === patientId) ? 'ours' : 'foreign';
}

function patientIdOf(value: unknown): string | undefined {
  const reference = isObject(value) ? value['reference'] : undefined;
  return typeof reference === 'string' ? /(?:^|\/)Patient\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/[^/]*)?$/.exec(reference)?.[1] : undefined;
}

/** Entered in error never counts, whether the status says so or the verification status. */
export function isEnteredInError(resource: LooseResource): boolean {
  const verification = resource['verificationStatus'];
  const codings = isObject(verification) && Array.isArray(verification['coding']) ? verification['coding'] : [];
  return resource['status'] === 'entered-in-error' || codings.some((coding) => isObject(coding) && coding['code'] === 'entered-in-error');
}
