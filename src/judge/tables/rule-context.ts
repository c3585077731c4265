/** What rules about a patient ask, gathered once for an answer. Knows where things stand, no rule. */
import type { Product } from '../doses/daily-dose.js';
import type { ConditionSet } from '../patient/conditions.js';
import type { PatientValues } from '../patient/patient-values.js';
import { type Pregnancy, readPregnancy } from '../patient/pregnancy.js';
import type { ChartIndex } from '../chart-index.js';
import type { CompileContext, OrderContext, PatientDrug } from './check.js';

export interface RuleContext {
  readonly order: OrderContext;
  readonly patient: PatientValues;
  readonly index: ChartIndex;
  readonly conditions: ReadonlyMap<string, ConditionSet>;
  readonly pregnancy: Pregnancy;
  labName(id: string): string;
  productOf(drug: PatientDrug, ingredient: string): Product;
}

/** One context for one answer: several checks ask the same. */
const built = new WeakMap<OrderContext, RuleContext>();

export function ruleContextOf(order: OrderContext, { conditions, labs, formulary }: CompileContext): RuleContext {
  const known = built.get(order);
  if (known !== undefined) return known;
  const { patient, index } = order;
  const context: RuleContext = {
    order,
    patient,
    index,
    conditions,
    pregnancy: readPregnancy({
      index,
      patient,
      pregnancy: conditions.get('pregnancy'),
      lactation: conditions.get('breastfeeding'),
      fieldsOf: (fact) => order.fieldsOf(fact),
    }),
    labName: (id) => labs.get(id)?.name ?? id,
    productOf: (drug, ingredient) => ({
      words: drug.words,
      names: formulary.namesOf(ingredient),
      isOnlyIngredient: drug.ingredients.length === 1,
      weightKg: patient.measure('weight')?.low,
    }),
  };
  built.set(order, context);
  return context;
}
