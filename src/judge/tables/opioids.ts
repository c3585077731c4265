/** Opioids over the whole list: morphine milligram equivalents a day, with a benzodiazepine, without naloxone. Knows how factors are used, none of them. */
import { z } from 'zod';
import type { Indicator, Proposal } from '../../types.js';
import { readDailyDose } from '../doses/daily-dose.js';
import { id, provenance, source, words } from '../schema.js';
import { type Alert, type CompileContext, checkFile, defineCheck, type Need, type OrderContext, type PatientDrug, type RunCheck } from './check.js';
import { needsOfLines } from './line-needs.js';
import { isReplaced } from './order-references.js';
import { productOf } from './rule-context.js';

const code = z.strictObject({ system: z.url(), code: words, display: words });
const rowFields = {
  /** `mme`: the total reaches `from`. `with`: beside a drug of `partners`. `risk`: one of `conditions`, and no antidote on the list. */
  kind: z.enum(['mme', 'with', 'risk']),
  from: z.number().positive().optional(),
  partners: z.array(id).min(1).optional(),
  conditions: z.array(id).min(1).optional(),
  says: words.max(90),
  rule: words,
  /** Pain of cancer, the end of life and sickle cell disease follow other guidelines. */
  unless: z.array(id).optional(),
  /** Grade where the antidote is on the list already. */
  protected: z.enum(['none', 'info', 'warning']).optional(),
};
const opioidFile = checkFile(rowFields).extend({
  opioids: id,
  /** Per mg of the daily dose; of a patch per µg an hour. */
  factors: z
    .array(z.strictObject({ ingredient: id, factor: z.number().positive(), of: z.enum(['mg a day', 'µg an hour']), source, ...provenance }))
    .min(1),
  antidote: z.strictObject({ ingredient: id, label: words, code, reason: words }),
});
type OpioidFile = z.output<typeof opioidFile>;
type OpioidRow = OpioidFile['rows'][number];

export const opioids = defineCheck({ id: 'opioids', schema: opioidFile, rules: (file) => file.rows, compile: compileOpioids });

function compileOpioids(file: OpioidFile, compiled: CompileContext): RunCheck {
  const { known, fault, conditions } = compiled;
  known('factors', 'ingredient', [file.opioids, file.antidote.ingredient, ...file.factors.map(({ ingredient }) => ingredient)]);
  for (const row of file.rows) {
    known(row.id, 'partners', row.partners ?? []);
    for (const one of [...(row.conditions ?? []), ...(row.unless ?? [])])
      if (!conditions.has(one)) throw fault(row.id, 'conditions, unless', `there is no set of conditions ${one}`);
    if ((row.kind === 'mme') !== (row.from !== undefined)) throw fault(row.id, 'from', 'belongs to the kind mme, and only to it');
  }
  return (order) => {
    const taken = order.with(file.opioids).filter((drug) => drug.isSystemic);
    const current = taken.filter((drug) => !taken.some((other) => other.isDraft && isReplaced(other, drug)));
    if (current.length === 0) return [];
    const found = file.rows.map((row) => judgeRow(row, file, current, order, compiled)).filter((alert) => alert !== undefined);
    // Of two totals only the higher is said.
    const totals = found.filter(({ rule }) => file.rows.some((row) => row.id === rule.id && row.kind === 'mme'));
    const [highest] = [...totals].sort((a, b) => fromOf(file, b) - fromOf(file, a));
    return found.filter((alert) => !totals.includes(alert) || alert === highest);
  };
}

const fromOf = (file: OpioidFile, { rule }: Alert): number => file.rows.find((row) => row.id === rule.id)?.from ?? 0;

function judgeRow(
  row: OpioidRow,
  file: OpioidFile,
  current: readonly PatientDrug[],
  order: OrderContext,
  compiled: CompileContext,
): Alert | undefined {
  if ((row.unless ?? []).some((one) => order.condition(one).truth === 'yes')) return undefined;
  const isProtected = order.with(file.antidote.ingredient).length > 0;
  const indicator = isProtected && row.protected !== undefined ? row.protected : row.indicator;
  if (indicator === 'none') return undefined;
  if (row.kind === 'mme') return judgeTotal(row, indicator, isProtected, file, current, order, compiled);
  if (row.kind === 'with') return judgePartner(row, indicator, isProtected, file, current, order, compiled);
  if (!current.some((drug) => drug.isSelected)) return undefined;
  const met = (row.conditions ?? []).filter((one) => order.condition(one).truth === 'yes');
  const [first] = met;
  if (first === undefined) return undefined;
  const need: Need = {
    id: `has:${met.join('+')}`,
    text: `has ${met.map((one) => compiled.conditions.get(one)?.name ?? one).join(' or ')}`,
    facts: met.flatMap((one) => order.condition(one).facts),
  };
  return alertOf(row, indicator, isProtected, row.says, [order.uses(file.opioids), need], file);
}

