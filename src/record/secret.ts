/** The secret that keys every hash and the run archive, and the hashing itself. Knows nothing of what is hashed. */
import { createHmac, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartError } from '../errors.js';

/** 32 random bytes, made at the first start and kept in the data folder, readable by its owner only. */
export async function loadSecret(dataDir: string): Promise<Buffer> {
  if (dataDir === 'memory') return randomBytes(32);
  const file = join(dataDir, 'secret');
  const unusable = (cause: unknown): never => {
    throw new StartError(`the data folder ${dataDir} cannot be written or read (${codeOf(cause)})`, { cause });
  };
  await mkdir(dataDir, { recursive: true }).catch(unusable);
  const made = randomBytes(32);
  // Exclusive: a secret that is there is never written over.
  await writeFile(file, made, { flag: 'wx', mode: 0o600 }).catch((cause: unknown) => (codeOf(cause) === 'EEXIST' ? undefined : unusable(cause)));
  const secret = await readFile(file).catch(unusable);
  if (secret.length !== 32) throw new StartError(`the file ${file} is damaged: it must hold 32 bytes`);
  return secret;
}

/** HMAC-SHA256 in hex. `domain` keeps the hash of a patient from being compared with that of anything else. */
export function hashWith(secret: Buffer, domain: string, value: string): string {
  return createHmac('sha256', secret).update(domain).update('\0').update(value).digest('hex');
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
}
