/** The engine of care gaps: for whom, not exempt, not yet done. Three-valued (Kleene); knows trees over criteria, no clinical fact. */
import type { Absence, Advice, Candidate, CandidateId, Code, Criterion, CriterionId, FactId, Finding, Match, Proposal } from '../types.js';
import type { ChartIndex } from './chart-index.js';
import { type Evaluated, evaluateCriterion } from './evaluate.js';
import type { Part } from './judge.js';
import type { CompiledCriterion, GapKnowledge } from './knowledge.js';

type Gap = GapKnowledge['gaps'][number];
type Evaluate = (id: string) => Evaluated;

interface JudgedGap {
  readonly candidate: Candidate;
  readonly finding: Finding | undefined;
  readonly absences: readonly Absence[];
  readonly missing: readonly string[];
  readonly advice: Advice;
}

export function judgeGaps(knowledge: GapKnowledge, index: ChartIndex, reasons: ReadonlyMap<string, Code>, unavailable: readonly string[]): Part {
  const evaluated = new Map<string, Evaluated>();
  // Each criterion once for all gaps, and only when a gap asks.
  const evaluate: Evaluate = (id) => {
    const known = evaluated.get(id) ?? evaluateCriterion(criterionOf(knowledge, id), index);
    evaluated.set(id, known);
    return known;
  };
  const judged = knowledge.gaps.map((gap) => judgeGap(gap, knowledge, evaluate, reasons, unavailable)).filter((gap) => gap !== undefined);
  const ids = new Set(judged.flatMap(({ candidate }) => leavesOf(candidate)));
  return {
    candidates: judged.map((gap) => gap.candidate),
    criteria: [...ids].map((id) => toCriterion(criterionOf(knowledge, id))),
    findings: judged.map((gap) => gap.finding).filter((finding) => finding !== undefined),
    matches: [...ids].flatMap((id): readonly Match[] => evaluate(id).matches),
    absences: judged.flatMap((gap) => gap.absences),
    missing: judged.flatMap(({ candidate, missing }) => missing.map((text) => ({ candidate: candidate.id, text }))),
    advice: judged.map((gap) => gap.advice),
  };
}

/** Undefined where code rules it out: not for this patient, exempt, or done. */
function judgeGap(
  gap: Gap,
  knowledge: GapKnowledge,
  evaluate: Evaluate,
  reasons: ReadonlyMap<string, Code>,
  unavailable: readonly string[],
): JudgedGap | undefined {
  if (gap.requires.some((id) => evaluate(id).truth === 'no')) return undefined;
  if ([...gap.exempt, ...gap.closedBy].some((id) => evaluate(id).truth === 'yes')) return undefined;
  const id = gap.id as CandidateId;
  const candidate: Candidate = {
    id,
    text: gap.text,
    logic: { all: [...gap.requires.map(toId), ...groupsOf(gap).map(({ ids }) => ({ none: ids.map(toId) }))] },
  };
  const absences = groupsOf(gap).flatMap((group) => absenceOf(`none:${gap.id}.${group.name}`, group, knowledge, evaluate));
  const isUnknown = (criterion: string): boolean => evaluate(criterion).truth === 'unknown';
  const open = [...gap.requires, ...gap.closedBy].filter(isUnknown);
  const isFound = open.length === 0;
  const evidence = [
    ...leavesOf(candidate).flatMap((leaf) => evaluate(leaf).matches.map((match) => match.fact)),
    ...absences.map((absence) => absence.fact),
  ];
  return {
    candidate,
    finding: isFound ? { candidate: id, indicator: gap.indicator, evidence: [...new Set(evidence)], origin: 'code', unavailable } : undefined,
    absences,
    missing: missingOf(gap, isFound, isUnknown, evaluate),
    advice: toAdvice(gap, reasons),
  };
}

interface Group {
  readonly name: 'exempt' | 'done';
  readonly ids: readonly string[];
  /** What to say when all of it was looked for and nothing found. */
  readonly silence: string | undefined;
}

