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
  // 31 February is no date, and not 3 March either.
  if (m > 11 || m < 0 || new Date(Date.UTC(y, m, d)).getUTCDate() !== d) return undefined;
  if (time !== undefined) {
    // FHIR wants an offset with every time; without one it is UTC, never the zone of the machine.
    const instant = new Date(/(?:Z|[+-]\d{2}:\d{2})$/.test(time) ? text : `${text}Z`);
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
  return { min: bound(monthsBetween(to, now)), max: bound(monthsBetween(from, now)) };
}

/** What was more than 89 years ago would tell the age of those in the last bucket ("born in 1930"): it is all 90 years ago. */
const oldestMonths = 1080;
const bound = (months: number): number => Math.min(oldestMonths, Math.max(0, months));

export function monthsBetween(from: Date, to: Date): number {
  const months = (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth();
  return to.getUTCDate() < from.getUTCDate() ? months - 1 : months;
}

/** 'this month', '3 months ago', '4 years ago', 'between 3 and 14 months ago'. */
export function describeAge({ min, max }: AgeMonths): string {
  const years = (months: number): number => Math.floor(months / 12);
  if (max < 1) return 'this month';
  if (min >= oldestMonths) return '90 or more years ago';
  if (max >= oldestMonths) return min < 24 ? `${count(min, 'month')} or longer ago` : `more than ${count(years(min), 'year')} ago`;
  if (max - min <= 1) return max < 24 ? `${count(max, 'month')} ago` : `${count(years(max), 'year')} ago`;
  if (max < 24) return `between ${min} and ${max} months ago`;
  return years(min) === years(max) ? `${count(years(max), 'year')} ago` : `between ${years(min)} and ${years(max)} years ago`;
}

function count(number: number, unit: string): string {
  return `${number} ${unit}${number === 1 ? '' : 's'}`;
}
