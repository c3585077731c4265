/**
 * Stage 8: why the number is what it is. Exact Shapley values of the deployed scorer over all coalitions of its players, and one counterfactual from the same table.
 * Knows players and values, no clinical meaning.
 */
import type { CandidateId, Explanation, Reason, Scored, Scorer } from '../types.js';
import { shapleyValues } from './shapley.js';

/** 2^16 values; knowledge is compiled so that a hook has at most 12 players (architecture §4). */
const maxPlayers = 16;

export function createAttribute(): (scored: Scored) => readonly Explanation[] {
  return function attribute(scored) {
    return scored.findings.map(({ candidate }) => explain(candidate, scored.scorer));
  };
}

function explain(candidate: CandidateId, scorer: Scorer): Explanation {
  const players = scorer.players(candidate);
  if (players.length > maxPlayers) throw new RangeError(`${players.length} players are too many to enumerate`);
  const table = Float64Array.from({ length: 2 ** players.length }, (_, coalition) => scorer.value(candidate, coalition));
  const everyone = table.length - 1;
  const contributions = shapleyValues(table);
  const reasons = players
    .map(({ fact, criterion, by }, at): Reason => {
      const contribution = contributions[at] ?? 0;
      return { fact, criterion, by, contribution, low: contribution, high: contribution };
    })
    .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
  return {
    candidate,
    baseline: table[0] ?? 0,
    value: table[everyone] ?? 0,
    method: 'exact',
    evaluations: table.length,
    reasons,
    counterfactual: counterfactualOf(reasons, players, table),
  };
}

const person: readonly string[] = ['age', 'sex'];

/** Support if the fact that carries most, either way, were not known. Nobody wonders whether an age is so: it is asked of what else there is. */
function counterfactualOf(
  reasons: readonly Reason[],
  players: readonly { readonly fact: string; readonly criterion: string }[],
  table: Float64Array,
): Explanation['counterfactual'] {
  const carrier = reasons.find(({ fact }) => !person.includes(fact)) ?? reasons[0];
  if (carrier === undefined) return undefined;
  const at = players.findIndex((player) => player.fact === carrier.fact && player.criterion === carrier.criterion);
  const value = table[(table.length - 1) & ~(1 << at)] ?? 0;
  return { fact: carrier.fact, support: 1 / (1 + Math.exp(-value)) };
}
