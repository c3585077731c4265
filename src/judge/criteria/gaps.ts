/** The engine of care gaps: for whom, not exempt, not yet done. Three-valued (Kleene); knows trees over criteria, no clinical fact. */
import type {
  Absence,
  Advice,
  Candidate,
  CandidateId,
  Chart,
  Code,
  Criterion,
  CriterionId,
  FactId,
  Finding,
  Match,
  Proposal,
  Truth,
} from '../../types.js';
import type { Part } from '../judge.js';
import { indexEvents } from './chart-events.js';
import type { CompiledCriterion } from './compile.js';
import { shift, toDay, toDays } from './days.js';
import type { Gap, GapKnowledge } from './load.js';
import type { Tree } from './schema.js';
import type { SelectDeps } from './select.js';
import { standingOf } from './standing.js';
import { type Conditions, leavesOf, toLogic, truthOf, unwantedLeavesOf } from './trees.js';
import { type Evaluated, evaluateCriterion } from './verdict.js';
import type { Timeframe } from './window.js';

export interface Evaluation {
  readonly deps: SelectDeps;
  criterion(id: string): CompiledCriterion;
  /** Each criterion once for all gaps, and only when a gap asks. */
  evaluate(id: string): Evaluated;
}

export function createEvaluation({ criteria }: GapKnowledge, chart: Chart, frame: Timeframe): Evaluation {
  const deps: SelectDeps = { chart: indexEvents(chart, criteria.setsOfCode), frame, known: new Map() };
  const evaluated = new Map<string, Evaluated>();
  const criterion = (id: string): CompiledCriterion => {
    const found = criteria.byId.get(id);
    // Checked when the knowledge was loaded.
    if (found === undefined) throw new TypeError(`no criterion ${id}`);
    return found;
  };
  return {
    deps,
    criterion,
    evaluate(id) {
      const known = evaluated.get(id) ?? evaluateCriterion(criterion(id), deps);
      evaluated.set(id, known);
      return known;
    },
  };
}

/** A year back from now: what a window means that a measure would lay into its period. */
export function frameOf({ now, patient }: Chart): Timeframe {
  const end = toDay(now.getTime());
  return { mode: 'guideline', start: shift(end, { amount: -1, unit: 'y' }), end, birth: toDays(patient.birthDate) };
}

export interface JudgedGap {
  readonly candidate: Candidate;
  readonly finding: Finding | undefined;
  readonly absences: readonly Absence[];
  readonly missing: readonly string[];
}

export function judgeGaps(knowledge: GapKnowledge, chart: Chart, reasons: ReadonlyMap<string, Code>, unavailable: readonly string[]): Part {
  const evaluation = createEvaluation(knowledge, chart, frameOf(chart));
  const judged = knowledge.gaps
    .filter((gap) => gap.cards !== false)
    .flatMap((gap) => {
      const found = judgeGap(gap, gap, evaluation, unavailable);
      return found === undefined ? [] : [{ ...found, gap }];
    });
  return {
    ...joinGaps(judged, evaluation),
    advice: judged.map(({ gap }) => toAdvice(gap, reasons)),
    standings: judged.map(({ gap }) => standingOf(gap, gap, evaluation)),
  };
}

/** What the candidates say together: each criterion and its matches once. */
export function joinGaps(judged: readonly JudgedGap[], { criterion, evaluate }: Evaluation): Omit<Part, 'advice'> {
  const ids = new Set(judged.flatMap(({ candidate }) => logicLeaves(candidate.logic)));
  return {
    candidates: judged.map((gap) => gap.candidate),
    criteria: [...ids].map((id) => toCriterion(criterion(id))),
    findings: judged.map((gap) => gap.finding).filter((finding) => finding !== undefined),
    matches: [...ids].flatMap((id): readonly Match[] => evaluate(id).matches),
    absences: judged.flatMap((gap) => gap.absences),
    missing: judged.flatMap(({ candidate, missing }) => missing.map((text) => ({ candidate: candidate.id, text }))),
  };
}

/** Undefined where code rules it out: not for this patient, exempt, or done. */
export function judgeGap(gap: Gap, conditions: Conditions, evaluation: Evaluation, unavailable: readonly string[]): JudgedGap | undefined {
  const { evaluate } = evaluation;
  const truth = (tree: Tree): Truth => truthOf(tree, (id) => evaluate(id).truth);
  if (conditions.requires.some((tree) => truth(tree) === 'no')) return undefined;
  if ([...conditions.exempt, ...conditions.closedBy].some((tree) => truth(tree) === 'yes')) return undefined;
  const isFound = [...conditions.requires, ...conditions.closedBy].every((tree) => truth(tree) !== 'unknown');
  const sketch = sketchGap(gap, conditions, evaluation);
  const { id } = sketch.candidate;
  const evidence = [
    ...logicLeaves(sketch.candidate.logic).flatMap((leaf) => evaluate(leaf).matches.map((match) => match.fact)),
    ...sketch.absences.map((absence) => absence.fact),
  ];
  return {
    ...sketch,
    finding: isFound ? { candidate: id, indicator: gap.indicator, evidence: [...new Set(evidence)], origin: 'code', unavailable } : undefined,
    missing: missingOf(conditions, isFound, truth, evaluate),
  };
}

