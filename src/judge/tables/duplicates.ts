/**
 * Is a drug ordered that the patient has already? An order that replaces another is none; as needed beside scheduled, or short beside long acting,
 * is a plan and information only. Knows how orders refer to each other, no drug.
 */
import { z } from 'zod';
import type { Indicator, Proposal } from '../../types.js';
import { readDoseText } from '../doses/dose-text.js';
import { listOf, textOf } from '../doses/fields.js';
import { isSlowRelease } from '../doses/release.js';
import { id, indicator, words } from '../schema.js';
import { type Alert, type CompileContext, checkFile, defineCheck, type OrderContext, type PatientDrug, type RunCheck } from './check.js';
import { needsOfLines } from './line-needs.js';
import { isReplaced } from './order-references.js';

const duplicateRow = {
  /** `ingredient`: the same one twice. `class`: two different ones of a class. */
  kind: z.enum(['ingredient', 'class']),
  class: id.optional(),
  /** Pairs within the class, or ingredients, that are given together on purpose. */
  except: z.array(id).optional(),
  says: words.max(90),
  rule: words,
  /** Where one is as needed or of the other kind of release. */
  planned: z.enum(['none', 'info', 'warning']),
  /** The same product with the same directions as on the list: a renewal. */
  renewal: indicator.optional(),
  anyRoute: z.literal(true).optional(),
};
const duplicateFile = checkFile(duplicateRow).refine(
  (file) => file.rows.every((row) => (row.kind === 'class') === (row.class !== undefined)),
  'a class row must name its class, and only a class row',
);
type DuplicateFile = z.output<typeof duplicateFile>;
type DuplicateRow = DuplicateFile['rows'][number];

export const duplicates = defineCheck({ id: 'duplicates', schema: duplicateFile, rules: (file) => file.rows, compile: compileDuplicates });

function compileDuplicates({ rows }: DuplicateFile, { formulary, known }: CompileContext): RunCheck {
  const compiled = rows.map((row) => {
    known(row.id, 'class, except', [...(row.class === undefined ? [] : [row.class]), ...(row.except ?? [])]);
    const except = new Set((row.except ?? []).flatMap((one) => [...(formulary.classes.get(one)?.members ?? [one])]));
    const members = row.class === undefined ? undefined : (formulary.classes.get(row.class)?.members ?? new Set<string>());
    return { row, members, except };
  });
  return (order) => {
    const found = compiled.flatMap(({ row, members, except }) => {
      // Of a long list only the class in question is compared, line by line.
      const isMember = (drug: PatientDrug): boolean => members === undefined || drug.ingredients.some((one) => members.has(one.id));
      const lines = order.drugs.filter(isMember);
      return order.ordered.filter(isMember).flatMap((drug) =>
        lines.flatMap((other) => {
          const pairs = overlaps(drug, other, members, except);
          return pairs.length > 0 && isOther(drug, other) ? pairs.map(([a, b]) => ({ row, drug, other, a, b })) : [];
        }),
      );
    });
    return gravest(found.map((one) => toAlert(one, order)).filter((alert) => alert !== undefined));
  };
}

/** Two drafts meet once, from the later one. */
function isOther(drug: PatientDrug, other: PatientDrug): boolean {
  if (drug.fact === other.fact || isReplaced(drug, other) || isReplaced(other, drug)) return false;
  return !other.isSelected || Number(drug.fact.slice(1)) > Number(other.fact.slice(1));
}

type Pair = readonly [string, string];

function overlaps(drug: PatientDrug, other: PatientDrug, members: ReadonlySet<string> | undefined, except: ReadonlySet<string>): readonly Pair[] {
  const own = drug.ingredients.map(({ id: one }) => one);
  const others = other.ingredients.map(({ id: one }) => one);
  if (members === undefined) return own.filter((one) => others.includes(one) && !except.has(one)).map((one): Pair => [one, one]);
  return own.flatMap((a) =>
    others
      .filter((b) => a !== b && members.has(a) && members.has(b) && !(except.has(a) && except.has(b)) && !own.includes(b) && !others.includes(a))
      .map((b): Pair => [a, b]),
  );
}

