import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildPairs } from '../../src/read/pairs.js';
import { putUsefulFirst } from '../../src/read/priority.js';
import type { CandidateId, Finding } from '../../src/types.js';
import { criterion, fact } from './build.js';

const had = criterion('had', 'had a colonoscopy');
const shot = criterion('shot', 'received an influenza vaccine');
const other = criterion('other', 'lives alone');
const candidates = [
  { id: 'colorectal' as CandidateId, text: '', logic: { all: [{ none: [had.id] }] } },
  { id: 'flu' as CandidateId, text: '', logic: { any: [shot.id] } },
];
const findings: readonly Finding[] = [
  { candidate: 'colorectal' as CandidateId, indicator: 'warning', evidence: [], origin: 'code', unavailable: [] },
];
const facts = ['Walks daily.', 'Alone since spring.', 'Influenza last winter.', 'Colonoscopy was normal.'].map((text, at) => fact(`f${at}`, text));

function orderOf(criteria: readonly (typeof had)[]): readonly string[] {
  const pairs = putUsefulFirst(buildPairs({ criteria }, facts), { candidates, findings });
  return [...new Set(pairs.map(({ statement }) => statement))];
}

test('priority › statements that name what an open card hangs on › come first, then what may bring one', () => {
  assert.deepEqual(orderOf([other, shot, had]), ['Colonoscopy was normal.', 'Influenza last winter.', 'Walks daily.', 'Alone since spring.']);
  assert.deepEqual(orderOf([other, shot]), ['Influenza last winter.', 'Alone since spring.', 'Walks daily.', 'Colonoscopy was normal.']);
});

test('priority › nothing hangs on any › the order stays', () => {
  const pairs = buildPairs({ criteria: [other] }, [fact('f1', 'One here.'), fact('f2', 'Two here.')]);
  assert.deepEqual(putUsefulFirst(pairs, { candidates: [], findings: [] }), pairs);
});
