/** Whose a resource is, and whether it counts. Knows references and statuses, no clinical meaning. */
import { isObject, type LooseResource } from './list.js';

export type Belonging = 'ours' | 'foreign' | 'nobody';

/** Reads `subject` and `patient`: relative, absolute, versioned. A reference that names no patient by id (contained, by identifier only) is nobody's. */
export function belongingOf(resource: LooseResource, patientId: string): Belonging {
  if (resource.resourceType === 'Medication') return 'ours';
  const reference = [resource['subject'], resource['patient']]
    .map((value) => (isObject(value) ? value['reference'] : undefined))
    .find((value) => typeof value === 'string');
  if (typeof reference !== 'string') return 'nobody';
  const id = /(?:^|\/)Patient\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/[^/]*)?$/.exec(reference)?.[1];
  if (id === undefined) return 'nobody';
  return id === patientId ? 'ours' : 'foreign';
}

/** Entered in error never counts, whether the status says so or the verification status. */
export function isEnteredInError(resource: LooseResource): boolean {
  const verification = resource['verificationStatus'];
  const codings = isObject(verification) && Array.isArray(verification['coding']) ? verification['coding'] : [];
  return resource['status'] === 'entered-in-error' || codings.some((coding) => isObject(coding) && coding['code'] === 'entered-in-error');
}
