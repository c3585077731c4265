/** Who the launch is about, in words, from a FHIR Patient. Knows nothing of runs. */
import * as z from 'zod/mini';

const humanName = z.object({
  use: z.optional(z.string()),
  text: z.optional(z.string()),
  family: z.optional(z.string()),
  given: z.optional(z.array(z.string())),
  suffix: z.optional(z.array(z.string())),
});
const schema = z.object({
  resourceType: z.literal('Patient'),
  id: z.string(),
  name: z.optional(z.array(humanName)),
  gender: z.optional(z.string()),
  birthDate: z.optional(z.string()),
  deceasedBoolean: z.optional(z.boolean()),
  deceasedDateTime: z.optional(z.string()),
});

export interface Banner {
  readonly name: string;
  readonly facts: readonly string[];
}

/** Undefined: the answer is not this very patient. */
export function readBanner(value: unknown, patient: string, now: Date): Banner | undefined {
  const parsed = schema.safeParse(value);
  if (!parsed.success || parsed.data.id !== patient) return undefined;
  const { gender, birthDate, deceasedBoolean, deceasedDateTime } = parsed.data;
  const isDeceased = deceasedBoolean === true || deceasedDateTime !== undefined;
  const age = isDeceased ? undefined : sayAge(birthDate, now);
  const born = birthDate === undefined ? 'date of birth not on record' : `born ${sayDate(birthDate)}`;
  const facts = [age, gender ?? 'sex not on record', born, isDeceased ? 'deceased' : undefined];
  return { name: sayName(parsed.data.name ?? []), facts: facts.filter((fact) => fact !== undefined) };
}

function sayName(names: readonly z.output<typeof humanName>[]): string {
  const preferred = ['official', 'usual', undefined].map((use) => names.find((name) => name.use === use)).find((name) => name !== undefined);
  const name = preferred ?? names[0];
  const parts = [...(name?.given ?? []), name?.family, ...(name?.suffix ?? [])];
  return name?.text ?? (parts.filter((part) => part !== undefined && part !== '').join(' ') || 'Name not on record');
}

const birthForm = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/;

/** In whole years; in months below two; with "about" where the record holds only a year or month. */
export function sayAge(birthDate: string | undefined, now: Date): string | undefined {
  const parts = birthForm.exec(birthDate ?? '');
  if (parts === null) return undefined;
  const [year, month, day] = [Number(parts[1]), Number(parts[2] ?? 1), Number(parts[3] ?? 1)];
  const months = (now.getFullYear() - year) * 12 + now.getMonth() + 1 - month - (now.getDate() < day ? 1 : 0);
  if (months < 0) return undefined;
  if (parts[3] === undefined) return `about ${countOf(Math.floor(months / 12), 'year')}`;
  return months < 24 ? countOf(months, 'month') : countOf(Math.floor(months / 12), 'year');
}

const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `12 May 1968`: no format in which day and month can be taken for one another. */
function sayDate(date: string): string {
  const parts = birthForm.exec(date);
  const month = monthNames[Number(parts?.[2]) - 1];
  return [parts?.[3] === undefined ? undefined : Number(parts[3]), month, parts?.[1] ?? date].filter((part) => part !== undefined).join(' ');
}

function countOf(count: number, noun: string): string {
  return `${count} ${count === 1 ? noun : `${noun}s`}`;
}
