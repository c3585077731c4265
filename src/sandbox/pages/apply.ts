/** Applies the actions of an accepted suggestion to the order pad or to the chart. Knows nothing of cards or feedback. */
import type { Draft } from './drafts.js';
import { referenceOf } from './drafts.js';
import type { CdsAction, Resource } from './wire.js';

/** What an action does to the chart; of the FHIR client no more is needed. */
export interface ChartWriter {
  create(resource: Resource): Promise<unknown>;
  update(resource: Resource): Promise<unknown>;
  remove(type: string, id: string): Promise<unknown>;
}

export interface ApplyParts {
  readonly fhir: ChartWriter;
  readonly drafts: () => readonly Draft[];
  readonly setDrafts: (drafts: readonly Draft[]) => void;
  readonly randomId: () => string;
}

/** A suggestion's actions are processed like a FHIR transaction: deletions first, then creations, then updates (CDS Hooks 2.0, "Action"). */
const turnOf: Readonly<Record<CdsAction['type'], number>> = { delete: 0, create: 1, update: 2 };

/** Returns what was done, in words. */
export async function applyActions(actions: readonly CdsAction[], parts: ApplyParts): Promise<string> {
  const done: string[] = [];
  for (const action of [...actions].sort((one, other) => turnOf[one.type] - turnOf[other.type])) {
    if (action.type === 'delete') done.push(await applyDelete(action.resourceId, parts));
    else if (action.type === 'create') done.push(await applyCreate(action.resource, parts));
    else done.push(await applyUpdate(action.resource, parts));
  }
  return done.length === 0 ? 'Accepted' : [...new Set(done)].join(', ');
}

async function applyDelete(resourceId: string, { fhir, drafts, setDrafts }: ApplyParts): Promise<string> {
  const isNamed = (draft: Draft) => draft.id === resourceId || referenceOf(draft) === resourceId;
  if (drafts().some(isNamed)) {
    setDrafts(drafts().filter((draft) => !isNamed(draft)));
    return 'Removed from the drafts';
  }
  const [type, id, ...rest] = resourceId.split('/');
  if (type === undefined || id === undefined || rest.length > 0) return 'Already removed';
  await fhir.remove(type, id);
  return 'Removed from the chart';
}

/** A draft of a medicine goes where the clinician's own drafts are; everything else into the chart. */
async function applyCreate(resource: Resource, { fhir, drafts, setDrafts, randomId }: ApplyParts): Promise<string> {
  if (resource.resourceType === 'MedicationRequest' && resource['status'] === 'draft') {
    setDrafts([...drafts(), { ...resource, id: randomId() }]);
    return 'Added to the drafts';
  }
  await fhir.create(resource);
  return 'Created in the chart';
}

async function applyUpdate(resource: Resource, { fhir, drafts, setDrafts }: ApplyParts): Promise<string> {
  const { id } = resource;
  if (id !== undefined && drafts().some((draft) => draft.id === id && draft.resourceType === resource.resourceType)) {
    setDrafts(drafts().map((draft) => (draft.id === id ? { ...resource, id } : draft)));
    return 'Changed in the drafts';
  }
  await fhir.update(resource);
  return 'Changed in the chart';
}
