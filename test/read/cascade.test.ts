/** What the rules find weighs the model's answer anew. The findings are the real rules'; the model is its logits. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAssessPair, type Finding } from '../../src/read/cascade.js';
import type { TrainedParameters } from '../../src/read/manifest.js';
import { toAnswer } from '../../src/read/model-reader.js';

const even = { temperature: 1, bias: [0, 0, 0] };
const parameters: TrainedParameters = {
  kind: 'cascade',
  labels: ['supports', 'contradicts', 'nothing'],
  temperature: 1,
  maxTokens: 96,
  retrievalThreshold: 0,
  supportsThreshold: 0.8,
  contradictsThreshold: 0.8,
  cascade: {
    none: even,
    bare: even,
    named: { temperature: 2, bias: [0, 0, 1] },
    affirmed: { temperature: 1, bias: [3, 0, 0] },
    denied: { temperature: 1, bias: [0, 3, 0] },
    meets: { temperature: 1, bias: [8, 0, 0] },
    misses: { temperature: 1, bias: [0, 8, 0] },
  },
};

const weighed: readonly (readonly [Finding, readonly number[], 'supports' | 'contradicts' | 'nothing'])[] = [
  ['none', [1, 0, 0.5], 'nothing'],
  ['affirmed', [1, 0, 0.5], 'supports'],
  ['affirmed', [0, 6, 0], 'contradicts'],
  ['affirmed', [0, 0, 6], 'nothing'],
  ['denied', [0.5, 1, 0.5], 'contradicts'],
  ['named', [4, 0, 2], 'nothing'],
  ['meets', [0, 3, 2], 'supports'],
  ['misses', [3, 0, 2], 'contradicts'],
];
for (const [finding, logits, expected] of weighed) {
  test(`cascade › the rules find ${finding}, the model has ${logits.join(' ')} › ${expected} wins`, () => {
    const { supports, contradicts } = toAnswer(logits, parameters, finding);
    const nothing = 1 - supports - contradicts;
    const won = nothing > Math.max(supports, contradicts) ? 'nothing' : supports > contradicts ? 'supports' : 'contradicts';
    assert.equal(won, expected);
  });
}

const thresholds: readonly (readonly [Finding, number | undefined, boolean])[] = [
  ['affirmed', 0.6, true],
  ['meets', 0.6, true],
  ['affirmed', undefined, false],
  ['named', 0.6, false],
  ['none', 0.6, false],
];
for (const [finding, affirmedThreshold, isCounted] of thresholds) {
  test(`cascade › 0.7 supports, the rules find ${finding}, ${affirmedThreshold ?? 'no'} threshold where they affirm › ${isCounted ? 'counts' : 'says nothing'}`, () => {
    const { supports, contradicts } = toAnswer(
      [Math.log(0.7), Math.log(0.1), Math.log(0.2)],
      { ...parameters, cascade: undefined, affirmedThreshold },
      finding,
    );
    assert.equal(supports > Math.max(contradicts, 1 - supports - contradicts), isCounted);
  });
}

const assess = createAssessPair({
  potassium: { same: [], not: [], measured: ['k'] },
  hypertension: { same: ['htn'], not: ['pulmonary hypertension'] },
  'ace inhibitor': { same: ['acei'], not: [], members: ['lisinopril', 'zestril'] },
});
const found: readonly (readonly [string, string, Finding])[] = [
  ['Seen today.', 'had a colonoscopy', 'none'],
  ['Colonoscopy recommended.', 'had a colonoscopy', 'named'],
  ['Had a colonoscopy in 2019.', 'had a colonoscopy', 'affirmed'],
  ['Never had a colonoscopy.', 'had a colonoscopy', 'denied'],
  ['K 5.8', 'last potassium above 5.5', 'meets'],
  ['K 4.1', 'last potassium above 5.5', 'misses'],
  ['K pending', 'last potassium above 5.5', 'named'],
  ['Vitamin K given.', 'takes potassium', 'none'],
  ['Pulmonary HTN, RVSP 62.', 'has hypertension', 'none'],
  ['HTN on two drugs.', 'has hypertension', 'affirmed'],
  ['Thyroid w/o nodules.', 'has thyroid nodules', 'denied'],
  ['?goiter on the film.', 'has a goiter', 'named'],
  ['Glaucoma suspect.', 'has glaucoma', 'named'],
  ['Migraine vs tension headache.', 'has migraine', 'named'],
  ['Nephrostomy removed 3 weeks ago.', 'has a nephrostomy', 'named'],
  ['Pneumonia in college.', 'currently has pneumonia', 'named'],
  ['Pneumonia on the right.', 'currently has pneumonia', 'affirmed'],
  ['Dog is on gabapentin.', 'takes gabapentin', 'named'],
  ['Gabapentin phased out.', 'takes gabapentin', 'denied'],
  ['Never took a thing, gabapentin included.', 'takes gabapentin', 'denied'],
  ['BNP normal.', 'BNP or NT-proBNP is elevated', 'none'],
  ['BNP elevated.', 'BNP or NT-proBNP is elevated', 'affirmed'],
  ['Had a colonoscopy.', 'had a colonoscopy within the last 10 years', 'named'],
  ['Carvedilol 12.5 bid.', 'takes bisoprolol, carvedilol or sustained-release metoprolol succinate', 'affirmed'],
  ['Sertraline 50 daily.', 'takes a drug such as sertraline, venlafaxine or bupropion', 'affirmed'],
  ['Drug list reviewed.', 'takes a drug such as sertraline, venlafaxine or bupropion', 'none'],
  ['Cane yes, never used a walker.', 'uses a walker or cane', 'named'],
  ['Never used a walker or cane.', 'uses a walker or cane', 'denied'],
  ['Chlamydia probe neg 2 days ago.', 'has chlamydia', 'denied'],
  ['HCV ab nonreactive.', 'has HCV', 'denied'],
  ['HCV ab ordered.', 'has HCV', 'named'],
  ['IVC filter was pulled 2 years ago.', 'has an IVC filter', 'named'],
  ['MRI screen: pacemaker N, clip N.', 'has a pacemaker', 'denied'],
  ['Father d. of cirrhosis.', 'has cirrhosis', 'named'],
  ['Zestril 10 daily.', 'takes an ACE inhibitor', 'affirmed'],
  ['Never took lisinopril.', 'takes an ACE inhibitor', 'named'],
  ['Never took an ACEi.', 'takes an ACE inhibitor', 'denied'],
  ['Lisinopril: cough.', 'is allergic to an ACE inhibitor', 'none'],
  ['Had a colonoscopy 4 years ago.', 'had a colonoscopy within the last 10 years', 'affirmed'],
  ['Warfarin 5 nightly.', 'takes warfarin', 'affirmed'],
  ['Warfarin sodium', 'takes warfarin', 'affirmed'],
  ['Warfarin, heart murmur.', 'takes warfarin', 'bare'],
  ['Lobar pneumonia, amoxicillin.', 'had pneumonia', 'bare'],
  ['Lives in a town by the sea.', 'lives in long-term care or in a town', 'named'],
  ['Fistula of the gum.', 'has an abdominal abscess or fistula', 'bare'],
  ['Gabapentin 600 at night for hot flashes.', 'takes gabapentin or pregabalin for pain', 'bare'],
  ['Abdominal abscess on CT.', 'has an abdominal abscess or fistula', 'affirmed'],
  ['Had a colonoscopy last year.', 'had a colonoscopy within the last 10 years', 'affirmed'],
];
for (const [statement, criterionText, expected] of found) {
  test(`cascade › "${statement}" for "${criterionText}" › the rules find ${expected}`, () => {
    assert.equal(assess({ statement, criterionText }), expected);
  });
}
