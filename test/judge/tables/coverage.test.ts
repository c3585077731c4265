/** No drug falls out of a check unnoticed, as when a row is rewritten. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, describe, it } from 'node:test';
import { type Coverage, collectCoverage, listed } from './coverage.js';

const committed = listed.parse(JSON.parse(await readFile('test/judge/tables/coverage.json', 'utf8')));
const update = 'node --import tsx scripts/order-coverage.mjs';

describe('coverage', () => {
  let now: Coverage;
  before(async () => {
    now = await collectCoverage();
  });

  for (const [check, drugs] of Object.entries(committed)) {
    it(`coverage › ${check} › has a row about each drug that it had one about`, (t) => {
      const kept = drugs.split(' ');
      const covered = new Set((now[check] ?? '').split(' '));
      const lost = kept.filter((drug) => !covered.has(drug));
      assert.deepEqual(lost, [], `${check}.json has no row about ${lost.join(', ')} any more. If that is meant: ${update}`);
      if (covered.size > kept.length) t.diagnostic(`${check}.json covers ${covered.size - kept.length} drugs that are not listed yet: ${update}`);
    });
  }

  it('coverage › the list › names every check', () => {
    assert.deepEqual(Object.keys(committed).sort(), Object.keys(now).sort(), update);
  });
});
