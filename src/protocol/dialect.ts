/**
 * What an EHR's product demands of an answer beyond the specification, as data, and cards said in that way. (What products allow themselves in
 * feedback is forgiven to everybody: `feedback.ts`.) Knows the wire, nothing of what a card advises. Sources: the vendors' documentation as gathered in `cds-hooks.md` §5 and `smart.md` §2.
 */
import type { Card, Suggestion, VendorName } from '../types.js';

export interface Dialect {
  readonly selectionBehavior: 'at-most-one' | 'any';
  /** A suggestion with more is left away: its actions belong together (CDS Hooks 2.0, "Suggestion"), and half of it is another advice. */
  readonly maxActions: number;
  /** Overrides are remembered by `topic.code`, which has letters and digits only, at most so many. */
  readonly maxTopic: number | undefined;
  /** Whether `appContext` reaches the app. Where it does not, the app finds the patient's latest run. */
  readonly carriesAppContext: boolean;
}

const plain: Dialect = {
  selectionBehavior: 'at-most-one',
  maxActions: Number.POSITIVE_INFINITY,
  maxTopic: undefined,
  carriesAppContext: true,
};

/** Epic's CDS Hooks tutorial: only `any` is known; one action each; `topic.code` alphanumeric, at most 100. */
const epic: Dialect = { ...plain, selectionBehavior: 'any', maxActions: 1, maxTopic: 100 };

/** Oracle Health's page of 2021: `appContext` is not supported. */
const cerner: Dialect = { ...plain, carriesAppContext: false };

export const dialects: Readonly<Record<VendorName, Dialect>> = { plain, epic, cerner };

/** The same cards as this product takes them. */
export function speak(cards: readonly Card[], vendor: VendorName): readonly Card[] {
  const dialect = dialects[vendor];
  return dialect === plain ? cards : cards.map((card) => speakCard(card, dialect));
}

function speakCard(card: Card, dialect: Dialect): Card {
  const { suggestions, selectionBehavior: _behavior, links, ...rest } = card;
  const fitting: readonly Suggestion[] = (suggestions ?? []).filter(({ actions }) => actions.length <= dialect.maxActions);
  return {
    ...rest,
    source: { ...card.source, topic: { ...card.source.topic, code: topicOf(card.source.topic.code, dialect) } },
    ...(fitting.length === 0 ? {} : { suggestions: fitting, selectionBehavior: dialect.selectionBehavior }),
    ...(links === undefined ? {} : { links: dialect.carriesAppContext ? links : links.map(({ appContext: _context, ...link }) => link) }),
  };
}

function topicOf(code: string, { maxTopic }: Dialect): string {
  return maxTopic === undefined ? code : code.replaceAll(/[^A-Za-z0-9]/g, '').slice(0, maxTopic);
}
