/** The drugs of a chart as checks see them: recognised, taken now or being ordered. Knows when a line counts, no clinical fact. */
import type { Chart, FactId } from '../../types.js';
import type { ChartIndex } from '../chart-index.js';
import type { ChartRecord } from '../chart-record.js';
import { toSpan } from '../dates.js';
import type { Formulary, Ingredient } from '../drugs/formulary.js';
import type { Recognise, Route } from '../drugs/recognise.js';
import { type ConditionSet, createFindCondition } from '../patient/conditions.js';
import type { LabRow } from '../patient/lab-schema.js';
import { createIsTestOrdered } from '../patient/ordered-tests.js';
import { createPatientValues, type Value } from '../patient/patient-values.js';
import { readPregnancy } from '../patient/pregnancy.js';
import type { Need, OrderContext, PatientDrug } from './check.js';
import { mentionsIn } from './mentions.js';

const rxnorm = 'http://www.nlm.nih.gov/research/umls/rxnorm|';
const localRoutes: readonly Route[] = ['topical', 'ophthalmic', 'otic', 'nasal', 'vaginal', 'inhaled'];

export interface ContextParts {
  readonly formulary: Formulary;
  readonly recognise: Recognise;
  readonly labs: ReadonlyMap<string, LabRow>;
  readonly conditions: ReadonlyMap<string, ConditionSet>;
}

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

export interface ChartContext {
  readonly order: OrderContext;
  /** The same patient with one draft as an order for another drug, and nothing else asked about: would that be safe? */
  withReplaced(draft: FactId, ingredient: string): OrderContext;
}

export function createOrderContext({ formulary, recognise, labs, conditions }: ContextParts, index: ChartIndex, chart: Chart): ChartContext {
  const resources = new Map<FactId, unknown>(chart.entries.map((entry) => [entry.fact, entry.resource]));
  const fieldsOf = (fact: FactId): Fields => {
    const fields = resources.get(fact);
    return isFields(fields) ? fields : {};
  };
  const selected = new Set<FactId>(chart.selected);
  const drugs = index.records.flatMap((record): readonly PatientDrug[] => {
    const fields = fieldsOf(record.fact);
    return isCurrent(record, fields, chart.now) ? [toDrug(record, fields, recognise, selected)] : [];
  });
  const condition = createFindCondition(conditions, index);
  const measured = createPatientValues(labs, index, chart.patient);
  const patient = { ...measured, egfr: measured.egfr ?? stagedEgfr(conditions, condition) };
  const known = {
    patient,
    index,
    fieldsOf,
    condition,
    pregnancy: readPregnancy({ index, patient, condition, fieldsOf }),
    mentioned: mentionsIn(chart, drugs, recognise),
    isTestOrdered: createIsTestOrdered(labs, index, fieldsOf),
  };
  const build = (list: readonly PatientDrug[]): OrderContext => ({
    drugs: list,
    ordered: list.filter((drug) => drug.isSelected),
    taken: list.filter((drug) => !drug.isDraft),
    ...known,
    ...lookUp(list, formulary),
  });
  return {
    order: build(drugs),
    withReplaced: (draft, id) => {
      const ingredient = formulary.ingredients.get(id);
      return build(
        drugs.map((drug) => (drug.fact === draft && ingredient !== undefined ? replaceIn(drug, ingredient) : { ...drug, isSelected: false })),
      );
    },
  };
}

/** Where the kidney was not measured, what the stage of its disease says; the narrowest of several. */
function stagedEgfr(conditions: ContextParts['conditions'], find: OrderContext['condition']): Value | undefined {
  const staged = [...conditions.values()].flatMap(({ id, name, egfr }) => {
    const found = egfr === undefined ? undefined : find(id);
    return egfr === undefined || found?.truth !== 'yes' ? [] : [{ name, egfr, facts: found.facts }];
  });
  const [best] = staged.sort((a, b) => a.egfr.to - a.egfr.from - (b.egfr.to - b.egfr.from));
  if (best === undefined) return undefined;
  // "To" is not included: a stage of 15 to below 30 lies below 30.
  return { low: best.egfr.from, high: best.egfr.to - 0.01, unit: 'mL/min/1.73 m²', facts: best.facts, stage: best.name };
}

