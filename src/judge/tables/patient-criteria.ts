/** Does a criterion of a rule hold for this patient? Three-valued, with the facts that decide and what is missing where nobody knows. Knows no drug. */
import type { FactId, Truth } from '../../types.js';
import { readDailyDose } from '../doses/daily-dose.js';
import type { Value } from '../patient/patient-values.js';
import type { Need, PatientDrug } from './check.js';
import type { PatientCriteria } from './patient-rule-schema.js';
import { labName, productOf, type RuleContext } from './rule-context.js';

export interface Verdict {
  readonly truth: Truth;
  readonly need: Need;
  /** "eGFR 24": said behind the rule. */
  readonly because?: string;
  /** What would decide, where the truth is unknown. */
  readonly missing?: string;
  /** The one other ingredient that it is about: a rule of this drug together with that. */
  readonly partner?: string;
  /** Decided by a stand-in (eGFR for a clearance that lacks a weight): not grave enough for "contraindicated". */
  readonly isApproximate?: boolean;
}

const factOf = (id: string): FactId => id as FactId;
const ageFact = factOf('age');
const sexFact = factOf('sex');

/** In the order in which they are said. */
export function evaluateCriteria(when: PatientCriteria, drug: PatientDrug, ingredient: string, context: RuleContext): readonly Verdict[] {
  const verdicts: readonly (Verdict | undefined)[] = [
    when.age === undefined ? undefined : ageVerdict(when.age, context),
    when.sex === undefined ? undefined : sexVerdict(when.sex, context),
    when.conditions === undefined ? undefined : conditionVerdict(when.conditions, context),
    when.pregnant === undefined ? undefined : pregnancyVerdict(context),
    when.weeks === undefined ? undefined : weekVerdict(when.weeks, context),
    when.breastfeeding === undefined ? undefined : nursingVerdict(context),
    when.egfrBelow === undefined ? undefined : kidneyVerdict('eGFR', context.order.patient.egfr, { below: when.egfrBelow }, context),
    when.clearanceBelow === undefined ? undefined : clearanceVerdict({ below: when.clearanceBelow }, context),
    when.clearanceAbove === undefined ? undefined : clearanceVerdict({ above: when.clearanceAbove }, context),
    ...(when.measures ?? []).map((bound) => measureVerdict(bound, context)),
    when.atLeast === undefined ? undefined : countVerdict(when.atLeast, context),
    when.with === undefined ? undefined : withVerdict(when.with, drug, context),
    when.dailyDoseAbove === undefined ? undefined : doseVerdict(when.dailyDoseAbove, drug, ingredient, context),
  ];
  return verdicts.filter((verdict) => verdict !== undefined);
}

const byCode = (id: string, text: string, facts: readonly FactId[]): Need => ({ id, text, facts, byCodeOnly: true });

function ageVerdict(
  { from = 0, to = 150 }: { readonly from?: number | undefined; readonly to?: number | undefined },
  { order: { patient } }: RuleContext,
): Verdict {
  const text = to >= 150 ? `is ${from} years or older` : from <= 0 ? `is younger than ${to + 1} years` : `is ${from} to ${to} years old`;
  const need = byCode(`age-${from}-${to}`, text, [ageFact]);
  const age = patient.ageYears;
  if (age === undefined) return { truth: 'unknown', need, missing: 'the date of birth' };
  const said = age.max > 89 ? 'over 89' : age.min === age.max ? `${age.min}` : `${age.min}–${age.max}`;
  return { truth: within(age.min, age.max, from, to), need, because: `age ${said}`, missing: 'the date of birth' };
}

function within(low: number, high: number, from: number, to: number): Truth {
  if (low >= from && high <= to) return 'yes';
  return high < from || low > to ? 'no' : 'unknown';
}

function sexVerdict(is: 'female' | 'male', { order: { patient } }: RuleContext): Verdict {
  const truth = patient.sex === undefined ? 'unknown' : patient.sex === is ? 'yes' : 'no';
  return { truth, need: byCode(`sex-${is}`, `is ${is}`, [sexFact]), missing: 'sex' };
}

