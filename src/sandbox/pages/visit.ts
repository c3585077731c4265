/** One open chart: reads it, keeps the order pad, fires the hooks, signs. Knows nothing of how it is drawn. */

import { lineOfError } from './call.js';
import { createCardDesk } from './card-desk.js';
import { createCds, type HookContext } from './cds.js';
import { createDraft, referenceOf, toBundle } from './drafts.js';
import type { Ehr } from './ehr.js';
import { createFhir } from './fhir.js';
import { createHookBoard } from './hook-board.js';
import { readLists } from './read-lists.js';
import { signDrafts } from './sign.js';
import { createStore, type Store } from './store.js';
import { initialVisit, type VisitState } from './visit-state.js';
import { type CdsLink, type Coding, fhirResource } from './wire.js';

export interface Visit {
  readonly store: Store<VisitState>;
  open(): Promise<void>;
  addDraft(typed: string, directions: string): void;
  removeDraft(id: string): void;
  sign(): Promise<void>;
  accept(cardKey: string, suggestion: number): Promise<void>;
  dismiss(cardKey: string, reason: Coding | undefined, comment: string): Promise<void>;
  /** The address of a launched app. */
  launch(link: CdsLink): Promise<string>;
  say(notice: string): void;
}

interface VisitDeps {
  readonly ehr: Ehr;
  readonly patient: string;
  readonly clock: () => Date;
  readonly randomId: () => string;
}

export function createVisit({ ehr, patient, clock, randomId }: VisitDeps): Visit {
  const store = createStore(initialVisit);
  const set = (change: Partial<VisitState>) => store.update((state) => ({ ...state, ...change }));
  const fhir = createFhir(() => ehr.openSession(patient));
  const cds = createCds({ ehr, fhir, clock, randomId });
  const board = createHookBoard({ cds, store });
  const contextWith = async (more: object): Promise<HookContext> => ({ userId: (await fhir.session()).userId, patientId: patient, ...more });
  const checkDrafts = (drafts: VisitState['drafts']) => board.fire('order-sign', () => contextWith({ draftOrders: toBundle(drafts) }));
  const setDrafts = (drafts: VisitState['drafts']) => set({ drafts });
  const desk = createCardDesk({
    cds,
    store,
    apply: { fhir, drafts: () => store.get().drafts, setDrafts, randomId },
    reloadChart: () => readLists(fhir, patient, store),
  });

  async function addDraft(typed: string, directions: string): Promise<void> {
    const draft = createDraft(typed, directions, { id: randomId(), patient, requester: (await fhir.session()).userId, now: clock() });
    const drafts = [...store.get().drafts, draft];
    set({ drafts, notice: '' });
    await board.fire('order-select', () => contextWith({ selections: [referenceOf(draft)], draftOrders: toBundle(drafts) }));
  }

  return {
    store,
    async open() {
      try {
        const found = fhirResource.parse(await fhir.get(`Patient/${encodeURIComponent(patient)}`));
        set({ patient: found });
      } catch (error) {
        set({ failure: lineOfError(error) });
        return;
      }
      await Promise.all([board.fire('patient-view', () => contextWith({})), readLists(fhir, patient, store)]);
    },
    addDraft: (typed, directions) => void addDraft(typed, directions).catch((error: unknown) => set({ notice: lineOfError(error) })),
    removeDraft(id) {
      set({ drafts: store.get().drafts.filter((draft) => draft.id !== id), notice: '' });
      board.clearOrders();
    },
    sign: () =>
      signDrafts({
        store,
        fhir,
        clock,
        check: checkDrafts,
        clear: board.clearOrders,
        reload: () => readLists(fhir, patient, store, ['medications']),
      }),
    accept: desk.accept,
    dismiss: desk.dismiss,
    launch: (link) => ehr.launch(patient, link.url, link.appContext),
    say: (notice) => set({ notice }),
  };
}