interface Overlap {
  readonly row: DuplicateRow;
  readonly drug: PatientDrug;
  readonly other: PatientDrug;
  readonly a: string;
  readonly b: string;
}

function toAlert({ row, drug, other, a, b }: Overlap, order: OrderContext): Alert | undefined {
  if (row.anyRoute !== true && (!drug.isSystemic || !other.isSystemic)) return undefined;
  if (drug.isSystemic !== other.isSystemic) return undefined;
  const found = gradeOf(row, drug, other);
  if (found === undefined) return undefined;
  const nameOf = (drugs: PatientDrug, one: string): string => drugs.ingredients.find((ingredient) => ingredient.id === one)?.name ?? one;
  const remove: Proposal = { kind: 'remove-draft', label: `Remove the order for ${nameOf(drug, a)}`, draft: drug.fact };
  const [first, second] = [nameOf(drug, a), nameOf(other, b)];
  const where = other.isDraft ? 'also being ordered' : 'on the list already';
  return {
    id: a === b ? `duplicates.${row.id}.${a}` : `duplicates.${row.id}.${[a, b].sort().join('.')}`,
    rule: row,
    indicator: found.indicator,
    summary: a === b ? `${capital(first)}: ${where}${found.why}` : `${capital(first)} with ${second} (${where}): ${row.says}${found.why}`,
    text: row.rule,
    needs:
      a === b ? [...needsOfLines([drug, other], `twice:${a}`, 'has it in another order as well'), order.uses(a)] : [order.uses(a), order.uses(b)],
    ...(a === b ? {} : { pair: [a, b] }),
    proposals: found.indicator === 'info' ? [] : [remove],
  };
}

function gradeOf(row: DuplicateRow, drug: PatientDrug, other: PatientDrug): { readonly indicator: Indicator; readonly why: string } | undefined {
  const isRenewal = !other.isDraft && drug.words === other.words && directionsOf(drug) === directionsOf(other);
  if (row.renewal !== undefined && isRenewal) return { indicator: row.renewal, why: ' with the same directions: a renewal?' };
  const plan =
    isAsNeeded(drug) !== isAsNeeded(other)
      ? ', one as needed'
      : isSlowRelease(drug.words) !== isSlowRelease(other.words)
        ? ', one of slow release'
        : undefined;
  if (plan !== undefined) return row.planned === 'none' ? undefined : { indicator: row.planned, why: plan };
  // Two strengths drafted together make one dose: warfarin 5 mg and 2.5 mg.
  if (row.kind === 'ingredient' && other.isDraft && drug.words !== other.words)
    return { indicator: 'info', why: ' in another strength: one dose of two?' };
  return { indicator: row.indicator, why: '' };
}

const instructionsOf = ({ fields }: PatientDrug): ReturnType<typeof listOf> => [...listOf(fields['dosageInstruction']), ...listOf(fields['dosage'])];
const directionsOf = (drug: PatientDrug): string => JSON.stringify(instructionsOf(drug));

function isAsNeeded(drug: PatientDrug): boolean {
  const instructions = instructionsOf(drug);
  if (instructions.length === 0) return readDoseText(drug.words).isAsNeeded;
  return instructions.every(
    (one) => one['asNeededBoolean'] === true || one['asNeededCodeableConcept'] !== undefined || readDoseText(textOf(one['text'])).isAsNeeded,
  );
}

const gravity: Readonly<Record<Indicator, number>> = { info: 0, warning: 1, critical: 2 };

/** One line about two lines: of the ingredient before the class, and the gravest. */
function gravest(alerts: readonly Alert[]): readonly Alert[] {
  const best = new Map<string, Alert>();
  for (const alert of alerts) {
    const key = alert.pair === undefined ? alert.id : [...alert.pair].sort().join(' ');
    const held = best.get(key);
    if (held === undefined || gravity[alert.indicator] > gravity[held.indicator]) best.set(key, alert);
  }
  return [...best.values()];
}

const capital = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
