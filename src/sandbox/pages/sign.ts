/** Signing: check the drafts, hold them while somebody has something to say, write them. Knows nothing of how services are called. */
import { lineOfError } from './call.js';
import { nameOfDraft, toSigned } from './drafts.js';
import type { Fhir } from './fhir.js';
import type { Store } from './store.js';
import { fingerprintOf, isChecked, isHeldByCritical, openOrderCards, type VisitState } from './visit-state.js';
import { countOf } from './words.js';

interface SignParts {
  readonly store: Store<VisitState>;
  readonly fhir: Fhir;
  readonly clock: () => Date;
  readonly check: (drafts: VisitState['drafts']) => Promise<void>;
  readonly clear: () => void;
  readonly reload: () => Promise<void>;
}

/** First press: the drafts are checked, and signed at once if nobody has anything to say. A card holds them for a second press; an open critical one until it is answered. */
export async function signDrafts(parts: SignParts): Promise<void> {
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
