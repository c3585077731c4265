/** What one open chart holds at a moment, and pure questions about it. Knows nothing of servers or of the page. */
import type { ListId, Row } from './chart-lists.js';
import type { Draft } from './drafts.js';
import type { CdsCard, Hook, Resource } from './wire.js';
import { countOf } from './words.js';

export type ListState =
  | { readonly state: 'loading' }
  | { readonly state: 'read'; readonly rows: readonly Row[] }
  | { readonly state: 'unreadable'; readonly why: string };

export interface ShownCard {
  readonly key: string;
  readonly service: string;
  readonly hook: Hook;
  readonly card: CdsCard;
  /** Positions of the suggestions that were applied. */
  readonly accepted: readonly number[];
  /** What became of it, in words; undefined while it still asks for an answer. */
  readonly outcome: string | undefined;
  readonly isBusy: boolean;
}

export interface Problem {
  readonly key: string;
  readonly hook: Hook;
  readonly text: string;
}

export interface VisitState {
  readonly patient: Resource | undefined;
  /** The chart cannot be opened at all. */
  readonly failure: string | undefined;
  readonly lists: Readonly<Record<ListId, ListState>>;
  readonly drafts: readonly Draft[];
  readonly cards: readonly ShownCard[];
  readonly problems: readonly Problem[];
  /** Hooks that have not been answered yet. */
  readonly running: number;
  readonly hasAsked: boolean;
  /** The drafts, as they stood when a service last looked at them for signing. */
  readonly checked: string | undefined;
  readonly isSigning: boolean;
  readonly notice: string;
}

const loading: ListState = { state: 'loading' };

export const initialVisit: VisitState = {
  patient: undefined,
  failure: undefined,
  lists: { problems: loading, medications: loading, allergies: loading, results: loading, procedures: loading, notes: loading, orders: loading },
  drafts: [],
  cards: [],
  problems: [],
  running: 0,
  hasAsked: false,
  checked: undefined,
  isSigning: false,
  notice: '',
};

/** Cards about orders replace each other; those about the chart stay while it is open. */
export function isAboutOrders(hook: Hook): boolean {
  return hook !== 'patient-view';
}

export function openOrderCards({ cards }: VisitState): readonly ShownCard[] {
  return cards.filter((shown) => isAboutOrders(shown.hook) && shown.outcome === undefined);
}

export function isHeldByCritical(state: VisitState): boolean {
  return openOrderCards(state).some(({ card }) => card.indicator === 'critical');
}

export function fingerprintOf(drafts: readonly Draft[]): string {
  return JSON.stringify(drafts);
}

/** These drafts were looked at as they stand: the next press of Sign writes them. */
export function isChecked({ checked, drafts }: VisitState): boolean {
  return checked !== undefined && checked === fingerprintOf(drafts);
}

const severity = { critical: 0, warning: 1, info: 2 } as const;

/** Orders interrupt, so their cards come first; then by severity. */
export function inReadingOrder(cards: readonly ShownCard[]): readonly ShownCard[] {
  const rank = ({ hook, card, outcome }: ShownCard) => (outcome === undefined ? 0 : 10) + (isAboutOrders(hook) ? 0 : 5) + severity[card.indicator];
  return [...cards].sort((one, other) => rank(one) - rank(other));
}

export function saySettled({ cards, problems }: VisitState): string {
  const open = cards.filter(({ outcome }) => outcome === undefined);
  if (open.length === 0 && cards.length > 0) return 'Every card is answered.';
  if (open.length === 0) return problems.length > 0 ? 'No card.' : 'No card: nothing to say.';
  const critical = open.filter(({ card }) => card.indicator === 'critical').length;
  return critical === 0 ? `${countOf(open.length, 'card')}.` : `${countOf(open.length, 'card')}, ${critical} critical.`;
}
