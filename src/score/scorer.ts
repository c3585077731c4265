/** Support of one candidate as a function of which players are known, in log-odds. Knows a tree and evidence, no clinical meaning. */
import type { Coalition } from '../types.js';
import type { PlayerWithEvidence } from './players.js';
import { logistic, logit, type Tree } from './tree.js';

export type ValueOf = (coalition: Coalition) => number;

/** A probability that rounds to 0 or 1 has no log-odds: this far and no farther. */
const limit = 1e-12;

/** Per criterion the strongest supporting and the strongest contradicting item that is known; silence only where nothing known supports it. */
export function createValue(tree: Tree, players: readonly PlayerWithEvidence[]): ValueOf {
  const at = new Map(tree.leaves.map((leaf, index) => [leaf.criterion, index]));
  const items = players.flatMap(({ evidence }, player) =>
    evidence.flatMap(({ criterion, ratio, isSilence }) => {
      const leaf = at.get(criterion);
      return leaf === undefined ? [] : [{ bit: 1 << player, leaf, weight: Math.log(ratio), isSilence }];
    }),
  );
  const size = tree.leaves.length;
  const [best, worst, silence, probabilities] = [new Float64Array(size), new Float64Array(size), new Float64Array(size), new Float64Array(size)];
  return function value(coalition) {
    best.fill(0);
    worst.fill(0);
    silence.fill(0);
    for (const { bit, leaf, weight, isSilence } of items) {
      if ((coalition & bit) === 0) continue;
      if (isSilence) silence[leaf] = Math.min(silence[leaf] ?? 0, weight);
      else if (weight > 0) best[leaf] = Math.max(best[leaf] ?? 0, weight);
      else worst[leaf] = Math.min(worst[leaf] ?? 0, weight);
    }
    tree.leaves.forEach((leaf, index) => {
      const supporting = best[index] ?? 0;
      const contradicting = Math.min(worst[index] ?? 0, supporting > 0 ? 0 : (silence[index] ?? 0));
      probabilities[index] = logistic(leaf.prior + supporting + contradicting);
    });
    return logit(Math.min(1 - limit, Math.max(limit, tree.probability(probabilities))));
  };
}

export function everyone(players: number): Coalition {
  return 2 ** players - 1;
}
