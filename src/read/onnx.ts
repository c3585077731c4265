/** ONNX sessions and the tensors they take. Knows no model. */
import { InferenceSession, Tensor } from 'onnxruntime-node';

export function openSession(file: string): Promise<InferenceSession> {
  return InferenceSession.create(file, {
    executionProviders: ['cpu'],
    graphOptimizationLevel: 'all',
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    // Spinning threads would take the event loop's core while nothing is read.
    extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
  });
}

export function toInt64(values: readonly number[], dims: readonly number[]): Tensor {
  return new Tensor('int64', BigInt64Array.from(values, BigInt), dims);
}

export function toFloat32(values: Float32Array, dims: readonly number[]): Tensor {
  return new Tensor('float32', values, dims);
}

/** @throws TypeError where the graph gives something else than its manifest promises */
export function floatsOf(output: Tensor | undefined, lastDim: number): Float32Array {
  if (!(output?.data instanceof Float32Array) || output.dims.at(-1) !== lastDim) throw new TypeError('the model gave an output of another shape');
  return output.data;
}
