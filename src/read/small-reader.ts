/**
 * The default reader: owns the worker thread with the small model, starts it anew when it dies, and gives up a call when told.
 * Knows nothing of rules and vectors; the worker reads.
 */
import { basename } from 'node:path';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { ServiceError, StartError } from '../errors.js';
import type { Pair, Reader, Reading } from '../types.js';
import type { Answer } from './similarity.js';

const answerSchema = z.object({ supports: z.number(), contradicts: z.number() });
const messageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), id: z.string() }),
  z.object({ type: z.literal('unusable'), message: z.string() }),
  z.object({ type: z.literal('answers'), id: z.number(), answers: z.array(answerSchema) }),
  z.object({ type: z.literal('failed'), id: z.number() }),
]);

interface Call {
  readonly pairs: readonly Pair[];
  readonly resolve: (answers: readonly Answer[]) => void;
  readonly reject: (error: unknown) => void;
  /** How many workers died under it. */
  deaths: number;
}

interface Running {
  readonly worker: Worker;
  readonly ready: Promise<string>;
}

/** One sentence must not kill worker after worker. */
const maxDeaths = 2;

/** Beside this file: `worker.js` when built, `worker.ts` under tsx. */
export function startWorker(modelDir: string): Worker {
  const isSource = import.meta.url.endsWith('.ts');
  const file = new URL(isSource ? './worker.ts' : './worker.js', import.meta.url);
  return new Worker(file, { workerData: { modelDir }, name: 'small-reader', ...(isSource ? { execArgv: ['--import', 'tsx'] } : {}) });
}

export interface SmallReaderDeps {
  readonly modelDir: string;
  readonly createWorker?: (modelDir: string) => Worker;
}

export async function createSmallReader({ modelDir, createWorker = startWorker }: SmallReaderDeps): Promise<Reader & { close(): Promise<void> }> {
  const calls = new Map<number, Call>();
  let running: Running | undefined;
  let lastCall = 0;
  let isClosed = false;

  function settle(id: number, act: (call: Call) => void): void {
    const call = calls.get(id);
    calls.delete(id);
    if (call !== undefined) act(call);
  }
  function send(id: number, call: Call): void {
    const pairs = call.pairs.map(({ statement, criterionText }) => ({ statement, criterionText }));
    const { worker } = current();
    worker.ref();
    worker.postMessage({ type: 'read', id, pairs });
  }
  /** The calls that the dead worker held go to a new one, each a limited number of times. */
  function replace(dead: Worker): void {
    if (running?.worker !== dead) return;
    running = undefined;
    for (const [id, call] of [...calls]) {
      call.deaths += 1;
      if (isClosed || call.deaths >= maxDeaths) settle(id, ({ reject }) => reject(new ServiceError('internal', { where: { field: 'reader' } })));
      else send(id, call);
    }
  }
  function start(): Running {
    const worker = createWorker(modelDir);
    const ready = new Promise<string>((resolve, reject) => {
      worker.on('message', (data: unknown) => {
        const message = messageSchema.parse(data);
        if (message.type === 'ready') resolve(message.id);
        else if (message.type === 'unusable') reject(new StartError(message.message));
        else if (message.type === 'answers') settle(message.id, (call) => call.resolve(message.answers));
        else settle(message.id, (call) => call.reject(new ServiceError('internal', { where: { field: 'reader' } })));
      });
      worker.on('error', (cause) => {
        reject(new StartError(`the reader of models/${basename(modelDir)} could not be started`, { cause }));
        replace(worker);
      });
      worker.on('exit', () => {
        reject(new StartError(`the reader of models/${basename(modelDir)} could not be started`));
        replace(worker);
      });
    });
    // A worker that cannot start has its calls rejected, not the process.
    ready.catch(() => worker.terminate());
    worker.unref();
    return { worker, ready };
  }
  function current(): Running {
    running ??= start();
    return running;
  }

  const first = current();
  first.worker.ref();
  const id = await first.ready;
  first.worker.unref();

  function ask(pairs: readonly Pair[], signal: AbortSignal): Promise<readonly Answer[]> {
    return new Promise((resolve, reject) => {
      const callId = ++lastCall;
      const finish = (): void => {
        signal.removeEventListener('abort', onAbort);
        if (calls.size === 0) running?.worker.unref();
      };
      const onAbort = (): void => {
        running?.worker.postMessage({ type: 'cancel', id: callId });
        settle(callId, (call) => call.reject(signal.reason));
      };
      const call: Call = {
        pairs,
        deaths: 0,
        resolve: (answers) => {
          finish();
          resolve(answers);
        },
        reject: (error) => {
          finish();
          reject(error);
        },
      };
      calls.set(callId, call);
      signal.addEventListener('abort', onAbort, { once: true });
      send(callId, call);
    });
  }

  return {
    id,
    async read(pairs, signal): Promise<readonly Reading[]> {
      signal.throwIfAborted();
      if (isClosed) throw new ServiceError('overloaded', { where: { field: 'reader' } });
      if (pairs.length === 0) return [];
      const answers = await ask(pairs, signal);
      if (answers.length !== pairs.length) throw new ServiceError('internal', { where: { field: 'reader' } });
      return pairs.map(({ fact, criterion }, at) => ({ fact, criterion, supports: answers[at]?.supports ?? 0, contradicts: answers[at]?.contradicts ?? 0 }));
    },
    async close() {
      isClosed = true;
      const worker = running?.worker;
      await worker?.terminate();
    },
  };
}
