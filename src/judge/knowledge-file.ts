/** Reads one file of `cards/` and refuses it by file, row and field. Knows JSON and schemas, no clinical meaning. */
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { z } from 'zod';
import { StartError } from '../errors.js';

/** @throws StartError naming the file, and the row and field that are wrong */
export async function readKnowledgeFile<S extends z.ZodType>(file: string, schema: S): Promise<z.output<S>> {
  const parsed = schema.safeParse(parseJson(await readText(file), file));
  if (parsed.success) return parsed.data;
  const issue = deepest(parsed.error.issues[0]);
  throw new StartError(`${shortName(file)}: ${describePath(issue?.path ?? [])} ${issue?.message ?? 'is wrong'}`);
}

/** `care-gaps/gaps.json`: enough to find it, nothing of where the service is installed. */
export function shortName(file: string): string {
  return join(basename(dirname(file)), basename(file));
}

interface Issue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly errors?: readonly (readonly Issue[])[];
}

/** Of alternatives that all failed, the one that went furthest: what was meant. */
function deepest(issue: Issue | undefined): Issue | undefined {
  const alternatives = (issue?.errors ?? []).flatMap((one) => deepest(one[0]) ?? []);
  const [furthest] = [...alternatives].sort((a, b) => b.path.length - a.path.length);
  if (issue === undefined || furthest === undefined) return issue;
  return { path: [...issue.path, ...furthest.path], message: furthest.message };
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new StartError(`${shortName(file)} cannot be read`, { cause });
  }
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new StartError(`${shortName(file)} is not JSON`, { cause });
  }
}

/** `gaps, row 2, source.url`: rows are counted from one, as people do. */
function describePath(path: readonly PropertyKey[]): string {
  const parts = path.map((key) => (typeof key === 'number' ? `row ${key + 1}` : String(key)));
  return parts.join(', ') || 'the file';
}
