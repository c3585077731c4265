/** Exact Shapley values of a game given as a table over all coalitions. Knows numbers only. Shapley 1953; the subset form of `explain.md` §2.1. */

/** `table[c]`: value of coalition c, bit i = player i is known; length 2^n. Returns n contributions that add up to `table[2^n - 1] - table[0]`. */
export function shapleyValues(table: Float64Array): Float64Array {
  const players = Math.log2(table.length);
  if (!Number.isInteger(players)) throw new RangeError('the table has a value for each of 2^n coalitions');
  const weights = weightsOf(players);
  const contributions = new Float64Array(players);
  for (let coalition = 0; coalition < table.length; coalition += 1) {
    const weight = weights[countBits(coalition)] ?? 0;
    for (let player = 0; player < players; player += 1) {
      if ((coalition & (1 << player)) !== 0) continue;
      const gain = (table[coalition | (1 << player)] ?? 0) - (table[coalition] ?? 0);
      contributions[player] = (contributions[player] ?? 0) + weight * gain;
    }
  }
  return contributions;
}

/** Weight of a coalition of s others: s! (n - s - 1)! / n! */
function weightsOf(players: number): readonly number[] {
  const weights = [1 / players];
  for (let size = 1; size < players; size += 1) weights.push(((weights[size - 1] ?? 0) * size) / (players - size));
  return weights;
}

function countBits(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}
