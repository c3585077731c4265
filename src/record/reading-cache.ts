/** Readings of the language model, kept under a keyed hash of their text. Knows verdicts, never a text. */
import { inArray } from 'drizzle-orm';
import type { Clock, Database } from '../types.js';
import { readings } from './schema.js';

interface Verdict {
  readonly supports: number;
  readonly contradicts: number;
}

/** Postgres takes 65,535 parameters a statement; a page of this size stays far below. */
const pageSize = 1000;

export function createReadingCache({ db, clock }: { readonly db: Database; readonly clock: Clock }) {
  return {
    async get(keys: readonly string[]): Promise<ReadonlyMap<string, Verdict>> {
      const found = new Map<string, Verdict>();
      for (let start = 0; start < keys.length; start += pageSize) {
        const rows = await db
          .select()
          .from(readings)
          .where(inArray(readings.key, keys.slice(start, start + pageSize)));
        for (const row of rows) found.set(row.key, { supports: row.supports, contradicts: row.contradicts });
      }
      return found;
    },
    async put(entries: ReadonlyMap<string, Verdict>): Promise<void> {
      const at = clock();
      const rows = [...entries].map(([key, { supports, contradicts }]) => ({ key, supports, contradicts, at }));
      for (let start = 0; start < rows.length; start += pageSize) {
        await db
          .insert(readings)
          .values(rows.slice(start, start + pageSize))
          .onConflictDoNothing();
      }
    },
  };
}
