/** Runs rules "this drug in this patient". Three-valued: what is unknown and would decide is said, never guessed. Knows criteria, no clinical fact. */
import type { Indicator, Proposal } from '../../types.js';
import { isSlowRelease } from '../doses/release.js';
import type { Alert, Alternative, Check, CompileContext, Need, OrderContext, PatientDrug, RunCheck } from './check.js';
import { defineCheck } from './check.js';
import { evaluateCriteria, type Verdict } from './patient-criteria.js';
import { type PatientRule, patientRuleFile } from './patient-rule-schema.js';
import type { RuleContext } from './rule-context.js';

const gravity: Readonly<Record<Indicator, number>> = { info: 0, warning: 1, critical: 2 };
/** From here on the kidney is to be known before a drug that depends on it. */
const atRiskAge = 65;

/** A check whose file is nothing but rules about the patient. */
export function definePatientCheck(id: string): Check {
  return defineCheck({
    id,
    schema: patientRuleFile,
    rules: (file) => file.rows,
    compile: (file, context) => compileRules(id, file.rows, context),
  });
}

interface CompiledRule {
  readonly row: PatientRule;
  readonly ingredients: ReadonlySet<string>;
}

function compileRules(check: string, rows: readonly PatientRule[], context: CompileContext): RunCheck {
  const rules = rows.map((row): CompiledRule => {
    checkRow(row, context);
    const members = (ids: readonly string[]): readonly string[] => ids.flatMap((id) => [...(context.formulary.classes.get(id)?.members ?? [id])]);
    const except = new Set(members(row.except ?? []));
    return { row, ingredients: new Set(members(row.drugs).filter((id) => !except.has(id))) };
  });
  // Ingredient → its rules: a draft asks only for those.
  const byIngredient = new Map<string, CompiledRule[]>();
  for (const rule of rules) for (const id of rule.ingredients) byIngredient.set(id, [...(byIngredient.get(id) ?? []), rule]);
  return (order) => {
    const ingredients = new Map(order.ordered.flatMap((drug) => drug.ingredients.map(({ id, name }) => [id, name] as const)));
    return [...ingredients].flatMap(([id, name]) => alertsFor({ check, id, name }, byIngredient.get(id) ?? [], order, context));
  };
}

function checkRow(row: PatientRule, { known, fault, conditions, labs }: CompileContext): void {
  known(row.id, 'drugs', [...row.drugs, ...(row.except ?? []), ...(row.when.with ?? []), ...(row.unless?.with ?? [])]);
  for (const id of [...(row.when.conditions ?? []), ...(row.unless?.conditions ?? [])])
    if (!conditions.has(id)) throw fault(row.id, 'conditions', `there is no set of conditions ${id}`);
  for (const { lab } of row.when.measures ?? []) if (!labs.has(lab)) throw fault(row.id, 'measures', `there is no lab ${lab}`);
  for (const one of row.when.atLeast?.of ?? []) if ('lab' in one && !labs.has(one.lab)) throw fault(row.id, 'atLeast', `there is no lab ${one.lab}`);
  for (const one of row.replacements ?? []) known(row.id, 'replacements', [...one.for, one.ingredient]);
}

interface Subject {
  readonly check: string;
  readonly id: string;
  readonly name: string;
}

function alertsFor(subject: Subject, rules: readonly CompiledRule[], order: OrderContext, compile: CompileContext): readonly Alert[] {
  if (rules.length === 0) return [];
  const context: RuleContext = { order, compiled: compile };
  const alerts = rules.flatMap(({ row }) => {
    const drugs = order.ordered.filter((drug) => drug.ingredients.some(({ id }) => id === subject.id) && (row.anyRoute === true || drug.isSystemic));
    // Two orders of the same drug: the rule speaks once, of the one for which it is gravest.
    const own = drugs.map((drug) => judgeRule(subject, row, drug, context)).filter((alert) => alert !== undefined);
    return gravest(own)
      .slice(0, 1)
      .map((alert) => ({ topic: row.topic ?? row.id, alert }));
  });
  const topics = new Set(alerts.map(({ topic }) => topic));
  return [...topics].flatMap((topic) => gravest(alerts.filter((one) => one.topic === topic).map(({ alert }) => alert)).slice(0, 1));
}

const gradeOf = ({ rule, indicator, missing = [] }: Alert): number =>
  (rule.verified === 'recalled' ? 0 : gravity[indicator]) - (missing.length > 0 ? 0.5 : 0);
const gravest = (alerts: readonly Alert[]): readonly Alert[] => [...alerts].sort((a, b) => gradeOf(b) - gradeOf(a));

