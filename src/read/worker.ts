/**
 * The worker thread: loads the model, reads pairs one message at a time, stops early when told. Knows nothing of facts; sees texts only.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { openModel } from './open-model.js';

const requestSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('read'), id: z.number(), pairs: z.array(z.object({ statement: z.string(), criterionText: z.string() })) }),
  z.object({ type: z.literal('cancel'), id: z.number() }),
]);

const port = parentPort;
if (port === null) throw new TypeError('worker.ts runs in a worker thread only');
const { modelDir } = z.object({ modelDir: z.string() }).parse(workerData);

try {
  const { id: modelId, readTexts } = await openModel(modelDir);
  const open = new Set<number>();
  let queue: Promise<void> = Promise.resolve();
  port.on('message', (message: unknown) => {
    const request = requestSchema.parse(message);
    if (request.type === 'cancel') {
      open.delete(request.id);
      return;
    }
    const { id, pairs } = request;
    open.add(id);
    queue = queue.then(async () => {
      if (!open.has(id)) return;
      try {
        const answers = await readTexts(pairs, () => !open.has(id));
        if (open.has(id)) port.postMessage({ type: 'answers', id, answers });
      } catch {
        // What the runtime says may hold the text; the other side learns only that it failed.
        port.postMessage({ type: 'failed', id });
      }
      open.delete(id);
      // Lets a waiting 'cancel' in before the next.
      await new Promise((resolve) => setImmediate(resolve));
    });
  });
  port.postMessage({ type: 'ready', id: modelId });
} catch (error) {
  port.postMessage({
    type: 'unusable',
    message: error instanceof Error && error.name === 'StartError' ? error.message : 'the weights of the model cannot be loaded by the runtime',
  });
}
