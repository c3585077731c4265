/** Random opaque tokens in memory: only their hashes are kept, each until it expires. Knows nothing of what a token stands for. */
import { createHash, randomBytes } from 'node:crypto';

type Taken<Value> =
  | { readonly state: 'fresh'; readonly value: Value }
  | { readonly state: 'spent'; readonly value: Value }
  | { readonly state: 'unknown' };

export interface Vault<Value> {
  issue(value: Value): string;
  find(token: string): Value | undefined;
  /** For single use: the second time it is `spent`, which tells a replay from a guess. */
  take(token: string): Taken<Value>;
  revoke(isRevoked: (value: Value) => boolean): void;
}

interface VaultOptions {
  readonly clock: () => Date;
  readonly lifetimeSeconds: number;
}

/** A memory bound: beyond it the oldest go first. */
const maximumEntries = 10_000;

export function createVault<Value>({ clock, lifetimeSeconds }: VaultOptions): Vault<Value> {
  const entries = new Map<string, { readonly value: Value; readonly expires: number; isSpent: boolean }>();
  const hash = (token: string) => createHash('sha256').update(token).digest('base64');

  function live(token: string) {
    const key = hash(token);
    const entry = entries.get(key);
    if (entry !== undefined && entry.expires > clock().getTime()) return entry;
    entries.delete(key);
    return undefined;
  }

  /** A Map keeps insertion order and all entries live equally long, so the expired stand in front. */
  function sweep(): void {
    const now = clock().getTime();
    for (const [key, entry] of entries) {
      if (entry.expires > now && entries.size < maximumEntries) return;
      entries.delete(key);
    }
  }

  return {
    issue(value) {
      sweep();
      const token = randomBytes(32).toString('base64url');
      entries.set(hash(token), { value, expires: clock().getTime() + lifetimeSeconds * 1_000, isSpent: false });
      return token;
    },
    find(token) {
      const entry = live(token);
      return entry === undefined || entry.isSpent ? undefined : entry.value;
    },
    take(token) {
      const entry = live(token);
      if (entry === undefined) return { state: 'unknown' };
      if (entry.isSpent) return { state: 'spent', value: entry.value };
      entry.isSpent = true;
      return { state: 'fresh', value: entry.value };
    },
    revoke(isRevoked) {
      for (const [key, entry] of entries) if (isRevoked(entry.value)) entries.delete(key);
    },
  };
}
