/** What rules about a patient ask: the order at hand with what was compiled. Knows where things stand, no rule. */
import type { Product } from '../doses/daily-dose.js';
import type { CompileContext, OrderContext, PatientDrug } from './check.js';

export interface RuleContext {
  readonly order: OrderContext;
  readonly compiled: CompileContext;
}

export function productOf(drug: PatientDrug, ingredient: string, { order, compiled }: RuleContext): Product {
  return {
    words: drug.words,
    names: compiled.formulary.namesOf(ingredient),
    isOnlyIngredient: drug.ingredients.length === 1,
    weightKg: order.patient.measure('weight')?.low,
  };
}

export const labName = (id: string, { compiled }: RuleContext): string => compiled.labs.get(id)?.name ?? id;
