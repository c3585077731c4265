/** Reads tables back as text for the tests of the store. Knows nothing of their meaning. */
import { type SQL, sql } from 'drizzle-orm';
import type { Database } from '../../src/types.js';

export async function rowsOf(db: Database, query: SQL): Promise<readonly Record<string, unknown>[]> {
  const result = (await db.execute(query)) as unknown as { readonly rows: readonly Record<string, unknown>[] };
  return result.rows;
}

/** Every row of every table as text. */
export async function dumpTables(db: Database): Promise<string> {
  const tables = await rowsOf(db, sql`select table_name from information_schema.tables where table_schema = 'public'`);
  const parts: string[] = [];
  for (const table of tables)
    parts.push(JSON.stringify(await rowsOf(db, sql`select t::text as row from ${sql.identifier(String(table['table_name']))} t`)));
  return parts.join('\n');
}