function judgeRule(subject: Subject, row: PatientRule, drug: PatientDrug, context: RuleContext): Alert | undefined {
  const { order } = context;
  if (row.release !== undefined && isSlowRelease(drug.words) !== (row.release === 'slow')) return undefined;
  if (row.only === 'start' && order.taken.some((taken) => taken.ingredients.some(({ id }) => id === subject.id))) return undefined;
  if (isExempt(row, context)) return undefined;
  const verdicts = evaluateCriteria(row.when, drug, subject.id, context);
  if (verdicts.some(({ truth }) => truth === 'no')) return undefined;
  const open = verdicts.filter(({ truth }) => truth === 'unknown');
  if (open.length > 1) return undefined;
  const [unknown] = open;
  if (unknown === undefined) return foundAlert(subject, row, drug, verdicts, context);
  return isWorthAsking(row, unknown, verdicts, context) ? askingAlert(subject, row, drug, verdicts, unknown, context) : undefined;
}

function isExempt(row: PatientRule, { order }: RuleContext): boolean {
  return (
    (row.unless?.conditions ?? []).some((id) => order.condition(id).truth === 'yes') ||
    (row.unless?.with ?? []).some((id) => order.with(id).length > 0)
  );
}

function foundAlert(subject: Subject, row: PatientRule, drug: PatientDrug, verdicts: readonly Verdict[], context: RuleContext): Alert {
  const isApproximate = verdicts.some((verdict) => verdict.isApproximate === true);
  const indicator = isApproximate && row.indicator === 'critical' ? 'warning' : row.indicator;
  const because = verdicts.map((verdict) => verdict.because ?? '').filter((text) => text !== '');
  const alert = alertOf(subject, row, drug, verdicts, context);
  return {
    ...alert,
    indicator,
    // The test is for those of whom the value is unknown.
    ...(row.ask === undefined ? {} : { proposals: (alert.proposals ?? []).filter(({ kind }) => kind !== 'order') }),
    summary: `${capital(subject.name)}: ${row.says}${because.length === 0 ? '' : ` (${because.join(', ')})`}`,
  };
}

/** One datum would decide: information, with the test that would settle it. */
function askingAlert(
  subject: Subject,
  row: PatientRule,
  drug: PatientDrug,
  verdicts: readonly Verdict[],
  unknown: Verdict,
  context: RuleContext,
): Alert {
  const missing = unknown.missing ?? unknown.need.text;
  const known = verdicts.filter(({ truth }) => truth === 'yes');
  const alert = alertOf(subject, row, drug, known, context);
  return {
    ...alert,
    id: `${subject.check}.${row.topic ?? row.id}.${subject.id}.unknown`,
    indicator: row.askAs ?? 'info',
    summary: `${capital(subject.name)}: ${row.says} (not known: ${missing})`,
    missing: [missing],
    // What would be done if it held is not offered before anybody knows.
    proposals: (alert.proposals ?? []).filter(({ kind }) => kind === 'order'),
    alternatives: [],
  };
}

/** The week of a pregnancy or the size of a dose is asked wherever the rest holds; other values as the rule says. */
function isWorthAsking({ ask, when }: PatientRule, unknown: Verdict, verdicts: readonly Verdict[], { order }: RuleContext): boolean {
  const rest = verdicts.filter((verdict) => verdict !== unknown);
  const isDetail = unknown.need.id.startsWith('week-') || unknown.need.id.startsWith('daily-dose-');
  if (isDetail) return rest.some(({ truth }) => truth === 'yes');
  if (ask === undefined) return false;
  if (when.pregnant === true && unknown.need.id === 'is-pregnant') return ask === 'always';
  if (ask === 'always') return true;
  return (order.patient.ageYears?.min ?? atRiskAge) >= atRiskAge || order.condition('kidney-disease').truth === 'yes';
}

function alertOf(subject: Subject, row: PatientRule, drug: PatientDrug, verdicts: readonly Verdict[], { order }: RuleContext): Alert {
  const uses = order.uses(subject.id);
  const needs = new Map<string, Need>([uses, ...verdicts.map(({ need }) => need)].map((need) => [need.id, need]));
  const remove: Proposal = { kind: 'remove-draft', label: `Remove the order for ${subject.name}`, draft: drug.fact };
  const change: readonly Proposal[] =
    row.changeTo === undefined
      ? []
      : [{ kind: 'change-dose', label: `Change ${subject.name} to ${row.changeTo.text}`, draft: drug.fact, ...row.changeTo }];
  const test: readonly Proposal[] =
    row.order === undefined ? [] : [{ kind: 'order', label: row.order.label, code: row.order.code, reason: row.says, text: row.rule }];
  const partner = verdicts.map((verdict) => verdict.partner).find((one) => one !== undefined);
  return {
    id: `${subject.check}.${row.id}.${subject.id}`,
    rule: row,
    indicator: row.indicator,
    ...(partner === undefined || partner === subject.id ? {} : { pair: [subject.id, partner] }),
    summary: '',
    text: row.rule,
    needs: [...needs.values()],
    proposals: [...change, ...(row.indicator === 'info' ? [] : [remove]), ...test],
    alternatives: alternativesOf(row, subject.id, drug),
  };
}

function alternativesOf(row: PatientRule, ingredient: string, drug: PatientDrug): readonly Alternative[] {
  return (row.replacements ?? [])
    .filter((one) => one.for.includes(ingredient))
    .map(({ ingredient: other, label, code }) => ({ draft: drug.fact, ingredient: other, label, code }));
}

const capital = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
