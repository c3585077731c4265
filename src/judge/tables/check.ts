/** What a check of order safety is, what it may ask, and what it returns. Knows the form, no clinical fact. */
import { z } from 'zod';
import { StartError } from '../../errors.js';
import type { Code, FactId, Indicator, Proposal } from '../../types.js';
import type { ChartIndex } from '../chart-index.js';
import type { Formulary, Ingredient } from '../drugs/formulary.js';
import type { Recognise, Recognition } from '../drugs/recognise.js';
import type { ConditionSet, Found } from '../patient/conditions.js';
import type { LabRow } from '../patient/lab-schema.js';
import type { PatientValues } from '../patient/patient-values.js';
import type { Pregnancy } from '../patient/pregnancy.js';
import { id, indicator, provenance, source, version, words } from '../schema.js';

/** What every row of a check says of itself. */
export const ruleFields = { id, indicator, source, overrideReasons: z.array(id).optional(), ...provenance };

export interface RuleRow {
  readonly id: string;
  readonly indicator: Indicator;
  readonly source: { readonly label: string; readonly url: string; readonly section: string };
  readonly overrideReasons?: readonly string[] | undefined;
  readonly verified: 'read' | 'recalled';
  readonly reviewed: string;
}

/** `{ version, rows: [...] }` with more fields in a row. */
export function checkFile<S extends z.ZodRawShape>(row: S) {
  return z.strictObject({ version, rows: z.array(z.strictObject({ ...ruleFields, ...row })).min(1) });
}

/** A drug that may stand in for another; offered only where the same checks find nothing grave with it in this patient. */
export const alternative = z.strictObject({
  ingredient: id,
  label: words,
  code: z.strictObject({ system: z.url(), code: words, display: words }),
});

export interface Need {
  /** A criterion: `uses:warfarin`, `potassium-above-5.5`. */
  readonly id: string;
  /** Completes a reading ("takes warfarin") or names the value ("potassium above 5.5 mmol/L"). */
  readonly text: string;
  /** What meets it by code. */
  readonly facts: readonly FactId[];
  /** No statement is read against it: values, age, sex. */
  readonly byCodeOnly?: boolean;
}

/** `Alternative` of the knowledge for the draft that it would replace. */
export interface Alternative {
  readonly draft: FactId;
  readonly ingredient: string;
  readonly label: string;
  readonly code: Code;
}

export interface Alert {
  /** Unique in an answer: `renal.metformin`. */
  readonly id: string;
  readonly rule: RuleRow;
  /** After the patient's values moved it; a recalled row is lowered to information by the engine. */
  readonly indicator: Indicator;
  /** < 140 characters, names the drug. */
  readonly summary: string;
  /** The rule in one sentence. */
  readonly text: string;
  /** Criteria that all hold, with the facts that meet them. Values that raise the grade are among them. */
  readonly needs: readonly Need[];
  /** What would lower it and does not rule it out. */
  readonly eases?: readonly Need[];
  /** What is unknown and matters: 'creatinine within 12 months'. */
  readonly missing?: readonly string[];
  /** A need has no facts: no finding by code; it stays open for what is read. */
  readonly isOpen?: boolean;
  readonly proposals?: readonly Proposal[];
  readonly alternatives?: readonly Alternative[];
  /** Two ingredients: alerts of several checks on the same pair become one, the gravest. */
  readonly pair?: readonly [string, string];
  /** From a list that ranks pairs and does not say why: the words of a rule on the same pair are preferred. */
  readonly isListed?: boolean;
  /** A label permits the pair as it stands here ("at most 10 mg a day"): a list that only ranks it does not raise it. */
  readonly isSettled?: boolean;
  /** Ingredients of a group that this alert speaks of: it stands for alerts about pairs of them, of its weight or less. */
  readonly covers?: readonly string[];
  /** Rules about pairs of those ingredients, or about one of them alone, that say the same in other words. */
  readonly replaces?: readonly string[];
  /** Shown only where another check has an alert on the same pair. */
  readonly needsConfirmation?: boolean;
}

