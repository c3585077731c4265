/**
 * One criterion over one chart, three-valued: yes, no, or unknown with what would decide it, and the events that decided. Knows counts, choices and
 * silence; knows no gap.
 */
import type { CriterionId, FactId, Match, Truth } from '../../types.js';
import type { Compiled, CompiledCriterion, CompiledEvent } from './compile.js';
import { ever } from './days.js';
import type { ChartEvent } from './event.js';
import { isAge, pickAnchors, type SelectDeps, type Selected, selectEvents } from './select.js';
import { suppliedDaysOf } from './supply.js';
import { allOf, anyOf, notOf } from './truth.js';
import { amountOf, comparable, testValue } from './values.js';
import { resolve } from './window.js';

export interface Verdict {
  readonly truth: Truth;
  /** The facts that make it so. */
  readonly facts: readonly FactId[];
  /** *No* because complete lists are silent. */
  readonly isAbsent: boolean;
  /** What is open: a date, a value, whether it is so; or that nothing is on record. */
  readonly open: 'date' | 'value' | 'standing' | 'record' | 'person' | undefined;
  /** Where it is unknown because a list was not looked at completely: that list and why. */
  readonly incomplete: string | undefined;
  /** The newest that is on record, in or before the window. */
  readonly last: ChartEvent | undefined;
}

export interface Evaluated extends Verdict {
  readonly matches: readonly Match[];
  /** What would decide an unknown, in words of ours. */
  readonly missing: string;
}

export function evaluateCriterion(criterion: CompiledCriterion, deps: SelectDeps): Evaluated {
  const verdict = judge(criterion.compiled, deps);
  const holds = verdict.truth === 'yes';
  const matches = verdict.truth === 'unknown' ? [] : verdict.facts.map((fact): Match => ({ fact, criterion: criterion.id as CriterionId, holds }));
  return { ...verdict, matches, missing: describeMissing(criterion, verdict) };
}

function describeMissing({ name, compiled }: CompiledCriterion, { open, incomplete, truth }: Verdict): string {
  if (truth !== 'unknown') return '';
  if (compiled.kind === 'age') return 'the date of birth';
  if (compiled.kind === 'sex') return 'the sex on record';
  if (incomplete !== undefined) return name;
  if (open === 'date') return `the date of ${name}`;
  if (open === 'value') return `a comparable value: ${name}`;
  return open === 'standing' ? `whether this holds, its status leaves it open: ${name}` : `${name} on record`;
}

export function judge(compiled: Compiled, deps: SelectDeps): Verdict {
  switch (compiled.kind) {
    case 'age':
      return person('age', isAge(compiled, deps.frame.birth, resolve(compiled.at, deps.frame) ?? ever));
    case 'sex':
      return person('sex', sexTruth(compiled.is, deps.chart.sex));
    case 'event':
      return judgeEvent(compiled, deps);
    default: {
      const parts = compiled.of.map((part) => judge(part, deps));
      return compiled.kind === 'atLeast' ? combineSome(compiled.count, parts) : combine(compiled.kind, parts);
    }
  }
}

function person(fact: string, truth: Truth): Verdict {
  return { truth, facts: truth === 'unknown' ? [] : [fact as FactId], isAbsent: false, open: 'person', incomplete: undefined, last: undefined };
}

function sexTruth(wanted: string, sex: string | undefined): Truth {
  if (sex !== 'female' && sex !== 'male') return 'unknown';
  return sex === wanted ? 'yes' : 'no';
}

/** Facts are those of the parts that decided; silence of any part is the silence of the whole. */
function combine(kind: 'all' | 'any' | 'none', parts: readonly Verdict[]): Verdict {
  const truths = parts.map((part) => part.truth);
  const inner = kind === 'all' ? allOf(truths) : anyOf(truths);
  const truth = kind === 'none' ? notOf(inner) : inner;
  const deciding = parts.filter((part) => part.truth === inner);
  const isAbsent = inner === 'no' && deciding.some((part) => part.isAbsent);
  const unknown = parts.filter((part) => part.truth === 'unknown');
  return {
    truth,
    facts: isAbsent || inner === 'unknown' ? [] : [...new Set(deciding.flatMap((part) => part.facts))],
    isAbsent: isAbsent && kind !== 'none',
    open: inner === 'unknown' ? unknown[0]?.open : undefined,
    incomplete: inner === 'unknown' ? unknown.find((part) => part.incomplete !== undefined)?.incomplete : undefined,
    last: newest(parts.flatMap((part) => part.last ?? [])),
  };
}

/** So many of them. Where they are not enough, all that are missing decide together. */
function combineSome(count: number, parts: readonly Verdict[]): Verdict {
  const holding = parts.filter((part) => part.truth === 'yes');
  const unknown = parts.filter((part) => part.truth === 'unknown');
  if (holding.length >= count) return combine('all', holding);
  if (holding.length + unknown.length >= count) return combine('all', unknown);
  return combine(
    'any',
    parts.filter((part) => part.truth === 'no'),
  );
}

