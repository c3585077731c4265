/**
 * Effects that add up over the whole list of drugs: bleeding, potassium, serotonin, sedation and the like. One alert a family, with every drug that
 * contributes as a reason of its own, raised by the patient's values. Knows families, no drug and no limit.
 */
import type { FactId, Indicator, Proposal } from '../../types.js';
import type { Formulary } from '../drugs/formulary.js';
import type { PatientValues } from '../patient/patient-values.js';
import { additiveFile, type Family, type PointItem, type Points, type Raise } from './additive-schema.js';
import { type Alert, type CompileContext, defineCheck, type Need, type OrderContext, type RuleRow, type RunCheck } from './check.js';
import { findMet, type Met, type Present } from './count-members.js';
import { offerReplacements } from './replacements.js';
import { describeValue, isBeyond, nameOfValue, readValue } from './values.js';

export const additive = defineCheck({
  id: 'additive',
  schema: additiveFile,
  rules: (file) => file.families.flatMap(rulesOf).map((row) => ({ ...row, overrideReasons: file.overrideReasons })),
  compile(file, context): RunCheck {
    for (const family of file.families) checkFamily(family, context);
    const { formulary } = context;
    const families = file.families.map((family) => expandMembers(family, formulary));
    const nameOf = (drug: string): string => formulary.ingredients.get(drug)?.name ?? drug;
    const { overrideReasons } = file;
    return (order) =>
      families.flatMap((family) => judgeFamily(family, order, nameOf)).map((alert) => ({ ...alert, rule: { ...alert.rule, overrideReasons } }));
  },
});

/** A row of members names ingredients or classes of them. */
function expandMembers(family: Family, { classes }: Formulary): Family {
  const expand = (ids: readonly string[]): string[] => [...new Set(ids.flatMap((id) => [...(classes.get(id)?.members ?? [id])]))];
  return { ...family, members: family.members.map((row) => ({ ...row, drugs: expand(row.drugs) })) };
}

/** Members, raises and points carry their own source: each is a row of the list of the knowledge. */
function rulesOf({ rules, members, raises = [], points, replacements = [] }: Family): readonly RuleRow[] {
  const others = [...members, ...raises, ...replacements, ...(points === undefined ? [] : [points])];
  return [...rules, ...others.map(({ id, source, verified, reviewed }): RuleRow => ({ id, indicator: 'warning', source, verified, reviewed }))];
}

function checkFamily(
  { components, members, rules, raises = [], points, replacements = [] }: Family,
  { known, fault, labs, conditions }: CompileContext,
): void {
  const component = (row: string, field: string, ids: readonly string[]): void => {
    for (const id of ids) if (components[id] === undefined) throw fault(row, field, `there is no component ${id}`);
  };
  const value = (row: string, field: string, id: string): void => {
    if (!['egfr', 'clearance'].includes(id) && !labs.has(id)) throw fault(row, field, `there is no value ${id}`);
  };
  for (const row of members) {
    component(row.id, 'component', [row.component]);
    known(row.id, 'drugs', row.drugs);
  }
  for (const row of rules) {
    component(row.id, 'needs, total', [...Object.keys(row.needs ?? {}), ...(row.total?.of ?? [])]);
    if (row.needs === undefined && row.total === undefined) throw fault(row.id, 'needs, total', 'at least one of the two');
  }
  for (const row of raises) {
    component(row.id, 'with', row.with === undefined ? [] : [row.with]);
    value(row.id, 'value', row.value);
    known(row.id, 'drugs', row.drugs ?? []);
    for (const id of row.rules ?? []) if (!rules.some((rule) => rule.id === id)) throw fault(row.id, 'rules', `there is no rule ${id}`);
  }
  for (const row of replacements) known(row.id, 'for, ingredient', [...row.for, row.ingredient]);
  for (const item of points?.items ?? []) {
    known(points?.id ?? '', `items, ${item.id}`, item.drugs ?? []);
    if (item.value !== undefined) value(points?.id ?? '', `items, ${item.id}`, item.value.of);
    for (const id of item.conditions ?? [])
      if (!conditions.has(id)) throw fault(points?.id ?? '', `items, ${item.id}`, `there is no set of conditions ${id}`);
  }
}

const grades = ['info', 'warning', 'critical'] as const satisfies readonly Indicator[];

