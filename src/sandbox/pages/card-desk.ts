/** What a clinician does with a card: accept a suggestion, dismiss it; both are reported to the service. Knows nothing of how it is drawn. */
import { type ApplyParts, applyActions } from './apply.js';
import { lineOfError } from './call.js';
import type { Cds, Outcome } from './cds.js';
import type { Store } from './store.js';
import type { ShownCard, VisitState } from './visit-state.js';
import type { Coding } from './wire.js';

interface CardDesk {
  accept(cardKey: string, suggestion: number): Promise<void>;
  dismiss(cardKey: string, reason: Coding | undefined, comment: string): Promise<void>;
}

interface CardDeskDeps {
  readonly cds: Cds;
  readonly store: Store<VisitState>;
  readonly apply: ApplyParts;
  readonly reloadChart: () => Promise<void>;
}

export function createCardDesk({ cds, store, apply, reloadChart }: CardDeskDeps): CardDesk {
  const find = (key: string) => store.get().cards.find((shown) => shown.key === key);
  const say = (notice: string) => store.update((state) => ({ ...state, notice }));
  function change(key: string, changes: Partial<ShownCard>): void {
    store.update((state) => ({ ...state, cards: state.cards.map((shown) => (shown.key === key ? { ...shown, ...changes } : shown)) }));
  }

  /** Empty when it was taken: what was done stays done, whether or not the service hears of it. */
  async function report(shown: ShownCard, outcome: Outcome): Promise<string> {
    // Without an id there is nothing to report on (CDS Hooks 2.0, "Feedback").
    if (shown.card.uuid === undefined) return '';
    return cds.sendFeedback(shown.service, shown.card.uuid, outcome).then(
      () => '',
      (error: unknown) => ` The service did not take the feedback. ${lineOfError(error)}`,
    );
  }

  return {
    async accept(cardKey, position) {
      const shown = find(cardKey);
      const suggestion = shown?.card.suggestions?.[position];
      if (shown === undefined || suggestion === undefined || shown.isBusy || shown.accepted.includes(position)) return;
      change(cardKey, { isBusy: true });
      try {
        const done = await applyActions(suggestion.actions ?? [], apply);
        await reloadChart();
        const accepted = [...shown.accepted, position];
        const ids = accepted.flatMap((index) => shown.card.suggestions?.[index]?.uuid ?? []);
        const trouble = await report(shown, { kind: 'accepted', suggestions: ids });
        const isDone = shown.card.selectionBehavior !== 'any' || accepted.length === shown.card.suggestions?.length;
        change(cardKey, { accepted, outcome: isDone ? `Accepted: ${suggestion.label}` : undefined });
        say(`${done}: ${suggestion.label}.${trouble}`);
      } catch (error) {
        say(`The suggestion could not be carried out. ${lineOfError(error)}`);
      } finally {
        change(cardKey, { isBusy: false });
      }
    },
    async dismiss(cardKey, reason, comment) {
      const shown = find(cardKey);
      if (shown === undefined || shown.isBusy) return;
      change(cardKey, { isBusy: true });
      const trouble = await report(shown, { kind: 'overridden', reason, comment: comment.trim() });
      const why = reason?.display ?? reason?.code;
      change(cardKey, { isBusy: false, outcome: why === undefined ? 'Dismissed' : `Dismissed: ${why}` });
      say(`Card dismissed.${trouble}`);
    },
  };
}
