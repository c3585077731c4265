/**
 * Opens `models/<reader>/`: the manifest, and the files it names, each by its hash. Knows nothing of how they are used.
 * A file that is missing, damaged or of another version stops the start with one line that names it.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { StartError } from '../errors.js';
import { findings } from './cascade.js';
import { type Lexicon, lexiconSchema } from './lexicon.js';
import { type ReaderParameters, readerParametersSchema } from './similarity.js';

const probability = z.number().min(0).max(1);
/** Logits are divided by the temperature, then the bias is added; both in the order of `labels`. */
const calibration = z.object({ temperature: z.number().positive(), bias: z.array(z.number()).length(3) });
const label = z.enum(['supports', 'contradicts', 'nothing']);

/** `manifest.json`, "reader" of a trained model: each with how it was chosen beside it. */
const trainedParametersSchema = z.object({
  /** cascade: what the rules find weighs the model's answer anew. */
  kind: z.enum(['model', 'cascade']),
  labels: z.array(label).length(3),
  temperature: z.number().positive(),
  maxTokens: z.number().int().min(8).max(512),
  retrievalThreshold: z.number().min(-1).max(1),
  supportsThreshold: probability,
  /** Of *supports* where the rules affirm too; the same as the other where none is given. */
  affirmedThreshold: probability.optional(),
  contradictsThreshold: probability,
  cascade: z.record(z.enum(findings), calibration).optional(),
});
export type TrainedParameters = z.infer<typeof trainedParametersSchema>;

const common = {
  id: z.string().min(1),
  version: z.string().min(1),
  files: z.record(z.string(), z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/) })),
};
/** Of the first reader, whose manifest had no format. */
const rulesManifest = z.object({ ...common, dimensions: z.number().int().positive(), reader: readerParametersSchema });
const trainedManifest = z.object({ ...common, reader: trainedParametersSchema });
const format = z.object({ format: z.number().int().optional() });
const newestFormat = 2;

interface Common {
  /** `small-reader@2.0.0+1a2b3c4d`: the last part names the very files, so that no reading of other weights is taken for theirs. */
  readonly id: string;
  readonly tokenizer: object;
  readonly tokenizerConfig: object;
  readonly lexicon: Lexicon;
}
export interface RulesModel extends Common {
  readonly kind: 'rules';
  readonly modelFile: string;
  readonly dimensions: number;
  readonly parameters: ReaderParameters;
}
export interface TrainedModel extends Common {
  readonly kind: 'trained';
  readonly files: { readonly encoder: string; readonly pair: string };
  readonly parameters: TrainedParameters;
}
export type Model = RulesModel | TrainedModel;

export async function loadModel(dir: string): Promise<Model> {
  const bytes = await readOrStop(dir, 'manifest.json');
  const { format: found = 1 } = parseOrStop(format, bytes, dir, 'manifest.json');
  if (found > newestFormat)
    throw new StartError(
      `model file ${basename(dir)}/manifest.json is of another version: format ${found}, this release reads up to ${newestFormat}`,
    );
  if (found === 1) {
    const { dimensions, reader, ...manifest } = parseOrStop(rulesManifest, bytes, dir, 'manifest.json');
    return { kind: 'rules', ...(await loadFiles(dir, manifest, ['model.onnx'])), modelFile: join(dir, 'model.onnx'), dimensions, parameters: reader };
  }
  const { reader, ...manifest } = parseOrStop(trainedManifest, bytes, dir, 'manifest.json');
  if (reader.kind === 'cascade' && reader.cascade === undefined)
    throw new StartError(`model file ${basename(dir)}/manifest.json is damaged: field reader.cascade is not what it must be`);
  const files = { encoder: join(dir, 'encoder.onnx'), pair: join(dir, 'pair.onnx') };
  return { kind: 'trained', ...(await loadFiles(dir, manifest, ['encoder.onnx', 'pair.onnx'])), files, parameters: reader };
}

/** Checks every file by its hash; a weight file is opened by the runtime, the others here. */
async function loadFiles(
  dir: string,
  manifest: Pick<z.infer<typeof trainedManifest>, 'id' | 'version' | 'files'>,
  weights: readonly string[],
): Promise<Common> {
  const all = createHash('sha256');
  const check = async (file: string): Promise<Buffer> => {
    const bytes = await readOrStop(dir, file);
    const expected = manifest.files[file]?.sha256;
    if (expected === undefined) throw new StartError(`model file ${basename(dir)}/manifest.json is damaged: it names no hash of ${file}`);
    if (createHash('sha256').update(bytes).digest('hex') !== expected)
      throw new StartError(`model file ${basename(dir)}/${file} is damaged: its hash is not the one in manifest.json`);
    all.update(expected);
    return bytes;
  };
  for (const file of weights) await check(file);
  const parse = async <Value>(schema: z.ZodType<Value>, file: string): Promise<Value> => parseOrStop(schema, await check(file), dir, file);
  const tokenizer = await parse(jsonObject, 'tokenizer.json');
  const tokenizerConfig = await parse(jsonObject, 'tokenizer_config.json');
  const { entries } = await parse(lexiconSchema, 'lexicon.json');
  return { id: `${manifest.id}@${manifest.version}+${all.digest('hex').slice(0, 8)}`, tokenizer, tokenizerConfig, lexicon: entries };
}

async function readOrStop(dir: string, file: string): Promise<Buffer> {
  try {
    return await readFile(join(dir, file));
  } catch (cause) {
    throw new StartError(`model file ${basename(dir)}/${file} is missing or cannot be read`, { cause });
  }
}

function parseOrStop<Value>(schema: z.ZodType<Value>, bytes: Buffer, dir: string, file: string): Value {
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw new StartError(`model file ${basename(dir)}/${file} is damaged: it is not JSON`, { cause });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new StartError(`model file ${basename(dir)}/${file} is damaged: field ${field === '' ? '(root)' : field} is not what it must be`);
}

const jsonObject = z.record(z.string(), z.unknown());
