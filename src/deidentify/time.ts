/** Dates as months before now. Knows FHIR's partial dates and UTC, nothing of who they belong to. */

export interface AgeMonths {
  readonly min: number;
  readonly max: number;
}

export interface Span {
  readonly from: Date;
  readonly to: Date;
}

/** FHIR `dateTime`: a year, a month, a day or an instant, as the span it may mean, in UTC. {@link https://hl7.org/fhir/R4/datatypes.html#dateTime} */
export function toSpan(text: unknown): Span | undefined {
  if (typeof text !== 'string') return undefined;
  const parts = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(T.*)?)?)?$/.exec(text);
  if (parts === null) return undefined;
  const [, year = '', month, day, time] = parts;
  const [y, m, d] = [Number(year), Number(month ?? 1) - 1, Number(day ?? 1)];
  if (m > 11 || m < 0 || d > 31 || d < 1) return undefined;
  if (time !== undefined) {
    const instant = new Date(text);
    return Number.isNaN(instant.getTime()) ? undefined : { from: instant, to: instant };
  }
  const from = new Date(Date.UTC(y, m, d));
  const to = month === undefined ? Date.UTC(y + 1, 0, 1) : day === undefined ? Date.UTC(y, m + 1, 1) : Date.UTC(y, m, d + 1);
  return { from, to: new Date(to - 1) };
}

/** Whole months between a span and now; undefined when it may lie in the future. */
export function ageOf({ from, to }: Span, now: Date): AgeMonths | undefined {
  // A day of today ends after now: that is still today.
  if (from.getTime() > now.getTime()) return undefined;
  return { min: Math.max(0, monthsBetween(to, now)), max: monthsBetween(from, now) };
}

export function monthsBetween(from: Date, to: Date): number {
  const months = (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth();
  return to.getUTCDate() < from.getUTCDate() ? months - 1 : months;
}

/** 'this month', '3 months ago', '4 years ago', 'between 3 and 14 months ago'. */
export function describeAge({ min, max }: AgeMonths): string {
  const years = (months: number): number => Math.floor(months / 12);
  if (max < 1) return 'this month';
  if (max - min <= 1) return max < 24 ? `${count(max, 'month')} ago` : `${count(years(max), 'year')} ago`;
  if (max < 24) return `between ${min} and ${max} months ago`;
  return years(min) === years(max) ? `${count(years(max), 'year')} ago` : `between ${years(min)} and ${years(max)} years ago`;
}

function count(number: number, unit: string): string {
  return `${number} ${unit}${number === 1 ? '' : 's'}`;
}
