/** The audit trail: who asked, which rules ran, what was shown. Knows patients and hook calls by keyed hash only. */
import { randomUUID } from 'node:crypto';
import type { CandidateId, CardKey, Clock, Composed, Database, RunId } from '../types.js';
import { issuedCards, trail } from './schema.js';
import { hashWith } from './secret.js';

interface Asked {
  readonly service: string;
  readonly hook: string;
  readonly hookInstance: string;
  readonly caller: string;
  /** `base|id`, hashed here before anything is written. */
  readonly patient: string;
}

export interface AnsweredEntry extends Asked {
  readonly run: RunId;
  readonly shown: Composed['shown'];
  readonly keys: ReadonlyMap<CandidateId, CardKey>;
  readonly findings: number;
  readonly unread: number;
  readonly reader: string;
  readonly scorer: string;
}

export interface WithheldEntry extends Asked {
  readonly reason: string;
}

export interface Trail {
  answered(entry: AnsweredEntry): Promise<void>;
  withheld(entry: WithheldEntry): Promise<void>;
}

export function createTrail({ db, secret, clock }: { readonly db: Database; readonly secret: Buffer; readonly clock: Clock }): Trail {
  const asked = (entry: Asked, at: Date) => ({
    id: randomUUID(),
    at,
    service: entry.service,
    hook: entry.hook,
    hookInstanceHash: hashWith(secret, 'hook-instance', entry.hookInstance),
    caller: entry.caller,
    patientHash: hashWith(secret, 'patient', entry.patient),
  });
  return {
    async answered(entry) {
      const at = clock();
      const { run, shown, keys, findings, unread, reader, scorer } = entry;
      await db.insert(trail).values({ ...asked(entry, at), outcome: 'answered', run, shown, findings, unread, reader, scorer });
      const issued = shown
        .filter((row) => row.card !== '')
        .map((row) => ({
          card: row.card,
          run,
          service: entry.service,
          candidate: row.candidate ?? null,
          caller: entry.caller,
          at,
          ...(row.candidate === undefined ? {} : keys.get(row.candidate)),
        }));
      if (issued.length > 0) await db.insert(issuedCards).values(issued).onConflictDoNothing();
    },
    async withheld(entry) {
      await db
        .insert(trail)
        .values({ ...asked(entry, clock()), outcome: 'withheld', reason: entry.reason, shown: [], findings: 0, unread: 0, reader: '', scorer: '' });
    },
  };
}