function judgeFamily(family: Family, order: OrderContext, nameOf: (drug: string) => string): readonly Alert[] {
  const present = presentIn(order);
  const ageYears = order.patient.ageYears?.min;
  const met = findMet(family, present, ageYears);
  const found = met === undefined ? [] : [toAlert(family, met, order, nameOf)];
  const mentioned = [...order.mentioned].filter((id) => present.every(({ ingredient }) => ingredient !== id));
  if (mentioned.length === 0) return found;
  const open = findMet(family, [...present, ...mentioned.map((ingredient): Present => ({ ingredient, lines: [], isOrdered: false }))], ageYears);
  // What only a text names adds a line where it would be graver than what is on record; it changes nothing of that.
  if (open === undefined || (met !== undefined && grades.indexOf(open.rule.indicator) <= grades.indexOf(met.rule.indicator))) return found;
  return [...found, { ...toAlert(family, open, order, nameOf), id: `additive.${family.id}.read`, isOpen: true }];
}

function presentIn(order: OrderContext): readonly Present[] {
  const found = new Map<string, { lines: string[]; isOrdered: boolean }>();
  for (const drug of order.drugs.filter((one) => one.isSystemic)) {
    for (const { id } of drug.ingredients) {
      const held = found.get(id) ?? { lines: [], isOrdered: false };
      found.set(id, { lines: [...held.lines, drug.fact], isOrdered: held.isOrdered || drug.isSelected });
    }
  }
  return [...found].map(([ingredient, { lines, isOrdered }]) => ({ ingredient, lines, isOrdered }));
}

/** Exact enumeration in a hook: 12 players, some of them values of the patient. */
const maxDrugs = 7;
const maxItems = 5;

function toAlert(family: Family, met: Met, order: OrderContext, nameOf: (drug: string) => string): Alert {
  const { rule } = met;
  const drugs = [...met.drugs].sort((a, b) => Number(b.isOrdered) - Number(a.isOrdered)).slice(0, maxDrugs);
  const raised = raise(rule.indicator, applicable(family, met), order.patient);
  const scored = score(raised.indicator, family.points, order);
  const drafts = order.ordered.filter((draft) => met.drugs.some(({ lines }) => lines.includes(draft.fact)));
  const [a, b, ...others] = met.drugs.map(({ ingredient }) => ingredient);
  const verified = met.isRead ? rule.verified : 'recalled';
  return {
    id: `additive.${family.id}`,
    rule: { ...rule, verified },
    indicator: scored.indicator,
    summary: summarise(
      family.name,
      met.drugs.map(({ ingredient }) => nameOf(ingredient)),
      raised.value,
    ),
    text: [rule.text, ...raised.because, ...scored.because].join(' '),
    needs: [...drugs.map(({ ingredient }) => order.uses(ingredient)), ...raised.needs, ...scored.needs.slice(0, maxItems - raised.needs.length)],
    missing: [...raised.missing, ...scored.missing],
    replaces: family.sameAs ?? [],
    ...(a !== undefined && b !== undefined && others.length === 0
      ? { pair: [a, b] as const }
      : { covers: met.drugs.map(({ ingredient }) => ingredient) }),
    alternatives: scored.indicator === 'info' ? [] : offerReplacements(family.replacements ?? [], drafts),
    proposals: drafts.map(
      ({ fact, ingredients }): Proposal => ({
        kind: 'remove-draft',
        label: `Remove the order for ${ingredients.map(({ name }) => name).join(' and ')}`,
        draft: fact,
      }),
    ),
  };
}

/** 'Bleeding: warfarin, ibuprofen and sertraline together (INR 4.6)' */
function summarise(name: string, drugs: readonly string[], value: string | undefined): string {
  const shown = drugs.length > 4 ? [...drugs.slice(0, 3), `${drugs.length - 3} more`] : drugs;
  return `${name}: ${shown.slice(0, -1).join(', ')} and ${shown.at(-1)} together${value === undefined ? '' : ` (${value})`}`;
}

/* ── What raises the grade ─────────────────────────────────────────────────────────────────────────────────── */

interface Raised {
  readonly indicator: Indicator;
  readonly needs: readonly Need[];
  readonly because: readonly string[];
  /** 'potassium 5.6 mmol/L', where it raised the grade. */
  readonly value?: string;
  readonly missing: readonly string[];
}

