/** Days as whole numbers: what windows are made of. Knows partial dates (a year is a span of days) and the calendar, no rule. */
import type { Truth } from '../../types.js';
import { toSpan } from '../dates.js';

/** Days since 1970; both ends may be infinite. */
export interface DaySpan {
  readonly min: number;
  readonly max: number;
}

const dayMs = 86_400_000;
export const ever: DaySpan = { min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY };

export function toDay(ms: number): number {
  return Math.floor(ms / dayMs);
}

/** A FHIR date, dateTime or instant as the days that it may mean. */
export function toDays(value: unknown): DaySpan | undefined {
  const span = toSpan(value);
  return span === undefined ? undefined : { min: toDay(span.from), max: toDay(span.to) };
}

export type Unit = 'd' | 'm' | 'y';
export interface Offset {
  readonly amount: number;
  readonly unit: Unit;
}

/** The 31st becomes the last day of a shorter month. */
export function shift(day: number, { amount, unit }: Offset): number {
  if (!Number.isFinite(day) || amount === 0) return day;
  if (unit === 'd') return day + amount;
  const date = new Date(day * dayMs);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + amount * (unit === 'y' ? 12 : 1)];
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return toDay(Date.UTC(year, month, Math.min(date.getUTCDate(), last)));
}

/** Completed months between two days. */
export function monthsBetween(from: number, to: number): number {
  const [a, b] = [new Date(from * dayMs), new Date(to * dayMs)];
  const months = (b.getUTCFullYear() - a.getUTCFullYear()) * 12 + b.getUTCMonth() - a.getUTCMonth();
  return b.getUTCDate() < a.getUTCDate() ? months - 1 : months;
}

/** Is a moment that lies somewhere in `moment` on or before `day`? */
export function isBy(moment: DaySpan, day: number): Truth {
  if (moment.max <= day) return 'yes';
  return moment.min > day ? 'no' : 'unknown';
}

export function isFrom(moment: DaySpan, day: number): Truth {
  if (moment.min >= day) return 'yes';
  return moment.max < day ? 'no' : 'unknown';
}
