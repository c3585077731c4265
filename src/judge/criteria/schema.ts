/** The form of `cards/<service>/rules/*.json`: criteria with their coded definition, and gaps as trees over them. Knows fields, not how they are judged. */
import { z } from 'zod';
import type { ListName } from '../../types.js';
import { code, id, provenance, source, version, words } from '../schema.js';
import { edgePattern, offsetPattern, windowPattern } from './window.js';

const months = z.int().min(1).max(1200);
const window = z.string().regex(windowPattern, 'must be a window such as start-2y..end');
const edge = z.string().regex(edgePattern, 'must be a day such as start-10m');
const offset = z.string().regex(offsetPattern, 'must be an offset such as -3m or 14d');
const codeKey = z.string().regex(/^[a-z][a-z0-9+.-]*:[^|\s]+\|[^|\s]+$/, 'must be system|code');

const lists = z
  .array(
    z.enum([
      'conditions',
      'observations',
      'medications',
      'procedures',
      'allergies',
      'encounters',
      'immunizations',
      'orders',
    ] as const satisfies ListName[]),
  )
  .min(1);
const named = { valueSets: z.array(id).min(1).optional(), codes: z.array(codeKey).min(1).optional() };
const ages = { from: z.int().min(0).optional(), to: z.int().max(1800).optional(), unit: z.enum(['years', 'months']).optional() };

/** Another unit than UCUM can convert: value × times + plus, with where that is from. */
const otherUnit = z.strictObject({ unit: words, times: z.number(), plus: z.number(), source: words });
const value = z.union([
  z.literal('present'),
  z.strictObject({ is: z.strictObject(named) }),
  z.strictObject({
    above: z.number().optional(),
    atLeast: z.number().optional(),
    below: z.number().optional(),
    atMost: z.number().optional(),
    unit: words,
    /** The value of this component instead of the observation's own. */
    component: codeKey.optional(),
    otherUnits: z.array(otherUnit).optional(),
  }),
]);

const relation = z.strictObject({
  own: z.enum(['start', 'end', 'authored']).optional(),
  its: z.enum(['start', 'end', 'authored']).optional(),
  from: offset.optional(),
  to: offset.optional(),
});
export type Relation = z.output<typeof relation>;

interface EventShape extends z.output<typeof eventFields> {
  readonly near?: readonly NearShape[] | undefined;
}
/** Another event that must stand (or, `absent`, must not) in this relation: my `own` edge within `from..to` of its edge, or overlapping it. */
export interface NearShape extends Partial<Relation> {
  readonly event: string | EventShape;
  /** What else must hold between the same two: 'begins before it ends and ends after it'. */
  readonly also?: readonly Relation[] | undefined;
  readonly overlaps?: boolean | undefined;
  readonly absent?: boolean | undefined;
  readonly other?: boolean | undefined;
  readonly same?: true | undefined;
  readonly lastIs?: string | undefined;
}

/** Which part of an event must lie in its window; `onset`: the time in which it began. */
const moment = z.enum(['start', 'end', 'overlap', 'during', 'authored', 'onset']);

const eventFields = z.strictObject({
  kind: z.literal('event'),
  lists,
  ...named,
  /** A visit that carries codes of CPT only, or none, counts by its class: the published value sets lack CPT here. */
  orClasses: z.array(words).optional(),
  notClasses: z.array(words).optional(),
  /** Of conditions and allergies the clinical status, which must then be stated. */
  status: z.array(words).optional(),
  intent: z.array(words).optional(),
  categories: z.array(words).optional(),
  active: z.literal(true).optional(),
  confirmed: z.literal(true).optional(),
  value: value.optional(),
  /** All of these too, whichever is chosen: both numbers of a blood pressure. */
  values: z.array(value).min(1).optional(),
  reason: z.strictObject(named).optional(),
  bodySite: z.strictObject(named).optional(),
  severity: z.strictObject(named).optional(),
  /** A visit for one of these: by the conditions that it refers to. */
  diagnosis: z.strictObject(named).optional(),
  /** Of resources that share a list, these alone. */
  resources: z
    .array(z.enum(['MedicationRequest', 'MedicationDispense', 'MedicationStatement']))
    .min(1)
    .optional(),
  /** Where a patient went from a stay. */
  discharge: z.strictObject(named).optional(),
  /** `true`: what was decided against. `either`: this, or what was done. */
  notDone: z.union([z.literal(true), z.literal('either')]).optional(),
  ageAt: z.strictObject(ages).optional(),
  /** The visit that a resource refers to. */
  visit: z.strictObject({ notClasses: z.array(words).min(1) }).optional(),
  minRefills: z.int().min(1).optional(),
  /** Amount supplied × strength by the days that it lasts; a code without a strength here is left out. */
  dailyDose: z.strictObject({ above: z.number(), unit: words, strengths: z.record(codeKey, z.number()) }).optional(),
  at: moment.optional(),
  /** The dosage must say from when until when. */
  bounded: z.literal(true).optional(),
  /** It must be known how long the medicine lasts, by its supply or its dosage. */
  lasts: z.literal(true).optional(),
  /** What the measure asks beyond the guideline: categories, statuses and intents that EHRs are lax about. */
  measure: z
    .strictObject({
      status: z.array(words).min(1).optional(),
      intent: z.array(words).min(1).optional(),
      categories: z.array(words).min(1).optional(),
      bounded: z.literal(true).optional(),
      lasts: z.literal(true).optional(),
      at: moment.optional(),
      notDone: z.literal('either').optional(),
    })
    .optional(),
  withinMonths: months.optional(),
  window: window.optional(),
  choose: z.enum(['any', 'first', 'last']).optional(),
  /** Of several values on the day that is chosen. `agree` (default): they must agree. */
  tie: z.enum(['agree', 'lowest', 'highest', 'latest']).optional(),
  /** The newest counts as such also where it has no number. */
  emptyCounts: z.literal(true).optional(),
  count: z.int().min(1).optional(),
  distinct: z.enum(['days']).optional(),
  /** Two of them at least so many days apart. */
  apartDays: z.int().min(1).optional(),
  /** Days covered by supply, overlaps counted once, within so many days of the first. */
  covers: z.strictObject({ days: z.int().min(1), ofDays: z.int().min(1) }).optional(),
  /** Days of supply, added up, overlapping or not. */
  supplyAboveDays: z.int().min(1).optional(),
});

