/**
 * What is read first: statements that may still change a card. Knows the trees of the candidates, nothing of readers.
 * All statements are read in the end; the order decides which of them a deadline leaves for the next call.
 */
import type { CriterionId, Judgement, Logic } from '../types.js';
import type { AskedPair } from './pairs.js';

/** A card is there and may be folded; a card may come; nothing hangs on it. */
const weights = { found: 4, open: 2, none: 0 } as const;
const sharesWords = 3;
const stem = 4;

export function putUsefulFirst(pairs: readonly AskedPair[], judgement: Pick<Judgement, 'candidates' | 'findings'>): readonly AskedPair[] {
  const weightOf = weighCriteria(judgement);
  const stems = new Map<string, ReadonlySet<string>>();
  const stemsOf = (text: string): ReadonlySet<string> => {
    const known = stems.get(text);
    if (known !== undefined) return known;
    const made = new Set((text.toLowerCase().match(/[a-z][a-z0-9]{3,}/g) ?? []).map((word) => word.slice(0, stem)));
    stems.set(text, made);
    return made;
  };
  const best = new Map<string, number>();
  for (const { statement, criterion, criterionText } of pairs) {
    const isNamed = [...stemsOf(criterionText)].some((word) => stemsOf(statement).has(word));
    const use = (weightOf.get(criterion) ?? weights.none) + (isNamed ? sharesWords : 0);
    best.set(statement, Math.max(best.get(statement) ?? 0, use));
  }
  return [...pairs].sort((a, b) => (best.get(b.statement) ?? 0) - (best.get(a.statement) ?? 0));
}

function weighCriteria({ candidates, findings }: Pick<Judgement, 'candidates' | 'findings'>): ReadonlyMap<CriterionId, number> {
  const found = new Set(findings.map(({ candidate }) => candidate));
  const weightOf = new Map<CriterionId, number>();
  for (const { id, logic } of candidates) {
    const weight = found.has(id) ? weights.found : weights.open;
    for (const criterion of leavesOf(logic)) weightOf.set(criterion, Math.max(weightOf.get(criterion) ?? 0, weight));
  }
  return weightOf;
}

function leavesOf(logic: Logic): readonly CriterionId[] {
  if (typeof logic === 'string') return [logic];
  return ('all' in logic ? logic.all : 'any' in logic ? logic.any : logic.none).flatMap(leavesOf);
}
