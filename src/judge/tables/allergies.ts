/** Does an order meet an allergy: the same drug, its class, a shared side chain? Silent where only the name of a group is shared. Knows relations, no drug. */
import type { FactId, Indicator, Proposal } from '../../types.js';
import { type AllergyFile, type AllergyRow, allergyFile } from './allergies-schema.js';
import { type Allergens, type Allergy, normaliseAllergen, readAllergy } from './allergy-record.js';
import { type Alert, type CompileContext, defineCheck, type OrderContext, type RunCheck } from './check.js';

const gravity: Readonly<Record<Indicator, number>> = { info: 0, warning: 1, critical: 2 };

export const allergies = defineCheck({ id: 'allergies', schema: allergyFile, rules: (file) => file.rows, compile: compileAllergies });

interface Relation {
  readonly row: AllergyRow;
  readonly from: ReadonlySet<string>;
  readonly to: ReadonlySet<string>;
}

function compileAllergies(file: AllergyFile, context: CompileContext): RunCheck {
  const { formulary, known, fault, recognise } = context;
  const members = (ids: readonly string[]): readonly string[] => ids.flatMap((id) => [...(formulary.classes.get(id)?.members ?? [id])]);
  for (const one of file.allergens) known(one.id, 'means', one.means ?? []);
  const relations = file.rows.map((row): Relation => {
    known(row.id, 'from, to', [...(row.from ?? []), ...(row.to ?? [])]);
    if (row.relation === 'cross' && (row.from === undefined || row.to === undefined)) throw fault(row.id, 'from, to', 'a cross-reaction needs both');
    return { row, from: new Set(members(row.from ?? [])), to: new Set(members(row.to ?? [])) };
  });
  const allergens = indexAllergens(file, fault);
  const reactions = { severe: toPattern(file.reactions.severe), sideEffect: toPattern(file.reactions.sideEffect) };
  return (order) => {
    const records = order.index.records.filter((record) => record.list === 'allergies');
    const read = records
      .map(({ fact }) => readAllergy(fact, order.fieldsOf(fact), allergens, recognise, reactions))
      .filter((one) => one !== undefined);
    const met = order.ordered.flatMap((drug) =>
      drug.ingredients.map(({ id, name }) => ({ id, name, draft: drug.fact, best: bestOf(read, id, relations, members) })),
    );
    const alerts = met.flatMap(({ id, name, draft, best }) => (best === undefined ? [] : [toAlert(best, { id, name, draft }, order)]));
    return [...unique(alerts), ...notRecognised(file, read, order), ...notRecorded(relations, records.length, order)];
  };
}

function indexAllergens(file: AllergyFile, fault: CompileContext['fault']): Allergens {
  const byName = new Map<string, AllergyFile['allergens'][number]>();
  for (const one of file.allergens) {
    for (const name of one.names) {
      const key = normaliseAllergen(name);
      if (byName.has(key) && byName.get(key)?.id !== one.id) throw fault(one.id, 'names', `${name} stands for two allergens`);
      byName.set(key, one);
    }
  }
  return { byName, bySnomed: new Map(file.allergens.flatMap((one) => (one.snomed ?? []).map((code) => [code, one] as const))) };
}

/** Beginnings of words: "nause", "anaphyla". */
const toPattern = (words: readonly string[]): RegExp => new RegExp(`(?<![a-z])(?:${words.join('|')})`);

interface Meeting {
  readonly row: AllergyRow;
  readonly allergy: Allergy;
  readonly indicator: Indicator;
}

/** The gravest meeting of one ordered ingredient with all allergies. */
function bestOf(
  read: readonly Allergy[],
  ingredient: string,
  relations: readonly Relation[],
  members: (ids: readonly string[]) => readonly string[],
): Meeting | undefined {
  const found = read.flatMap((allergy) => {
    if (allergy.kind !== 'drug') return [];
    // "Penicillin" is wider than "aminopenicillin": a class shares a side chain for certain only if all of it does.
    const parts = allergy.means.map((id) => members([id]));
    return relations.flatMap(({ row, from, to }): readonly Meeting[] => {
      const isOwn = parts.some((part) => part.includes(ingredient));
      const isSame = row.relation === 'same' && isOwn;
      const isCross = row.relation === 'cross' && !isOwn && to.has(ingredient) && parts.some((part) => part.every((one) => from.has(one)));
      const indicator = isSame || isCross ? gradeOf(row, allergy) : undefined;
      return indicator === undefined ? [] : [{ row, allergy, indicator }];
    });
  });
  return found.sort((a, b) => gravityOf(b) - gravityOf(a))[0];
}

