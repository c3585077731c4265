/** The checks that look at the patient, case by case: taken from labels, guidelines and what a pharmacist would not say. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { Chart, Judgement } from '../../../src/types.js';
import { chartOfCase, createJudgeOrders, readCases, saidBy } from './case.js';

let judge: (chart: Chart) => Judgement;
before(async () => {
  judge = await createJudgeOrders();
});

/** File, and the least number of cases that it must hold: an emptied file is no green one. */
const files: readonly (readonly [string, number])[] = [
  ['renal', 20],
  ['pregnancy', 20],
  ['disease', 10],
  ['hepatic', 10],
  ['age', 10],
  ['values', 10],
  ['allergies', 20],
  ['duplicates', 20],
  ['doses', 10],
  ['opioids', 10],
  ['monitoring', 10],
];

for (const [name, least] of files) {
  const { check, cases } = await readCases(name);
  describe(name, () => {
    it(`${name} › cases › at least ${least}`, () => {
      assert.ok(cases.length >= least, `${cases.length}`);
    });
    for (const row of cases) {
      it(`${name} › ${row.name} › ${row.expect.length === 0 ? 'nothing' : row.expect.join(', ')}`, () => {
        const judgement = judge(chartOfCase(row));
        assert.deepEqual(saidBy(check, judgement), [...row.expect].sort());
        if (row.missing !== undefined) {
          const own = judgement.missing.filter(({ candidate }) => candidate.startsWith(`${check}.`)).map(({ text }) => text);
          assert.deepEqual([...new Set(own)].sort(), [...row.missing].sort());
        }
      });
    }
  });
}
