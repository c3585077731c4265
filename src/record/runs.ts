/** The run archive for the app: encrypted, bound to one patient, short-lived. Knows nothing of what a run says. */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { desc, eq, lt } from 'drizzle-orm';
import type { Clock, Database, RunDocument } from '../types.js';
import { runs } from './schema.js';
import { hashWith } from './secret.js';

const lifetimeMs = 24 * 3_600_000;
const nonceBytes = 12;
const tagBytes = 16;

export interface RunArchive {
  /** `patient` is `base|id`: it is hashed, and the run opens for no other. */
  put(document: RunDocument, patient: string): Promise<void>;
  get(run: string, patient: string): Promise<RunDocument | undefined>;
  /** The last that was put for this patient. */
  latest(patient: string): Promise<RunDocument | undefined>;
}

export function createRunArchive({ db, secret, clock }: { readonly db: Database; readonly secret: Buffer; readonly clock: Clock }): RunArchive {
  const key = Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), 'run archive', 32));
  const bindingOf = (run: string, patientHash: string): Buffer => Buffer.from(`${run}|${patientHash}`);
  let nextPruneAt = 0;
  const prune = async (now: Date): Promise<void> => {
    if (now.getTime() < nextPruneAt) return;
    nextPruneAt = now.getTime() + lifetimeMs / 24;
    await db.delete(runs).where(lt(runs.expiresAt, now));
  };
  function unseal(row: typeof runs.$inferSelect, patient: string): RunDocument | undefined {
    const patientHash = hashWith(secret, 'patient', patient);
    if (row.patientHash !== patientHash || row.expiresAt <= clock()) return undefined;
    const sealed = Buffer.from(row.sealed);
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes))
        .setAAD(bindingOf(row.run, patientHash))
        .setAuthTag(sealed.subarray(-tagBytes));
      return JSON.parse(Buffer.concat([decipher.update(sealed.subarray(nonceBytes, -tagBytes)), decipher.final()]).toString('utf8'));
    } catch {
      // Written under another secret, or changed since: there is no such run for us.
      return undefined;
    }
  }
  return {
    async put(document, patient) {
      const now = clock();
      await prune(now);
      const patientHash = hashWith(secret, 'patient', patient);
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(bindingOf(document.run, patientHash));
      const sealed = Buffer.concat([nonce, cipher.update(JSON.stringify(document), 'utf8'), cipher.final(), cipher.getAuthTag()]);
      await db.insert(runs).values({ run: document.run, patientHash, expiresAt: new Date(now.getTime() + lifetimeMs), sealed });
    },
    async get(run, patient) {
      const [row] = await db.select().from(runs).where(eq(runs.run, run));
      return row === undefined ? undefined : unseal(row, patient);
    },
    async latest(patient) {
      const patientHash = hashWith(secret, 'patient', patient);
      const [row] = await db.select().from(runs).where(eq(runs.patientHash, patientHash)).orderBy(desc(runs.expiresAt)).limit(1);
      return row === undefined ? undefined : unseal(row, patient);
    },
  };
}
