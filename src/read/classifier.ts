/** One encoded statement against encoded criteria, in one run. Runs in the worker only. */
import type { Encoded } from './encoder.js';
import { width } from './encoder.js';
import type { TrainedModel } from './manifest.js';
import { floatsOf, openSession, toFloat32, toInt64 } from './onnx.js';

/** Three logits for each criterion, in the order of the manifest's labels. */
export type Classify = (statement: Encoded, criteria: readonly Encoded[]) => Promise<readonly (readonly number[])[]>;

export async function createClassifier({ files, parameters }: TrainedModel): Promise<Classify> {
  const session = await openSession(files.pair);
  const labels = parameters.labels.length;
  return async function classify(statement, criteria) {
    const longest = Math.max(...criteria.map(({ length }) => length));
    // Shorter criteria are padded; the mask makes that nothing.
    const state = new Float32Array(criteria.length * longest * width);
    const mask: number[] = [];
    criteria.forEach((criterion, at) => {
      state.set(criterion.state, at * longest * width);
      for (let token = 0; token < longest; token += 1) mask.push(token < criterion.length ? 1 : 0);
    });
    const output = await session.run({
      state: toFloat32(state, [criteria.length, longest, width]),
      state_mask: toInt64(mask, [criteria.length, longest]),
      memory: statement.memory,
      memory_mask: toInt64(Array<number>(statement.length).fill(1), [1, statement.length]),
    });
    const logits = floatsOf(output['logits'], labels);
    return criteria.map((_, at) => [...logits.subarray(at * labels, (at + 1) * labels)]);
  };
}
