/**
 * The default reader: reads pairs with the small model in its worker thread. Knows nothing of rules and vectors; the worker reads.
 */
import { ServiceError } from '../errors.js';
import type { Reader } from '../types.js';
import type { CreateWorker } from './worker-link.js';
import { startWorker, WorkerLink } from './worker-link.js';

export interface SmallReaderDeps {
  readonly modelDir: string;
  readonly createWorker?: CreateWorker;
}

/** Rejects with a StartError in one line where a model file is missing, damaged or unusable. */
export async function createSmallReader({ modelDir, createWorker = startWorker }: SmallReaderDeps): Promise<Reader & { close(): Promise<void> }> {
  const link = new WorkerLink(modelDir, createWorker);
  const id = await link.ready();
  return {
    id,
    async read(pairs, signal) {
      signal.throwIfAborted();
      if (pairs.length === 0) return [];
      const texts = pairs.map(({ statement, criterionText }) => ({ statement, criterionText }));
      const answers = await link.ask(texts, signal);
      if (answers.length !== pairs.length) throw new ServiceError('internal', { where: { field: 'reader' } });
      return pairs.map(({ fact, criterion }, at) => ({
        fact,
        criterion,
        supports: answers[at]?.supports ?? 0,
        contradicts: answers[at]?.contradicts ?? 0,
      }));
    },
    close: () => link.close(),
  };
}
