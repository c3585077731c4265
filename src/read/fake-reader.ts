/** A reader for tests that answers from a table and can be held, slowed or broken. Knows no language at all. */
import type { Pair, Reader } from '../types.js';
import type { Answer } from './similarity.js';

export interface FakeReader extends Reader {
  /** Every pair it was asked, in order. */
  readonly asked: readonly Pair[];
}

export interface FakeReaderOptions {
  readonly id?: string;
  /** By statement, then criterion text; what is not in it says nothing. */
  readonly answers?: Readonly<Record<string, Readonly<Record<string, Answer>>>>;
  /** Awaited before each call is answered: a test decides when, or rejects to break it. */
  readonly before?: (pairs: readonly Pair[], signal: AbortSignal) => Promise<void>;
}

export function createFakeReader({ id = 'fake-reader@0', answers = {}, before = async () => {} }: FakeReaderOptions = {}): FakeReader {
  const asked: Pair[] = [];
  return {
    id,
    asked,
    async read(pairs, signal) {
      signal.throwIfAborted();
      asked.push(...pairs);
      await before(pairs, signal);
      return pairs.map(({ fact, statement, criterion, criterionText }) => ({
        fact,
        criterion,
        ...(answers[statement]?.[criterionText] ?? { supports: 0, contradicts: 0 }),
      }));
    },
  };
}
