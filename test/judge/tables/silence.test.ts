/** What a pharmacist would not say: combinations of every day, through the whole service. All people are invented. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { z } from 'zod';
import { createJudge } from '../../../src/judge/judge.js';
import { type Knowledge, loadKnowledge } from '../../../src/judge/knowledge.js';
import { judgeWith, orderChart } from './orders.js';

const file = z.strictObject({ about: z.string(), pairs: z.array(z.tuple([z.string(), z.string()])).min(50) });
const { pairs } = file.parse(JSON.parse(readFileSync('test/judge/tables/silence.json', 'utf8')));

let knowledge: Knowledge;
before(async () => {
  knowledge = await loadKnowledge('cards');
});

describe('silence', () => {
  it('everyday pairs › ordered either way › no card interrupts, and mechanisms and additive effects say nothing', () => {
    const service = knowledge.services.find(({ id }) => id === 'order-safety');
    assert.ok(service !== undefined);
    const judge = createJudge(knowledge);
    const [mechanisms, additive] = [judgeWith(knowledge, 'mechanisms'), judgeWith(knowledge, 'additive')];
    const spoken = pairs.flatMap(([a, b]) =>
      [orderChart(a, b), orderChart(b, a)].flatMap((chart) => [
        ...judge(service, chart).findings.filter(({ indicator }) => indicator !== 'info'),
        ...mechanisms(chart).findings,
        ...additive(chart).findings,
      ]),
    );
    assert.deepEqual(
      spoken.map(({ candidate, indicator }) => `${indicator} ${candidate}`),
      [],
    );
  });

  it('the same charts › with a drug that does interact › are not silent', () => {
    const judge = judgeWith(knowledge, 'mechanisms');
    assert.equal(judge(orderChart('simvastatin 40 mg', 'clarithromycin 500 mg')).findings.length, 1);
  });
});
