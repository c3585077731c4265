/**
 * The main thread's end of the worker: sends texts, matches answers to calls, starts the worker anew when it dies.
 * Knows nothing of facts and criteria.
 */
import { basename } from 'node:path';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { ServiceError, StartError } from '../errors.js';
import type { Answer } from './similarity.js';
import type { TextPair } from './texts.js';

export type CreateWorker = (modelDir: string) => Worker;

/** Beside this file: `worker.js` when built. */
export const startWorker: CreateWorker = (modelDir) => {
  const options = { workerData: { modelDir }, name: 'small-reader' };
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL('./worker.js', import.meta.url), options);
  // Run from source: on Node 20 `--import tsx` does not reach a worker's entry, so the entry registers tsx itself.
  const register = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  const entry = JSON.stringify(new URL('./worker.ts', import.meta.url).href);
  return new Worker(`import(${register}).then(({ register }) => { register(); return import(${entry}); });`, { ...options, eval: true });
};

const messageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), id: z.string() }),
  z.object({ type: z.literal('unusable'), message: z.string() }),
  z.object({ type: z.literal('answers'), id: z.number(), answers: z.array(z.object({ supports: z.number(), contradicts: z.number() })) }),
  z.object({ type: z.literal('failed'), id: z.number() }),
]);

interface Call {
  readonly pairs: readonly TextPair[];
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

const failed = (): ServiceError => new ServiceError('internal', { where: { field: 'reader' } });

export class WorkerLink {
  readonly #modelDir: string;
  readonly #createWorker: CreateWorker;
  readonly #calls = new Map<number, Call>();
  #running: Running | undefined;
  #lastCall = 0;
  #isClosed = false;

  constructor(modelDir: string, createWorker: CreateWorker) {
    this.#modelDir = modelDir;
    this.#createWorker = createWorker;
  }

  /** The id of the model, once it is loaded. */
  async ready(): Promise<string> {
    const { worker, ready } = this.#current();
    worker.ref();
    const id = await ready;
    worker.unref();
    return id;
  }

  async ask(pairs: readonly TextPair[], signal: AbortSignal): Promise<readonly Answer[]> {
    if (this.#isClosed) throw new ServiceError('overloaded', { where: { field: 'reader' } });
    const id = ++this.#lastCall;
    const stop = (): void => {
      this.#running?.worker.postMessage({ type: 'cancel', id });
      this.#take(id)?.reject(signal.reason);
    };
    signal.addEventListener('abort', stop, { once: true });
    try {
      return await new Promise((resolve, reject) => {
        const call = { pairs, resolve, reject, deaths: 0 };
        this.#calls.set(id, call);
        this.#send(id, call);
      });
    } finally {
      signal.removeEventListener('abort', stop);
      if (this.#calls.size === 0) this.#running?.worker.unref();
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#running?.worker.terminate();
  }

  #current(): Running {
    this.#running ??= this.#start();
    return this.#running;
  }

  #start(): Running {
    const worker = this.#createWorker(this.#modelDir);
    const ready = new Promise<string>((resolve, reject) => {
      worker.on('message', (data: unknown) => {
        const message = messageSchema.parse(data);
        if (message.type === 'ready') resolve(message.id);
        else if (message.type === 'unusable') reject(new StartError(message.message));
        else if (message.type === 'answers') this.#take(message.id)?.resolve(message.answers);
        else this.#take(message.id)?.reject(failed());
      });
      const onEnd = (cause?: unknown): void => {
        reject(new StartError(`the reader of models/${basename(this.#modelDir)} could not be started`, { cause }));
        this.#replace(worker);
      };
      worker.on('error', onEnd);
      worker.on('exit', () => onEnd());
    });
    // A worker that cannot start has its calls rejected, not the process.
    ready.catch(() => worker.terminate());
    worker.unref();
    return { worker, ready };
  }

  /** The calls that the dead worker held go to a new one, each a limited number of times. */
  #replace(dead: Worker): void {
    if (this.#running?.worker !== dead) return;
    this.#running = undefined;
    for (const [id, call] of [...this.#calls]) {
      call.deaths += 1;
      if (this.#isClosed || call.deaths >= maxDeaths) this.#take(id)?.reject(failed());
      else this.#send(id, call);
    }
  }

  #send(id: number, call: Call): void {
    const { worker } = this.#current();
    worker.ref();
    worker.postMessage({ type: 'read', id, pairs: call.pairs });
  }

  #take(id: number): Call | undefined {
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    return call;
  }
}