/** A row that nobody read in its source raises nothing. */
function applicable({ raises = [], members }: Family, { rule, drugs }: Met): readonly Raise[] {
  const has = (component: string): boolean =>
    members.some((row) => row.component === component && drugs.some(({ ingredient }) => row.drugs.includes(ingredient)));
  return raises.filter(
    (row) =>
      row.verified === 'read' &&
      (row.rules === undefined || row.rules.includes(rule.id)) &&
      (row.with === undefined || has(row.with)) &&
      (row.drugs === undefined || drugs.some(({ ingredient }) => row.drugs?.includes(ingredient) === true)),
  );
}

/** The strongest of those that hold; what is not known raises nothing, and is said. */
function raise(indicator: Indicator, rows: readonly Raise[], patient: PatientValues): Raised {
  const ofAge = rows.filter((row) => row.ageFrom === undefined || (patient.ageYears?.min ?? 0) >= row.ageFrom);
  const holding = ofAge.flatMap((row) => {
    const value = readValue(row.value, patient);
    return value !== undefined && isBeyond(value, row) ? [{ row, value }] : [];
  });
  const unknown = ofAge.filter((row) => readValue(row.value, patient) === undefined).map((row) => nameOfValue(row.value));
  const missing = [...new Set(unknown)].map((name) => (patient.whyUnmeasured === undefined ? name : `${name} (${patient.whyUnmeasured})`));
  const [best] = [...holding].sort((one, other) => other.row.by - one.row.by);
  if (best === undefined) return { indicator, needs: [], because: [], missing };
  const { row, value } = best;
  const limit = row.above === undefined ? `below ${row.below}` : `above ${row.above}`;
  return {
    indicator: grades[Math.min(grades.indexOf(indicator) + row.by, grades.length - 1)] ?? 'critical',
    needs: [{ id: row.id, text: `${nameOfValue(row.value)} ${limit}`, facts: value.facts, byCodeOnly: true }],
    because: [`${capitalise(nameOfValue(row.value))} ${describeValue(value)}, ${limit}.`],
    value: `${nameOfValue(row.value)} ${describeValue(value)}`,
    missing: [],
  };
}

function score(indicator: Indicator, points: Points | undefined, order: OrderContext): Raised {
  if (points === undefined) return { indicator, needs: [], because: [], missing: [] };
  const verdicts = points.items.map((item) => ({ item, ...judgeItem(item, order) }));
  const held = verdicts.filter(({ facts }) => facts !== undefined);
  const sum = held.reduce((total, { item }) => total + item.points, 0);
  const missing = verdicts.flatMap(({ missing: name }) => (name === undefined ? [] : [name]));
  if (sum < points.from || points.verified !== 'read') return { indicator, needs: [], because: [], missing };
  const strongest = [...held].sort((one, other) => other.item.points - one.item.points);
  return {
    indicator: grades.indexOf(points.to) > grades.indexOf(indicator) ? points.to : indicator,
    needs: strongest.map(({ item, facts = [] }) => ({ id: item.id, text: item.text, facts, byCodeOnly: true })),
    because: [`Raised by: ${held.map(({ item }) => item.text).join(', ')}.`],
    missing: [],
  };
}

interface ItemVerdict {
  /** Undefined: not met. */
  readonly facts?: readonly FactId[];
  readonly missing?: string;
}

function judgeItem({ ageFrom, sex, value, drugs = [], conditions }: PointItem, order: OrderContext): ItemVerdict {
  const { patient } = order;
  if (ageFrom !== undefined) return (patient.ageYears?.min ?? 0) >= ageFrom ? { facts: ['age' as FactId] } : {};
  if (sex !== undefined) return patient.sex === sex ? { facts: ['sex' as FactId] } : {};
  if (value !== undefined) {
    const measured = readValue(value.of, patient);
    if (measured === undefined) return { missing: nameOfValue(value.of) };
    const isMet = (value.atMost !== undefined && measured.high <= value.atMost) || (value.atLeast !== undefined && measured.low >= value.atLeast);
    return isMet ? { facts: measured.facts } : {};
  }
  if (conditions !== undefined) {
    // A diagnosis that nobody could look for raises nothing; the list that was not read is said for the whole service.
    const facts = conditions.flatMap((id) => order.condition(id).facts);
    return facts.length > 0 ? { facts } : {};
  }
  const lines = drugs.flatMap((drug) => order.with(drug)).map(({ fact }) => fact);
  return lines.length > 0 ? { facts: [...new Set(lines)] } : {};
}

const capitalise = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
