/** Opens the store, embedded or on a Postgres server, with its tables in place. Knows nothing of what the rows mean. */
import { mkdir } from 'node:fs/promises';
import { StartError } from '../errors.js';
import type { Database } from '../types.js';
import { openEmbedded } from './embedded.js';
import { folderError, postgresError } from './failure.js';
import { createProcesses, type Lock, type Processes, takeLock } from './lock.js';
import { creation } from './schema.js';

export interface DatabaseOptions {
  readonly dataDir: string | 'memory';
  readonly databaseUrl: string | undefined;
  /** See `writeStoreTemplate`; without it an empty store is made from scratch. */
  readonly templateFile?: string | undefined;
  readonly processes?: Processes;
}

export interface Store {
  readonly db: Database;
  /** Rejects when the database does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export async function openDatabase(options: DatabaseOptions): Promise<Store> {
  return options.databaseUrl === undefined ? await openOwn(options) : await openPostgres(options.databaseUrl);
}

async function openOwn({ dataDir, templateFile, processes = createProcesses() }: DatabaseOptions): Promise<Store> {
  const lock = dataDir === 'memory' ? undefined : await lockFolder(dataDir, processes);
  try {
    const prepare = async (client: { exec(text: string): Promise<unknown> }): Promise<void> => {
      await client.exec(creation);
    };
    const client = await openEmbedded({ dataDir, templateFile, prepare });
    const { drizzle } = await import('drizzle-orm/pglite');
    let isOpen = true;
    const close = async (): Promise<void> => {
      if (!isOpen) return;
      isOpen = false;
      try {
        await client.close();
      } finally {
        await lock?.release();
      }
    };
    return { db: drizzle({ client }), ping: async () => void (await client.query('select 1')), close };
  } catch (error) {
    await lock?.release();
    throw error instanceof StartError ? error : new StartError('the database in memory cannot be started', { cause: error });
  }
}

async function lockFolder(dataDir: string, processes: Processes): Promise<Lock> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    return await takeLock(dataDir, processes);
  } catch (error) {
    throw folderError(dataDir, error);
  }
}

async function openPostgres(url: string): Promise<Store> {
  const { Pool } = await import('pg');
  const { drizzle } = await import('drizzle-orm/node-postgres');
  let pool: InstanceType<typeof Pool> | undefined;
  try {
    pool = new Pool({ connectionString: url, max: 10, connectionTimeoutMillis: 5000, statement_timeout: 10_000, application_name: 'whycard' });
    const opened = pool;
    // A connection that breaks while idle is replaced at the next query; without a listener it would end the process.
    opened.on('error', () => undefined);
    await opened.query(creation);
    return { db: drizzle({ client: opened }), ping: async () => void (await opened.query('select 1')), close: once(() => opened.end()) };
  } catch (error) {
    await pool?.end().catch(() => undefined);
    throw postgresError(error);
  }
}

function once(close: () => Promise<void>): () => Promise<void> {
  let closing: Promise<void> | undefined;
  return () => {
    closing ??= close();
    return closing;
  };
}
