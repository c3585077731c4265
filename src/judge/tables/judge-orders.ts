/** Runs the checks of order safety over a chart and makes of their alerts what the score can explain. Knows alerts, no check. */
import type { Advice, Candidate, CandidateId, Chart, Code, Criterion, CriterionId, Finding, Logic, Match, Proposal } from '../../types.js';
import type { ChartIndex } from '../chart-index.js';
import type { Part } from '../judge.js';
import { type Alternatives, addAlternatives, keepSafeAlternatives } from './alternatives.js';
import type { Alert, CompiledCheck, Need, OrderContext } from './check.js';
import { gradeOf, mergeAlerts } from './merge.js';
import { type ContextParts, createOrderContext } from './order-context.js';

export interface OrderKnowledge extends ContextParts {
  readonly checks: readonly CompiledCheck[];
  readonly alternatives: Alternatives;
}

/** Exact enumeration in a hook: 2^12 values (architecture §4). */
const maxCriteria = 12;
const maxSummary = 139;

export function judgeOrders(
  knowledge: OrderKnowledge,
  index: ChartIndex,
  chart: Chart,
  reasons: ReadonlyMap<string, Code>,
  unavailable: readonly string[],
): Part {
  const context = createOrderContext(knowledge, index, chart);
  if (context.order.ordered.length === 0) return nothing;
  const run = (order: OrderContext): readonly Alert[] => mergeAlerts(knowledge.checks.flatMap((check) => check.run(order)));
  const offered = run(context.order).map((alert) => addAlternatives(alert, context.order, knowledge.alternatives));
  const alerts = keepSafeAlternatives(offered, (draft, ingredient) => run(context.withReplaced(draft, ingredient)));
  const needs = new Map<string, Need>(alerts.flatMap(needsOf).map((need) => [need.id, need]));
  return {
    candidates: alerts.map(toCandidate),
    criteria: [...needs.values()].map(toCriterion),
    findings: alerts.flatMap((alert) => findingOf(alert, unavailable)),
    matches: [...needs.values()].flatMap((need) => need.facts.map((fact): Match => ({ fact, criterion: need.id as CriterionId, holds: true }))),
    // A medicine list is never known to be whole (over-the-counter drugs): its silence says nothing.
    absences: [],
    missing: alerts.flatMap((alert) => (alert.missing ?? []).map((text) => ({ candidate: alert.id as CandidateId, text }))),
    advice: alerts.map((alert) => toAdvice(alert, reasons)),
  };
}

const nothing: Part = { candidates: [], criteria: [], findings: [], matches: [], absences: [], missing: [], advice: [] };

/** Each criterion once, and no more than can be explained exactly in time: a long list of drugs must not cost the answer. */
function needsOf({ needs, eases = [] }: Alert): readonly Need[] {
  return [...new Map([...needs, ...eases].map((need) => [need.id, need])).values()].slice(0, maxCriteria);
}

function toCandidate(alert: Alert): Candidate {
  const lowering = new Set((alert.eases ?? []).map((need) => need.id));
  const ids = needsOf(alert).map((need) => need.id as CriterionId);
  const eases = ids.filter((need) => lowering.has(need));
  const logic: Logic = { all: [...ids.filter((need) => !lowering.has(need)), ...(eases.length === 0 ? [] : [{ none: eases }])] };
  return { id: alert.id as CandidateId, text: alert.summary, logic };
}

function toCriterion({ id, text, byCodeOnly }: Need): Criterion {
  return { id: id as CriterionId, text, ...(byCodeOnly === true ? { byCodeOnly } : {}) };
}

function findingOf(alert: Alert, unavailable: readonly string[]): readonly Finding[] {
  if (alert.isOpen === true) return [];
  const evidence = [...new Set(needsOf(alert).flatMap((need) => need.facts))];
  return [{ candidate: alert.id as CandidateId, indicator: gradeOf(alert), evidence, origin: 'code', unavailable }];
}

function toAdvice(alert: Alert, reasons: ReadonlyMap<string, Code>): Advice {
  const { rule, summary } = alert;
  const proposals: readonly Proposal[] = [
    ...(alert.alternatives ?? []).map(({ draft, label, code }): Proposal => ({ kind: 'replace-draft', label, draft, code })),
    ...(alert.proposals ?? []),
  ];
  return {
    candidate: alert.id as CandidateId,
    summary: summary.length <= maxSummary ? summary : `${summary.slice(0, maxSummary - 1)}…`,
    rule: alert.text,
    source: rule.source,
    topic: rule.id,
    verified: rule.verified,
    reviewed: rule.reviewed,
    proposals,
    overrideReasons: (rule.overrideReasons ?? []).map((code) => reasons.get(code)).filter((code) => code !== undefined),
  };
}
