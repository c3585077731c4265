/**
 * 4. Reads build/{dev,test}.jsonl and build/written-{dev,test,pairs,exam}.jsonl with what was there before the trained reader: the rules alone, and the rules with an embedding that confirms them.
 *
 *   node --import tsx 04_baselines.ts [FOLDER OF THE EMBEDDING MODEL]        (default build/embedding, made by embedding_export.py and embedding_manifest.py; left out where it is absent)
 *
 * Writes build/baselines/{rules,embedding}-*.json, answers in the order of the pairs, and build/baselines/findings-*.json, what the rules make of each
 * pair, which the cascade needs. Knows nothing of labels.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { createAssessPair } from '../../../src/read/cascade.js';
import { lexiconSchema } from '../../../src/read/lexicon.js';
import { openModel } from '../../../src/read/open-model.js';
import type { TextPair } from '../../../src/read/texts.js';

const build = join(import.meta.dirname, 'build');
const out = join(build, 'baselines');
const folder = process.argv[2] ?? join(build, 'embedding');
const rowSchema = z.object({ statement: z.string(), pairs: z.array(z.object({ criterion: z.string() })) });
const { entries } = lexiconSchema.parse(JSON.parse(readFileSync(join(import.meta.dirname, '../lexicon.json'), 'utf8')));
const assess = createAssessPair(entries);
/** What the rules said was right that often, on sentences written by hand: the first reader's figures (Laplace). */
const [affirmed, denied, nothing] = [
  { supports: 0.938, contradicts: 0.021 },
  { supports: 0.054, contradicts: 0.919 },
  { supports: 0, contradicts: 0 },
];
const answerOf = {
  affirmed,
  denied,
  meets: affirmed,
  misses: denied,
  named: { supports: 0.066, contradicts: 0.013 },
  bare: { supports: 0.6, contradicts: 0.05 },
  none: nothing,
};

mkdirSync(out, { recursive: true });
for (const split of ['dev', 'test', 'written-dev', 'written-test', 'written-pairs', 'written-exam']) {
  const pairs: readonly TextPair[] = readFileSync(join(build, `${split}.jsonl`), 'utf8')
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => rowSchema.parse(JSON.parse(line)))
    .flatMap((row) => row.pairs.map(({ criterion }) => ({ statement: row.statement, criterionText: criterion })));
  write(
    `findings-${split}`,
    timed(`rules ${split}`, pairs.length, () => pairs.map(assess)),
  );
  write(
    `rules-${split}`,
    pairs.map((pair) => answerOf[assess(pair)]),
  );
  if (!existsSync(join(folder, 'manifest.json'))) continue;
  const { readTexts } = await openModel(folder);
  const started = performance.now();
  write(`embedding-${split}`, await readTexts(pairs, () => false));
  console.log(`embedding ${split}: ${pairs.length} pairs, ${((performance.now() - started) / pairs.length).toFixed(3)} ms a pair`);
}

function timed<Value>(what: string, pairs: number, make: () => Value): Value {
  const started = performance.now();
  const made = make();
  console.log(`${what}: ${pairs} pairs, ${((performance.now() - started) / pairs).toFixed(3)} ms a pair`);
  return made;
}

function write(name: string, value: unknown): void {
  writeFileSync(join(out, `${name}.json`), JSON.stringify(value));
}
