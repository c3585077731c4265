import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Label, readHandPairs } from './hand-pairs.js';

const pairs = readHandPairs();

test('hand pairs › counted › 300, about a third of each label, none twice', () => {
  assert.equal(pairs.length, 300);
  for (const label of ['supports', 'contradicts', 'says nothing'] satisfies Label[]) {
    const share = pairs.filter((pair) => pair.label === label).length;
    assert.ok(share >= 90 && share <= 110, `${label}: ${share}`);
  }
  assert.equal(new Set(pairs.map(({ criterion, statement }) => `${criterion}|${statement}`)).size, 300);
});

test('hand pairs › by assertion type › each type stands in at least two', () => {
  const wanted =
    'affirmed negated denied family planned offered declined hypothetical conditional uncertain ruled-out historical done-elsewhere other-organ other-test wrong-time above below misspelled abbreviation local-name stopped allergy injection';
  for (const type of wanted.split(' ')) assert.ok(pairs.filter((pair) => pair.type === type).length >= 2, type);
});
