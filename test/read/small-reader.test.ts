import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { StartError } from '../../src/errors.js';
import { loadModel } from '../../src/read/manifest.js';
import { readStatements } from '../../src/read/read-statements.js';
import { createSmallReader } from '../../src/read/small-reader.js';
import { startWorker } from '../../src/read/worker-link.js';
import type { CriterionId, FactId, Pair, Reader } from '../../src/types.js';

const modelDir = fileURLToPath(new URL('../../models/small-reader', import.meta.url));
const forever = new AbortController().signal;
const pair = (statement: string, criterionText: string, at = 0): Pair => ({
  fact: `f${at}` as FactId,
  statement,
  criterion: 'c' as CriterionId,
  criterionText,
});

const workers: ChildProcess[] = [];
let reader: Reader & { close(): Promise<void> };
let copies: string;

before(async () => {
  copies = await mkdtemp(join(tmpdir(), 'small-reader-'));
  reader = await createSmallReader({
    modelDir,
    createWorker: (dir) => {
      const worker = startWorker(dir);
      workers.push(worker);
      return worker;
    },
  });
});
after(async () => {
  await reader.close();
  await rm(copies, { recursive: true, force: true });
});

test('small reader › its id › is the one of the manifest with the hash of its files', () => {
  assert.match(reader.id, /^small-reader@\d+\.\d+\.\d+\+[0-9a-f]{8}$/);
});

test('small reader › the three answers › come with calibrated numbers', async () => {
  const [supports, contradicts, named, nothing] = await readStatements({ reader }, 'had a colonoscopy', [
    'Had a colonoscopy at an outside hospital 3 years ago.',
    'Never had a colonoscopy.',
    'Brother had a colonoscopy last year.',
    'Patient meets all criteria.',
  ]);
  assert.ok(supports !== undefined && supports.supports > 0.8 && supports.contradicts < 0.1);
  assert.ok(contradicts !== undefined && contradicts.contradicts > 0.8 && contradicts.supports < 0.1);
  assert.ok(named !== undefined && named.supports < 0.1 && named.contradicts < 0.1);
  assert.deepEqual(nothing, { supports: 0, contradicts: 0 });
});

test('small reader › a reading › does not depend on what is read beside it', async () => {
  const pairs = ['Colonoscopy 3 years ago normal.', 'Takes warfarin 5 mg daily.', 'Mammogram 8 months ago, BI-RADS 1.', 'x '.repeat(900)].flatMap(
    (statement, at) => ['had a colonoscopy', 'takes warfarin', 'had a mammogram'].map((text) => pair(statement, text, at)),
  );
  const together = await reader.read(pairs, forever);
  const alone = [];
  for (const one of [...pairs].reverse()) alone.unshift(...(await reader.read([one], forever)));
  assert.deepEqual(alone, together);
});

test('small reader › a worker killed in the middle of a call › is replaced and the call answered', async () => {
  const call = reader.read(
    Array.from({ length: 40 }, (_, at) => pair(`Had a colonoscopy ${at} years ago.`, 'had a colonoscopy', at)),
    forever,
  );
  workers.at(-1)?.kill('SIGKILL');
  const readings = await call;
  assert.equal(workers.length, 2);
  assert.ok(readings.length === 40 && readings.every(({ supports }) => supports > 0.8));
});

test('small reader › a worker killed between calls › is replaced', async () => {
  workers.at(-1)?.kill('SIGKILL');
  assert.equal((await reader.read([pair('Had a colonoscopy.', 'had a colonoscopy')], forever)).length, 1);
});

test('small reader › a call whose signal aborts › is rejected with its reason, and the next is answered', async () => {
  const stop = new AbortController();
  const call = reader.read(
    Array.from({ length: 500 }, (_, at) => pair(`Had a colonoscopy in ward ${at}.`, 'had a colonoscopy', at)),
    stop.signal,
  );
  stop.abort(new Error('deadline'));
  await assert.rejects(call, { message: 'deadline' });
  await assert.rejects(reader.read([pair('x', 'y')], AbortSignal.abort(new Error('gone'))), { message: 'gone' });
  assert.equal((await reader.read([pair('Had a colonoscopy.', 'had a colonoscopy')], forever)).length, 1);
});

test('small reader › odd statements › are read without failing', async () => {
  const odd = ['', ' ', '\u0000', '💉💉', 'colonoscopy '.repeat(2000), 'had a colonoscopy [name] on [date]', '\ud800'];
  assert.equal((await readStatements({ reader }, 'had a colonoscopy', odd)).length, odd.length);
  assert.equal((await readStatements({ reader }, '', ['Had a colonoscopy.'])).length, 1);
});

test('small reader › after close › rejects', async () => {
  const own = await createSmallReader({ modelDir });
  await own.close();
  await assert.rejects(own.read([pair('x', 'y')], forever), { code: 'overloaded' });
});

test('small reader › a damaged model, through the worker › rejects with its line', async () => {
  const dir = await copyModel();
  await writeFile(join(dir, 'tokenizer.json'), '{}');
  await assert.rejects(
    createSmallReader({ modelDir: dir }),
    (error) => error instanceof StartError && /small-reader\/tokenizer\.json is damaged/.test(error.message),
  );
});

async function copyModel(): Promise<string> {
  const dir = join(await mkdtemp(join(copies, 'model-')), 'small-reader');
  await cp(modelDir, dir, { recursive: true, filter: (path) => basename(path) !== 'train' });
  return dir;
}

const damages: readonly { readonly name: string; readonly file: string; readonly damage: (path: string) => Promise<void> }[] = [
  { name: 'truncated encoder', file: 'encoder.onnx', damage: async (path) => writeFile(path, (await readFile(path)).subarray(0, 1000)) },
  { name: 'missing pair model', file: 'pair.onnx', damage: (path) => rm(path) },
  { name: 'changed tokenizer', file: 'tokenizer.json', damage: async (path) => writeFile(path, `${await readFile(path, 'utf8')} `) },
  { name: 'changed lexicon', file: 'lexicon.json', damage: (path) => writeFile(path, '{}') },
  { name: 'missing manifest', file: 'manifest.json', damage: (path) => rm(path) },
  { name: 'manifest that is no JSON', file: 'manifest.json', damage: (path) => writeFile(path, '{') },
  {
    name: 'manifest of a later version',
    file: 'manifest.json',
    damage: async (path) => writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, 'utf8')), format: 3 })),
  },
  {
    name: 'manifest of the version before',
    file: 'manifest.json',
    damage: async (path) => writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, 'utf8')), format: 1 })),
  },
  { name: 'manifest without fields', file: 'manifest.json', damage: (path) => writeFile(path, '{"id":"small-reader"}') },
];
for (const { name, file, damage } of damages) {
  test(`small reader › a ${name} › stops the start with one line that names the file`, async () => {
    const dir = await copyModel();
    await damage(join(dir, file));
    await assert.rejects(loadModel(dir), (error: unknown) => {
      assert.ok(error instanceof StartError);
      assert.match(error.message, new RegExp(`small-reader/${file.replace('.', '\\.')}`));
      assert.doesNotMatch(error.message, /\n/);
      assert.ok(!error.message.includes(copies), 'names no path of this machine');
      return true;
    });
  });
}
