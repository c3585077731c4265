/** Values against bounds: how criteria set them, how sentences tell them. Invented values. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAssessPair, type Finding } from '../../src/read/cascade.js';
import { parseBound } from '../../src/read/threshold.js';

const bounds: readonly (readonly [string, unknown, string])[] = [
  ['last hemoglobin a1c above 9 %', ['above', false, [9], '%'], 'last hemoglobin a1c'],
  ['ldl of at least 190 mg/dl', ['above', true, [190], 'mg/dl'], 'ldl'],
  ['egfr < 30 ml/min within the last year', ['below', false, [30], 'ml/min'], 'egfr within the last year'],
  ['blood pressure under 130/80', ['below', false, [130, 80], ''], 'blood pressure'],
  ['t-score -2.5 or lower', ['below', true, [-2.5], ''], 't-score'],
  ['body mass index 30 or higher', ['above', true, [30], ''], 'body mass index'],
  ['last lithium level is within 0.6-1.2 mmol/l', ['within', true, [0.6, 1.2], 'mmol/l'], 'last lithium level'],
  ['last hemoglobin a1c of 8 to 9 %', ['within', true, [8, 9], '%'], 'last hemoglobin a1c'],
  ['ldl is between 70 and 99', ['within', true, [70, 99], ''], 'ldl'],
];
for (const [text, expected, rest] of bounds) {
  test(`threshold › a criterion "${text}" › ${JSON.stringify(expected)}`, () => {
    const parsed = parseBound(text);
    assert.deepEqual(parsed && [parsed.bound.side, parsed.bound.isInclusive, parsed.bound.limits, parsed.bound.unit], expected);
    assert.equal(parsed?.rest, rest);
  });
}
for (const text of [
  'had a colonoscopy',
  'smoked for more than 20 years',
  'had at least 2 visits',
  'takes more than one anticoagulant',
  'had a stroke over 6 months ago',
  'had a visit between 10 and 12 months ago',
  'systolic pressure fell by 20 mmhg or more on standing',
]) {
  test(`threshold › "${text}" › sets no bound of a value`, () => {
    assert.equal(parseBound(text), undefined);
  });
}

const assess = createAssessPair({
  'hemoglobin a1c': { same: [], not: [], measured: ['a1c', 'hba1c'] },
  'blood pressure': { same: [], not: [], measured: ['bp'] },
  'systolic blood pressure': { same: [], not: [], measured: ['sbp', 'systolic', 'bp'] },
  'diastolic blood pressure': { same: [], not: [], measured: ['dbp', 'diastolic', 'bp'] },
  'ldl cholesterol': { same: [], not: [], measured: ['ldl'] },
  potassium: { same: [], not: [], measured: ['k'] },
});
const [bmi, potassium] = ['has obesity (BMI 30 or more)', 'serum potassium is elevated, over 5.0 mmol/L'];
const [a1c, pressure, systolic, diastolic, ldl] = [
  'last hemoglobin A1c above 9 %',
  'blood pressure under 130/80',
  'last systolic blood pressure below 140 mm Hg',
  'last diastolic blood pressure below 90',
  'LDL cholesterol of at least 100 mg/dL',
];
const cases: readonly (readonly [string, string, Finding])[] = [
  ['A1c 9.4', a1c, 'meets'],
  ['HbA1c 70 mmol/mol', a1c, 'named'],
  ['HbA1c was 8.9% 3 months ago', a1c, 'misses'],
  ['A1c 9', a1c, 'misses'],
  ['Hemoglobin A1c 3 months ago: 10.2%', a1c, 'meets'],
  ['A1c down to 7.2 from 9.8', a1c, 'misses'],
  ['A1c up from 8.1 to 9.6', a1c, 'meets'],
  ['A1c 9.8 last year, 7.1 now', a1c, 'misses'],
  ['A1c in 2021', a1c, 'named'],
  ['Goal A1c 9.5', a1c, 'named'],
  ['A1c goal < 7', a1c, 'named'],
  ['A1c pending', a1c, 'named'],
  ["Mother's A1c was 11", a1c, 'named'],
  ['A1c and LDL 130', a1c, 'named'],
  ['A1c 75 mmol/mol', a1c, 'named'],
  ['A1c > 14', a1c, 'meets'],
  ['A1c < 10', a1c, 'named'],
  ['BP 128/76', pressure, 'meets'],
  ['BP 128/84', pressure, 'misses'],
  ['BP 128', pressure, 'named'],
  ['BP 152/84', systolic, 'misses'],
  ['Systolic 132', systolic, 'meets'],
  ['BP 132/84', diastolic, 'meets'],
  ['BP 84', diastolic, 'named'],
  ['LDL 1,000', ldl, 'meets'],
  ['LDL 100 mg/dL on 3/4/2024', ldl, 'meets'],
  ['LDL 88 mg/dL', ldl, 'misses'],
  ['Wt up, BMI 31.2', bmi, 'meets'],
  ['BMI 24', bmi, 'misses'],
  ['K 6.1', potassium, 'meets'],
  ['K 6.1, hemolyzed', potassium, 'named'],
  ['K 4.4', potassium, 'misses'],
  ['K: 5.4, 4.9, 4.4', potassium, 'misses'],
  ['K 6.1 in ED yesterday -> 5.4 -> 4.8 this am', potassium, 'misses'],
  ['K 5.6, HR 88', potassium, 'meets'],
  ['K 6.0 four years ago', potassium, 'named'],
  ['K 20 mEq daily', potassium, 'named'],
  ['On three drugs, still 162/98', pressure, 'misses'],
  ['124/72 sitting', pressure, 'meets'],
  ['Goal < 130/80 explained', pressure, 'named'],
  ['Advair 250/50 bid', pressure, 'none'],
  ['Augmentin 875/125', pressure, 'none'],
  ['Sugar 138/90', pressure, 'none'],
  ['BP 118/70', 'had a blood pressure of 140/90 or more', 'named'],
  ['Was 192/116 last week, today 124/72', 'had a blood pressure of 140/90 or more', 'meets'],
  ['LDL 142 → 118 → 91', ldl, 'misses'],
  ['LDL 182 to 84 after eight weeks', ldl, 'misses'],
  ['LDL 84 then 131', ldl, 'meets'],
  ['LDL 95 on admission, 131 today', ldl, 'meets'],
  ['LDL 142 → diet sheet 3 given', ldl, 'meets'],
  ['LDL 5.6 mmol/L', 'LDL cholesterol below 100', 'named'],
  ['LDL was 131 in the spring; most recent draw 84', ldl, 'named'],
  ['Dietary LDL 300', ldl, 'named'],
  ['LDL 80', 'LDL cholesterol of 70 to 99', 'meets'],
  ['LDL 70', 'LDL cholesterol of 70 to 99', 'meets'],
  ['LDL 100', 'LDL cholesterol of 70 to 99', 'misses'],
  ['LDL < 50', 'LDL cholesterol of 70 to 99', 'misses'],
  ['LDL < 90', 'LDL cholesterol of 70 to 99', 'named'],
];
for (const [statement, criterionText, expected] of cases) {
  test(`threshold › "${statement}" for "${criterionText}" › ${expected}`, () => {
    assert.equal(assess({ statement, criterionText }), expected);
  });
}
