/** Opens the embedded Postgres, on disk or in memory. Knows nothing of the tables in it. */
import { mkdir, readdir, readFile, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { PGlite } from '@electric-sql/pglite';
import { damagedError, embeddedError, folderError } from './failure.js';

const unpack = promisify(gunzip);
/** What an empty database takes on disk, and its first log segment. */
const neededBytes = 96 * 1024 * 1024;

export interface EmbeddedOptions {
  readonly dataDir: string | 'memory';
  /** An empty database made at build time: initdb under WebAssembly takes 2-3 s and 400 MB of memory, unpacking takes 0.5 s. */
  readonly templateFile: string | undefined;
  /** Runs once the database answers: a new one counts as made only when this has passed. */
  readonly prepare: (client: PGlite) => Promise<void>;
}

export async function openEmbedded({ dataDir, templateFile, prepare }: EmbeddedOptions): Promise<PGlite> {
  if (dataDir === 'memory') return await openPrepared('memory://', await readTemplate(templateFile), prepare);
  const folder = join(dataDir, 'store');
  // Stands beside the database while it is being made: what a crash leaves half made has never held anything, and is made again.
  const unfinished = join(dataDir, 'store.unfinished');
  try {
    if (await exists(unfinished)) await rm(folder, { recursive: true, force: true });
    const isNew = await isEmptyFolder(folder);
    // Without its version file the database would be taken for an empty folder and written over.
    if (!isNew && !(await exists(join(folder, 'PG_VERSION')))) throw damagedError(dataDir);
    if (!isNew) return await openPrepared(folder, undefined, prepare);
    if ((await freeBytesOf(dataDir)) < neededBytes) throw folderError(dataDir, { code: 'ENOSPC' });
    await writeFile(unfinished, '');
    const client = await openPrepared(folder, await readTemplate(templateFile), prepare);
    await rm(unfinished, { force: true });
    return client;
  } catch (error) {
    throw embeddedError(dataDir, error, await freeBytesOf(dataDir));
  }
}

async function openPrepared(place: string, template: Blob | undefined, prepare: (client: PGlite) => Promise<void>): Promise<PGlite> {
  // Durability across a crash of the process stays: the database writes through to files of the system either way.
  const client = await PGlite.create(place, { relaxedDurability: true, ...(template === undefined ? {} : { loadDataDir: template }) });
  try {
    await prepare(client);
  } catch (error) {
    await client.close().catch(() => undefined);
    throw error;
  }
  return client;
}

/** A template that is missing or damaged costs time, not the start. */
async function readTemplate(file: string | undefined): Promise<Blob | undefined> {
  if (file === undefined) return undefined;
  try {
    return new Blob([new Uint8Array(await unpack(await readFile(file)))]);
  } catch {
    return undefined;
  }
}

/** Makes the template, unless the one there is younger than the database's own code. True when it was made. */
export async function writeStoreTemplate(file: string): Promise<boolean> {
  const code = await stat(fileURLToPath(import.meta.resolve('@electric-sql/pglite')));
  const present = await stat(file).catch(() => undefined);
  if (present !== undefined && present.mtimeMs > code.mtimeMs) return false;
  const client = await PGlite.create('memory://');
  const dump = await client.dumpDataDir('gzip');
  await client.close();
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, new Uint8Array(await dump.arrayBuffer()));
  await rename(draft, file);
  return true;
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

async function isEmptyFolder(folder: string): Promise<boolean> {
  return !(await exists(folder)) || (await readdir(folder)).length === 0;
}

async function freeBytesOf(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
