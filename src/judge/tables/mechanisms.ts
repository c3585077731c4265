/**
 * Interactions by mechanism: every pair of drugs in hand of which an order brings one, derived from what both do to the same pathway.
 * Knows pairs and the patient's values, no clinical fact and no rule of derivation.
 */
import type { Indicator, Proposal } from '../../types.js';
import { readDailyDose, readOnePiece } from '../doses/daily-dose.js';
import { type Alert, type CompileContext, defineCheck, type PatientDrug, type RuleRow, type RunCheck } from './check.js';
import { createPairDeriver, type DerivedPair, type PairDeriver } from './derive-pair.js';
import { type MechanismFile, mechanismFile } from './mechanism-schema.js';
import { applyMoves } from './moves.js';
import { offerReplacements } from './replacements.js';
import { productOf, type RuleContext } from './rule-context.js';

export const mechanisms = defineCheck({
  id: 'mechanisms',
  schema: mechanismFile,
  rules: rulesOf,
  compile(file, context): RunCheck {
    checkReferences(file, context);
    const { formulary } = context;
    const nameOf = (drug: string): string => formulary.ingredients.get(drug)?.name ?? drug;
    const deriver = createPairDeriver(file, nameOf);
    const { overrideReasons, replacements } = file;
    return (order) =>
      judgePairs(deriver, { order, compiled: context }, nameOf).map((alert) => {
        // What a line of information offers nobody asks for.
        if (gravityOf(alert) === gravity.info) return { ...alert, rule: { ...alert.rule, overrideReasons } };
        const drafts = order.ordered.filter(({ ingredients }) => ingredients.some(({ id }) => alert.pair?.includes(id) === true));
        return { ...alert, rule: { ...alert.rule, overrideReasons }, alternatives: offerReplacements(replacements, drafts) };
      });
  },
});

/** What a line of the list of the knowledge says: roles and indices lead to a warning at most, a statement to its own grade. */
function rulesOf({ roles, indices, statements, replacements, overrideReasons }: MechanismFile): readonly RuleRow[] {
  const derived = [...roles, ...indices, ...replacements].map(
    ({ id, source, verified, reviewed }): RuleRow => ({ id, indicator: 'warning', source, verified, reviewed }),
  );
  return [...derived, ...statements].map((row) => ({ ...row, overrideReasons }));
}

function checkReferences({ pathways, roles, indices, statements, replacements }: MechanismFile, { known, fault, labs }: CompileContext): void {
  const ids = new Set(pathways.map((pathway) => pathway.id));
  const knownPathway = (row: string, field: string, id: string): void => {
    if (!ids.has(id)) throw fault(row, field, `there is no pathway ${id}`);
  };
  for (const { id, drugs } of [...roles, ...indices]) known(id, 'drugs', drugs);
  for (const row of replacements) known(row.id, 'for, ingredient', [...row.for, row.ingredient]);
  for (const { id, pathway } of roles) knownPathway(id, 'pathway', pathway);
  for (const row of statements) {
    known(row.id, 'of, with', [...row.of, ...(row.with ?? [])]);
    if ((row.with === undefined) === (row.acts === undefined)) throw fault(row.id, 'with, acts', 'one of the two, and not both');
    for (const { pathway } of row.acts ?? []) knownPathway(row.id, 'acts', pathway);
    for (const { value } of row.moves ?? [])
      if (!['egfr', 'clearance'].includes(value) && !labs.has(value)) throw fault(row.id, 'moves', `there is no value ${value}`);
  }
}

function judgePairs(deriver: PairDeriver, rule: RuleContext, nameOf: (drug: string) => string): readonly Alert[] {
  const { order } = rule;
  const ordered = ingredientsOf(order.ordered);
  const present = ingredientsOf(order.drugs);
  const seen = new Set<string>();
  const alerts = ordered.flatMap((a) =>
    [...present, ...order.mentioned].flatMap((b): readonly Alert[] => {
      const key = [a, b].sort().join(' ');
      if (a === b || seen.has(key)) return [];
      seen.add(key);
      const pair = deriver.derive(a, b);
      return pair === undefined ? [] : toAlert(pair, rule, nameOf);
    }),
  );
  return keepGravest(alerts);
}