function groupsOf(gap: Gap): readonly Group[] {
  const groups: readonly Group[] = [
    { name: 'exempt', ids: gap.exempt, silence: gap.exemptSilence },
    { name: 'done', ids: gap.closedBy, silence: gap.doneSilence },
  ];
  return groups.filter(({ ids }) => ids.length > 0);
}

/** An exemption that is unknown does not exempt, but is named; beyond that, only what alone would decide is listed. */
function missingOf(gap: Gap, isFound: boolean, isUnknown: (id: string) => boolean, evaluate: Evaluate): readonly string[] {
  const words = (ids: readonly string[]): readonly string[] => describeMissing(ids.filter(isUnknown).map(evaluate));
  if (isFound) return words(gap.exempt);
  const [requires, closing] = [words(gap.requires), words(gap.closedBy)];
  const isOneOpen = gap.requires.filter(isUnknown).length + (closing.length > 0 ? 1 : 0) === 1;
  return isOneOpen ? [...requires, ...closing] : [];
}

/** Criteria that are unknown for the same reason are one line: 'colonoscopy within 10 years, CT colonography within 5 years (procedures: refused by the server)'. */
function describeMissing(unknown: readonly Evaluated[]): readonly string[] {
  const byReason = new Map<string, string[]>();
  for (const { missing, incomplete = '' } of unknown) byReason.set(incomplete, [...(byReason.get(incomplete) ?? []), missing]);
  return [...byReason].flatMap(([incomplete, names]) => (incomplete === '' ? names : [`${names.join(', ')} (${incomplete})`]));
}

function absenceOf(fact: string, { ids, silence }: Group, knowledge: GapKnowledge, evaluate: Evaluate): readonly Absence[] {
  const absent = ids.filter((id) => evaluate(id).isAbsent);
  if (absent.length === 0) return [];
  const isWhole = absent.length === ids.length;
  if (isWhole && silence !== undefined) return [{ fact: fact as FactId, criteria: absent.map(toId), text: silence }];
  const names = absent.map((id) => criterionOf(knowledge, id).name);
  const last = names.at(-1) ?? '';
  const list = names.length === 1 ? last : `${names.slice(0, -1).join(', ')} or ${last}`;
  return [{ fact: fact as FactId, criteria: absent.map(toId), text: `no ${list} on record` }];
}

function toAdvice(gap: Gap, reasons: ReadonlyMap<string, Code>): Advice {
  const proposals = gap.orders.map(({ label, code, reason }): Proposal => ({ kind: 'order', label, code, reason, text: gap.text }));
  return {
    candidate: gap.id as CandidateId,
    summary: gap.summary,
    rule: gap.rule,
    source: gap.source,
    topic: gap.id,
    verified: gap.verified,
    reviewed: gap.reviewed,
    proposals,
    overrideReasons: gap.overrideReasons.map((code) => reasons.get(code)).filter((code) => code !== undefined),
  };
}

function toCriterion({ id, text, withinMonths, absence, byCodeOnly }: CompiledCriterion): Criterion {
  return {
    id,
    text,
    ...(withinMonths === undefined ? {} : { withinMonths }),
    ...(absence === undefined ? {} : { absence }),
    ...(byCodeOnly === undefined ? {} : { byCodeOnly }),
  };
}

function criterionOf(knowledge: GapKnowledge, id: string): CompiledCriterion {
  const criterion = knowledge.criteria.get(id);
  // Checked when the knowledge was loaded.
  if (criterion === undefined) throw new TypeError(`no criterion ${id}`);
  return criterion;
}

function leavesOf(candidate: Candidate): readonly string[] {
  const walk = (logic: Candidate['logic']): readonly string[] => {
    if (typeof logic === 'string') return [logic];
    return ('all' in logic ? logic.all : 'any' in logic ? logic.any : logic.none).flatMap(walk);
  };
  return walk(candidate.logic);
}

const toId = (id: string): CriterionId => id as CriterionId;
