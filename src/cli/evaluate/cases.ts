/** Reads published test patients, one JSON object a line, plain or gzipped. Knows their form; a broken line is named and left out. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { FhirResource } from 'fhir/r4.js';
import { z } from 'zod';
import { CommandError } from '../ehr.js';

export type Half = 'open' | 'sealed' | 'all';

/** Some write whether, some how many. */
const count = z.union([z.number(), z.boolean().transform(Number), z.null().transform(() => 0)]);
const counts = z.record(z.string(), count);
/** A day, or an instant in it. */
const day = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d/, 'must begin with a date')
  .transform((text) => text.slice(0, 10))
  .pipe(z.iso.date());
const caseLine = z.object({
  id: z.string().min(1),
  measure: z.string().min(1),
  period: z.object({ start: day, end: day }),
  description: z.string().nullish(),
  /** One group a member, `{ "0": { … } }`; or all groups in one object. */
  expected: z.union([z.array(z.record(z.string(), counts)), z.record(z.string(), counts)]),
  bundle: z.object({ entry: z.array(z.object({ resource: z.looseObject({ resourceType: z.string() }) })).min(1) }),
});

export interface Case {
  readonly id: string;
  readonly measure: string;
  readonly start: Date;
  readonly end: Date;
  readonly description: string;
  /** Population counts by group. */
  readonly expected: ReadonlyMap<number, Readonly<Record<string, number>>>;
  readonly resources: readonly FhirResource[];
}

export interface CaseFile {
  readonly cases: readonly Case[];
  /** `cases.ndjson, line 7: expected must be …` */
  readonly broken: readonly string[];
}

export async function readCases(path: string, half: Half): Promise<CaseFile> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new CommandError(`${path} cannot be read.`, { cause });
  });
  const name = basename(path);
  const cases: Case[] = [];
  const broken: string[] = [];
  for (const [at, line] of unpack(bytes, name).split('\n').entries()) {
    if (line.trim() === '') continue;
    const value = parseJson(line);
    const parsed = caseLine.safeParse(value);
    if (value === undefined) broken.push(`${name}, line ${at + 1}: is not JSON`);
    else if (!parsed.success) {
      const issue = parsed.error.issues[0];
      broken.push(`${name}, line ${at + 1}: ${issue?.path.join('.') || 'the line'} ${issue?.message ?? 'is wrong'}`);
    } else if (half === 'all' || isSealed(parsed.data) === (half === 'sealed')) cases.push(toCase(parsed.data));
  }
  return { cases, broken };
}

/** Half of the cases of each measure, drawn by a hash: rules are written with the open half before one's eyes. */
function isSealed({ measure, id }: { readonly measure: string; readonly id: string }): boolean {
  const [first = 0] = createHash('sha256').update(`${measure}/${id}`).digest();
  return first >= 128;
}

function unpack(bytes: Buffer, name: string): string {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes.toString('utf8');
  try {
    return gunzipSync(bytes).toString('utf8');
  } catch (cause) {
    throw new CommandError(`${name} is no whole gzip file.`, { cause });
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function toCase({ id, measure, period, description, expected, bundle }: z.output<typeof caseLine>): Case {
  const groups = (Array.isArray(expected) ? expected : [expected]).flatMap((one) => Object.entries(one));
  return {
    id,
    measure,
    start: new Date(`${period.start}T00:00:00.000Z`),
    end: new Date(`${period.end}T23:59:59.999Z`),
    description: description ?? '',
    // By number, or by a name of the group: then they stand in order.
    expected: new Map(groups.map(([group, populations], at) => [/^\d+$/.test(group) ? Number(group) : at, populations])),
    // Parsed as far as criteria need: they read every field of a resource as unknown.
    resources: bundle.entry.map(({ resource }) => resource as unknown as FhirResource),
  };
}
