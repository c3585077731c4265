/**
 * The service's end of the worker process: sends texts, matches answers to calls, starts the worker anew when it dies.
 * Knows nothing of facts and criteria.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { ServiceError, StartError } from '../errors.js';
import type { Answer } from './similarity.js';
import type { TextPair } from './texts.js';

export type CreateWorker = (modelDir: string) => ChildProcess;

/** Beside this file: `worker.js` when built. It inherits no environment: no secret of the service is in the model's process. */
export const startWorker: CreateWorker = (modelDir) => {
  const isSource = import.meta.url.endsWith('.ts');
  return fork(fileURLToPath(new URL(isSource ? './worker.ts' : './worker.js', import.meta.url)), [modelDir], {
    execArgv: isSource ? ['--import', import.meta.resolve('tsx')] : [],
    env: {},
    // What a runtime prints may hold text.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
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
  readonly worker: ChildProcess;
  readonly ready: Promise<string>;
  /** One that dies before it has answered anything would die again. */
  hasAnswered: boolean;
}

/** One sentence must not kill worker after worker. */
const maxDeaths = 2;

const failed = (): ServiceError => new ServiceError('internal', { where: { field: 'reader' } });

/** A worker that has died between two lines says so by its exit, which sends the call to the next one. */
function send(worker: ChildProcess, message: object): void {
  if (worker.connected) worker.send(message, () => undefined);
}

/** While it owes an answer it keeps the service alive, otherwise not. */
function hold(worker: ChildProcess): void {
  worker.ref();
  worker.channel?.ref();
}
function release(worker: ChildProcess): void {
  worker.unref();
  worker.channel?.unref();
}

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
    hold(worker);
    const id = await ready;
    if (this.#calls.size === 0) release(worker);
    return id;
  }

  async ask(pairs: readonly TextPair[], signal: AbortSignal): Promise<readonly Answer[]> {
    if (this.#isClosed) throw new ServiceError('overloaded', { where: { field: 'reader' } });
    const id = ++this.#lastCall;
    const stop = (): void => {
      if (this.#running !== undefined) send(this.#running.worker, { type: 'cancel', id });
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
      if (this.#calls.size === 0 && this.#running !== undefined) release(this.#running.worker);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const worker = this.#running?.worker;
    if (worker === undefined || worker.exitCode !== null || worker.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    hold(worker);
    worker.kill('SIGKILL');
    await ended;
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
        else if (message.type === 'answers') {
          if (this.#running?.worker === worker) this.#running.hasAnswered = true;
          this.#take(message.id)?.resolve(message.answers);
        } else this.#take(message.id)?.reject(failed());
      });
      const onEnd = (cause?: unknown): void => {
        reject(new StartError(`the reader of models/${basename(this.#modelDir)} could not be started`, { cause }));
        this.#replace(worker);
      };
      worker.on('error', onEnd);
      worker.on('exit', () => onEnd());
    });
    // A worker that cannot start has its calls rejected, not the process.
    ready.catch(() => worker.kill('SIGKILL'));
    release(worker);
    return { worker, ready, hasAnswered: false };
  }

  /** The calls that the dead worker held go to a new one, each a limited number of times. */
  #replace(dead: ChildProcess): void {
    if (this.#running?.worker !== dead) return;
    const { hasAnswered } = this.#running;
    this.#running = undefined;
    // At once, so that the next call need not wait for it.
    if (hasAnswered && !this.#isClosed) this.#current();
    for (const [id, call] of [...this.#calls]) {
      call.deaths += 1;
      if (this.#isClosed || call.deaths >= maxDeaths) this.#take(id)?.reject(failed());
      else this.#send(id, call);
    }
  }

  #send(id: number, call: Call): void {
    const { worker } = this.#current();
    hold(worker);
    send(worker, { type: 'read', id, pairs: call.pairs });
  }

  #take(id: number): Call | undefined {
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    return call;
  }
}
