/**
 * Known verdicts by the HMAC of what was read: in memory first, then the cache port. Holds no text; knows nothing of readers.
 */
import { createHmac } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Pair } from '../types.js';
import { createRecent } from './recent.js';
import type { Answer } from './similarity.js';

/** Verdicts by key; the store implements it. Neither side ever sees a text. */
export interface ReadingCache {
  get(keys: readonly string[]): Promise<ReadonlyMap<string, Answer>>;
  put(entries: ReadonlyMap<string, Answer>): Promise<void>;
}

export interface AnswerStoreDeps {
  readonly cache: ReadingCache;
  /** Keys are HMACs under it, so that the cache cannot be searched for a guessed sentence. */
  readonly secret: Uint8Array;
  readonly readerId: string;
  readonly onCacheFailure: () => void;
}

export interface AnswerStore {
  /** In the order of the pairs; equal texts have equal keys. */
  keysOf(pairs: readonly Pair[]): Promise<readonly string[]>;
  /** What is in memory, at once. */
  recall(keys: readonly string[]): ReadonlyMap<string, Answer>;
  /** Memory and the cache port. */
  get(keys: readonly string[]): Promise<ReadonlyMap<string, Answer>>;
  /** In memory only, for other calls. */
  remember(entries: ReadonlyMap<string, Answer>): void;
  /** Resolves when the cache port has them; in memory they are at once. */
  put(entries: ReadonlyMap<string, Answer>): Promise<void>;
}

const answersKept = 50_000;
const keysPerTurn = 5000;
const keysPerLookup = 2000;

export function createAnswerStore({ cache, secret, readerId, onCacheFailure }: AnswerStoreDeps): AnswerStore {
  const recent = createRecent<Answer>(answersKept);
  function recall(keys: readonly string[]): ReadonlyMap<string, Answer> {
    const answers = new Map<string, Answer>();
    for (const key of keys) {
      const known = recent.get(key);
      if (known !== undefined) answers.set(key, known);
    }
    return answers;
  }
  function remember(entries: ReadonlyMap<string, Answer>): void {
    for (const [key, answer] of entries) recent.set(key, answer);
  }
  return {
    async keysOf(pairs) {
      const hashes = new Map<string, string>();
      const hashOf = (kind: string, text: string): string => {
        const known = hashes.get(kind + text);
        if (known !== undefined) return known;
        const hash = createHmac('sha256', secret)
          .update(JSON.stringify([readerId, kind, text]))
          .digest('base64url');
        hashes.set(kind + text, hash);
        return hash;
      };
      const keys: string[] = [];
      for (const { statement, criterionText } of pairs) {
        // Other requests wait on this thread.
        if (keys.length % keysPerTurn === keysPerTurn - 1) await nextTurn();
        // One hash for each text instead of one for each pair: half of either, 126 bits and more.
        keys.push(hashOf('statement', statement).slice(0, 22) + hashOf('criterion', criterionText).slice(0, 21));
      }
      return keys;
    },
    recall,
    async get(keys) {
      const answers = new Map(recall(keys));
      const missing = keys.filter((key) => !answers.has(key));
      try {
        for (let at = 0; at < missing.length; at += keysPerLookup) {
          for (const [key, answer] of await cache.get(missing.slice(at, at + keysPerLookup))) {
            answers.set(key, answer);
            recent.set(key, answer);
          }
        }
      } catch {
        onCacheFailure();
      }
      return answers;
    },
    remember,
    async put(entries) {
      if (entries.size === 0) return;
      remember(entries);
      try {
        await cache.put(entries);
      } catch {
        onCacheFailure();
      }
    },
  };
}
