/** What the schemas of single files cannot see: references between rows, trees that are not read-once, words that grow too long. */
import { StartError } from '../errors.js';
import type { Code } from '../types.js';
import type { GapRow, IngredientRow, InteractionRow } from './schema.js';

/** Exact enumeration in a hook: 2^12 values (architecture §4). */
const maxPlayers = 12;
const maxSummary = 139;

/** @throws StartError naming the id that stands twice */
export function indexById<R extends { readonly id: string }>(file: string, rows: readonly R[]): ReadonlyMap<string, R> {
  const found = new Map<string, R>();
  rows.forEach((row, at) => {
    if (found.has(row.id)) throw new StartError(`${file}: row ${at + 1}, id: ${row.id} stands twice`);
    found.set(row.id, row);
  });
  return found;
}

export function checkGaps(file: string, gaps: readonly GapRow[], criteria: ReadonlyMap<string, unknown>, reasons: ReadonlyMap<string, Code>): void {
  indexById(file, gaps);
  gaps.forEach((gap, at) => {
    const fault = (field: string, what: string): StartError => new StartError(`${file}: row ${at + 1} (${gap.id}), ${field}: ${what}`);
    const leaves = [...gap.requires, ...gap.exempt, ...gap.closedBy];
    for (const id of leaves) if (!criteria.has(id)) throw fault('requires, exempt, closedBy', `there is no criterion ${id}`);
    if (new Set(leaves).size < leaves.length) throw fault('requires, exempt, closedBy', 'no criterion may stand twice in a tree');
    // One player a criterion, and one for the silence of each group; readings against a group join its silence.
    if (leaves.length + 2 > maxPlayers)
      throw fault('requires, exempt, closedBy', `at most ${maxPlayers - 2} criteria, or the explanation is not exact in time`);
    for (const code of gap.overrideReasons) if (!reasons.has(code)) throw fault('overrideReasons', `there is no reason ${code}`);
  });
}

export function checkInteractions(
  file: string,
  rows: readonly InteractionRow[],
  ingredients: ReadonlyMap<string, IngredientRow>,
  reasons: ReadonlyMap<string, Code>,
): void {
  indexById(file, rows);
  rows.forEach((row, at) => {
    const fault = (field: string, what: string): StartError => new StartError(`${file}: row ${at + 1} (${row.id}), ${field}: ${what}`);
    for (const id of [...row.a, ...row.b, ...(row.replacements ?? []).map((one) => one.for)])
      if (!ingredients.has(id)) throw fault('a, b, replacements', `there is no ingredient ${id}`);
    if (row.a.some((id) => row.b.includes(id))) throw fault('a, b', 'an ingredient does not interact with itself');
    for (const code of row.overrideReasons) if (!reasons.has(code)) throw fault('overrideReasons', `there is no reason ${code}`);
    const longest = Math.max(...row.a.flatMap((a) => row.b.map((b) => summarise(row, ingredients.get(a), ingredients.get(b)).length)));
    if (longest > maxSummary) throw fault('risk', `makes a summary of ${longest} characters, at most ${maxSummary}`);
  });
}

/** `Warfarin with ibuprofen: bleeding risk` */
export function summarise(row: InteractionRow, a: IngredientRow | undefined, b: IngredientRow | undefined): string {
  const text = `${a?.name} with ${b?.name}: ${row.risk}`;
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
