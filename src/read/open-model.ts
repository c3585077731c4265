/** A model's folder becomes what reads: the one place that knows which kinds of reader there are. Runs in the worker, and in the bench. */
import { createAssessPair } from './cascade.js';
import { createClassifier } from './classifier.js';
import { createEmbedder } from './embedder.js';
import { createEncoder } from './encoder.js';
import { loadModel, type TrainedModel } from './manifest.js';
import { createModelReader, type ModelReaderDeps } from './model-reader.js';
import { createRuleReader } from './rule-reader.js';
import type { ReadTexts } from './texts.js';

export interface OpenedModel {
  readonly id: string;
  readonly readTexts: ReadTexts;
}

/** Has read once when it resolves, so that the first request does not pay for the runtime's warming. */
export async function openModel(modelDir: string): Promise<OpenedModel> {
  const model = await loadModel(modelDir);
  const readTexts =
    model.kind === 'rules'
      ? createRuleReader({ embed: await createEmbedder(model), lexicon: model.lexicon, parameters: model.parameters })
      : await openTrained(model);
  await readTexts([{ statement: 'Seen today.', criterionText: 'was seen today' }], () => false);
  return { id: model.id, readTexts };
}

export async function openTrained(model: TrainedModel, more: Pick<ModelReaderDeps, 'onRetrieved'> = {}): Promise<ReadTexts> {
  const [encode, classify] = await Promise.all([createEncoder(model), createClassifier(model)]);
  const assess = model.parameters.kind === 'cascade' ? createAssessPair(model.lexicon) : undefined;
  return createModelReader({ encode, classify, parameters: model.parameters, ...(assess && { assess }), ...more });
}
