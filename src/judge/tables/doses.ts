/** Is more ordered in a day than a source permits: of one order, or of all that hold the ingredient? What the directions do not say is not guessed. Knows no drug. */
import { z } from 'zod';
import type { Proposal } from '../../types.js';
import { type DailyDose, readDailyDose } from '../doses/daily-dose.js';
import { id, words } from '../schema.js';
import { type Alert, type CompileContext, checkFile, defineCheck, type Need, type OrderContext, type PatientDrug, type RunCheck } from './check.js';
import { needsOfLines } from './line-needs.js';
import { isReplaced } from './order-references.js';
import { productOf } from './rule-context.js';

const doseFile = checkFile({
  drugs: z.array(id).min(1),
  unit: words,
  /** In a day, if all that is permitted is taken. */
  perDay: z.number().positive().optional(),
  /** Doses in a week: 1 for a drug that is fatal when it is taken daily. */
  timesAWeek: z.number().positive().optional(),
  /** Every order with the ingredient counts, not only the one. */
  sum: z.literal(true).optional(),
  /** With `sum`: rules of other checks that say of the same orders only that there are two. */
  twice: z.array(id).min(1).optional(),
  age: z.strictObject({ from: z.int().min(0).optional(), to: z.int().max(150).optional() }).optional(),
  unless: z.array(id).optional(),
  says: words.max(90),
  rule: words,
  changeTo: z.strictObject({ text: words, dose: z.number().positive().optional(), timesPerDay: z.number().positive().optional() }).optional(),
  /** Said where the directions cannot be read. */
  ask: words.optional(),
}).refine(
  (file) => file.rows.every((row) => (row.perDay === undefined) !== (row.timesAWeek === undefined)),
  'a row limits either the day or the week',
);

type DoseRow = z.output<typeof doseFile>['rows'][number];

export const doses = defineCheck({ id: 'doses', schema: doseFile, rules: (file) => file.rows, compile: compileDoses });

function compileDoses({ rows }: z.output<typeof doseFile>, compiled: CompileContext): RunCheck {
  const { formulary, known, fault, conditions } = compiled;
  const limits = new Map<string, DoseRow[]>();
  for (const row of rows) {
    known(row.id, 'drugs', row.drugs);
    for (const one of row.unless ?? []) if (!conditions.has(one)) throw fault(row.id, 'unless', `there is no set of conditions ${one}`);
    for (const one of row.drugs.flatMap((drug) => [...(formulary.classes.get(drug)?.members ?? [drug])]))
      limits.set(one, [...(limits.get(one) ?? []), row]);
  }
  return (order) => {
    const ingredients = new Map(order.ordered.flatMap((drug) => drug.ingredients).map((one) => [one.id, one.name]));
    return [...ingredients].flatMap(([one, name]) => {
      const found = (limits.get(one) ?? []).map((row) => judgeDose(row, { id: one, name }, order, compiled)).filter((alert) => alert !== undefined);
      // The narrower limit stands first in the file: one is said.
      return [...found].sort((a, b) => Number(a.indicator === 'info') - Number(b.indicator === 'info')).slice(0, 1);
    });
  };
}

interface Subject {
  readonly id: string;
  readonly name: string;
}

function judgeDose(row: DoseRow, subject: Subject, order: OrderContext, compiled: CompileContext): Alert | undefined {
  if (!isOfAge(row, order) || (row.unless ?? []).some((one) => order.condition(one).truth === 'yes')) return undefined;
  const holds = (drug: PatientDrug): boolean => drug.isSystemic && drug.ingredients.some((one) => one.id === subject.id);
  const ordered = order.ordered.filter(holds);
  const doseOf = (drug: PatientDrug): DailyDose | undefined => readDailyDose(drug.fields, productOf(drug, subject.id, { order, compiled }), row.unit);
  if (row.timesAWeek !== undefined) return judgeWeek(row, subject, ordered, doseOf, order);
  const counted = row.sum === true ? order.drugs.filter((drug) => holds(drug) && !ordered.some((one) => isReplaced(one, drug))) : ordered;
  const doses = counted.map((drug) => ({ drug, dose: doseOf(drug) }));
  const known = doses.flatMap(({ drug, dose }) => (dose === undefined ? [] : [{ drug, dose }]));
  const own = known.filter(({ drug }) => drug.isSelected);
  if (own.length === 0) return undefined;
  const total = row.sum === true ? known.reduce((sum, { dose }) => sum + dose.high, 0) : Math.max(...own.map(({ dose }) => dose.high));
  if (row.perDay === undefined || total <= row.perDay * 1.001) return undefined;
  const drugs = row.sum === true ? known.map(({ drug }) => drug) : own.filter(({ dose }) => dose.high === total).map(({ drug }) => drug);
  const shown = `${Math.round(total * 100) / 100} ${row.unit === 'ug' ? 'mcg' : row.unit} a day${drugs.length > 1 ? ` in ${drugs.length} orders` : ''}`;
  return toAlert(row, subject, drugs, shown, order);
}

