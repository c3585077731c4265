/** Windows that criteria name, spans that sentences name. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isBeforeWindow, parseWindow } from '../../src/read/window.js';

for (const [criterion, expected] of [
  ['had a colonoscopy in the last 10 years', 120],
  ['had a mammogram within two years', 24],
  ['had a stroke in the past three months', 3],
  ['had a visit during the last year', 12],
  ['had a colonoscopy', undefined],
] as const) {
  test(`window › "${criterion}" › ${expected} months`, () => {
    assert.equal(parseWindow(criterion), expected);
  });
}
for (const [before, after, window, expected] of [
  ['', ' 6 years ago', 60, true],
  ['', ' 4 yrs ago, normal', 60, false],
  ['', ' between 10 and 11 years ago', 120, false],
  ['', ' between 11 and 12 years ago', 120, true],
  ['eight months ago had a ', '', 6, true],
  ['mother died 20 years ago, had a ', ' last year', 60, false],
  ['', ' normal', 12, false],
] as const) {
  test(`window › "${before}…${after}" against ${window} months › ${expected ? 'before it' : 'not known to be before it'}`, () => {
    assert.equal(isBeforeWindow({ before, after }, window), expected);
  });
}
