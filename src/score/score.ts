/**
 * Stage 7: matches and readings through the logic tree, in log-odds. Grades and orders the findings of code and adds those of text.
 * Knows the published form of the score (`docs/score.md`), no clinical fact.
 */
import type {
  Candidate,
  CandidateId,
  Fact,
  Finding,
  Grade,
  Indicator,
  Judgement,
  ReadResult,
  Score,
  Scored,
  Scorer,
  ServiceDefinition,
} from '../types.js';
import { collectEvidence, type Evidence } from './evidence.js';
import type { ScoreParameters } from './parameters.js';
import { formPlayers, type PlayerWithEvidence } from './players.js';
import { createValue, everyone, type ValueOf } from './scorer.js';
import { compileTree, logistic, type Tree } from './tree.js';

export type ScoreStage = (service: ServiceDefinition, judgement: Judgement, facts: readonly Fact[], read: ReadResult) => Scored;

interface Compiled {
  readonly candidate: CandidateId;
  readonly players: readonly PlayerWithEvidence[];
  readonly value: ValueOf;
  readonly score: Score;
  readonly finding: Finding | undefined;
}

export function createScore(parameters: ScoreParameters): ScoreStage {
  return function score(service, judgement, facts, read) {
    const mayFold = parameters.mayFold.includes(service.knowledge);
    const compiled = judgement.candidates.map((candidate) => compile(candidate, judgement, facts, read, mayFold, parameters));
    const byId = new Map(compiled.map((one) => [one.candidate, one]));
    const findings = compiled.map((one) => one.finding).filter((finding) => finding !== undefined);
    return {
      scorer: createScorer(parameters.id, byId),
      scores: compiled.map((one) => one.score),
      findings: order(findings, (finding) => byId.get(finding.candidate)?.score.value ?? 0),
    };
  };
}

function createScorer(id: string, byId: ReadonlyMap<CandidateId, Compiled>): Scorer {
  const known = (candidate: CandidateId): Compiled => {
    const found = byId.get(candidate);
    if (found === undefined) throw new TypeError('this candidate was not scored');
    return found;
  };
  return {
    id,
    players: (candidate) => known(candidate).players.map(({ player }) => player),
    value: (candidate, coalition) => known(candidate).value(coalition),
  };
}

function compile(
  candidate: Candidate,
  judgement: Judgement,
  facts: readonly Fact[],
  read: ReadResult,
  mayFold: boolean,
  parameters: ScoreParameters,
): Compiled {
  const tree = compileTree(candidate.logic, parameters.prior);
  const criteria = new Set<string>(tree.leaves.map((leaf) => leaf.criterion));
  const coded = judgement.findings.find((finding) => finding.candidate === candidate.id);
  const all = collectEvidence(judgement, facts, read.readings, criteria, parameters);
  // In order safety a reading may add, and never lowers a grade (architecture §1).
  const evidence = coded === undefined || mayFold ? all : all.filter((item) => item.by === 'code' || !lowers(item, tree));
  const players = formPlayers(evidence, tree.leaves);
  const value = createValue(tree, players);
  const whole = value(everyone(players.length));
  const support = logistic(whole);
  const isFolded = coded !== undefined && support < parameters.foldBelow && supportByCode(players, value) >= parameters.foldBelow;
  const score: Score = { candidate: candidate.id, value: whole, support, grade: gradeOf(support, parameters), isFolded };
  return { candidate: candidate.id, players, value, score, finding: findingOf(candidate, coded, score, players, judgement, parameters) };
}

function lowers(item: Evidence, tree: Tree): boolean {
  const leaf = tree.leaves.find(({ criterion }) => criterion === item.criterion);
  return leaf !== undefined && leaf.isWanted !== item.ratio > 1;
}

/** Support if nothing had been read. */
function supportByCode(players: readonly PlayerWithEvidence[], value: ValueOf): number {
  const coalition = players.reduce((bits, { player }, at) => (player.by === 'code' ? bits | (1 << at) : bits), 0);
  return logistic(value(coalition));
}

/** What code established, graver or folded; or what a reading added: information at most, for its precision is not yet measured. */
function findingOf(
  candidate: Candidate,
  coded: Finding | undefined,
  score: Score,
  players: readonly PlayerWithEvidence[],
  judgement: Judgement,
  { textFindingFrom }: ScoreParameters,
): Finding | undefined {
  const evidence = [...new Set(players.flatMap(({ player }) => player.facts))];
  if (coded !== undefined) return { ...coded, evidence, indicator: score.isFolded ? 'info' : coded.indicator };
  const isRead = players.some(({ player }) => player.by === 'text' && player.direction === 'supports');
  if (!isRead || score.support < textFindingFrom) return undefined;
  return { candidate: candidate.id, indicator: 'info', evidence, origin: 'text', unavailable: judgement.unavailable };
}

function gradeOf(support: number, { grades }: ScoreParameters): Grade {
  if (support >= grades.established) return 'established';
  return support >= grades.likely ? 'likely' : 'uncertain';
}

const gravity: Readonly<Record<Indicator, number>> = { critical: 0, warning: 1, info: 2 };

/** Critical, warning, info; within one, by value (architecture §7). */
function order(findings: readonly Finding[], weigh: (finding: Finding) => number): readonly Finding[] {
  return [...findings].sort((a, b) => gravity[a.indicator] - gravity[b.indicator] || weigh(b) - weigh(a));
}
