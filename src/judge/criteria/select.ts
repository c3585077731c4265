/** Which events of a chart meet an event definition, may meet it, lie before its window, or rule it out. Three-valued; knows no criterion's meaning. */
import type { Truth } from '../../types.js';
import { type ChartEvents, classOf } from './chart-events.js';
import type { CompiledEvent, CompiledNear, CompiledRelation } from './compile.js';
import { type DaySpan, monthsBetween } from './days.js';
import { type ChartEvent, onsetOf, reasonsOf, type Standing } from './event.js';
import { codesOf, fieldsOf, numberOf, plainCodesOf, textOf } from './fields.js';
import { dailyDoseOf, isBounded, isLengthKnown } from './supply.js';
import { allOf, anyOf, notOf } from './truth.js';
import { testValue } from './values.js';
import { isInRange, moved, type Relation, resolveWindow, type Timeframe } from './window.js';

export interface Selected {
  readonly yes: readonly ChartEvent[];
  /** May be it: a date, a value or a status is open. */
  readonly maybe: readonly ChartEvent[];
  /** Would be it, but lie before its window. */
  readonly past: readonly ChartEvent[];
  readonly refuted: readonly ChartEvent[];
  /** Of those that may be it, what is open. */
  readonly open: 'date' | 'value' | 'standing' | undefined;
}

export interface SelectDeps {
  readonly chart: ChartEvents;
  readonly frame: Timeframe;
  /** Selected once for every definition. */
  readonly known: Map<CompiledEvent, Selected>;
}

export function selectEvents(event: CompiledEvent, deps: SelectDeps): Selected {
  const known = deps.known.get(event);
  if (known !== undefined) return known;
  const selected = select(event, deps);
  deps.known.set(event, selected);
  return selected;
}

function select(definition: CompiledEvent, deps: SelectDeps): Selected {
  const found = { yes: [] as ChartEvent[], maybe: [] as ChartEvent[], past: [] as ChartEvent[], refuted: [] as ChartEvent[] };
  let open: Selected['open'];
  for (const event of deps.chart.select(definition)) {
    const standing = standingFor(rowFor(definition, deps), event);
    if (standing === 'refuted') found.refuted.push(event);
    if (standing !== 'counts' && standing !== 'uncertain') continue;
    const tests = definition.values.map((one) => testValue(one, event.fields));
    const isSure = standing === 'counts' && !isVague(event, deps.frame);
    const fits = allOf([isSure ? 'yes' : 'unknown', fitsAttributes(definition, event, deps), ...tests]);
    const inWindow = fits === 'no' ? 'no' : isInWindow(definition, event, deps.frame);
    const value =
      fits === 'no' || (definition.row.choose ?? 'any') !== 'any' || definition.value === undefined
        ? 'yes'
        : testValue(definition.value, event.fields);
    const truth = allOf([fits, inWindow, value]);
    if (truth === 'no') {
      if (fits === 'yes' && value === 'yes' && isBefore(definition, event, deps.frame)) found.past.push(event);
      continue;
    }
    const related = allOf(definition.near.map((near) => isNear(near, event, deps)));
    const whole = allOf([truth, related]);
    if (whole === 'yes') found.yes.push(event);
    // A published measure has two values: what may be so is left out, as its logic leaves it out.
    else if (whole === 'unknown' && deps.frame.mode === 'guideline') {
      found.maybe.push(event);
      open ??= inWindow === 'unknown' ? 'date' : value === 'unknown' ? 'value' : 'standing';
    }
  }
  return { ...found, open };
}

function rowFor({ row, measureRow }: CompiledEvent, { frame }: SelectDeps): CompiledEvent['row'] {
  return frame.mode === 'measure' ? measureRow : row;
}

function standingFor(row: CompiledEvent['row'], event: ChartEvent): Standing {
  const isCondition = event.type === 'Condition' || event.type === 'AllergyIntolerance';
  if (row.notDone === true && event.standing !== 'negated') return 'ignored';
  if (row.notDone === undefined && event.standing === 'negated') return 'ignored';
  if (row.intent !== undefined && !row.intent.includes(textOf(event.fields['intent']))) return 'ignored';
  if (row.status !== undefined) {
    const stated = isCondition ? plainCodesOf(event.fields['clinicalStatus']) : [textOf(event.fields['status'])];
    if (!stated.some((status) => row.status?.includes(status))) return 'ignored';
    return isCondition ? event.standing : 'counts';
  }
  return event.standing === 'negated' ? 'counts' : event.standing;
}