function conditionVerdict(ids: readonly string[], { order, compiled }: RuleContext): Verdict {
  const found = ids.map((id) => ({ name: compiled.conditions.get(id)?.name ?? id, ...order.condition(id) }));
  const met = found.filter(({ truth }) => truth === 'yes');
  const [first] = met;
  const names = found.map(({ name }) => name).join(' or ');
  if (first !== undefined) {
    const need: Need = { id: `has:${ids.join('+')}`, text: `has ${names}`, facts: met.flatMap(({ facts }) => facts) };
    return { truth: 'yes', need, because: first.name };
  }
  const need: Need = { id: `has:${ids.join('+')}`, text: `has ${names}`, facts: [] };
  return { truth: found.some(({ truth }) => truth === 'unknown') ? 'unknown' : 'no', need, missing: names };
}

function pregnancyVerdict({ order: { pregnancy } }: RuleContext): Verdict {
  const need: Need = { id: 'is-pregnant', text: 'is pregnant', facts: pregnancy.facts };
  return { truth: pregnancy.pregnant, need, because: 'pregnant', missing: 'whether she is pregnant' };
}

function weekVerdict({ from, to }: { readonly from: number; readonly to: number }, { order: { pregnancy } }: RuleContext): Verdict {
  const { week } = pregnancy;
  const need = byCode(`week-${from}-${to}`, `is in week ${from} to ${to} of pregnancy`, pregnancy.facts);
  if (week === undefined) return { truth: 'unknown', need, missing: 'the week of pregnancy' };
  return { truth: within(week.low, week.high, from, to), need, because: `week ${week.low}`, missing: 'the week of pregnancy' };
}

function nursingVerdict({ order: { pregnancy } }: RuleContext): Verdict {
  const need: Need = { id: 'is-breastfeeding', text: 'is breastfeeding', facts: pregnancy.lactationFacts };
  return { truth: pregnancy.breastfeeding, need, because: 'breastfeeding', missing: 'whether she breastfeeds' };
}

interface Bound {
  readonly above?: number | undefined;
  readonly below?: number | undefined;
}

function compare({ low, high }: { readonly low: number; readonly high: number }, { above, below }: Bound): Truth {
  if (below !== undefined) return high < below ? 'yes' : low >= below ? 'no' : 'unknown';
  if (above !== undefined) return low > above ? 'yes' : high <= above ? 'no' : 'unknown';
  return 'unknown';
}

const sideOf = ({ above, below }: Bound): string => (below === undefined ? `above ${above}` : `below ${below}`);

function kidneyVerdict(name: string, value: Value | undefined, bound: Bound, { order: { patient } }: RuleContext): Verdict {
  const need = byCode(
    `${name.toLowerCase().replaceAll(' ', '-')}-${sideOf(bound).replace(' ', '-')}`,
    `${name} ${sideOf(bound)}`,
    value?.facts ?? [],
  );
  const missing = patient.whyUnmeasured === undefined ? 'a current creatinine' : `a current creatinine (${patient.whyUnmeasured})`;
  if (value === undefined) return { truth: 'unknown', need, missing };
  const truth = compare(value, bound);
  if (value.stage !== undefined) return { truth, need, because: `${value.stage}, not measured`, missing, isApproximate: true };
  return { truth, need, because: `${name} ${describe(value)}`, missing };
}

/** Cockcroft–Gault, as labels are written; without a weight the eGFR stands in, and is called so. */
function clearanceVerdict(bound: Bound, context: RuleContext): Verdict {
  const { clearance, egfr } = context.order.patient;
  if (clearance !== undefined || egfr === undefined) return kidneyVerdict('creatinine clearance', clearance, bound, context);
  const verdict = kidneyVerdict('eGFR', egfr, bound, context);
  return {
    ...verdict,
    isApproximate: true,
    ...(verdict.because === undefined ? {} : { because: `${verdict.because}, no weight for the clearance` }),
  };
}

function describe({ low, high }: { readonly low: number; readonly high: number }): string {
  if (low === Number.NEGATIVE_INFINITY) return `under ${round(high)}`;
  if (high === Number.POSITIVE_INFINITY) return `over ${round(low)}`;
  return round(low) === round(high) ? `${round(low)}` : `${round(low)}–${round(high)}`;
}

/** Rounding never carries a value over a limit that it has not passed: 29.6 stays under 30. */
const round = (value: number): number => (value >= 10 ? Math.floor(value) : Math.round(value * 10) / 10);

