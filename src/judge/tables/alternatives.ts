/** Drugs that may stand in for another. One is offered only where the same checks find nothing grave with it in this patient. Knows alerts, no check. */
import { z } from 'zod';
import { StartError } from '../../errors.js';
import type { FactId } from '../../types.js';
import type { Formulary } from '../drugs/formulary.js';
import { id, provenance, source, version } from '../schema.js';
import { type Alert, type Alternative, alternative, type OrderContext } from './check.js';
import { gradeOf } from './merge.js';

/** `for`: ingredients or classes in place of which it may be ordered, whatever the alert. */
export const alternativeFile = z.strictObject({
  version,
  alternatives: z.array(z.strictObject({ id, for: z.array(id).min(1), ...alternative.shape, source, ...provenance })).min(1),
});
type Row = z.output<typeof alternativeFile>['alternatives'][number];

/** Ingredient → what may stand in for it. */
export type Alternatives = ReadonlyMap<string, readonly Row[]>;

/** @throws StartError naming the row and the name that is not known */
export function indexAlternatives(file: string, rows: readonly Row[], formulary: Formulary): Alternatives {
  const found = new Map<string, Row[]>();
  for (const row of rows) {
    for (const name of [...row.for, row.ingredient])
      if (!formulary.ingredients.has(name) && !formulary.classes.has(name))
        throw new StartError(`${file}: ${row.id}, for, ingredient: there is no ingredient or class ${name}`);
    // A row whose source was not before us suggests no change of an order.
    if (row.verified === 'recalled') continue;
    const members = row.for.flatMap((name) => [...(formulary.classes.get(name)?.members ?? [name])]);
    for (const member of new Set(members)) if (member !== row.ingredient) found.set(member, [...(found.get(member) ?? []), row]);
  }
  return found;
}

/** What the rules offer themselves comes first; then what the table knows for the drafts that the alert is about. */
export function addAlternatives(alert: Alert, order: OrderContext, alternatives: Alternatives): Alert {
  if (gradeOf(alert) === 'info' || alert.isOpen === true) return alert;
  const facts = new Set(alert.needs.flatMap((need) => need.facts));
  const added = order.ordered
    .filter((drug) => facts.has(drug.fact))
    .flatMap((drug) => drug.ingredients.flatMap((ingredient) => alternatives.get(ingredient.id) ?? []).map((row) => ({ row, draft: drug.fact })))
    .map(({ row: { ingredient, label, code }, draft }): Alternative => ({ draft, ingredient, label, code }));
  const all = [...(alert.alternatives ?? []), ...added];
  return {
    ...alert,
    alternatives: all.filter((one, at) => all.findIndex((other) => other.draft === one.draft && other.ingredient === one.ingredient) === at),
  };
}

/** A card with more is not read, and each is a run of all checks. */
const maxOffered = 2;
const maxTried = 16;

export function keepSafeAlternatives(
  alerts: readonly Alert[],
  checkInstead: (draft: FactId, ingredient: string) => readonly Alert[],
): readonly Alert[] {
  const verdicts = new Map<string, boolean>();
  const isSafe = ({ draft, ingredient }: Alternative): boolean => {
    const key = `${draft} ${ingredient}`;
    const known = verdicts.get(key);
    if (known !== undefined) return known;
    // Beyond the limit nothing is known of it, so it is not offered.
    if (verdicts.size >= maxTried) return false;
    const verdict = checkInstead(draft, ingredient).every((alert) => alert.isOpen === true || gradeOf(alert) === 'info');
    verdicts.set(key, verdict);
    return verdict;
  };
  return alerts.map((alert) => {
    if (alert.alternatives === undefined || alert.isOpen === true) return { ...alert, alternatives: [] };
    return { ...alert, alternatives: alert.alternatives.filter(isSafe).slice(0, maxOffered) };
  });
}