function fitsAttributes(definition: CompiledEvent, event: ChartEvent, deps: SelectDeps): Truth {
  const row = rowFor(definition, deps);
  const { fields } = event;
  if (row.bounded === true && !isBounded(fields)) return 'no';
  if (row.lasts === true && !isLengthKnown(event)) return 'no';
  if (row.active === true && !event.isOngoing && (event.type === 'Condition' || event.type === 'AllergyIntolerance')) return 'no';
  if (row.confirmed === true && !plainCodesOf(fields['verificationStatus']).includes('confirmed')) return 'no';
  if (row.categories !== undefined && !plainCodesOf(fields['category']).some((code) => row.categories?.includes(code))) return 'no';
  if (row.notClasses?.includes(classOf(event))) return 'no';
  if (row.visit?.notClasses.includes(deps.chart.visitClassOf(event) ?? '')) return 'no';
  if (definition.reason !== undefined && !hasAny(reasonsOf(event), definition.reason)) return 'no';
  if (row.resources !== undefined && !row.resources.some((name) => name === event.type)) return 'no';
  if (definition.severity !== undefined && !hasAny(codesOf(fields['severity']), definition.severity)) return 'no';
  if (definition.diagnosis !== undefined && event.type === 'Encounter' && !hasAny(deps.chart.diagnosesOf(event), definition.diagnosis)) return 'no';
  if (row.dailyDose !== undefined && !((dailyDoseOf(event, definition.strengths) ?? 0) > row.dailyDose.above)) return 'no';
  if (definition.bodySite !== undefined && !hasAny(codesOf(fields['bodySite']), definition.bodySite)) return 'no';
  const destination = fieldsOf(fields['hospitalization'])['dischargeDisposition'];
  if (definition.discharge !== undefined && !hasAny(codesOf(destination), definition.discharge)) return 'no';
  if (row.minRefills !== undefined && (numberOf(fieldsOf(fields['dispenseRequest'])['numberOfRepeatsAllowed']) ?? 0) < row.minRefills) return 'no';
  return row.ageAt === undefined ? 'yes' : isAge(row.ageAt, deps.frame.birth, event.end);
}

function hasAny(codes: readonly string[], wanted: ReadonlySet<string>): boolean {
  return codes.some((code) => wanted.has(code));
}

interface Ages {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly unit?: 'years' | 'months' | undefined;
}

/** Was the patient of that age on that day? */
export function isAge({ from = 0, to = Number.POSITIVE_INFINITY, unit = 'years' }: Ages, birth: DaySpan | undefined, day: DaySpan): Truth {
  if (birth === undefined || birth.min > day.max || !Number.isFinite(day.min) || !Number.isFinite(day.max)) return 'unknown';
  const size = unit === 'years' ? 12 : 1;
  const [least, most] = [monthsBetween(birth.max, day.min), monthsBetween(birth.min, day.max)].map((months) => Math.floor(months / size));
  if (least === undefined || most === undefined || most < from || least > to) return 'no';
  return least >= from && most <= to ? 'yes' : 'unknown';
}

function isInWindow(definition: CompiledEvent, event: ChartEvent, frame: Timeframe): Truth {
  // What lies in the future has not happened; an order for it has been written all the same.
  if (startOf(definition, event).min > frame.end && Number.isFinite(event.start.min)) return 'no';
  const window = definition.windows[frame.mode];
  if (window === undefined) return 'yes';
  const { at } = frame.mode === 'measure' ? definition.measureRow : definition.row;
  return isInRange(intervalOf(at, event), resolveWindow(window, frame), relationOf(at, event.type));
}

/**
 * The published logic takes no account of a condition that is over without saying since when, whatever its beginning, nor of a finding that says only
 * when it was issued.
 */
function isVague({ isEndKnown, type, standing, fields }: ChartEvent, { mode }: Timeframe): boolean {
  if (mode === 'guideline') return false;
  const isOnlyIssued =
    type === 'Observation' &&
    standing !== 'negated' &&
    !Object.entries(fields).some(([name, value]) => name.startsWith('effective') && value !== undefined);
  return !isEndKnown || isOnlyIssued;
}

function startOf({ row }: CompiledEvent, event: ChartEvent): DaySpan {
  return row.at === 'authored' ? event.authored : event.start;
}

function intervalOf(at: CompiledEvent['row']['at'], event: ChartEvent): { readonly start: DaySpan; readonly end: DaySpan } {
  if (at === 'onset') return onsetOf(event);
  return at === 'authored' ? { start: event.authored, end: event.authored } : event;
}

