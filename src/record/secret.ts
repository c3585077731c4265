/** Keeps the site's secret, from which all keys of the store come. Knows nothing of what is kept under it. */
import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartError } from '../errors.js';
import { codeOf, folderError } from './failure.js';

const length = 32;

/** Reads the secret of a data folder, or makes one that stays; for 'memory' one that goes with the process. */
export async function loadSecret(dataDir: string | 'memory'): Promise<Buffer> {
  if (dataDir === 'memory') return randomBytes(length);
  const file = join(dataDir, 'secret');
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    return (await readSecret(file, dataDir)) ?? (await makeSecret(file, dataDir));
  } catch (error) {
    throw folderError(dataDir, error);
  }
}

async function readSecret(file: string, dataDir: string): Promise<Buffer | undefined> {
  let secret: Buffer;
  try {
    secret = await readFile(file);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  // A new secret in its place would make every kept run and reading unreadable, so a person decides.
  if (secret.length !== length) {
    throw new StartError(`the file "secret" in the data folder ${JSON.stringify(dataDir)} (DATA_DIR) is damaged: it must hold ${length} bytes`);
  }
  if (((await stat(file)).mode & 0o077) !== 0) await chmod(file, 0o600);
  return secret;
}

/** Written aside and linked into place: a crash leaves no half secret, and of two processes the first one's stays. */
async function makeSecret(file: string, dataDir: string): Promise<Buffer> {
  const secret = randomBytes(length);
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    await writeFile(draft, secret, { mode: 0o600, flag: 'wx' });
    await link(draft, file).catch(async (error: unknown) => {
      if (['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(codeOf(error))) await writeFile(file, secret, { mode: 0o600, flag: 'wx' });
      else throw error;
    });
    return secret;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    return (await readSecret(file, dataDir)) ?? secret;
  } finally {
    await rm(draft, { force: true });
  }
}
