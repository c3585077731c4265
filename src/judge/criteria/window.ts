/** Windows of time as the knowledge writes them: `start-2y..end`. Knows their grammar and the clock that they are relative to. */
import type { Truth } from '../../types.js';
import { type DaySpan, isBy, isFrom, type Offset, shift, type Unit } from './days.js';
import { allOf } from './truth.js';

/** What windows are relative to. For cards `end` is now and `start` a year before it; for a measure they are those of its period. */
export interface Timeframe {
  readonly mode: 'guideline' | 'measure';
  readonly start: number;
  readonly end: number;
  readonly birth: DaySpan | undefined;
}

type Anchor = 'start' | 'end' | 'now' | 'birth';
export interface Edge {
  readonly anchor: Anchor;
  /** One after the other. */
  readonly offsets: readonly Offset[];
}
/** An absent edge is open. */
export interface Window {
  readonly from: Edge | undefined;
  readonly to: Edge | undefined;
}

/** `start-2y..end`, `..start+90d`, `birth+42d..birth+2y`, `start-8m..start+4m-1d` */
export const windowPattern = /^(?:(start|end|now|birth)((?:[+-]\d+[dmy])*))?\.\.(?:(start|end|now|birth)((?:[+-]\d+[dmy])*))?$/;
/** One edge of a window alone: a day. */
export const edgePattern = /^(start|end|now|birth)((?:[+-]\d+[dmy])*)$/;
/** `-3m`, `+14d`, `0d` */
export const offsetPattern = /^[+-]?\d+[dmy]$/;

export function parseOffset(text: string): Offset {
  return { amount: Number.parseInt(text, 10), unit: (text.at(-1) ?? 'd') as Unit };
}

/** Undefined: open. */
export function parseEdge(text: string): Edge | undefined {
  const [, anchor, offsets = ''] = edgePattern.exec(text) ?? [];
  return anchor === undefined ? undefined : { anchor: anchor as Anchor, offsets: (offsets.match(/[+-]\d+[dmy]/g) ?? []).map(parseOffset) };
}

export function parseWindow(text: string): Window {
  const [from = '', to = ''] = text.split('..');
  return { from: parseEdge(from), to: parseEdge(to) };
}

/** The window of a criterion that looks so many months back from now. */
export function monthsBack(months: number): Window {
  return { from: { anchor: 'end', offsets: [{ amount: -months, unit: 'm' }] }, to: { anchor: 'end', offsets: [] } };
}

/** Days, or undefined where the edge hangs on a birth date that is not on record. */
export interface Range {
  readonly from: DaySpan | undefined;
  readonly to: DaySpan | undefined;
}

const beginning: DaySpan = { min: Number.NEGATIVE_INFINITY, max: Number.NEGATIVE_INFINITY };
const eternity: DaySpan = { min: Number.POSITIVE_INFINITY, max: Number.POSITIVE_INFINITY };

export function resolveWindow({ from, to }: Window, frame: Timeframe): Range {
  return { from: from === undefined ? beginning : resolve(from, frame), to: to === undefined ? eternity : resolve(to, frame) };
}

/** The day that an edge means; undefined where it hangs on a birth date that is not on record. */
export function resolve({ anchor, offsets }: Edge, frame: Timeframe): DaySpan | undefined {
  const day = anchor === 'start' ? frame.start : frame.end;
  const anchored = anchor === 'birth' ? frame.birth : { min: day, max: day };
  return anchored === undefined ? undefined : offsets.reduce(moved, anchored);
}

export function moved(span: DaySpan, offset: Offset): DaySpan {
  return { min: shift(span.min, offset), max: shift(span.max, offset) };
}

export type Relation = 'start' | 'end' | 'overlap' | 'during';

interface Interval {
  readonly start: DaySpan;
  readonly end: DaySpan;
}

/** Does the event stand in this relation to the range? */
export function isInRange({ start, end }: Interval, { from, to }: Range, relation: Relation): Truth {
  if (from === undefined || to === undefined) return 'unknown';
  const first = relation === 'end' || relation === 'overlap' ? end : start;
  const last = relation === 'start' || relation === 'overlap' ? start : end;
  return allOf([isOnOrAfter(first, from), isOnOrBefore(last, to)]);
}

function isOnOrAfter(moment: DaySpan, edge: DaySpan): Truth {
  const [loosest, strictest] = [isFrom(moment, edge.min), isFrom(moment, edge.max)];
  return loosest === strictest ? loosest : 'unknown';
}

function isOnOrBefore(moment: DaySpan, edge: DaySpan): Truth {
  const [strictest, loosest] = [isBy(moment, edge.min), isBy(moment, edge.max)];
  return loosest === strictest ? loosest : 'unknown';
}
