/** Fires the services of a hook and keeps which cards stand for it. Knows nothing of what a clinician does with a card. */
import { lineOfError } from './call.js';
import type { Cds, HookContext } from './cds.js';
import type { Store } from './store.js';
import { isAboutOrders, type Problem, type VisitState } from './visit-state.js';
import type { CdsService, Hook } from './wire.js';

export interface HookBoard {
  /** Resolves when every service of the hook has answered or failed; never rejects. */
  fire(hook: Hook, context: () => Promise<HookContext>): Promise<void>;
  /** The drafts changed: what was said about them no longer stands. */
  clearOrders(): void;
}

export function createHookBoard({ cds, store }: { readonly cds: Cds; readonly store: Store<VisitState> }): HookBoard {
  /** Counts the calls about the chart and those about orders: an answer to an older question is dropped. */
  const turns = { chart: 0, orders: 0 };
  let keys = 0;

  function begin(hook: Hook): () => boolean {
    const group = isAboutOrders(hook) ? 'orders' : 'chart';
    turns[group] += 1;
    const turn = turns[group];
    store.update((state) => ({ ...state, ...without(state, hook), checked: group === 'orders' ? undefined : state.checked }));
    return () => turns[group] === turn;
  }

  async function ask(service: CdsService, hook: Hook, context: () => Promise<HookContext>, isCurrent: () => boolean): Promise<void> {
    const title = service.title ?? service.id;
    try {
      const { cards, unreadable } = await cds.fire(service, await context());
      if (!isCurrent()) return;
      const shown = cards.map((card) => ({ key: `c${++keys}`, service: service.id, hook, card, accepted: [], outcome: undefined, isBusy: false }));
      store.update((state) => ({ ...state, cards: [...state.cards, ...shown] }));
      if (unreadable > 0) report(hook, `${title}: ${unreadable} of its cards could not be understood.`);
    } catch (error) {
      if (isCurrent()) report(hook, `${title} gave no cards. ${lineOfError(error)}`);
    }
  }

  function report(hook: Hook, text: string): void {
    const problem: Problem = { key: `p${++keys}`, hook, text };
    store.update((state) => ({ ...state, problems: [...state.problems, problem] }));
  }

  return {
    async fire(hook, context) {
      const isCurrent = begin(hook);
      store.update((state) => ({ ...state, running: state.running + 1, hasAsked: true }));
      try {
        const services = await cds.servicesOf(hook);
        await Promise.all(services.map((service) => ask(service, hook, context, isCurrent)));
      } catch (error) {
        if (isCurrent()) report(hook, `The list of services could not be read. ${lineOfError(error)}`);
      } finally {
        store.update((state) => ({ ...state, running: state.running - 1 }));
      }
    },
    clearOrders() {
      begin('order-select');
    },
  };
}

/** Without the cards and problems that a new call of this hook replaces. */
function without({ cards, problems }: VisitState, hook: Hook): Pick<VisitState, 'cards' | 'problems'> {
  const stays = (one: { readonly hook: Hook }) => isAboutOrders(one.hook) !== isAboutOrders(hook);
  return { cards: cards.filter(stays), problems: problems.filter(stays) };
}
