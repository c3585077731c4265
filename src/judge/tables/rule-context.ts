/** What rules about a patient ask: the order at hand with what was compiled. Knows where things stand, no rule. */
import type { Product } from '../doses/daily-dose.js';
import type { CompileContext, OrderContext, PatientDrug } from './check.js';

export interface RuleContext {
  readonly order: OrderContext;
  readonly compiled: CompileContext;
}

export function productOf(drug: PatientDrug, ingredient: string, { order, compiled }: RuleContext): Product {
  const { formulary } = compiled;
  const others = drug.ingredients.filter(({ id }) => id !== ingredient);
  return {
    words: drug.words,
    names: formulary.namesOf(ingredient),
    others: others.map(({ id }) => formulary.namesOf(id)),
    written: others.length === 0 ? undefined : formulary.writtenIn(drug.words, ingredient),
    weightKg: order.patient.measure('weight')?.low,
  };
}

export const labName = (id: string, { compiled }: RuleContext): string => compiled.labs.get(id)?.name ?? id;
