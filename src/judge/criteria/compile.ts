/** Makes of the rows of criteria what judging runs on: value sets as numbers, windows parsed, references resolved. Knows the form, not how it is judged. */
import { StartError } from '../../errors.js';
import type { Criterion, ListName } from '../../types.js';
import type { Offset } from './days.js';
import { parseCodeKey } from './fields.js';
import type { CriterionRow, Definition, EventDefinition, NearShape, Relation, ValueTest } from './schema.js';
import { type Edge, monthsBack, parseEdge, parseOffset, parseWindow, type Window } from './window.js';

export type Silence = 'says-no' | 'says-nothing';

export interface CompiledEvent {
  readonly kind: 'event';
  readonly row: EventDefinition;
  /** The row with what the measure asks beyond the guideline. */
  readonly measureRow: EventDefinition;
  /** Numbers of the sets whose codes it selects; undefined where it takes any code. */
  readonly sets: readonly number[];
  readonly lists: ReadonlySet<ListName>;
  readonly windows: { readonly guideline: Window | undefined; readonly measure: Window | undefined };
  readonly value: CompiledValue | undefined;
  readonly values: readonly CompiledValue[];
  readonly reason: ReadonlySet<string> | undefined;
  readonly bodySite: ReadonlySet<string> | undefined;
  readonly severity: ReadonlySet<string> | undefined;
  readonly diagnosis: ReadonlySet<string> | undefined;
  readonly strengths: ReadonlyMap<string, number> | undefined;
  readonly discharge: ReadonlySet<string> | undefined;
  readonly near: readonly CompiledNear[];
  readonly silence: Silence;
}

export type CompiledValue =
  | { readonly kind: 'present' }
  | { readonly kind: 'code'; readonly codes: ReadonlySet<string> }
  | { readonly kind: 'quantity'; readonly test: Extract<ValueTest, { readonly unit: string }>; readonly component: string | undefined };

export interface CompiledRelation {
  readonly own: 'start' | 'end' | 'authored';
  readonly its: 'start' | 'end' | 'authored';
  readonly from: Offset | undefined;
  readonly to: Offset | undefined;
}

export interface CompiledNear {
  /** Any of these; several where the criterion that is named is any of several events. */
  readonly events: readonly CompiledEvent[];
  readonly row: NearShape;
  readonly relations: readonly CompiledRelation[];
  readonly last: readonly CompiledEvent[] | undefined;
}

export type Compiled =
  | {
      readonly kind: 'age';
      readonly from?: number | undefined;
      readonly to?: number | undefined;
      readonly unit?: 'years' | 'months' | undefined;
      readonly at: Edge;
    }
  | Extract<Definition, { readonly kind: 'sex' }>
  | CompiledEvent
  | { readonly kind: 'all' | 'any' | 'none'; readonly of: readonly Compiled[] }
  | { readonly kind: 'atLeast'; readonly count: number; readonly of: readonly Compiled[] };

export interface CompiledCriterion extends Criterion {
  /** With its window in words, and without. */
  readonly name: string;
  readonly shortName: string;
  readonly compiled: Compiled;
}

export interface CompiledCriteria {
  readonly byId: ReadonlyMap<string, CompiledCriterion>;
  /** Which numbered sets a code is in. */
  readonly setsOfCode: ReadonlyMap<string, readonly number[]>;
}

export interface LocatedRow {
  readonly file: string;
  readonly at: number;
  readonly row: CriterionRow;
}

/** @throws StartError naming file, row and field of what refers to nothing, or to itself */
export function compileCriteria(rows: ReadonlyMap<string, LocatedRow>, valueSets: ReadonlyMap<string, readonly string[]>): CompiledCriteria {
  const sets = createSetNumbers();
  const done = new Map<string, CompiledCriterion>();
  const under: string[] = [];
  const compileById = (id: string, fault: Fault): Compiled => {
    const known = done.get(id);
    if (known !== undefined) return known.compiled;
    const located = rows.get(id);
    if (located === undefined) throw fault('definition', `there is no criterion ${id}`);
    if (under.includes(id)) throw fault('definition', `${id} is made of itself`);
    under.push(id);
    const compiled = compileRow(located, { sets, valueSets, compileById });
    under.pop();
    done.set(id, compiled);
    return compiled.compiled;
  };
  for (const [id, located] of rows) compileById(id, faultOf(located));
  return { byId: done, setsOfCode: sets.ofCode };
}

