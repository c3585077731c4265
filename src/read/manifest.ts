/**
 * Opens `models/<reader>/`: the manifest, and the files it names, each by its hash. Knows nothing of how they are used.
 * A file that is missing or damaged stops the start with one line that names it.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { StartError } from '../errors.js';
import type { Lexicon } from './anchor.js';
import { lexiconSchema } from './anchor.js';
import type { ReaderParameters } from './similarity.js';
import { readerParametersSchema } from './similarity.js';

const fileNames = ['model.onnx', 'tokenizer.json', 'tokenizer_config.json', 'lexicon.json'] as const;
const manifestSchema = z.object({
  id: z.string().min(1),
  version: z.string().min(1),
  dimensions: z.number().int().positive(),
  files: z.record(z.string(), z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/) })),
  reader: readerParametersSchema,
});

export interface Model {
  /** `small-reader@1.0.0` */
  readonly id: string;
  readonly modelFile: string;
  readonly dimensions: number;
  readonly tokenizer: object;
  readonly tokenizerConfig: object;
  readonly lexicon: Lexicon;
  readonly parameters: ReaderParameters;
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

export async function loadModel(dir: string): Promise<Model> {
  const manifest = parseOrStop(manifestSchema, await readOrStop(dir, 'manifest.json'), dir, 'manifest.json');
  const bytesOf = new Map<string, Buffer>();
  for (const file of fileNames) {
    const bytes = await readOrStop(dir, file);
    const expected = manifest.files[file]?.sha256;
    if (expected === undefined) throw new StartError(`model file ${basename(dir)}/manifest.json is damaged: it names no hash of ${file}`);
    if (createHash('sha256').update(bytes).digest('hex') !== expected) {
      throw new StartError(`model file ${basename(dir)}/${file} is damaged: its hash is not the one in manifest.json`);
    }
    bytesOf.set(file, bytes);
  }
  const parse = <Value>(schema: z.ZodType<Value>, file: (typeof fileNames)[number]): Value =>
    parseOrStop(schema, bytesOf.get(file) ?? Buffer.alloc(0), dir, file);
  return {
    id: `${manifest.id}@${manifest.version}`,
    modelFile: join(dir, 'model.onnx'),
    dimensions: manifest.dimensions,
    tokenizer: parse(jsonObject, 'tokenizer.json'),
    tokenizerConfig: parse(jsonObject, 'tokenizer_config.json'),
    lexicon: parse(lexiconSchema, 'lexicon.json').entries,
    parameters: manifest.reader,
  };
}
