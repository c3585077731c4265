/** Builds invented facts and judgements for the tests of this folder. Knows no chart. */
import type { Criterion, CriterionId, Fact, FactId, Judgement } from '../../src/types.js';

export function fact(id: string, text: string, more: Partial<Fact> = {}): Fact {
  return { id: id as FactId, kind: 'note', text, isFreeText: true, ...more };
}

export function criterion(id: string, text: string, withinMonths?: number): Criterion {
  return { id: id as CriterionId, text, ...(withinMonths === undefined ? {} : { withinMonths }) };
}

export function judgement(...criteria: readonly Criterion[]): Judgement {
  return { candidates: [], criteria, findings: [], matches: [], absences: [], missing: [], advice: [], unavailable: [] };
}
