import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writeNumbers } from '../../src/read/spoken-numbers.js';

const cases: readonly (readonly [string, string])[] = [
  ['bp one thirty six over seventy eight', 'bp 136/78'],
  ['one-eighteen over seventy', '118/70'],
  ['pressure one oh four over sixty two', 'pressure 104/62'],
  ['two hundred and ten over one ten', '210/110'],
  ['hemoglobin five point eight', 'hemoglobin 5.8'],
  ['a1c ten point oh', 'a1c 10.0'],
  ['creatinine zero point nine five', 'creatinine 0.95'],
  ['psa sixty one, bone mets', 'psa 61, bone mets'],
  ['ferritin three hundred on the dot', 'ferritin 300 on the dot'],
  ['glucose two forty', 'glucose 240'],
  ['sodium one-eighteen on arrival', 'sodium 118 on arrival'],
  ['glucose one oh four', 'glucose 104'],
  ['', ''],
  ['twenty years ago', '20 years ago'],
  ['one of three over the counter drugs', 'one of three over the counter drugs'],
  ['phq nine and gad seven', 'phq nine and gad seven'],
  ['alt was eighty-something', 'alt was eighty-something'],
  ['at this point over half', 'at this point over half'],
  ['party of seventy-year-olds', 'party of seventy-year-olds'],
  ['140 over 90', '140/90'],
  ['weight 180 over 90 days', 'weight 180 over 90 days'],
];

for (const [said, written] of cases) {
  test(`spoken numbers › "${said}" › "${written}"`, () => {
    assert.equal(writeNumbers(said), written);
  });
}
