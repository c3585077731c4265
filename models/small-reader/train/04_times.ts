/**
 * 4. How long readers take on this machine: 200 statements of the generated test split, each against the same 30 criteria, whose vectors are known after the first.
 *
 *   node --import tsx 04_times.ts        (after embedding_manifest.py and 03_export.py)
 *
 * Writes build/times-node.json, milliseconds a statement. The cross-encoders' are measured by 04_times.py. Knows nothing of labels.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { createAssessPair } from '../../../src/read/cascade.js';
import { lexiconSchema } from '../../../src/read/lexicon.js';
import { openModel } from '../../../src/read/open-model.js';
import type { ReadTexts, TextPair } from '../../../src/read/texts.js';

const build = join(import.meta.dirname, 'build');
const rowSchema = z.object({ statement: z.string(), pairs: z.array(z.object({ criterion: z.string() })) });
const rows = readFileSync(join(build, 'test.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .slice(0, 200)
  .map((line) => rowSchema.parse(JSON.parse(line)));
const criteria = [...new Set(rows.flatMap(({ pairs }) => pairs.map(({ criterion }) => criterion)))].slice(0, 30);
const statements = rows.map(({ statement }) => criteria.map((criterionText) => ({ statement, criterionText })));

const { entries } = lexiconSchema.parse(JSON.parse(readFileSync(join(import.meta.dirname, '../lexicon.json'), 'utf8')));
const assess = createAssessPair(entries);
const readers: Readonly<Record<string, ReadTexts>> = {
  rules: async (pairs: readonly TextPair[]) => pairs.map(assess).map(() => ({ supports: 0, contradicts: 0 })),
  embedding: (await openModel(join(build, 'embedding'))).readTexts,
  shipped: (await openModel(join(import.meta.dirname, '..'))).readTexts,
};

const times: Record<string, number> = {};
for (const [name, read] of Object.entries(readers)) {
  await read(statements[0] ?? [], () => false);
  const started = performance.now();
  for (const pairs of statements) await read(pairs, () => false);
  times[name] = (performance.now() - started) / statements.length;
  console.log(`${name}: ${times[name].toFixed(2)} ms a statement against ${criteria.length} criteria`);
}
writeFileSync(join(build, 'times-node.json'), JSON.stringify({ statements: statements.length, criteria: criteria.length, times }));