function lookUp(drugs: readonly PatientDrug[], formulary: Formulary): Pick<OrderContext, 'with' | 'uses'> {
  const byIngredient = new Map<string, PatientDrug[]>();
  for (const drug of drugs) for (const { id } of drug.ingredients) byIngredient.set(id, [...(byIngredient.get(id) ?? []), drug]);
  const withId = (id: string): readonly PatientDrug[] => {
    const members = formulary.classes.get(id)?.members;
    if (members === undefined) return byIngredient.get(id) ?? [];
    return drugs.filter((drug) => drug.ingredients.some((ingredient) => members.has(ingredient.id)));
  };
  return {
    with: withId,
    uses: (id): Need => {
      const name = formulary.classes.get(id)?.name ?? formulary.ingredients.get(id)?.name ?? id;
      return { id: `uses:${id}`, text: `takes ${name}`, facts: withId(id).map((drug) => drug.fact) };
    },
  };
}

/** What was written for the old drug goes with it. */
function replaceIn(drug: PatientDrug, ingredient: Ingredient): PatientDrug {
  const {
    medicationCodeableConcept: _drug,
    medicationReference: _reference,
    dosageInstruction: _dose,
    dispenseRequest: _dispense,
    ...fields
  } = drug.fields;
  const recognition = { ingredients: [ingredient], how: 'name', unread: [], near: [], route: drug.recognition.route } as const;
  return { ...drug, isSelected: true, ingredients: [ingredient], recognition, words: ingredient.name, fields };
}

function toDrug(record: ChartRecord, fields: Fields, recognise: Recognise, selected: ReadonlySet<FactId>): PatientDrug {
  const codes = record.codes.filter((code) => code.startsWith(rxnorm)).map((code) => code.slice(rxnorm.length));
  const recognition = recognise({ rxnorm: codes, texts: record.words.split(' \n ') });
  const isDraft = record.list === 'drafts';
  return {
    fact: record.fact,
    isDraft,
    isSelected: isDraft && selected.has(record.fact),
    ingredients: recognition.ingredients,
    recognition,
    isSystemic: !localRoutes.includes(recognition.route),
    words: record.words,
    fields,
  };
}

/** Drafts count whatever their date. A line of the list counts while it is active, has begun and has not ended. */
function isCurrent(record: ChartRecord, fields: Fields, now: Date): boolean {
  if (record.standing !== 'counts') return false;
  if (record.list === 'drafts') return true;
  if (record.list !== 'medications' || fields['resourceType'] === 'Medication') return false;
  const periods = periodsOf(fields);
  const starts = periods.map(({ start }) => toSpan(start)?.from).filter((one) => one !== undefined);
  const ends = periods.map(({ end }) => toSpan(end)?.to);
  if (starts.length > 0 && starts.every((start) => start > now.getTime())) return false;
  return !(ends.length > 0 && ends.every((end) => end !== undefined && end < now.getTime()));
}

/** When it is taken: of a statement its effective period, of an order the bounds of its dosage. */
function periodsOf(fields: Fields): readonly { readonly start: unknown; readonly end: unknown }[] {
  const effective = fields['effectivePeriod'];
  if (isFields(effective)) return [{ start: effective['start'], end: effective['end'] }];
  const dosages = Array.isArray(fields['dosageInstruction']) ? fields['dosageInstruction'].filter(isFields) : [];
  return dosages.flatMap((dosage) => {
    const timing = isFields(dosage['timing']) ? dosage['timing'] : {};
    const repeat = isFields(timing['repeat']) ? timing['repeat'] : {};
    const bounds = repeat['boundsPeriod'];
    return isFields(bounds) ? [{ start: bounds['start'], end: bounds['end'] }] : [];
  });
}