/** Without a word in the knowledge: what lasts counts where it overlaps, what is done counts when it is done. */
function relationOf(at: CompiledEvent['row']['at'], type: string): Relation {
  if (at === 'authored') return 'start';
  if (at === 'onset') return 'overlap';
  if (at !== undefined) return at;
  return type === 'Condition' || type === 'AllergyIntolerance' || type.startsWith('Medication') ? 'overlap' : 'end';
}

function isBefore(definition: CompiledEvent, event: ChartEvent, frame: Timeframe): boolean {
  const window = definition.windows[frame.mode];
  if (window === undefined || !event.isDated) return false;
  const { from } = resolveWindow(window, frame);
  return from !== undefined && event.end.max < from.min;
}

function isNear(near: CompiledNear, event: ChartEvent, deps: SelectDeps): Truth {
  const isMeant = (one: ChartEvent): boolean => (near.row.other !== true || one !== event) && (near.row.same !== true || one === event);
  const found = near.last === undefined ? anyNear(near, event, isMeant, deps) : isLastOf(near, near.last, event, deps);
  return near.row.absent === true ? notOf(found) : found;
}

function anyNear(near: CompiledNear, event: ChartEvent, isMeant: (one: ChartEvent) => boolean, deps: SelectDeps): Truth {
  return anyOf(
    near.events.flatMap((definition) => {
      const { yes, maybe } = selectEvents(definition, deps);
      return [
        ...pickAnchors(definition, yes)
          .filter(isMeant)
          .map((one) => relate(near, event, one)),
        ...maybe.filter(isMeant).map((one): Truth => (relate(near, event, one) === 'no' ? 'no' : 'unknown')),
        deps.chart.whyIncomplete(definition.lists) === undefined ? 'no' : 'unknown',
      ] as const;
    }),
  );
}

/** Is the last of those in this relation one of the wanted? Of one instant, any of them. */
function isLastOf(near: CompiledNear, wanted: readonly CompiledEvent[], event: ChartEvent, deps: SelectDeps): Truth {
  const all = near.events.map((definition) => selectEvents(definition, deps));
  const sure = all.flatMap(({ yes }) => yes);
  const related = sure.filter((one) => relate(near, event, one) === 'yes');
  const latest = Math.max(...related.map(orderOf));
  const isOpen = [...all.flatMap(({ maybe }) => maybe), ...sure].some((one) => relate(near, event, one) !== 'no' && !related.includes(one));
  if (isOpen || near.events.some(({ lists }) => deps.chart.whyIncomplete(lists) !== undefined)) return 'unknown';
  const last = related.filter((one) => orderOf(one) === latest);
  const fitting = wanted.map((definition) => selectEvents(definition, deps));
  if (fitting.some(({ yes }) => last.some((one) => yes.includes(one)))) return 'yes';
  return fitting.some(({ maybe }) => last.some((one) => maybe.includes(one))) ? 'unknown' : 'no';
}

/** Of a definition that chooses, only the chosen one is an anchor. */
export function pickAnchors({ row }: CompiledEvent, events: readonly ChartEvent[]): readonly ChartEvent[] {
  if (row.choose !== 'first' && row.choose !== 'last') return events;
  const best = row.choose === 'first' ? Math.min(...events.map(orderOf)) : Math.max(...events.map(orderOf));
  // Of one instant, all: which of them stands first in the chart must not matter.
  return events.filter((event) => orderOf(event) === best);
}

function orderOf(event: ChartEvent): number {
  return Number.isFinite(event.at) ? event.at : event.start.min * 86_400_000;
}

function relate({ row, relations }: CompiledNear, event: ChartEvent, anchor: ChartEvent): Truth {
  const overlap: readonly Truth[] = row.overlaps === true ? [isInRange(event, { from: anchor.start, to: anchor.end }, 'overlap')] : [];
  return allOf([...overlap, ...relations.map((relation) => isInRelation(relation, event, anchor))]);
}

function isInRelation({ own, its, from, to }: CompiledRelation, event: ChartEvent, anchor: ChartEvent): Truth {
  const edge = anchor[its];
  const range = {
    from: from === undefined ? { min: Number.NEGATIVE_INFINITY, max: Number.NEGATIVE_INFINITY } : moved(edge, from),
    to: to === undefined ? { min: Number.POSITIVE_INFINITY, max: Number.POSITIVE_INFINITY } : moved(edge, to),
  };
  return isInRange({ start: event[own], end: event[own] }, range, 'start');
}
