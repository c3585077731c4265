/** Published lists of pairs, looked up by ingredient: the orders with what is taken, never the whole list. Knows ranks of lists, no clinical fact. */
import { z } from 'zod';
import type { Proposal } from '../../types.js';
import { id, words } from '../schema.js';
import { type Alert, checkFile, defineCheck, type OrderContext, type PatientDrug, type RunCheck } from './check.js';

const schema = checkFile({
  /** Completes "This pair …". */
  text: words,
  /** Shown only where a rule that explains it finds the same pair. */
  isConfirmation: z.boolean().optional(),
  /** `{ "warfarin": "aspirin ibuprofen" }`: each pair once, partners joined by a blank. */
  pairs: z.record(id, words),
});
type Row = z.output<typeof schema>['rows'][number];
type Partners = ReadonlyMap<string, ReadonlyMap<string, Row>>;

export const pairs = defineCheck({
  id: 'pairs',
  schema,
  rules: (file) => file.rows,
  compile(file, { formulary, known }): RunCheck {
    const partners = new Map<string, Map<string, Row>>();
    // The first row that names a pair ranks it: the file is in the order of rank.
    for (const row of file.rows) {
      for (const [a, list] of Object.entries(row.pairs)) {
        const others = list.split(' ');
        known(row.id, 'pairs', [a, ...others]);
        for (const b of others) {
          bind(partners, a, b, row);
          bind(partners, b, a, row);
        }
      }
    }
    const nameOf = (ingredient: string): string => formulary.ingredients.get(ingredient)?.name ?? ingredient;
    return (order) => judgeLists(partners, nameOf, order);
  },
});

function bind(partners: Map<string, Map<string, Row>>, a: string, b: string, row: Row): void {
  const held = partners.get(a) ?? new Map<string, Row>();
  if (!held.has(b)) held.set(b, row);
  partners.set(a, held);
}

interface Met {
  readonly a: string;
  readonly b: string;
  readonly row: Row;
  readonly isOpen: boolean;
}

function judgeLists(partners: Partners, nameOf: (id: string) => string, order: OrderContext): readonly Alert[] {
  const met = new Map<string, Met>();
  for (const draft of order.ordered.filter((drug) => drug.isSystemic)) {
    for (const { id: a } of draft.ingredients) {
      const list = partners.get(a);
      if (list === undefined) continue;
      for (const [b, isOpen] of partnersIn(order, draft)) {
        const row = list.get(b);
        const key = [a, b].sort().join(' ');
        // What could only be read is worth a look where it would interrupt.
        if (row === undefined || (isOpen && row.indicator === 'info')) continue;
        if (met.get(key)?.isOpen !== false) met.set(key, { a, b, row, isOpen });
      }
    }
  }
  return [...met.values()].map((one) => toAlert(one, nameOf, order));
}

/** Ingredients of all other lines; and those that free text names. */
function partnersIn(order: OrderContext, draft: PatientDrug): ReadonlyMap<string, boolean> {
  const found = new Map<string, boolean>([...order.mentioned].map((id) => [id, true]));
  for (const drug of order.drugs) if (drug.fact !== draft.fact && drug.isSystemic) for (const { id } of drug.ingredients) found.set(id, false);
  return found;
}

function toAlert({ a, b, row, isOpen }: Met, nameOf: (id: string) => string, order: OrderContext): Alert {
  const names = [nameOf(a), nameOf(b)];
  const text = `${names[0]} with ${names[1]}`;
  return {
    id: `${row.id}.${[a, b].sort().join('.')}`,
    rule: row,
    indicator: row.indicator,
    summary: `${capital(text)}: ${row.indicator === 'critical' ? 'should not be given together' : 'listed interaction'}`,
    text: `${capital(text)} ${row.text}.`,
    needs: [order.uses(a), order.uses(b)],
    isOpen,
    isListed: true,
    pair: [a, b],
    ...(row.isConfirmation === true ? { needsConfirmation: true } : {}),
    proposals: [a, b].flatMap((drug) =>
      order
        .with(drug)
        .filter((one) => one.isSelected)
        .map(({ fact }): Proposal => ({ kind: 'remove-draft', label: `Remove the order for ${nameOf(drug)}`, draft: fact })),
    ),
  };
}

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
