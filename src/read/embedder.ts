/** Text to vector: tokenizer and ONNX session. Knows nothing of criteria; runs in the worker only. */
import { Tokenizer } from '@huggingface/tokenizers';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Model } from './manifest.js';
import type { Embed } from './pair-reader.js';

const int64 = (values: readonly number[]): Tensor => new Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);

export async function createEmbedder(
  model: Pick<Model, 'modelFile' | 'dimensions' | 'tokenizer' | 'tokenizerConfig' | 'parameters'>,
): Promise<Embed> {
  const tokenizer = new Tokenizer(model.tokenizer, model.tokenizerConfig);
  const session = await InferenceSession.create(model.modelFile, {
    executionProviders: ['cpu'],
    graphOptimizationLevel: 'all',
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    // Spinning threads would take the event loop's core while nothing is read.
    extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
  });
  return async function embed(text) {
    const all = tokenizer.encode(text).ids;
    const last = all.at(-1);
    const ids = all.length > model.parameters.maxTokens && last !== undefined ? [...all.slice(0, model.parameters.maxTokens - 1), last] : all;
    // One row a run: dynamic int8 takes its scale from the whole batch, and a cached value must not depend on its neighbours.
    const output = await session.run({ input_ids: int64(ids), attention_mask: int64(ids.map(() => 1)) });
    const vector = output['embedding']?.data;
    if (!(vector instanceof Float32Array) || vector.length !== model.dimensions)
      throw new TypeError('the model gave no vector of the length its manifest says');
    return Float32Array.from(vector);
  };
}