const gravityOf = ({ row, indicator }: Meeting): number => (row.verified === 'recalled' ? 0 : gravity[indicator]);

function gradeOf(row: AllergyRow, allergy: Allergy): Indicator | undefined {
  if (allergy.gravity === 'severe') return row.severe ?? row.indicator;
  if (allergy.gravity === 'unstated') return row.unstated ?? row.indicator;
  if (allergy.gravity === 'usual') return row.indicator;
  return row.mild === 'none' ? undefined : (row.mild ?? 'info');
}

interface Subject {
  readonly id: string;
  readonly name: string;
  readonly draft: FactId;
}

function toAlert({ row, allergy, indicator }: Meeting, { id, name, draft }: Subject, order: OrderContext): Alert {
  const remove: Proposal = { kind: 'remove-draft', label: `Remove the order for ${name}`, draft };
  const how = { severe: ', severe', unstated: ', reaction not stated', usual: '', 'side-effect': ', recorded as an intolerance or side effect' }[
    allergy.gravity
  ];
  return {
    id: `allergies.${row.id}.${id}`,
    rule: row,
    indicator,
    summary: `${capital(name)}: ${row.says.replace('{allergen}', allergy.name)}${how}`,
    text: row.rule,
    needs: [order.uses(id), { id: `allergy:${row.id}:${allergy.means.join('+')}`, text: `has an allergy to ${allergy.name}`, facts: [allergy.fact] }],
    proposals: indicator === 'info' ? [] : [remove],
    alternatives: (row.replacements ?? [])
      .filter((one) => one.for.includes(id))
      .map(({ ingredient, label, code }) => ({ draft, ingredient, label, code })),
  };
}

/** Two orders of one drug meet the same allergy once. */
const unique = (alerts: readonly Alert[]): readonly Alert[] => [...new Map(alerts.map((alert) => [alert.id, alert])).values()];

/** An allergen that nobody can read is named once, beside the first order: that order was not checked against it. */
function notRecognised(file: AllergyFile, read: readonly Allergy[], order: OrderContext): readonly Alert[] {
  const unread = read.filter(({ kind }) => kind === 'unread' || kind === 'unknown');
  const row = file.rows.find(({ relation }) => relation === 'not-recognised');
  const id = order.ordered.flatMap((drug) => drug.ingredients)[0]?.id;
  if (row === undefined || id === undefined || unread.length === 0) return [];
  const need = { id: 'allergy:not-recognised', text: 'has an allergy to a substance that was not recognised', facts: unread.map(({ fact }) => fact) };
  const summary = capital(unread.length === 1 ? row.says : `${row.says} (${unread.length})`);
  const missing = ['whether an order meets that allergy'];
  return [{ id: `allergies.${row.id}`, rule: row, indicator: 'info', summary, text: row.rule, needs: [order.uses(id), need], missing }];
}

/** Nothing recorded is not "none known": said where the drug is one of those that people are allergic to. */
function notRecorded(relations: readonly Relation[], recorded: number, order: OrderContext): readonly Alert[] {
  if (recorded > 0 || order.index.whyIncomplete(['allergies']) !== undefined) return [];
  const rule = relations.find(({ row }) => row.relation === 'not-recorded');
  const ingredient = order.ordered.flatMap((drug) => drug.ingredients).find(({ id }) => rule?.to.has(id) === true);
  if (rule === undefined || ingredient === undefined) return [];
  const { row } = rule;
  const { id } = ingredient;
  return [
    {
      id: `allergies.${row.id}`,
      rule: row,
      indicator: 'info',
      summary: capital(row.says),
      text: row.rule,
      needs: [order.uses(id)],
      missing: ['the allergies'],
    },
  ];
}

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
