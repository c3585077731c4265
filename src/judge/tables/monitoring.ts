/** Is a test due that goes with a drug? Looks for the newest value in the window; a list that was not read is said to be so. Knows no drug. */
import { z } from 'zod';
import { id, words } from '../schema.js';
import { type Alert, type CompileContext, checkFile, defineCheck, type OrderContext, type RunCheck } from './check.js';

const monitoringFile = checkFile({
  drugs: z.array(id).min(1),
  /** One of these within the months is enough, as of a blood count. */
  labs: z.array(id).min(1),
  withinMonths: z.int().min(1).max(60),
  /** `start`: before it is begun. `continue`: while it is on the list. */
  when: z.enum(['start', 'continue', 'always']),
  says: words.max(90),
  rule: words,
  order: z.strictObject({ label: words, code: z.strictObject({ system: z.url(), code: words, display: words }) }),
});
type MonitoringRow = z.output<typeof monitoringFile>['rows'][number];

export const monitoring = defineCheck({
  id: 'monitoring',
  schema: monitoringFile,
  rules: (file) => file.rows,
  compile: ({ rows }, context) => compileMonitoring(rows, context),
});

function compileMonitoring(rows: readonly MonitoringRow[], { formulary, known, fault, labs }: CompileContext): RunCheck {
  const byIngredient = new Map<string, MonitoringRow[]>();
  for (const row of rows) {
    known(row.id, 'drugs', row.drugs);
    for (const lab of row.labs) if (!labs.has(lab)) throw fault(row.id, 'labs', `there is no lab ${lab}`);
    const members = row.drugs.flatMap((drug) => [...(formulary.classes.get(drug)?.members ?? [drug])]);
    for (const member of members) byIngredient.set(member, [...(byIngredient.get(member) ?? []), row]);
  }
  return (order) => {
    const ingredients = new Map(
      order.ordered.filter((drug) => drug.isSystemic).flatMap((drug) => drug.ingredients.map((one) => [one.id, one.name] as const)),
    );
    return [...ingredients].flatMap(([one, name]) =>
      (byIngredient.get(one) ?? []).map((row) => judgeTest(row, one, name, order)).filter((alert) => alert !== undefined),
    );
  };
}

function judgeTest(row: MonitoringRow, ingredient: string, name: string, order: OrderContext): Alert | undefined {
  const isTaken = order.taken.some((drug) => drug.ingredients.some((one) => one.id === ingredient));
  if ((row.when === 'start' && isTaken) || (row.when === 'continue' && !isTaken)) return undefined;
  const { patient } = order;
  if (row.labs.some((lab) => patient.measure(lab, row.withinMonths) !== undefined) || order.isTestOrdered(row.labs)) return undefined;
  const why = patient.whyUnmeasured;
  const because = why === undefined ? 'none on record' : why;
  return {
    id: `monitoring.${row.id}.${ingredient}`,
    rule: row,
    // Where the list was not read nobody knows whether it is due.
    indicator: why === undefined ? row.indicator : 'info',
    summary: `${name.charAt(0).toUpperCase()}${name.slice(1)}: ${row.says} (${because})`,
    text: row.rule,
    needs: [order.uses(ingredient)],
    missing: [row.says.replace(/^no /, '')],
    proposals: [{ kind: 'order', label: row.order.label, code: row.order.code, reason: row.says, text: row.rule }],
  };
}
