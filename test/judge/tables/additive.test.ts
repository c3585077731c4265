/** Effects that add up over the whole list, family by family, and as properties. All people are invented. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { z } from 'zod';
import { loadKnowledge } from '../../../src/judge/knowledge.js';
import type { Chart, Judgement } from '../../../src/types.js';
import { findingsOf, judgeWith, orderChart, withNote } from './orders.js';

const caseFile = z.strictObject({
  about: z.string(),
  families: z.record(z.string(), z.array(z.tuple([z.string(), z.string(), z.string(), z.string()]))),
});
const { families } = caseFile.parse(JSON.parse(readFileSync('test/judge/tables/additive-cases.json', 'utf8')));

let judge: (chart: Chart) => Judgement;
before(async () => {
  judge = judgeWith(await loadKnowledge('cards'), 'additive');
});

const gradeOf = (family: string, judgement: Judgement): string =>
  judgement.findings.find(({ candidate }) => candidate === `additive.${family}`)?.indicator ?? '';

describe('additive', () => {
  for (const [family, cases] of Object.entries(families)) {
    it(`cases › ${family} › are twenty or more`, () => assert.ok(cases.length >= 20));
    for (const [takes, orders, about, grade] of cases) {
      it(`${family} › takes ${takes}, ${orders} is ordered ${about} › ${grade || 'no card'}`, () => {
        assert.equal(gradeOf(family, judge(orderChart(takes, orders, about))), grade);
      });
    }
  }

  it('card › more than two drugs › names all that contribute, each a reason of its own', () => {
    const { findings, advice } = judge(orderChart('warfarin 5 mg, sertraline 50 mg, aspirin 81 mg, metformin 500 mg', 'ibuprofen 400 mg'));
    const own = advice.find(({ candidate }) => candidate === 'additive.bleeding');
    assert.match(own?.summary ?? '', /warfarin/);
    for (const name of ['ibuprofen', 'aspirin', 'sertraline']) assert.match(own?.summary ?? '', new RegExp(name));
    assert.deepEqual([...(findings.find(({ candidate }) => candidate === 'additive.bleeding')?.evidence ?? [])].sort(), ['f0', 'f1', 'f2', 'f4']);
  });

  it('card › a value raised it › says the value, and counts it among the evidence', () => {
    const { findings, advice } = judge(orderChart('lisinopril 10 mg', 'spironolactone 25 mg', 'potassium=5.6'));
    assert.match(advice[0]?.rule ?? '', /Potassium 5\.6 mmol\/L, above 5\.5\.$/);
    assert.ok(findings[0]?.evidence.some((fact) => fact === 'f2'));
  });

  it('replacements › an anti-inflammatory drug with an anticoagulant › acetaminophen is offered for the draft', () => {
    const { advice } = judge(orderChart('apixaban 5 mg', 'ibuprofen 400 mg'));
    assert.deepEqual(advice.flatMap(({ proposals }) => proposals.map(({ kind }) => kind)).sort(), ['remove-draft', 'replace-draft']);
  });

  it('values › a potassium that is not known › is said to be missing', () => {
    const { missing } = judge(orderChart('lisinopril 10 mg', 'spironolactone 25 mg'));
    assert.deepEqual(missing.map(({ text }) => text).sort(), ['eGFR', 'potassium']);
  });

  it('list › an unrelated drug, or another order of the lines › changes nothing', () => {
    for (const [family, cases] of Object.entries(families)) {
      for (const [takes, orders, about] of cases) {
        const plain = gradeOf(family, judge(orderChart(takes, orders, about)));
        assert.equal(
          gradeOf(family, judge(orderChart(`${takes}, cholecalciferol 1000 units, cetirizine 10 mg`, orders, about))),
          plain,
          `${takes} > ${orders}`,
        );
        assert.equal(gradeOf(family, judge(orderChart(takes.split(',').reverse().join(','), orders, about))), plain, `${takes} > ${orders}`);
      }
    }
  });

  it('note › names the drug that would make it add up › the family stays open for what is read', () => {
    const { findings, candidates } = judge(withNote(orderChart('', 'ibuprofen 400 mg'), 'On Eliquis since the stroke.'));
    assert.deepEqual(findings, []);
    assert.ok(candidates.some(({ id }) => id === 'additive.bleeding.read'));
  });

  it('note › names a drug that would make a card graver › adds a line, and leaves the card as it is', () => {
    const plain = orderChart('aspirin 81 mg', 'ibuprofen 400 mg');
    const noted = judge(withNote(plain, 'On Eliquis since the stroke.'));
    assert.deepEqual(findingsOf(noted), findingsOf(judge(plain)));
    assert.deepEqual(
      noted.candidates.map(({ id }) => id).filter((id) => id.includes('bleeding')),
      ['additive.bleeding', 'additive.bleeding.read'],
    );
  });

  it('product › one line with all of them › is a decision that was made elsewhere', () => {
    assert.deepEqual(findingsOf(judge(orderChart('', 'triamterene 37.5 mg / hydrochlorothiazide 25 mg'))), []);
    assert.deepEqual(findingsOf(judge(orderChart('', 'spironolactone 25 mg / potassium chloride 20 mEq'))), []);
    assert.deepEqual(findingsOf(judge(orderChart('', 'ibuprofen 400 mg / aspirin 81 mg'))), []);
  });
});
