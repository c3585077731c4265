/** Slips that are set right, and words that only look alike. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { correct } from '../../src/read/spelling.js';

const words = ['colonoscopy', 'diabetes', 'arthritis', 'ureteral', 'hypertension'];
for (const [written, expected] of [
  ['colonscopy done', 'colonoscopy done'],
  ['colonsocopy done', 'colonoscopy done'],
  ['diabbetes', 'diabetes'],
  ['colonoscopys', 'colonoscopys'],
  ['arteritis', 'arteritis'],
  ['urethral stricture', 'urethral stricture'],
  ['hypotension', 'hypotension'],
  ['diabetes', 'diabetes'],
] as const) {
  test(`spelling › "${written}" › "${expected}"`, () => {
    assert.equal(correct(written, words), expected);
  });
}
