/** The players of one candidate: the facts that speak for (or against) one criterion, known or unknown together. Knows evidence, no clinical meaning. */
import type { Player } from '../types.js';
import type { Evidence } from './evidence.js';
import type { Leaf } from './tree.js';

/** Exact enumeration in a hook (architecture §4). */
const maxPlayers = 12;

export interface PlayerWithEvidence {
  readonly player: Player;
  readonly evidence: readonly Evidence[];
}

export function formPlayers(evidence: readonly Evidence[], leaves: readonly Leaf[]): readonly PlayerWithEvidence[] {
  const groups = groupBy(evidence, keyOf);
  if (groups.size <= maxPlayers) return [...groups.values()].map(toPlayer);
  // Beyond the limit, all that speaks against the criteria of one group ("none of these was done") is one player with its silence.
  const groupOf = new Map(leaves.map((leaf) => [leaf.criterion, leaf.group]));
  const merged = groupBy(evidence, (item) => {
    const group = groupOf.get(item.criterion);
    return item.ratio < 1 && group !== undefined ? `against group ${group}` : keyOf(item);
  });
  return [...merged.values()].map(toPlayer);
}

/** Silence is one player for its whole group of criteria; everything else is one for each criterion and direction. */
function keyOf(item: Evidence): string {
  return item.isSilence ? item.fact : `${item.ratio > 1 ? 'for' : 'against'} ${item.criterion}`;
}

function groupBy(evidence: readonly Evidence[], key: (item: Evidence) => string): ReadonlyMap<string, readonly Evidence[]> {
  const groups = new Map<string, Evidence[]>();
  for (const item of evidence) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}

/** The one that counts is the strongest; of equally strong ones the later; of equally late ones the coded. */
function toPlayer(evidence: readonly Evidence[]): PlayerWithEvidence {
  const [strongest] = [...evidence].sort(byStrength);
  if (strongest === undefined) throw new TypeError('a player has evidence');
  return {
    player: {
      fact: strongest.fact,
      facts: [...new Set(evidence.map((item) => item.fact))],
      criterion: strongest.criterion,
      by: strongest.by,
      direction: strongest.ratio > 1 ? 'supports' : 'contradicts',
    },
    evidence,
  };
}

function byStrength(a: Evidence, b: Evidence): number {
  const [of, than] = [Math.abs(Math.log(a.ratio)), Math.abs(Math.log(b.ratio))];
  if (of !== than) return than - of;
  if (a.monthsAgo !== b.monthsAgo) return a.monthsAgo - b.monthsAgo;
  return (a.by === 'code' ? 0 : 1) - (b.by === 'code' ? 0 : 1);
}
