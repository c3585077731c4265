/**
 * The worker process: loads the model, reads pairs one message at a time, stops early when told. Knows nothing of facts; sees texts only.
 * A process of its own, so that nothing that happens in the model's runtime ends the service (docs/decisions/0004-reader-process.md).
 */
import { z } from 'zod';
import { openModel } from './open-model.js';

const requestSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('read'), id: z.number(), pairs: z.array(z.object({ statement: z.string(), criterionText: z.string() })) }),
  z.object({ type: z.literal('cancel'), id: z.number() }),
]);

function send(message: object): void {
  // The service may be gone between two words; then this process goes too.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

const modelDir = process.argv[2];
if (modelDir === undefined || process.send === undefined) throw new TypeError('worker.ts runs as a child process, with the folder of a model');
process.on('disconnect', () => process.exit());
// A Ctrl-C at the terminal reaches the whole group; the service closes this process when it has answered what is open.
process.on('SIGINT', () => undefined);

try {
  const { id: modelId, readTexts } = await openModel(modelDir);
  const open = new Set<number>();
  let queue: Promise<void> = Promise.resolve();
  process.on('message', (message: unknown) => {
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
        if (open.has(id)) send({ type: 'answers', id, answers });
      } catch {
        // What the runtime says may hold the text; the other side learns only that it failed.
        send({ type: 'failed', id });
      }
      open.delete(id);
      // Lets a waiting 'cancel' in before the next.
      await new Promise((resolve) => setImmediate(resolve));
    });
  });
  send({ type: 'ready', id: modelId });
} catch (error) {
  send({
    type: 'unusable',
    message: error instanceof Error && error.name === 'StartError' ? error.message : 'the weights of the model cannot be loaded by the runtime',
  });
}
