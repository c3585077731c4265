/** One text through the encoder: what a statement is remembered by, what a criterion asks with, and a vector of either. Runs in the worker only. */
import { Tokenizer } from '@huggingface/tokenizers';
import type { Tensor } from 'onnxruntime-node';
import type { TrainedModel } from './manifest.js';
import { floatsOf, openSession, toInt64 } from './onnx.js';

export interface Encoded {
  /** Of a statement: what `pair.onnx` looks at. */
  readonly memory: Tensor;
  /** Of a criterion: what it looks with, `length` rows of `width`. */
  readonly state: Float32Array;
  readonly length: number;
  /** Length one: the dot product of a statement's and a criterion's is how near they are. */
  readonly vector: Float32Array;
}

export type Encode = (text: string, side: 'statement' | 'criterion') => Promise<Encoded>;

export const width = 384;
const vectorWidth = 128;

export async function createEncoder({ files, tokenizer, tokenizerConfig, parameters }: TrainedModel): Promise<Encode> {
  const tokens = new Tokenizer(tokenizer, tokenizerConfig);
  const session = await openSession(files.encoder);
  return async function encode(text, side) {
    const all = tokens.encode(text).ids;
    const last = all.at(-1);
    const ids = all.length > parameters.maxTokens && last !== undefined ? [...all.slice(0, parameters.maxTokens - 1), last] : all;
    // One text a run: what is read of it must not depend on what was read beside it.
    const shape = [1, ids.length];
    const output = await session.run({
      input_ids: toInt64(ids, shape),
      attention_mask: toInt64(
        ids.map(() => 1),
        shape,
      ),
      side: toInt64([side === 'statement' ? 0 : 1], []),
    });
    const memory = output['memory'];
    if (memory === undefined) throw new TypeError('the model gave no memory');
    return {
      memory,
      state: Float32Array.from(floatsOf(output['state'], width)),
      length: ids.length,
      vector: Float32Array.from(floatsOf(output['vector'], vectorWidth)),
    };
  };
}
