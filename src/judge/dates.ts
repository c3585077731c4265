/** Where a dated event lies relative to a window. Knows partial dates: a year is a span of days, and may be half inside. */
import type { Truth } from '../types.js';

export interface Span {
  readonly from: number;
  readonly to: number;
}

const dateTime = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T.+)?)?)?$/;

/** FHIR `dateTime` or `instant` as the milliseconds it may mean; undefined where it is none. {@link https://hl7.org/fhir/R4/datatypes.html#dateTime} */
export function toSpan(value: unknown): Span | undefined {
  if (typeof value !== 'string') return undefined;
  const [whole, year, month, day] = dateTime.exec(value) ?? [];
  if (whole === undefined || year === undefined) return undefined;
  if (whole.includes('T')) {
    const instant = Date.parse(whole);
    return Number.isNaN(instant) ? undefined : { from: instant, to: instant };
  }
  const from = Date.parse(whole);
  if (Number.isNaN(from)) return undefined;
  const [y, m, d] = [Number(year), Number(month ?? 1) - 1, Number(day ?? 1)];
  const next = month === undefined ? Date.UTC(y + 1, 0, 1) : day === undefined ? Date.UTC(y, m + 1, 1) : Date.UTC(y, m, d + 1);
  return { from, to: next - 1 };
}

/** Did it happen within so many months before now? An undated event may have: unknown. One that lies in the future has not happened: no. */
export function isWithin(span: Span | undefined, months: number | undefined, now: Date): Truth {
  if (span === undefined) return months === undefined ? 'yes' : 'unknown';
  // A day that is today ends after now.
  if (span.from > now.getTime()) return 'no';
  if (months === undefined) return 'yes';
  const start = startOfWindow(months, now);
  if (span.to < start) return 'no';
  return span.from >= start ? 'yes' : 'unknown';
}

/** The day so many months ago, whole: done ten years ago to the day still counts. The 31st becomes the last day of a shorter month. */
function startOfWindow(months: number, now: Date): number {
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth() - months];
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(now.getUTCDate(), lastDay));
}

/** Completed years between a birth date, which may be a year or a month only, and now: the least and the most it can be. */
export function ageInYears(birth: Span, now: Date): { readonly min: number; readonly max: number } {
  return { min: yearsBetween(new Date(birth.to), now), max: yearsBetween(new Date(birth.from), now) };
}

function yearsBetween(from: Date, to: Date): number {
  const years = to.getUTCFullYear() - from.getUTCFullYear();
  const hadBirthday = to.getUTCMonth() > from.getUTCMonth() || (to.getUTCMonth() === from.getUTCMonth() && to.getUTCDate() >= from.getUTCDate());
  return hadBirthday ? years : years - 1;
}
