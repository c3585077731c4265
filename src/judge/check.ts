/** What the schemas of single files cannot see: two rows of one id. */
import { StartError } from '../errors.js';

/** @throws StartError naming the id that stands twice */
export function indexById<R extends { readonly id: string }>(file: string, rows: readonly R[]): ReadonlyMap<string, R> {
  const found = new Map<string, R>();
  rows.forEach((row, at) => {
    if (found.has(row.id)) throw new StartError(`${file}: row ${at + 1}, id: ${row.id} stands twice`);
    found.set(row.id, row);
  });
  return found;
}