/** The candidate and what is silent about it, whatever the verdict. */
export function sketchGap(gap: Gap, conditions: Conditions, evaluation: Evaluation): JudgedGap {
  return {
    candidate: { id: gap.id as CandidateId, text: gap.text, logic: toLogic(conditions) },
    finding: undefined,
    absences: groupsOf(gap, conditions).flatMap((group) => absenceOf(`none:${gap.id}.${group.name}`, group, evaluation)),
    missing: [],
  };
}

interface Group {
  readonly name: 'exempt' | 'done' | 'wanting';
  readonly ids: readonly string[];
  /** What to say when all of it was looked for and nothing found. */
  readonly silence: string | undefined;
}

function groupsOf(gap: Gap, { requires, exempt, closedBy }: Conditions): readonly Group[] {
  const groups: readonly Group[] = [
    { name: 'exempt', ids: leavesOf(exempt), silence: gap.exemptSilence },
    { name: 'done', ids: leavesOf(closedBy), silence: gap.doneSilence },
    { name: 'wanting', ids: unwantedLeavesOf(requires), silence: undefined },
  ];
  return groups.filter(({ ids }) => ids.length > 0);
}

/** An exemption that is unknown does not exempt, but is named; beyond that, only what alone would decide is listed. */
function missingOf(
  { requires, exempt, closedBy }: Conditions,
  isFound: boolean,
  truth: (tree: Tree) => Truth,
  evaluate: Evaluation['evaluate'],
): readonly string[] {
  const open = (trees: readonly Tree[]): readonly Tree[] => trees.filter((tree) => truth(tree) === 'unknown');
  const words = (trees: readonly Tree[]): readonly string[] =>
    describeMissing(
      leavesOf(open(trees))
        .map(evaluate)
        .filter((one) => one.truth === 'unknown'),
    );
  if (isFound) return words(exempt);
  if (open(requires).length > 0 && !hasSign(requires, evaluate)) return [];
  const isOneOpen = open(requires).length + (open(closedBy).length > 0 ? 1 : 0) === 1;
  return isOneOpen ? [...words(requires), ...words(closedBy)] : [];
}

/**
 * That the record is silent about a disease is no reason to ask for it: without anything on record that the gap requires (a hemoglobin A1c of 9.8 %, no
 * diabetes), only age and sex are worth a question.
 */
function hasSign(requires: readonly Tree[], evaluate: Evaluation['evaluate']): boolean {
  const required = leavesOf(requires).map(evaluate);
  const isOnRecord = required.some(({ truth, open, facts }) => truth === 'yes' && open !== 'person' && facts.length > 0);
  return isOnRecord || required.every(({ truth, open }) => truth !== 'unknown' || open !== 'record');
}

/** Criteria that are unknown for the same reason are one line: 'colonoscopy within 10 years, CT colonography within 5 years (procedures: refused by the server)'. */
function describeMissing(unknown: readonly Evaluated[]): readonly string[] {
  const byReason = new Map<string, string[]>();
  for (const { missing, incomplete = '' } of unknown) byReason.set(incomplete, [...(byReason.get(incomplete) ?? []), missing]);
  return [...byReason].flatMap(([incomplete, names]) => (incomplete === '' ? names : [`${names.join(', ')} (${incomplete})`]));
}

function absenceOf(fact: string, { ids, silence }: Group, { criterion, evaluate }: Evaluation): readonly Absence[] {
  const absent = ids.filter((id) => evaluate(id).isAbsent);
  if (absent.length === 0) return [];
  const isWhole = absent.length === ids.length;
  if (isWhole && silence !== undefined) return [{ fact: fact as FactId, criteria: absent.map(toId), text: silence }];
  const names = absent.map((id) => criterion(id).name);
  const last = names.at(-1) ?? '';
  const list = names.length === 1 ? last : `${names.slice(0, -1).join(', ')} or ${last}`;
  return [{ fact: fact as FactId, criteria: absent.map(toId), text: `no ${list} on record` }];
}

function toAdvice(gap: Gap, reasons: ReadonlyMap<string, Code>): Advice {
  const proposals = gap.orders.map(
    ({ label, code, reason, as, withinDays }): Proposal => ({
      kind: 'order',
      label,
      code,
      reason,
      text: gap.text,
      ...(as === undefined ? {} : { as }),
      ...(withinDays === undefined ? {} : { withinDays }),
    }),
  );
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

function logicLeaves(logic: Candidate['logic']): readonly string[] {
  if (typeof logic === 'string') return [logic];
  return ('all' in logic ? logic.all : 'any' in logic ? logic.any : logic.none).flatMap(logicLeaves);
}

const toId = (id: string): CriterionId => id as CriterionId;
