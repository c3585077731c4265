/** One process per data folder: the embedded database has no lock of its own and two writers damage it. */
import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StartError } from '../errors.js';
import { codeOf } from './secret.js';

/** Takes the lock, also over one that a dead process left. @throws StartError when a live process holds it. */
export async function takeLock(dataDir: string): Promise<() => Promise<void>> {
  const file = join(dataDir, 'lock');
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      const handle = await open(file, 'wx', 0o600);
      await handle.writeFile(String(process.pid));
      await handle.close();
      return () => rm(file, { force: true });
    } catch (cause) {
      if (codeOf(cause) !== 'EEXIST') throw new StartError(`the data folder ${dataDir} cannot be written (${codeOf(cause)})`, { cause });
      const holder = Number((await readFile(file, 'utf8').catch(() => '')).trim());
      if (isAlive(holder))
        throw new StartError(`the data folder ${dataDir} is used by another whycard (process ${holder}); stop it, or set DATA_DIR to another folder`);
      await rm(file, { force: true });
    }
  }
  throw new StartError(`the data folder ${dataDir} is locked`);
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}
