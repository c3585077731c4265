/** Dates, ages and coded concepts in words. Knows nothing of lists or pages. */
import { textAt } from '../json-value.js';

const dayFormat = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

/** The day as written: an instant is not moved into the reader's zone, nor a date into the evening before. */
export function sayDay(date: string | undefined): string | undefined {
  if (date === undefined || !/^\d{4}-\d{2}-\d{2}/.test(date)) return date;
  const day = new Date(`${date.slice(0, 10)}T00:00:00Z`);
  return Number.isNaN(day.getTime()) ? date : dayFormat.format(day);
}

export function sayAge(birthDate: string | undefined, now: Date): string | undefined {
  const [year, month = 1, day = 1] = (birthDate ?? '').split('-').map(Number);
  if (year === undefined || !(year > 1800)) return undefined;
  const hasHadBirthday = now.getMonth() + 1 > month || (now.getMonth() + 1 === month && now.getDate() >= day);
  const years = now.getFullYear() - year - (hasHadBirthday ? 0 : 1);
  return `${years} ${years === 1 ? 'year' : 'years'}`;
}

export function sayConcept(resource: unknown, path: string): string {
  return textAt(resource, `${path}.text`) ?? textAt(resource, `${path}.coding.display`) ?? textAt(resource, `${path}.coding.code`) ?? 'not named';
}

export function countOf(count: number, noun: string): string {
  return `${count} ${count === 1 ? noun : `${noun}s`}`;
}

export function isHttp(url: string | undefined): url is string {
  return url !== undefined && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}
