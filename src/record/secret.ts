/** The secret that keys every hash and the run archive, and the hashing itself. Knows nothing of what is hashed. */
import { createHmac, randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartError } from '../errors.js';

/** 32 random bytes, made at the first start and kept in the data folder, readable by its owner only. */
export async function loadSecret(dataDir: string): Promise<Buffer> {
  if (dataDir === 'memory') return randomBytes(32);
  const file = join(dataDir, 'secret');
  try {
    await mkdir(dataDir, { recursive: true });
    const handle = await open(file, 'wx', 0o600);
    await handle.writeFile(randomBytes(32));
    await handle.close();
  } catch (cause) {
    if (!isCode(cause, 'EEXIST')) throw new StartError(`the data folder ${dataDir} cannot be written (${codeOf(cause)})`, { cause });
  }
  const secret = await readFile(file);
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

function isCode(error: unknown, code: string): boolean {
  return codeOf(error) === code;
}