function judgeEvent(definition: CompiledEvent, deps: SelectDeps): Verdict {
  const selected = selectEvents(definition, deps);
  const last = newest([...selected.yes, ...selected.past]);
  const incomplete = deps.chart.whyIncomplete(definition.lists);
  const chooses = definition.row.choose === 'first' || definition.row.choose === 'last';
  if (chooses && definition.value !== undefined) return { ...judgeChosen(definition, selected, incomplete), last };
  const enough = countTruth(definition, selected);
  if (enough === 'yes') return decided('yes', selected.yes, last);
  if (enough === 'unknown') return { ...undecided(selected.open ?? 'standing'), last };
  if (incomplete !== undefined) return { ...undecided('record', incomplete), last };
  const against = newestOf([...selected.refuted, ...(definition.silence === 'says-no' ? selected.past : [])]);
  // What silence says is the criterion's own; a datum that rules it out speaks for itself.
  if (against.length > 0) return decided('no', against, last);
  if (definition.silence === 'says-nothing') return { ...undecided('record'), last };
  return { ...decided('no', [], last), isAbsent: true };
}

function decided(truth: 'yes' | 'no', events: readonly ChartEvent[], last: ChartEvent | undefined): Verdict {
  return { truth, facts: [...new Set(events.map((event) => event.fact))], isAbsent: false, open: undefined, incomplete: undefined, last };
}

function undecided(open: Verdict['open'], incomplete?: string): Verdict {
  return { truth: 'unknown', facts: [], isAbsent: false, open, incomplete, last: undefined };
}

/** Are there enough of them, on enough days, far enough apart, covering enough days? */
function countTruth({ row }: CompiledEvent, { yes, maybe }: Selected): Truth {
  const isEnough = (events: readonly ChartEvent[]): boolean => {
    const size = row.distinct === 'days' ? new Set(events.map((event) => event.start.min)).size : events.length;
    if (size < (row.count ?? 1)) return false;
    if (row.apartDays !== undefined && !areApart(events, row.apartDays)) return false;
    if (row.supplyAboveDays !== undefined && daysSupplied(events) <= row.supplyAboveDays) return false;
    return row.covers === undefined || daysCovered(events, row.covers.ofDays) >= row.covers.days;
  };
  if (isEnough(yes)) return 'yes';
  return maybe.length > 0 && isEnough([...yes, ...maybe]) ? 'unknown' : 'no';
}

function areApart(events: readonly ChartEvent[], days: number): boolean {
  const firstEnd = Math.min(...events.map((event) => event.end.max));
  const lastStart = Math.max(...events.map((event) => event.start.min));
  return lastStart - firstEnd >= days;
}

function daysSupplied(events: readonly ChartEvent[]): number {
  return events.reduce((sum, event) => sum + (suppliedDaysOf(event) ?? 0), 0);
}

/** Days on which there was supply, counted once each, from the first start on. */
function daysCovered(events: readonly ChartEvent[], ofDays: number): number {
  const sorted = events.map((event) => [event.start.min, event.end.max] as const).sort(([a], [b]) => a - b);
  const first = sorted[0]?.[0] ?? 0;
  let [covered, next] = [0, Number.NEGATIVE_INFINITY];
  for (const [start, end] of sorted) {
    const [from, to] = [Math.max(start, next), Math.min(end, first + ofDays)];
    if (to >= from) covered += to - from + 1;
    next = Math.max(next, to + 1);
  }
  return covered;
}

/** The newest (or first) in the window decides; it must be that for certain, and comparable. */
function judgeChosen(definition: CompiledEvent, { yes, maybe, open }: Selected, incomplete: string | undefined): Omit<Verdict, 'last'> {
  if (incomplete !== undefined) return undecided('record', incomplete);
  if (maybe.length > 0) return undecided(open ?? 'date');
  const value = definition.value;
  const measured =
    value?.kind === 'quantity' && definition.row.emptyCounts !== true ? yes.filter(({ fields }) => amountOf(value, fields) !== undefined) : yes;
  const chosen = pickAnchors(definition, measured);
  const [best] = chosen;
  if (best === undefined || value === undefined) {
    return definition.silence === 'says-no' ? { ...decided('no', [], undefined), isAbsent: true } : undecided('record');
  }
  const day = definition.row.choose === 'first' ? best.start.min : best.end.max;
  const sameDay = measured.filter((event) => (definition.row.choose === 'first' ? event.start.min : event.end.max) === day);
  const among = definition.row.tie === 'latest' ? chosen : narrow(definition, sameDay);
  const truths = new Set(among.map((event) => testValue(value, event.fields)));
  const [truth] = truths;
  if (truths.size !== 1 || truth === undefined || truth === 'unknown') return undecided('value');
  return decided(truth, among, undefined);
}

function narrow({ row, value }: CompiledEvent, events: readonly ChartEvent[]): readonly ChartEvent[] {
  if (value?.kind !== 'quantity' || (row.tie !== 'lowest' && row.tie !== 'highest')) return events;
  const side = row.tie === 'lowest' ? 1 : -1;
  const weighed = events.flatMap((event) => {
    const amount = comparable(value, event.fields);
    return amount === undefined ? [] : [{ event, amount: amount * side }];
  });
  const [best] = weighed.sort((a, b) => a.amount - b.amount);
  return best === undefined ? events : [best.event];
}

/** All of the newest day: which of them stands first in the chart must not matter. */
function newestOf(events: readonly ChartEvent[]): readonly ChartEvent[] {
  const day = Math.max(...events.map((event) => event.start.max));
  return events.filter((event) => event.start.max === day);
}

function newest(events: readonly ChartEvent[]): ChartEvent | undefined {
  return newestOf(events)[0];
}