type Fault = (field: string, what: string) => StartError;

export function faultOf({ file, at, row }: { readonly file: string; readonly at: number; readonly row: { readonly id: string } }): Fault {
  return (field, what) => new StartError(`${file}: row ${at + 1} (${row.id}), ${field}: ${what}`);
}

interface SetNumbers {
  readonly ofCode: Map<string, number[]>;
  /** The number of this list of codes, which is made known. */
  number(name: string, codes: readonly string[]): number;
}

function createSetNumbers(): SetNumbers {
  const ofCode = new Map<string, number[]>();
  const numbers = new Map<string, number>();
  return {
    ofCode,
    number(name, codes) {
      const known = numbers.get(name);
      if (known !== undefined) return known;
      const number = numbers.size;
      numbers.set(name, number);
      for (const code of codes) {
        const sets = ofCode.get(code);
        if (sets === undefined) ofCode.set(code, [number]);
        else sets.push(number);
      }
      return number;
    },
  };
}

interface Parts {
  readonly sets: SetNumbers;
  readonly valueSets: ReadonlyMap<string, readonly string[]>;
  readonly compileById: (id: string, fault: Fault) => Compiled;
}
/** What inline parts take over from the criterion that they stand in. */
interface Inherited {
  readonly withinMonths: number | undefined;
  readonly window: string | undefined;
  readonly silence: Silence;
}

function compileRow(located: LocatedRow, parts: Parts): CompiledCriterion {
  const { id, text, name, recordName = name, withinMonths, window, absence, byCodeOnly, definition } = located.row;
  const inherited: Inherited = { withinMonths, window, silence: absence ?? 'says-nothing' };
  const isPerson = definition.kind === 'age' || definition.kind === 'sex';
  return {
    id: id as Criterion['id'],
    text,
    name: `${name}${describeWindow(withinMonths)}`,
    shortName: recordName,
    compiled: compileDefinition(definition, inherited, parts, faultOf(located)),
    ...(withinMonths === undefined ? {} : { withinMonths }),
    ...(absence === undefined ? {} : { absence }),
    ...(isPerson || byCodeOnly === true || hasValueTest(definition) ? { byCodeOnly: true } : {}),
  };
}

/** A comparison of values is what code does well. */
function hasValueTest(definition: Definition): boolean {
  return definition.kind === 'event' && typeof definition.value === 'object' && 'unit' in definition.value;
}

function describeWindow(months: number | undefined): string {
  if (months === undefined) return '';
  return months % 12 === 0 && months > 12 ? ` within ${months / 12} years` : ` within ${months} months`;
}

function compileDefinition(definition: Definition, inherited: Inherited, parts: Parts, fault: Fault): Compiled {
  switch (definition.kind) {
    case 'age': {
      const { from, to, unit, at } = definition;
      return { kind: 'age', from, to, unit, at: parseEdge(at ?? 'end') ?? { anchor: 'end', offsets: [] } };
    }
    case 'sex':
      return definition;
    case 'event':
      return compileEvent(definition, inherited, parts, fault);
    default: {
      const of = definition.of.map((part) =>
        typeof part === 'string' ? parts.compileById(part, fault) : compileDefinition(part, inherited, parts, fault),
      );
      return definition.kind === 'atLeast' ? { kind: definition.kind, count: definition.count, of } : { kind: definition.kind, of };
    }
  }
}

