/** Reads the lists of a chart, each by itself: one that is refused hides none of the others. Knows nothing of how they are drawn. */
import { CallError, lineOfError } from './call.js';
import { chartLists, type ListId, toRows } from './chart-lists.js';
import type { Fhir } from './fhir.js';
import type { Store } from './store.js';
import type { VisitState } from './visit-state.js';

export async function readLists(fhir: Fhir, patient: string, store: Store<VisitState>, only?: readonly ListId[]): Promise<void> {
  const wanted = chartLists.filter(({ id }) => only === undefined || only.includes(id));
  await Promise.all(
    wanted.map(async (list) => {
      const state = await fhir.search(`${list.type}?patient=${encodeURIComponent(patient)}&_count=200`).then(
        (resources) => ({ state: 'read' as const, rows: toRows(list, resources) }),
        (error: unknown) => ({
          state: 'unreadable' as const,
          why: error instanceof CallError && error.status === 403 ? 'the server refused it' : lineOfError(error),
        }),
      );
      store.update((before) => ({ ...before, lists: { ...before.lists, [list.id]: state } }));
    }),
  );
}
