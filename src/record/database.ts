/** Opens the store: PGlite in the process, or a Postgres by its address. Knows the tables of `schema.ts` and none of their rows. */
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { sql } from 'drizzle-orm';
import { drizzle as drizzlePostgres } from 'drizzle-orm/node-postgres';
import { drizzle as drizzleEmbedded } from 'drizzle-orm/pglite';
import pg from 'pg';
import { StartError } from '../errors.js';
import type { Database } from '../types.js';
import { takeLock } from './lock.js';
import { createTables } from './schema.js';
import { codeOf } from './secret.js';

export interface Store {
  readonly db: Database;
  /** Whether a query comes back. */
  answers(): Promise<boolean>;
  close(): Promise<void>;
}

export interface StoreOptions {
  /** A folder, or `memory`. */
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
  /** An empty database as a file, made by the build: unpacking it takes a third of the time of making one. Absent or missing: one is made. */
  readonly template?: string;
}

export async function openDatabase({ dataDir, databaseUrl, template }: StoreOptions): Promise<Store> {
  if (databaseUrl !== undefined) return openPostgres(databaseUrl);
  return dataDir === 'memory' ? openEmbedded(undefined, template) : openFolder(dataDir, template);
}

async function openFolder(dataDir: string, template: string | undefined): Promise<Store> {
  await mkdir(dataDir, { recursive: true }).catch((cause: unknown) => {
    throw new StartError(`the data folder ${dataDir} cannot be made (${codeOf(cause)})`, { cause });
  });
  const release = await takeLock(dataDir);
  try {
    const store = await openEmbedded(join(dataDir, 'database'), template);
    const close = async (): Promise<void> => {
      await store.close();
      await release();
    };
    return { ...store, close };
  } catch (cause) {
    await release();
    throw cause instanceof StartError
      ? cause
      : new StartError(`the embedded database in ${dataDir} cannot be opened: the disk is full or the folder is damaged`, { cause });
  }
}

/** Postgres would take 128 MB for its buffers; one writer with small rows needs a few, and the service as a whole stays small. */
const smallBuffers = ['shared_buffers = 8MB', 'wal_buffers = 256kB', 'max_connections = 4'] as const;

async function openEmbedded(folder: string | undefined, template: string | undefined): Promise<Store> {
  const isNew = folder === undefined || !existsSync(join(folder, 'PG_VERSION'));
  const loadDataDir =
    isNew && template !== undefined && existsSync(template) ? new Blob([await readFile(template)], { type: 'application/gzip' }) : undefined;
  // Relaxed durability: the answer does not wait for the disk. A crash can cost the last trail entries, never a card.
  const client = await PGlite.create({
    ...(folder === undefined ? {} : { dataDir: folder }),
    ...(loadDataDir === undefined ? {} : { loadDataDir }),
    relaxedDurability: true,
    postgresqlconf: [...smallBuffers],
  });
  const db = drizzleEmbedded(client);
  await createTables(db);
  return { db, answers: () => answers(db), close: () => client.close() };
}

async function openPostgres(databaseUrl: string): Promise<Store> {
  const pool = new pg.Pool({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000, max: 10 });
  // A connection that breaks while idle must not end the process; the next query says so.
  pool.on('error', () => {});
  const db = drizzlePostgres(pool);
  try {
    await createTables(db);
  } catch (cause) {
    await pool.end();
    throw new StartError('the database of DATABASE_URL cannot be reached or does not let us create tables', { cause });
  }
  return { db, answers: () => answers(db), close: () => pool.end() };
}

async function answers(db: Database): Promise<boolean> {
  return db.execute(sql`select 1`).then(
    () => true,
    () => false,
  );
}
