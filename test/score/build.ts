/** Judgements, facts and readings for the tests of the score, without a chart. */
import type {
  Absence,
  Candidate,
  CandidateId,
  Criterion,
  CriterionId,
  Fact,
  FactId,
  FactKind,
  Finding,
  Judgement,
  Logic,
  Match,
  Reading,
  ReadResult,
  ServiceDefinition,
} from '../../src/types.js';

export const serviceOf = (knowledge: string): ServiceDefinition =>
  ({ id: knowledge, knowledge, hook: 'patient-view' }) as unknown as ServiceDefinition;

export function candidateOf(id: string, logic: Logic): Candidate {
  return { id: id as CandidateId, text: `${id} is due`, logic };
}

export const leaf = (id: string): CriterionId => id as CriterionId;
export const all = (...logic: readonly Logic[]): Logic => ({ all: logic });
export const none = (...logic: readonly Logic[]): Logic => ({ none: logic });
export const any = (...logic: readonly Logic[]): Logic => ({ any: logic });

export function matchOf(fact: string, criterion: string, holds = true): Match {
  return { fact: fact as FactId, criterion: leaf(criterion), holds };
}

export function absenceOf(fact: string, ...criteria: readonly string[]): Absence {
  return { fact: fact as FactId, criteria: criteria.map(leaf), text: fact };
}

export function factOf(id: string, kind: FactKind, min?: number): Fact {
  return { id: id as FactId, kind, text: id, isFreeText: kind === 'note', ...(min === undefined ? {} : { ageMonths: { min, max: min } }) };
}

export function readingOf(fact: string, criterion: string, supports: number, contradicts: number): Reading {
  return { fact: fact as FactId, criterion: leaf(criterion), supports, contradicts };
}

export function findingOf(candidate: string, indicator: Finding['indicator'] = 'warning'): Finding {
  return { candidate: candidate as CandidateId, indicator, evidence: [], origin: 'code', unavailable: [] };
}

export function judgementOf(parts: Partial<Judgement>): Judgement {
  const criteria: readonly Criterion[] = [];
  return { candidates: [], criteria, findings: [], matches: [], absences: [], missing: [], advice: [], unavailable: [], ...parts };
}

export function read(...readings: readonly Reading[]): ReadResult {
  return { reader: 'fake@1', readings, unread: 0 };
}
