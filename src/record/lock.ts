/** Lets one process at a time use a data folder. Knows nothing of what lies in the folder. */
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartError } from '../errors.js';
import { codeOf } from './failure.js';

/** The processes of this machine. `startOf`: something that differs between two processes of one number; undefined when there is none. */
export interface Processes {
  readonly own: number;
  startOf(pid: number): Promise<string | undefined>;
}

export function createProcesses(): Processes {
  return {
    own: process.pid,
    async startOf(pid) {
      try {
        process.kill(pid, 0);
      } catch (error) {
        // EPERM: it lives and belongs to somebody else.
        if (codeOf(error) !== 'EPERM') return undefined;
      }
      try {
        // proc(5): field 22 is the start time; the name in parentheses may hold spaces. Numbers are used again: in a container each start is process 1.
        const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
        return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? 'alive';
      } catch {
        return 'alive';
      }
    },
  };
}

export interface Lock {
  release(): Promise<void>;
}

export async function takeLock(dataDir: string, processes: Processes): Promise<Lock> {
  const file = join(dataDir, 'lock');
  const own = `${processes.own} ${(await processes.startOf(processes.own)) ?? 'alive'}\n`;
  // Two tries: one may find the lock of a dead process and clear it away.
  for (let attempt = 0; attempt < 2; attempt++) {
    if (await createWhole(file, own)) return { release: () => releaseLock(file, own) };
    const found = await readLock(file);
    const holder = await liveHolder(found, processes);
    if (holder !== undefined) throw new StartError(`the data folder ${JSON.stringify(dataDir)} (DATA_DIR) is used by another whycard (pid ${holder})`);
    if (found !== undefined) await clearStale(file, found, processes.own);
  }
  throw new StartError(`the data folder ${JSON.stringify(dataDir)} (DATA_DIR) was just taken by another whycard`);
}

/** The lock appears with its content or not at all; a reader never sees it half written. False when there is one. */
async function createWhole(file: string, content: string): Promise<boolean> {
  const draft = `${file}.${content.split(' ')[0]}`;
  try {
    await writeFile(draft, content, { mode: 0o600 });
    await link(draft, file);
    return true;
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST') return false;
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(code)) throw error;
    return await createPlain(file, content);
  } finally {
    await rm(draft, { force: true });
  }
}

/** For file systems without hard links. */
async function createPlain(file: string, content: string): Promise<boolean> {
  try {
    await writeFile(file, content, { mode: 0o600, flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

async function readLock(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** The number of the process that holds the lock and lives. A lock that says nothing readable holds nobody off for ever. */
async function liveHolder(content: string | undefined, processes: Processes): Promise<number | undefined> {
  const match = /^(\d{1,10})(?: (\S+))?\s*$/.exec(content ?? '');
  if (match === null) return undefined;
  const pid = Number(match[1]);
  const start = await processes.startOf(pid);
  if (start === undefined) return undefined;
  const recorded = match[2];
  const isAnother = recorded !== undefined && recorded !== 'alive' && start !== 'alive' && recorded !== start;
  return isAnother ? undefined : pid;
}

/** Moves the stale lock aside; if in the meantime another process cleared it and put its own there, that one goes back. */
async function clearStale(file: string, stale: string, own: number): Promise<void> {
  const aside = `${file}.stale.${own}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  if ((await readLock(aside)) !== stale) await rename(aside, file);
  else await rm(aside, { force: true });
}

async function releaseLock(file: string, own: string): Promise<void> {
  if ((await readLock(file)) === own) await rm(file, { force: true });
}