function judgeTotal(
  row: OpioidRow,
  indicator: Indicator,
  isProtected: boolean,
  file: OpioidFile,
  current: readonly PatientDrug[],
  order: OrderContext,
  compiled: CompileContext,
): Alert | undefined {
  if (row.from === undefined || !current.some((drug) => drug.isSelected)) return undefined;
  const parts = current.map((drug) => ({ drug, mme: equivalentOf(drug, file, order, compiled) }));
  const known = parts.flatMap(({ drug, mme }) => (mme === undefined ? [] : [{ drug, mme }]));
  const total = known.reduce((sum, { mme }) => sum + mme, 0);
  if (total < row.from) return undefined;
  const open = parts.length - known.length;
  const needs = needsOfLines(
    known.map(({ drug }) => drug),
    `mme-from-${row.from}`,
    `takes ${row.from} MME a day or more`,
  );
  const summary = `${Math.round(total)} MME a day of opioids${open > 0 ? ' at least' : ''}: ${row.says}`;
  const alert = alertOf(row, indicator, isProtected, summary, [...needs, order.uses(file.opioids)], file);
  return open > 0 ? { ...alert, missing: [`the daily dose of ${open} more opioid order${open > 1 ? 's' : ''}`] } : alert;
}

/** Undefined where the directions do not say how much, or no factor is published for this form. */
function equivalentOf(drug: PatientDrug, { factors }: OpioidFile, order: OrderContext, compiled: CompileContext): number | undefined {
  let sum: number | undefined;
  for (const { ingredient, factor, of } of factors) {
    if (!drug.ingredients.some((one) => one.id === ingredient)) continue;
    const isPatch = /transdermal|patch/.test(drug.words);
    if (isPatch !== (of === 'µg an hour')) return undefined;
    const dose = readDailyDose(drug.fields, productOf(drug, ingredient, { order, compiled }), isPatch ? 'ug' : 'mg');
    if (dose === undefined) return undefined;
    sum = (sum ?? 0) + (isPatch ? (dose.high / 24) * factor : dose.high * factor);
  }
  return sum;
}

function judgePartner(
  row: OpioidRow,
  indicator: Indicator,
  isProtected: boolean,
  file: OpioidFile,
  current: readonly PatientDrug[],
  order: OrderContext,
  compiled: CompileContext,
): Alert | undefined {
  const partners = (row.partners ?? []).flatMap((one) => order.with(one)).filter((drug) => drug.isSystemic && !current.includes(drug));
  const [opioid, partner] = [current.find((drug) => drug.isSelected) ?? current[0], partners.find((drug) => drug.isSelected) ?? partners[0]];
  if (opioid === undefined || partner === undefined || !(opioid.isSelected || partner.isSelected)) return undefined;
  const [first, second] = [nameIn(opioid, file.opioids, compiled), nameIn(partner, (row.partners ?? [])[0] ?? '', compiled)];
  const needs = [order.uses(file.opioids), ...(row.partners ?? []).slice(0, 1).map((one) => order.uses(one))];
  const alert = alertOf(row, indicator, isProtected, `${capital(first.name)} with ${second.name}: ${row.says}`, needs, file);
  const draft = opioid.isSelected ? { fact: opioid.fact, name: first.name } : { fact: partner.fact, name: second.name };
  const remove: Proposal = { kind: 'remove-draft', label: `Remove the order for ${draft.name}`, draft: draft.fact };
  return { ...alert, pair: [first.id, second.id], proposals: [...(alert.proposals ?? []), remove] };
}

/** The ingredient for which the drug is in the class: of a combination not its acetaminophen. */
function nameIn(drug: PatientDrug, id: string, { formulary }: CompileContext): { readonly id: string; readonly name: string } {
  const members = formulary.classes.get(id)?.members ?? new Set([id]);
  return drug.ingredients.find((ingredient) => members.has(ingredient.id)) ?? { id, name: id };
}

function alertOf(
  row: OpioidRow,
  indicator: Indicator,
  isProtected: boolean,
  summary: string,
  needs: readonly Need[],
  { antidote }: OpioidFile,
): Alert {
  const offer: readonly Proposal[] = isProtected
    ? []
    : [{ kind: 'order', as: 'medicine', label: antidote.label, code: antidote.code, reason: antidote.reason, text: row.rule }];
  return { id: `opioids.${row.id}`, rule: row, indicator, summary, text: row.rule, needs, proposals: offer };
}

const capital = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