function measureVerdict(bound: Bound & { readonly lab: string; readonly withinMonths?: number | undefined }, context: RuleContext): Verdict {
  const { patient } = context.order;
  const value = patient.measure(bound.lab, bound.withinMonths);
  const name = labName(bound.lab, context);
  const need = byCode(`${bound.lab}-${sideOf(bound).replace(' ', '-')}`, `${name} ${sideOf(bound)}`, value?.facts ?? []);
  const missing = patient.whyUnmeasured === undefined ? `a current ${name}` : `a current ${name} (${patient.whyUnmeasured})`;
  if (value === undefined) return { truth: 'unknown', need, missing };
  return { truth: compare(value, bound), need, because: `${name} ${exact(value)}`, missing };
}

const exact = ({ low, high }: Value): string => (low === high ? `${Math.round(low * 10) / 10}` : describe({ low, high }));

type Counted = NonNullable<PatientCriteria['atLeast']>;

function countVerdict({ count, of }: Counted, context: RuleContext): Verdict {
  const parts = of.map((one): { readonly truth: Truth; readonly facts: readonly FactId[]; readonly said: string; readonly name: string } => {
    if ('age' in one) {
      const { truth, because = '' } = ageVerdict({ from: one.age }, context);
      return { truth, facts: [ageFact], said: because, name: 'age' };
    }
    const value = context.order.patient.measure('weightTo' in one ? 'weight' : one.lab);
    const name = 'weightTo' in one ? 'weight' : labName(one.lab, context);
    if (value === undefined) return { truth: 'unknown', facts: [], said: '', name };
    const truth =
      'weightTo' in one ? within(value.low, value.high, 0, one.weightTo) : within(value.low, value.high, one.from, Number.POSITIVE_INFINITY);
    return { truth, facts: value.facts, said: `${name} ${exact(value)}`, name };
  });
  const met = parts.filter(({ truth }) => truth === 'yes');
  const open = parts.filter(({ truth }) => truth === 'unknown');
  const truth = met.length >= count ? 'yes' : met.length + open.length >= count ? 'unknown' : 'no';
  const need = byCode(
    `at-least-${count}-of-${of.length}`,
    `at least ${count} of ${parts.map(({ name }) => name).join(', ')}`,
    met.flatMap(({ facts }) => facts),
  );
  return { truth, need, because: met.map(({ said }) => said).join(', '), missing: open.map(({ name }) => name).join(' and ') };
}

function withVerdict(ids: readonly string[], drug: PatientDrug, { order, compiled }: RuleContext): Verdict {
  const others = ids.flatMap((id) => order.with(id)).filter((other) => other.fact !== drug.fact && other.isSystemic);
  const names = ids.map((id) => order.uses(id).text.replace(/^takes /, ''));
  const need: Need = { id: `uses:${ids.join('+')}`, text: `takes ${names.join(' or ')}`, facts: [...new Set(others.map((other) => other.fact))] };
  const asked = new Set(ids.flatMap((id) => [...(compiled.formulary.classes.get(id)?.members ?? [id])]));
  const partners = new Set(others.flatMap(({ ingredients }) => ingredients.map(({ id }) => id)).filter((id) => asked.has(id)));
  const [partner, ...more] = partners;
  // A medicine list is never known to be whole: its silence is not said.
  return { truth: others.length > 0 ? 'yes' : 'no', need, ...(partner === undefined || more.length > 0 ? {} : { partner }) };
}

function doseVerdict(
  { value, unit }: { readonly value: number; readonly unit: string },
  drug: PatientDrug,
  ingredient: string,
  context: RuleContext,
): Verdict {
  const need = byCode(`daily-dose-of-${ingredient}-above-${value}`, `is ordered more than ${value} ${unit} a day`, [drug.fact]);
  const dose = readDailyDose(drug.fields, productOf(drug, ingredient, context), unit);
  if (dose === undefined) return { truth: 'unknown', need, missing: 'the daily dose' };
  const truth: Truth = dose.high > value * 1.001 ? 'yes' : 'no';
  return { truth, need, because: `${Math.round(dose.high * 100) / 100} ${unit} a day`, missing: 'the daily dose' };
}
