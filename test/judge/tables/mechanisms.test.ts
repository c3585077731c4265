/** Interactions by mechanism, case by case and as properties. All people are invented. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { z } from 'zod';
import { createJudge } from '../../../src/judge/judge.js';
import { type Knowledge, loadKnowledge } from '../../../src/judge/knowledge.js';
import { createPairDeriver } from '../../../src/judge/tables/derive-pair.js';
import { mechanismFile } from '../../../src/judge/tables/mechanism-schema.js';
import type { Chart, Judgement } from '../../../src/types.js';
import { findingsOf, judgeWith, orderChart, withNote } from './orders.js';

const caseFile = z.strictObject({ about: z.string(), cases: z.array(z.tuple([z.string(), z.string(), z.string(), z.string()])) });
const { cases } = caseFile.parse(JSON.parse(readFileSync('test/judge/tables/mechanism-cases.json', 'utf8')));
const file = mechanismFile.parse(JSON.parse(readFileSync('cards/order-safety/mechanisms.json', 'utf8')));

let knowledge: Knowledge;
let judge: (chart: Chart) => Judgement;
before(async () => {
  knowledge = await loadKnowledge('cards');
  judge = judgeWith(knowledge, 'mechanisms');
});

const listed = (finding: string): readonly string[] => (finding === '' ? [] : [finding]);

describe('mechanisms', () => {
  for (const [takes, orders, about, finding] of cases) {
    it(`pair › takes ${takes}, ${orders} is ordered ${about} › ${finding || 'nothing'}`, () => {
      assert.deepEqual(findingsOf(judge(orderChart(takes, orders, about))), listed(finding));
      assert.deepEqual(findingsOf(judge(orderChart(orders, takes, about))), listed(finding), 'the other way round');
    });
  }

  it('list › a drug that shares no pathway is added › nothing changes', () => {
    for (const [takes, orders, about] of cases.slice(0, 12)) {
      const without = findingsOf(judge(orderChart(takes, orders, about)));
      assert.deepEqual(findingsOf(judge(orderChart(`cetirizine 10 mg, ${takes}, docusate 100 mg`, orders, about))), without);
    }
  });

  it('list › in another order › the same findings', () => {
    const drugs = ['simvastatin 40 mg', 'warfarin 5 mg', 'digoxin 0.125 mg', 'quetiapine 50 mg', 'lithium 300 mg'];
    const found = findingsOf(judge(orderChart(drugs.join(', '), 'clarithromycin 500 mg')));
    assert.equal(found.length, 3);
    assert.deepEqual(findingsOf(judge(orderChart(drugs.reverse().join(', '), 'clarithromycin 500 mg'))), found);
  });

  it('card › a derived pair › names the mechanism and its table', () => {
    const { advice } = judge(orderChart('quetiapine 100 mg', 'ketoconazole 200 mg'));
    assert.equal(advice[0]?.rule, 'Ketoconazole strongly inhibits CYP3A4, which clears quetiapine.');
    assert.match(advice[0]?.source.label ?? '', /^FDA/);
    assert.equal(advice[0]?.proposals[0]?.kind, 'remove-draft');
  });

  it('values › a colchicine interaction without a creatinine › says that the eGFR is missing', () => {
    const { missing, findings } = judge(orderChart('colchicine 0.6 mg', 'clarithromycin 500 mg'));
    assert.deepEqual(
      missing.map(({ text }) => text),
      ['eGFR'],
    );
    assert.equal(findings[0]?.indicator, 'warning');
  });

  it('dose › within what the label permits › no list that only ranks the pair raises it', () => {
    const service = knowledge.services.find(({ id }) => id === 'order-safety');
    assert.ok(service !== undefined);
    const graded = (dose: string): readonly string[] =>
      createJudge(knowledge)(service, orderChart(`simvastatin ${dose} mg po daily`, 'diltiazem 240 mg')).findings.map(({ indicator }) => indicator);
    assert.deepEqual([graded('10'), graded('40')], [['info'], ['warning']]);
  });

  it('dose › not said › the grade stays, and what is missing is named', () => {
    const { missing, findings } = judge(orderChart('simvastatin 40 MG Oral Tablet', 'diltiazem 240 mg'));
    assert.deepEqual([missing.map(({ text }) => text), findings[0]?.indicator], [['the daily dose of simvastatin'], 'warning']);
  });

  it('replacements › a draft that another drug can stand in for › is offered it; what is only taken is not', () => {
    const labels = (takes: string, orders: string): readonly string[] =>
      judge(orderChart(takes, orders)).advice.flatMap(({ proposals }) =>
        proposals.flatMap((one) => (one.kind === 'replace-draft' ? [one.code.display] : [])),
      );
    assert.deepEqual(labels('quetiapine 100 mg', 'clarithromycin 500 mg'), ['azithromycin 250 MG Oral Tablet']);
    assert.deepEqual(labels('clarithromycin 500 mg', 'quetiapine 100 mg'), []);
  });

  it('note › names the other drug › the pair stays open for what is read, without a finding', () => {
    const { findings, candidates } = judge(withNote(orderChart('', 'ketoconazole 200 mg'), 'He takes quetiapine at night.'));
    assert.deepEqual(findings, []);
    assert.deepEqual(
      candidates.map(({ id }) => id),
      ['mechanisms.quetiapine.ketoconazole'],
    );
  });

  it('note › names a drug beside a pair that is on record › lowers nothing', () => {
    const plain = orderChart('simvastatin 40 mg', 'clarithromycin 500 mg');
    assert.deepEqual(findingsOf(judge(withNote(plain, 'Simvastatin 5 mg only. Tolerates clarithromycin well.'))), findingsOf(judge(plain)));
  });

  it('product › two of its ingredients act on one drug › one card', () => {
    assert.deepEqual(findingsOf(judge(orderChart('Paxlovid', 'simvastatin 20 mg'))), ['critical mechanisms.simvastatin.nirmatrelvir']);
  });

  it('recalled rows › whatever they say › give information at most', () => {
    const recalled = new Set(file.statements.filter(({ verified }) => verified === 'recalled').map(({ id }) => id));
    assert.ok(recalled.size > 5);
    const { findings, advice } = judge(orderChart('st johns wort', 'etonogestrel'));
    assert.deepEqual(
      advice.map(({ topic, verified }) => [recalled.has(topic), verified]),
      [[true, 'recalled']],
    );
    assert.equal(findings[0]?.indicator, 'info');
  });

  it('random pairs › of 2,000 that no row names together › at most 1 % interrupt', () => {
    const deriver = createPairDeriver(file, (drug) => drug);
    const ingredients = [...(knowledge.orders.get('order-safety')?.formulary.ingredients.keys() ?? [])];
    let [seed, interrupting, drawn] = [20261125, 0, 0];
    const draw = (): string => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return ingredients[seed % ingredients.length] ?? '';
    };
    while (drawn < 2000) {
      const [a, b] = [draw(), draw()];
      if (
        a === b ||
        file.statements.some(
          (row) => row.with !== undefined && ((row.of.includes(a) && row.with.includes(b)) || (row.of.includes(b) && row.with.includes(a))),
        )
      )
        continue;
      drawn += 1;
      const pair = deriver.derive(a, b);
      if (pair !== undefined && pair.indicator !== 'info' && pair.rule.verified === 'read') interrupting += 1;
    }
    assert.ok(interrupting <= 20, `${interrupting} of 2,000`);
  });
});
