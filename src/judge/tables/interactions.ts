/** Interactions that were written one by one, with words and alternatives of their own. Knows pairs of ingredients, no clinical fact. */
import { z } from 'zod';
import type { Proposal } from '../../types.js';
import { id, words } from '../schema.js';
import { type Alert, alternative, checkFile, defineCheck, type OrderContext, type RunCheck } from './check.js';

const schema = checkFile({
  a: z.array(id).min(1),
  b: z.array(id).min(1),
  risk: words,
  rule: words,
  replacements: z.array(alternative.extend({ for: id })).optional(),
});
type Row = z.output<typeof schema>['rows'][number];

const maxSummary = 139;

export const interactions = defineCheck({
  id: 'interactions',
  schema,
  rules: (file) => file.rows,
  compile(file, { formulary, known, fault }): RunCheck {
    const nameOf = (ingredient: string): string => formulary.ingredients.get(ingredient)?.name ?? ingredient;
    for (const row of file.rows) {
      known(row.id, 'a, b', [...row.a, ...row.b]);
      known(
        row.id,
        'replacements',
        (row.replacements ?? []).flatMap((one) => [one.for, one.ingredient]),
      );
      if (row.a.some((one) => row.b.includes(one))) throw fault(row.id, 'a, b', 'an ingredient does not interact with itself');
      const longest = Math.max(...row.a.flatMap((a) => row.b.map((b) => summarise(row, nameOf(a), nameOf(b)).length)));
      if (longest > maxSummary) throw fault(row.id, 'risk', `makes a summary of ${longest} characters, at most ${maxSummary}`);
    }
    const pairs = file.rows.flatMap((row) => row.a.flatMap((a) => row.b.map((b) => ({ row, a, b }))));
    return (order) => pairs.flatMap(({ row, a, b }) => judgePair(row, a, b, nameOf, order));
  },
});

function judgePair(row: Row, a: string, b: string, nameOf: (id: string) => string, order: OrderContext): readonly Alert[] {
  const [ofA, ofB] = [order.with(a).filter((drug) => drug.isSystemic), order.with(b).filter((drug) => drug.isSystemic)];
  const ordered = [...ofA, ...ofB].filter((drug) => drug.isSelected);
  if (ordered.length === 0) return [];
  // Not one and the same line of the chart: a combined product is a decision that was made elsewhere.
  const isFound = ofA.some((one) => ofB.some((other) => one.fact !== other.fact && (one.isSelected || other.isSelected)));
  if (!isFound && !order.mentioned.has(ofA.length === 0 ? a : b)) return [];
  const draftsOf = (drug: string) => order.with(drug).filter((one) => one.isSelected);
  const needOf = (drug: string) => ({ ...order.uses(drug) });
  return [
    {
      id: `${row.id}.${a}.${b}`,
      rule: row,
      indicator: row.indicator,
      summary: summarise(row, nameOf(a), nameOf(b)),
      text: row.rule,
      needs: [needOf(a), needOf(b)],
      isOpen: !isFound,
      pair: [a, b],
      proposals: [a, b].flatMap((drug) =>
        draftsOf(drug).map(({ fact }): Proposal => ({ kind: 'remove-draft', label: `Remove the order for ${nameOf(drug)}`, draft: fact })),
      ),
      alternatives: (row.replacements ?? []).flatMap(({ for: drug, ...offer }) =>
        [a, b].includes(drug) ? draftsOf(drug).map(({ fact }) => ({ ...offer, draft: fact })) : [],
      ),
    },
  ];
}

/** `Warfarin with ibuprofen: bleeding risk` */
function summarise(row: Row, a: string, b: string): string {
  const text = `${a} with ${b}: ${row.risk}`;
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