/** One line of the medicine list or one draft. */
export interface PatientDrug {
  readonly fact: FactId;
  readonly isDraft: boolean;
  /** A draft that the hook asks about. */
  readonly isSelected: boolean;
  readonly ingredients: readonly Ingredient[];
  readonly recognition: Recognition;
  /** Acts in the whole body as far as its words tell; creams, drops and the like do not. */
  readonly isSystemic: boolean;
  /** Every display and text, lower case. */
  readonly words: string;
  /** The FHIR fields, unparsed. */
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface OrderContext {
  readonly drugs: readonly PatientDrug[];
  readonly ordered: readonly PatientDrug[];
  readonly taken: readonly PatientDrug[];
  readonly patient: PatientValues;
  readonly index: ChartIndex;
  /** Ingredients that free text names (notes, lines that were not recognised): what alerts may stay open for. */
  readonly mentioned: ReadonlySet<string>;
  /** The FHIR fields of any line of the chart, unparsed; none where it has none. */
  fieldsOf(fact: FactId): Readonly<Record<string, unknown>>;
  /** Does a set of `conditions.json` hold? Looked up once for all checks. */
  condition(id: string): Found;
  readonly pregnancy: Pregnancy;
  /** One of these labs is ordered, and its result is still to come. */
  isTestOrdered(labs: readonly string[]): boolean;
  /** Lines and drafts with this ingredient, or with a member of this class. */
  with(id: string): readonly PatientDrug[];
  /** The shared criterion "takes …" of an ingredient or a class. */
  uses(id: string): Need;
}

export type RunCheck = (order: OrderContext) => readonly Alert[];

/** What a check may look up, and how it refuses its file, while it is compiled. */
export interface CompileContext {
  readonly formulary: Formulary;
  readonly recognise: Recognise;
  readonly labs: ReadonlyMap<string, LabRow>;
  readonly conditions: ReadonlyMap<string, ConditionSet>;
  /** @throws StartError if there is no such ingredient or class */
  known(row: string, field: string, ids: readonly string[]): void;
  fault(row: string, field: string, what: string): StartError;
}

export interface CheckDefinition<S extends z.ZodType<{ readonly version: string }>> {
  /** Its file is `cards/<service>/<id>.json`. */
  readonly id: string;
  readonly schema: S;
  /** Every rule of the file, for the list of the knowledge. */
  rules(file: z.output<S>): readonly RuleRow[];
  compile(file: z.output<S>, context: CompileContext): RunCheck;
}

export interface CompiledCheck {
  readonly id: string;
  readonly version: string;
  readonly rules: readonly RuleRow[];
  readonly run: RunCheck;
}

/** A check with its file still to be read: hides the type of the file from the list of checks. */
export interface Check {
  readonly id: string;
  load(
    read: <S extends z.ZodType>(schema: S) => Promise<z.output<S>>,
    context: Omit<CompileContext, 'known' | 'fault'>,
    file: string,
  ): Promise<CompiledCheck>;
}

export function defineCheck<S extends z.ZodType<{ readonly version: string }>>(definition: CheckDefinition<S>): Check {
  return {
    id: definition.id,
    async load(read, context, file) {
      const { formulary } = context;
      const content = await read(definition.schema);
      const rules = definition.rules(content);
      const fault = (row: string, field: string, what: string): StartError =>
        new StartError(`${file}: row ${rules.findIndex((rule) => rule.id === row) + 1} (${row}), ${field}: ${what}`);
      const known = (row: string, field: string, ids: readonly string[]): void => {
        for (const one of ids)
          if (!formulary.ingredients.has(one) && !formulary.classes.has(one)) throw fault(row, field, `there is no ingredient or class ${one}`);
      };
      const seen = new Set<string>();
      for (const rule of rules) {
        if (seen.has(rule.id)) throw fault(rule.id, 'id', 'stands twice');
        seen.add(rule.id);
      }
      return { id: definition.id, version: content.version, rules, run: definition.compile(content, { ...context, known, fault }) };
    },
  };
}