/** Two ingredients of one product act on the same drug (nirmatrelvir and ritonavir on simvastatin): the same two lines are one card. */
function keepGravest(alerts: readonly Alert[]): readonly Alert[] {
  const kept = new Map<string, Alert>();
  for (const alert of alerts) {
    const [of, by] = alert.needs.map(({ facts }) => [...facts].sort().join(' '));
    const key = alert.isOpen === true ? alert.id : [of, by].sort().join(' and ');
    const held = kept.get(key);
    if (held === undefined || gravityOf(alert) > gravityOf(held)) kept.set(key, alert);
  }
  return [...kept.values()];
}

const gravity: Readonly<Record<Indicator, number>> = { info: 0, warning: 1, critical: 2 };
const gravityOf = ({ rule, indicator }: Alert): number => gravity[rule.verified === 'recalled' ? 'info' : indicator];

const ingredientsOf = (drugs: readonly PatientDrug[]): readonly string[] => [
  ...new Set(drugs.flatMap((drug) => drug.ingredients.map(({ id }) => id))),
];

function toAlert(pair: DerivedPair, context: RuleContext, nameOf: (drug: string) => string): readonly Alert[] {
  const { of, by, rule } = pair;
  const { order } = context;
  const linesOf = (drug: string): readonly PatientDrug[] => order.with(drug).filter((line) => line.isSystemic || pair.isAnyRoute);
  const [ofLines, byLines] = [linesOf(of), linesOf(by)];
  const lines = [...ofLines, ...byLines];
  const drafts = [...new Set(lines.filter((line) => line.isSelected))];
  if (drafts.length === 0) return [];
  // Not one and the same line of the chart: a combined product is a decision that was made elsewhere.
  const isFound = ofLines.length > 0 && byLines.length > 0 && new Set(lines.map((line) => line.fact)).size > 1;
  if (!isFound && !order.mentioned.has(ofLines.length === 0 ? of : by)) return [];
  const moved = applyMoves(pair.indicator, pair.moves, order.patient);
  const dose = pair.mgPerDayAtMost === undefined ? undefined : doseOf(of, ofLines, context);
  const presumed = pair.mgPerDayAtMost === undefined || dose !== undefined ? undefined : onePieceOf(of, ofLines, context);
  const isEased = pair.mgPerDayAtMost !== undefined && (dose ?? presumed ?? Number.POSITIVE_INFINITY) <= pair.mgPerDayAtMost;
  const isDoseMissing = pair.mgPerDayAtMost !== undefined && dose === undefined;
  return [
    {
      id: `mechanisms.${of}.${by}`,
      rule,
      indicator: isEased ? 'info' : moved.indicator,
      summary: capitalise(`${nameOf(of)} with ${nameOf(by)}: ${pair.risk}`),
      text: [pair.text, ...moved.because, ...(dose === undefined ? [] : [`Here ${Math.round(dose * 100) / 100} mg a day.`])].join(' '),
      needs: [order.uses(of), order.uses(by), ...moved.needs],
      missing: [...moved.missing, ...(isDoseMissing ? [`the daily dose of ${nameOf(of)}`] : [])],
      isOpen: !isFound,
      ...(isEased ? { isSettled: true } : {}),
      pair: [of, by],
      proposals: drafts.map(
        ({ fact, ingredients }): Proposal => ({
          kind: 'remove-draft',
          label: `Remove the order for ${ingredients.map(({ name }) => name).join(' and ')}`,
          draft: fact,
        }),
      ),
    },
  ];
}

/** mg a day if every dose is taken, of all lines together; undefined where one of them does not say enough. */
function doseOf(drug: string, lines: readonly PatientDrug[], context: RuleContext): number | undefined {
  if (lines.length === 0) return undefined;
  const doses = lines.map((line) => readDailyDose(line.fields, productOf(line, drug, context), 'mg')?.high);
  return doses.reduce<number | undefined>((sum, dose) => (sum === undefined || dose === undefined ? undefined : sum + dose), 0);
}

/** mg if one piece is taken a day, of one line that has no directions at all. */
function onePieceOf(drug: string, [line, ...others]: readonly PatientDrug[], context: RuleContext): number | undefined {
  return line === undefined || others.length > 0 ? undefined : readOnePiece(line.fields, productOf(line, drug, context), 'mg');
}

const capitalise = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
