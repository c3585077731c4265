/** Client tokens that were seen: each may be used once until it expires (CDS Hooks 2.0, `jti`). Knows hashes only. */
import { lt } from 'drizzle-orm';
import type { Clock, Database } from '../types.js';
import { usedTokens } from './schema.js';
import { hashWith } from './secret.js';

export interface ReplayStore {
  /** Remembers the token and says whether it was there before: one statement, so that two replicas cannot both say no. */
  seen(jti: string, issuer: string, expiresAt: Date): Promise<boolean>;
}

export function createReplayStore({ db, secret, clock }: { readonly db: Database; readonly secret: Buffer; readonly clock: Clock }): ReplayStore {
  let nextPruneAt = 0;
  return {
    async seen(jti, issuer, expiresAt) {
      const now = clock();
      if (now.getTime() >= nextPruneAt) {
        nextPruneAt = now.getTime() + 3_600_000;
        await db.delete(usedTokens).where(lt(usedTokens.expiresAt, now));
      }
      const inserted = await db
        .insert(usedTokens)
        .values({ tokenHash: hashWith(secret, 'jti', `${issuer}\0${jti}`), expiresAt })
        .onConflictDoNothing()
        .returning({ tokenHash: usedTokens.tokenHash });
      return inserted.length === 0;
    },
  };
}
