/** The value sets in `cards/` are what the script makes of the published ones; names it does not know are refused. Runs where the published files are. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';

const published = ['ecqm-2024/valuesets.ndjson.gz', 'valuesets/opioid-valuesets.ndjson.gz'].map((file) => resolve('../shared/data', file));
const skip = published.every((file) => existsSync(file)) ? false : 'the published value sets are not here (../shared/data)';
let copy: string;

before(async () => {
  copy = await mkdtemp(join(tmpdir(), 'whycard-sets-'));
  for (const part of ['scripts/value-sets.mjs', 'scripts/value-sets.json', 'cards/care-gaps']) await cp(part, join(copy, part), { recursive: true });
});
after(() => rm(copy, { recursive: true, force: true }));

function run(...options: readonly string[]) {
  const { status, stderr } = spawnSync(process.execPath, [join(copy, 'scripts/value-sets.mjs'), ...options, ...published], { encoding: 'utf8' });
  return { status, stderr };
}

async function name(valueSet: string): Promise<void> {
  await writeFile(join(copy, 'cards/care-gaps/named.json'), JSON.stringify({ rows: [{ definition: { valueSets: [valueSet] } }] }));
}

describe('value sets', { skip }, () => {
  it('script › over the criteria as they are › gives the committed file', () => {
    assert.deepEqual(run('--check'), { status: 0, stderr: '' });
  });

  it('file › as committed › holds no CPT code', async () => {
    assert.doesNotMatch(await readFile('cards/care-gaps/value-sets.json', 'utf8'), /ama-assn|\bcpt\b/i);
  });

  for (const [what, set, message] of [
    ['no published set has the name', 'tobacco-usr', /no published value set is called tobacco-usr/],
    ['the published set holds CPT codes alone', 'preventive-care-services-individual-counseling', /is empty \(its codes are CPT\)/],
    ['two published sets have the title', 'heart-rate', /several published sets have that title/],
  ] as const)
    it(`script › when ${what} › fails and says so`, async () => {
      await name(set);
      const { status, stderr } = run();
      assert.equal(status, 1);
      assert.match(stderr, message);
    });

  it('script › when a criterion names another set › its codes are added, and --check fails before', async () => {
    await name('dental-caries');
    assert.equal(run('--check').status, 1);
    assert.equal(run().status, 0);
    assert.match(await readFile(join(copy, 'cards/care-gaps/value-sets.json'), 'utf8'), /"id":"dental-caries"/);
  });
});
