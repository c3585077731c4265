/** What the schemas of single files cannot see: references between rows, trees that are not read-once, words that grow too long. */
import { StartError } from '../errors.js';
import type { Code } from '../types.js';
import type { GapRow } from './schema.js';

/** Exact enumeration in a hook: 2^12 values (architecture §4). */
const maxPlayers = 12;

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
