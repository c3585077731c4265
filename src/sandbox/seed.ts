/** Puts the stories into the store: at the first start, when they have grown old, and on reset. Knows nothing of what they tell. */
import { patientOf } from './fhir-access.js';
import type { IncomingResource, ResourceStore } from './resource-store.js';
import { sandboxUser } from './session.js';
import { invented } from './stories/build.js';
import type { Story } from './stories/story.js';

/** The stories' dates are relative to the seeding; after this long "8 months ago" would no longer be true. */
const maximumAgeDays = 30;

export async function seedIfNeeded(store: ResourceStore, stories: readonly Story[], now: Date, fhirBase: string): Promise<void> {
  const patients = await store.patients();
  const isCurrent = patients.every(({ meta }) => Math.abs(now.getTime() - Date.parse(meta.lastUpdated)) < maximumAgeDays * 86_400_000);
  // A story that a newer version brings along must appear too.
  const isWhole = stories.every(({ patient }) => patients.some(({ id }) => id === patient.id));
  if (!isCurrent || !isWhole) await seedStories(store, stories, fhirBase);
}

export async function seedStories(store: ResourceStore, stories: readonly Story[], fhirBase: string): Promise<void> {
  const [type = '', id = ''] = sandboxUser.split('/');
  const clinician: IncomingResource = {
    type,
    id,
    patient: undefined,
    resource: { resourceType: type, id, meta: invented, name: [{ family: 'Example', given: ['Robin'], prefix: ['Dr.'], suffix: ['(invented)'] }] },
  };
  const charts = stories.flatMap((story) => [story.patient, ...story.resources].map((resource) => toIncoming(resource, fhirBase)));
  await store.reset([clinician, ...charts]);
}

function toIncoming(resource: Story['resources'][number], fhirBase: string): IncomingResource {
  const fields = { ...resource };
  return { type: resource.resourceType, id: resource.id, patient: patientOf(fields, fhirBase), resource: fields };
}
