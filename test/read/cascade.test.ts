import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Verdict } from '../../src/read/assertion.js';
import { createCascade } from '../../src/read/cascade.js';
import type { Answer } from '../../src/read/similarity.js';

const parameters = { certain: 0.9, affirmed: { supports: 0.94, contradicts: 0.02 }, denied: { supports: 0.05, contradicts: 0.92 } };
const of = (supports: number, contradicts: number): Answer => ({ supports, contradicts });

const cases: readonly (readonly [string, Verdict | undefined, Answer, Answer])[] = [
  ['the rules affirm, the model is unsure', 'affirmed', of(0.3, 0.2), parameters.affirmed],
  ['the rules affirm, the model more so', 'affirmed', of(0.98, 0.01), of(0.98, 0.01)],
  ['the rules affirm, the model is certain of the opposite', 'affirmed', of(0.02, 0.95), of(0.02, 0.95)],
  ['the rules deny, the model is unsure', 'denied', of(0.4, 0.3), parameters.denied],
  ['the rules deny, the model is certain of the opposite', 'denied', of(0.95, 0.01), of(0.95, 0.01)],
  ['the rules find the words and no verdict', 'named', of(0.8, 0.1), of(0.8, 0.1)],
  ['the rules do not find the words', undefined, of(0.8, 0.1), of(0.8, 0.1)],
];
for (const [name, verdict, model, expected] of cases) {
  test(`cascade › ${name} › ${JSON.stringify(expected)}`, async () => {
    const read = createCascade({ model: async () => [model], assess: () => verdict, parameters });
    assert.deepEqual(await read([{ statement: 's', criterionText: 'c' }], () => false), [expected]);
  });
}
