/** Text to vector: tokenizer and ONNX session. Knows nothing of criteria; runs in the worker only. */
import { Tokenizer } from '@huggingface/tokenizers';
import type { RulesModel } from './manifest.js';
import { openSession, toInt64 } from './onnx.js';
import type { Embed } from './rule-reader.js';

export async function createEmbedder(
  model: Pick<RulesModel, 'modelFile' | 'dimensions' | 'tokenizer' | 'tokenizerConfig' | 'parameters'>,
): Promise<Embed> {
  const tokenizer = new Tokenizer(model.tokenizer, model.tokenizerConfig);
  const session = await openSession(model.modelFile);
  return async function embed(text) {
    const all = tokenizer.encode(text).ids;
    const last = all.at(-1);
    const ids = all.length > model.parameters.maxTokens && last !== undefined ? [...all.slice(0, model.parameters.maxTokens - 1), last] : all;
    // One row a run: dynamic int8 takes its scale from the whole batch, and a cached value must not depend on its neighbours.
    const output = await session.run({
      input_ids: toInt64(ids, [1, ids.length]),
      attention_mask: toInt64(
        ids.map(() => 1),
        [1, ids.length],
      ),
    });
    const vector = output['embedding']?.data;
    if (!(vector instanceof Float32Array) || vector.length !== model.dimensions)
      throw new TypeError('the model gave no vector of the length its manifest says');
    return Float32Array.from(vector);
  };
}
