/** One open chart: reads it, keeps the order pad, fires the hooks, signs. Knows nothing of how it is drawn. */

import { CallError, lineOfError } from './call.js';
import { createCardDesk } from './card-desk.js';
import { createCds, type HookContext } from './cds.js';
import { chartLists, type ListId, toRows } from './chart-lists.js';
import { createDraft, findDrug, nameOfDraft, referenceOf, toBundle, toSigned } from './drafts.js';
import type { Ehr } from './ehr.js';
import { createFhir, type Fhir } from './fhir.js';
import { createHookBoard } from './hook-board.js';
import { createStore, type Store } from './store.js';
import { fingerprintOf, initialVisit, isChecked, isHeldByCritical, openOrderCards, type VisitState } from './visit-state.js';
import { type CdsLink, type Coding, fhirResource } from './wire.js';
import { countOf } from './words.js';

export interface Visit {
  readonly store: Store<VisitState>;
  open(): Promise<void>;
  addDraft(typed: string): void;
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
  const setDrafts = (drafts: VisitState['drafts']) => set({ drafts });
  const desk = createCardDesk({
    cds,
    store,
    apply: { fhir, drafts: () => store.get().drafts, setDrafts, randomId },
    reloadChart: () => readLists(fhir, patient, store),
  });

  async function addDraft(typed: string): Promise<void> {
    const drug = findDrug(typed);
    if (drug === undefined) {
      set({ notice: `“${typed.trim()}” is not in this sandbox's list of drugs.` });
      return;
    }
    const draft = createDraft(drug, { id: randomId(), patient, requester: (await fhir.session()).userId, now: clock() });
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
    addDraft: (typed) => void addDraft(typed).catch((error: unknown) => set({ notice: lineOfError(error) })),
    removeDraft(id) {
      set({ drafts: store.get().drafts.filter((draft) => draft.id !== id), notice: '' });
      board.clearOrders();
    },
    sign: () =>
      sign({
        store,
        fhir,
        clock,
        check: (drafts) => board.fire('order-sign', () => contextWith({ draftOrders: toBundle(drafts) })),
        clear: board.clearOrders,
        reload: () => readLists(fhir, patient, store, ['medications']),
      }),
    accept: desk.accept,
    dismiss: desk.dismiss,
    launch: (link) => ehr.launch(patient, link.url, link.appContext),
    say: (notice) => set({ notice }),
  };
}

async function readLists(fhir: Fhir, patient: string, store: Store<VisitState>, only?: readonly ListId[]): Promise<void> {
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

interface SignParts {
  readonly store: Store<VisitState>;
  readonly fhir: Fhir;
  readonly clock: () => Date;
  readonly check: (drafts: VisitState['drafts']) => Promise<void>;
  readonly clear: () => void;
  readonly reload: () => Promise<void>;
}

/** First press: the drafts are checked, and signed at once if nobody has anything to say. A card holds them for a second press; an open critical one until it is answered. */
async function sign(parts: SignParts): Promise<void> {
  const { store, check } = parts;
  const set = (change: Partial<VisitState>) => store.update((state) => ({ ...state, ...change }));
  if (store.get().isSigning || store.get().drafts.length === 0) return;
  set({ isSigning: true, notice: '' });
  try {
    if (!isChecked(store.get())) {
      const { drafts } = store.get();
      await check(drafts);
      set({ checked: fingerprintOf(drafts) });
      // Changed under the check: what was looked at is not what would be signed.
      if (!isChecked(store.get())) return;
      const { problems } = store.get();
      if (openOrderCards(store.get()).length > 0 || problems.some(({ hook }) => hook === 'order-sign')) {
        set({ notice: 'Not signed yet: see the cards, then sign again.' });
        return;
      }
    }
    if (isHeldByCritical(store.get())) {
      set({ notice: 'Not signed: a critical card is open. Follow a suggestion, or dismiss it with a reason.' });
      return;
    }
    await writeDrafts(parts);
  } finally {
    set({ isSigning: false });
  }
}

async function writeDrafts({ store, fhir, clock, clear, reload }: SignParts): Promise<void> {
  const set = (change: Partial<VisitState>) => store.update((state) => ({ ...state, ...change }));
  const written: string[] = [];
  try {
    for (const draft of store.get().drafts) {
      await fhir.create(toSigned(draft, clock()));
      written.push(nameOfDraft(draft));
      set({ drafts: store.get().drafts.filter(({ id }) => id !== draft.id) });
    }
    clear();
    set({ notice: `Signed: ${countOf(written.length, 'order')} (${written.join(', ')}).` });
  } catch (error) {
    set({ notice: `An order could not be written. ${lineOfError(error)}` });
  }
  if (written.length > 0) await reload();
}