function compileEvent(row: EventDefinition, inherited: Inherited, parts: Parts, fault: Fault): CompiledEvent {
  const own = row.window ?? (row.withinMonths === undefined ? inherited.window : undefined);
  const months = row.withinMonths ?? (row.window === undefined ? inherited.withinMonths : undefined);
  const measure = own === undefined ? (months === undefined ? undefined : monthsBack(months)) : parseWindow(own);
  const names = row.valueSets ?? [];
  if (names.length === 0 && row.codes === undefined && row.orClasses === undefined)
    throw fault('definition', 'an event needs valueSets, codes or orClasses');
  const direct = (row.codes ?? []).map(parseCodeKey);
  return {
    kind: 'event',
    row,
    measureRow: row.measure === undefined ? row : { ...row, ...row.measure },
    sets: [
      ...names.map((name) => parts.sets.number(name, codesOfSet(name, parts, fault))),
      ...(direct.length === 0 ? [] : [parts.sets.number(direct.join(' '), direct)]),
    ],
    lists: new Set<ListName>(row.lists),
    windows: { guideline: months === undefined ? measure : monthsBack(months), measure },
    value: row.value === undefined ? undefined : compileValue(row.value, parts, fault),
    values: (row.values ?? []).map((one) => compileValue(one, parts, fault)),
    reason: codesOfNamed(row.reason, parts, fault),
    bodySite: codesOfNamed(row.bodySite, parts, fault),
    severity: codesOfNamed(row.severity, parts, fault),
    diagnosis: codesOfNamed(row.diagnosis, parts, fault),
    discharge: codesOfNamed(row.discharge, parts, fault),
    strengths:
      row.dailyDose === undefined
        ? undefined
        : new Map(Object.entries(row.dailyDose.strengths).map(([code, amount]) => [parseCodeKey(code), amount])),
    near: (row.near ?? []).map((near) => compileNear(near, inherited.silence, parts, fault)),
    silence: inherited.silence,
  };
}

function compileNear(row: NearShape, silence: Silence, parts: Parts, fault: Fault): CompiledNear {
  const eventsOf = (event: NearShape['event']): readonly CompiledEvent[] => {
    const named =
      typeof event === 'string'
        ? parts.compileById(event, fault)
        : compileEvent(event, { withinMonths: undefined, window: undefined, silence }, parts, fault);
    const events = named.kind === 'any' ? named.of : [named];
    if (!events.every((one) => one.kind === 'event')) throw fault('definition.near', 'must name a criterion that is an event, or any of several');
    return events;
  };
  const relations = [row, ...(row.also ?? [])].filter(({ from, to }) => from !== undefined || to !== undefined).map(compileRelation);
  if (row.overlaps !== true && row.same !== true && relations.length === 0) throw fault('definition.near', 'needs from, to, overlaps or same');
  return { events: eventsOf(row.event), row, relations, last: row.lastIs === undefined ? undefined : eventsOf(row.lastIs) };
}

function compileRelation({ own = 'start', its = 'start', from, to }: Partial<Relation>): CompiledRelation {
  return { own, its, from: from === undefined ? undefined : parseOffset(from), to: to === undefined ? undefined : parseOffset(to) };
}

function compileValue(value: ValueTest, parts: Parts, fault: Fault): CompiledValue {
  if (value === 'present') return { kind: 'present' };
  if ('is' in value) return { kind: 'code', codes: codesOfNamed(value.is, parts, fault) ?? new Set() };
  if ([value.above, value.atLeast, value.below, value.atMost].every((bound) => bound === undefined))
    throw fault('definition.value', 'needs above, atLeast, below or atMost');
  return { kind: 'quantity', test: value, component: value.component === undefined ? undefined : parseCodeKey(value.component) };
}

type Named = { readonly valueSets?: readonly string[] | undefined; readonly codes?: readonly string[] | undefined } | undefined;

function codesOfNamed(named: Named, parts: Parts, fault: Fault): ReadonlySet<string> | undefined {
  if (named === undefined) return undefined;
  return new Set([...(named.valueSets ?? []).flatMap((name) => codesOfSet(name, parts, fault)), ...(named.codes ?? []).map(parseCodeKey)]);
}

function codesOfSet(name: string, { valueSets }: Parts, fault: Fault): readonly string[] {
  const codes = valueSets.get(name);
  if (codes === undefined) throw fault('definition.valueSets', `there is no value set ${name}`);
  return codes;
}
