/** Days as a card writes them, no more exact than the record. Knows FHIR dates, nothing of what happened on them. */
import type { FhirResource } from 'fhir/r4.js';

type Fields = Readonly<Record<string, unknown>>;

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
/** When something happened, and only where that is not said, when it was written. Of a period the end. */
const whenFields = [
  'performedDateTime',
  'performedPeriod',
  'effectiveDateTime',
  'effectiveInstant',
  'effectivePeriod',
  'occurrenceDateTime',
  'occurrencePeriod',
  'whenHandedOver',
  'onsetDateTime',
  'period',
  'start',
  'authoredOn',
  'recordedDate',
  'issued',
] as const;

/** A FHIR date of whatever precision: `2015`, `2015-05`, `2015-05-12`; undefined where none is written. */
export function dayOf(resource: FhirResource | undefined, fields: readonly string[] = whenFields): string | undefined {
  if (resource === undefined) return undefined;
  const found = resource as unknown as Fields;
  return fields.flatMap((name) => toDay(found[name])).at(0);
}

/** When an order was written, not when it is to be done. */
export const writtenOn = (resource: FhirResource | undefined): string | undefined => dayOf(resource, ['authoredOn', 'created', 'recordedDate']);

function toDay(value: unknown): readonly string[] {
  if (typeof value === 'string') return /^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?(T|$)/.test(value) ? [value.slice(0, 10)] : [];
  if (typeof value !== 'object' || value === null) return [];
  const { end, start } = value as Fields;
  return [...toDay(end), ...toDay(start)];
}

/** `12 May 2015`, `May 2015`, `2015`: no two countries read it differently. */
export function writeDay(day: string): string {
  const [year = '', month, date] = day.split('-');
  return [date === undefined ? undefined : String(Number(date)), month === undefined ? undefined : months[Number(month) - 1], year]
    .filter((part) => part !== undefined)
    .join(' ');
}

export function isoDay(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/** So many months later, in the same precision. The 31st becomes the last day of a shorter month. */
export function addMonths(day: string, count: number): string {
  const [year = 0, month, date] = day.split('-').map(Number);
  if (month === undefined) return String(year + Math.floor(count / 12));
  const moved = new Date(Date.UTC(year, month - 1 + count, 1));
  const yearAndMonth = `${moved.getUTCFullYear()}-${String(moved.getUTCMonth() + 1).padStart(2, '0')}`;
  if (date === undefined) return yearAndMonth;
  const lastDate = new Date(Date.UTC(moved.getUTCFullYear(), moved.getUTCMonth() + 1, 0)).getUTCDate();
  return `${yearAndMonth}-${String(Math.min(date, lastDate)).padStart(2, '0')}`;
}

export function addDays(now: Date, count: number): Date {
  return new Date(now.getTime() + count * 86_400_000);
}