/** Directions that nobody can read are no daily ones, but with such a drug that is to be said. */
function judgeWeek(
  row: DoseRow,
  subject: Subject,
  ordered: readonly PatientDrug[],
  doseOf: (drug: PatientDrug) => DailyDose | undefined,
  order: OrderContext,
): Alert | undefined {
  const times = ordered.map((drug) => ({ drug, aWeek: (doseOf(drug)?.timesADay ?? Number.NaN) * 7 }));
  const tooOften = times.filter(({ aWeek }) => aWeek > (row.timesAWeek ?? 0) * 1.5);
  if (tooOften.length > 0)
    return toAlert(
      row,
      subject,
      tooOften.map(({ drug }) => drug),
      `${Math.round(tooOften[0]?.aWeek ?? 0)} doses a week`,
      order,
    );
  const unread = times.filter(({ aWeek }) => Number.isNaN(aWeek));
  if (row.ask === undefined || unread.length === 0) return undefined;
  const [drug] = unread.map((one) => one.drug);
  const summary = `${capital(subject.name)}: ${row.ask}`;
  return {
    ...baseOf(
      row,
      subject,
      unread.map((one) => one.drug),
      order,
    ),
    id: `doses.${row.id}.${subject.id}.unknown`,
    indicator: 'info',
    summary,
    missing: ['readable directions'],
    proposals: drug === undefined ? [] : changeOf(row, subject, drug),
  };
}

function toAlert(row: DoseRow, subject: Subject, drugs: readonly PatientDrug[], shown: string, order: OrderContext): Alert {
  const own = drugs.find((drug) => drug.isSelected);
  return {
    ...baseOf(row, subject, drugs, order),
    // That it stands in two orders is why it is too much.
    ...(row.sum === true && row.twice !== undefined ? { replaces: row.twice } : {}),
    summary: `${capital(subject.name)}: ${row.says} (${shown})`,
    proposals:
      own === undefined
        ? []
        : [...changeOf(row, subject, own), { kind: 'remove-draft', label: `Remove the order for ${subject.name}`, draft: own.fact }],
  };
}

function baseOf(row: DoseRow, subject: Subject, drugs: readonly PatientDrug[], order: OrderContext): Alert {
  const limit = row.perDay === undefined ? `more often than ${row.timesAWeek} times a week` : `more than ${row.perDay} ${row.unit} a day`;
  const amounts = needsOfLines(drugs, `dose-of-${subject.id}:${row.id}`, `is ordered ${limit}`);
  const age: readonly Need[] =
    row.age === undefined
      ? []
      : [{ id: `age-${row.age.from ?? 0}-${row.age.to ?? 150}`, text: 'is of this age', facts: [ageFact], byCodeOnly: true }];
  const uses = order.uses(subject.id);
  return { id: `doses.${row.id}.${subject.id}`, rule: row, indicator: row.indicator, summary: '', text: row.rule, needs: [...amounts, ...age, uses] };
}

const ageFact = 'age' as Need['facts'][number];

function isOfAge({ age }: DoseRow, order: OrderContext): boolean {
  if (age === undefined) return true;
  const years = order.patient.ageYears;
  return years !== undefined && years.min >= (age.from ?? 0) && years.max <= (age.to ?? 150);
}

function changeOf({ changeTo, unit }: DoseRow, { name }: Subject, drug: PatientDrug): readonly Proposal[] {
  if (changeTo === undefined) return [];
  const { text, dose, timesPerDay } = changeTo;
  return [
    {
      kind: 'change-dose',
      label: `Change ${name} to ${text}`,
      draft: drug.fact,
      text,
      ...(dose === undefined ? {} : { dose: { value: dose, unit } }),
      ...(timesPerDay === undefined ? {} : { timesPerDay }),
    },
  ];
}

const capital = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
