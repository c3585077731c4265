import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { StartError } from '../../src/errors.js';
import { loadScoreParameters } from '../../src/score/parameters.js';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whycard-score-'));
});
after(() => rm(folder, { recursive: true, force: true }));

type Json = Record<string, unknown>;

describe('score parameters', () => {
  it('shipped › every one › has a source and says whether it was read', async () => {
    const text = JSON.parse(await readFile('cards/score.json', 'utf8')) as { reliability: Record<string, Json> } & Record<string, Json>;
    for (const row of [text['prior'], text['absence'], text['foldBelow'], ...Object.values(text.reliability)])
      assert.ok(String(row?.['source']).length > 10 && ['read', 'recalled'].includes(String(row?.['verified'])));
  });

  const faults: readonly (readonly [string, (content: Json) => unknown, RegExp])[] = [
    ['not JSON', () => '{', /not JSON/],
    ['a reliability of one', (content) => ({ ...content, absence: { ...(content['absence'] as Json), value: 1 } }), /absence\.value/],
    [
      'a likelihood ratio below one',
      (content) => ({ ...content, readingLikelihoodRatioLimit: { value: 0.5, source: 'x', verified: 'read', reviewed: '2026-01-01' } }),
      /readingLikelihoodRatioLimit/,
    ],
    ['a parameter without a source', (content) => ({ ...content, prior: { value: 0.5, verified: 'read', reviewed: '2026-01-01' } }), /prior\.source/],
    ['a kind left out', (content) => ({ ...content, reliability: {} }), /reliability/],
  ];
  for (const [name, change, message] of faults) {
    it(`file › ${name} › is refused by field`, async () => {
      const file = join(folder, 'score.json');
      const changed = change(JSON.parse(await readFile('cards/score.json', 'utf8')) as Json);
      await writeFile(file, typeof changed === 'string' ? changed : JSON.stringify(changed));
      await assert.rejects(loadScoreParameters(file), (error: unknown) => error instanceof StartError && message.test(error.message));
    });
  }
});
