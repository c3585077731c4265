/** Which rules of a family of additive effects a list of drugs meets, and by which drugs. Knows counts, no patient and no drug. */
import type { Indicator } from '../../types.js';
import type { Family, FamilyRule } from './additive-schema.js';

/** An ingredient in hand. */
export interface Present {
  readonly ingredient: string;
  /** Lines of the chart and drafts that hold it; none: only a free text names it. */
  readonly lines: readonly string[];
  readonly isOrdered: boolean;
}

export interface Met {
  readonly rule: FamilyRule;
  /** All that add to the effect by any rule that is met. */
  readonly drugs: readonly Present[];
  /** Every row that was needed was read in its source. */
  readonly isRead: boolean;
}

const gravity: Readonly<Record<Indicator, number>> = { info: 0, warning: 1, critical: 2 };

/** The gravest rule that is met, the first of the file among equals; a rule of an age only from that age on. */
export function findMet(family: Family, present: readonly Present[], ageYears: number | undefined): Met | undefined {
  const byComponent = groupMembers(family, present);
  const met = family.rules.flatMap((rule): readonly Met[] => {
    if (rule.ageFrom !== undefined && (ageYears === undefined || ageYears < rule.ageFrom)) return [];
    const read = take(rule, byComponent, true);
    const taken = read ?? take(rule, byComponent, false);
    if (taken === undefined || !taken.some((one) => one.isOrdered) || areOneLine(taken)) return [];
    return [{ rule, drugs: taken, isRead: read !== undefined && rule.verified === 'read' }];
  });
  const best = met.reduce<Met | undefined>((held, one) => (held === undefined || weigh(one) > weigh(held) ? one : held), undefined);
  return best === undefined ? undefined : { ...best, drugs: [...new Set([...best.drugs, ...met.flatMap(({ drugs }) => drugs)])] };
}

const weigh = ({ rule, isRead }: Met): number => (isRead ? gravity[rule.indicator] : 0);

interface Member {
  readonly present: Present;
  readonly isRead: boolean;
}

function groupMembers(family: Family, present: readonly Present[]): ReadonlyMap<string, readonly Member[]> {
  const found = new Map<string, Member[]>();
  for (const row of family.members) {
    const here = present.filter(({ ingredient }) => row.drugs.includes(ingredient));
    found.set(row.component, [...(found.get(row.component) ?? []), ...here.map((one) => ({ present: one, isRead: row.verified === 'read' }))]);
  }
  return found;
}

/** Every drug of the components of the rule, if they are enough. */
function take(rule: FamilyRule, members: ReadonlyMap<string, readonly Member[]>, onlyRead: boolean): readonly Present[] | undefined {
  const of = (component: string): readonly Present[] =>
    (members.get(component) ?? []).filter((member) => member.isRead || !onlyRead).map((member) => member.present);
  const needs = Object.entries(rule.needs ?? {});
  if (needs.some(([component, count]) => of(component).length < count)) return undefined;
  const total = rule.total?.of.flatMap(of) ?? [];
  if (rule.total !== undefined && total.length < rule.total.atLeast) return undefined;
  return [...new Set([...needs.flatMap(([component]) => of(component)), ...total])];
}

/** One product with all of them: a decision that was made elsewhere. */
function areOneLine(drugs: readonly Present[]): boolean {
  const lines = new Set(drugs.flatMap((drug) => drug.lines));
  return lines.size < 2 && drugs.every((drug) => drug.lines.length > 0);
}