const eventDefinition = eventFields.extend({
  near: z
    .array(z.lazy((): z.ZodType<NearShape> => near))
    .min(1)
    .optional(),
});
const near: z.ZodType<NearShape> = z.strictObject({
  event: z.union([id, eventDefinition]),
  ...relation.shape,
  also: z.array(relation).min(1).optional(),
  overlaps: z.boolean().optional(),
  absent: z.boolean().optional(),
  /** It must be another resource than mine. */
  other: z.boolean().optional(),
  /** It must be the very resource: a visit that is among those of another criterion. */
  same: z.literal(true).optional(),
  /** Of those in this relation the last alone counts, and it must be one of this criterion: the last blood pressure of the visit was high. */
  lastIs: id.optional(),
});

export type Definition =
  | {
      readonly kind: 'age';
      readonly from?: number | undefined;
      readonly to?: number | undefined;
      readonly unit?: 'years' | 'months' | undefined;
      readonly at?: string | undefined;
    }
  | { readonly kind: 'sex'; readonly is: 'female' | 'male' }
  | EventShape
  | { readonly kind: 'all' | 'any' | 'none'; readonly of: readonly (string | Definition)[] }
  /** So many of them: "at least three of these illnesses". */
  | { readonly kind: 'atLeast'; readonly count: number; readonly of: readonly (string | Definition)[] };
export type EventDefinition = EventShape;

const definition: z.ZodType<Definition> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('age'), ...ages, at: edge.optional() }),
  z.strictObject({ kind: z.literal('sex'), is: z.enum(['female', 'male']) }),
  eventDefinition,
  z.strictObject({ kind: z.enum(['all', 'any', 'none']), of: z.array(z.union([id, z.lazy((): z.ZodType<Definition> => definition)])).min(1) }),
  z
    .strictObject({
      kind: z.literal('atLeast'),
      count: z.int().min(2),
      of: z.array(z.union([id, z.lazy((): z.ZodType<Definition> => definition)])).min(2),
    })
    .refine(({ count, of }) => count <= of.length, { path: ['count'], message: 'asks for more than there are' }),
]);

export type Tree = string | { readonly all: readonly Tree[] } | { readonly any: readonly Tree[] } | { readonly none: readonly Tree[] };
const tree: z.ZodType<Tree> = z.lazy(() =>
  z.union([
    id,
    z.strictObject({ all: z.array(tree).min(1) }),
    z.strictObject({ any: z.array(tree).min(1) }),
    z.strictObject({ none: z.array(tree).min(1) }),
  ]),
);
/** For whom (all of them), exempt because and closed by (any of them). */
const conditions = { requires: z.array(tree).min(1), exempt: z.array(tree), closedBy: z.array(tree) };

const criterion = z.strictObject({
  id,
  /** What a language model reads against. */
  text: words,
  name: words,
  /** What one record of it is called, where the criterion asks for several or for a value: 'dose of polio vaccine'. */
  recordName: words.optional(),
  /** The window of the guideline, before now; also what readings are held to. */
  withinMonths: months.optional(),
  /** The window of the measure, where it is another. */
  window: window.optional(),
  absence: z.enum(['says-no', 'says-nothing']).optional(),
  byCodeOnly: z.literal(true).optional(),
  definition,
  source: words,
  ...provenance,
});

const gap = z.strictObject({
  id,
  text: words,
  indicator: z.enum(['info', 'warning', 'critical']),
  summary: words.max(139),
  rule: words,
  /** `false`: only the measure asks; no card. */
  cards: z.literal(false).optional(),
  ...conditions,
  /** What to say in short where the whole group was looked for and nothing found; without it the criteria are named. */
  exemptSilence: words.optional(),
  doneSilence: words.optional(),
  /** What the published measure counts. `inverse`: its numerator is the bad outcome. Without trees of its own it counts what the guideline says. */
  measure: z
    .strictObject({
      id: words,
      /** What other years call it. */
      also: z.array(words).min(1).optional(),
      /** Its number at CMS, which other years keep: 130. */
      cms: z.int().min(1),
      group: z.int().min(0),
      inverse: z.literal(true).optional(),
      requires: conditions.requires.optional(),
      exempt: conditions.exempt.optional(),
      closedBy: conditions.closedBy.optional(),
      source: words,
    })
    .optional(),
  source,
  orders: z.array(
    z.strictObject({
      label: words,
      code,
      reason: words,
      as: z.enum(['service', 'medicine', 'visit']).optional(),
      withinDays: z.int().min(0).optional(),
    }),
  ),
  overrideReasons: z.array(id),
  ...provenance,
});

export const ruleFile = z.strictObject({ version, criteria: z.array(criterion).optional(), gaps: z.array(gap).optional() });

export type CriterionRow = z.output<typeof criterion>;
export type GapRow = z.output<typeof gap>;
export type ValueTest = NonNullable<EventShape['value']>;
