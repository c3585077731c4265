import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseCriterion } from '../../src/read/anchor.js';
import { assess } from '../../src/read/assertion.js';
import { lexiconSchema } from '../../src/read/lexicon.js';
import { parseStatement } from '../../src/read/statement.js';

const root = new URL('../../', import.meta.url);
const lexicon = lexiconSchema.parse(JSON.parse(readFileSync(new URL('models/small-reader/lexicon.json', root), 'utf8'))).entries;
const lines = (file: string): readonly string[] =>
  readFileSync(new URL(file, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '');

type Meaning = 'supports' | 'contradicts' | 'says nothing';
const meanings: Readonly<Record<string, Meaning>> = { s: 'supports', c: 'contradicts', n: 'says nothing' };

function meaningOf(criterion: string, statement: string): Meaning {
  const verdict = assess(parseStatement(statement), parseCriterion(criterion, lexicon))?.verdict;
  if (verdict === 'affirmed' || verdict === 'bare') return 'supports';
  return verdict === 'denied' ? 'contradicts' : 'says nothing';
}

for (const [file, atLeast] of [
  ['sentences.txt', 200],
  ['sentences-second.txt', 160],
  ['sentences-third.txt', 80],
] as const) {
  const cases = lines(file).map((line) => line.split('|'));

  test(`assertion › ${file} › has at least ${atLeast} cases`, () => {
    assert.ok(cases.length >= atLeast, `${cases.length}`);
  });
  for (const [code = '', criterion = '', statement = ''] of cases) {
    test(`assertion › ${criterion}: "${statement}" › ${meanings[code]}`, () => {
      assert.equal(meaningOf(criterion, statement), meanings[code]);
    });
  }
}

const criteria = [
  'had a colonoscopy',
  'had a mammogram',
  'takes warfarin',
  'has colorectal cancer',
  'had a total colectomy',
  'has diabetes',
  'is in hospice care',
];
const injections = lines('injections.txt');

test('assertion › the list of injected lines › is not empty', () => {
  assert.ok(injections.length >= 15);
});
for (const injection of injections) {
  test(`assertion › injected "${injection}" › moves no criterion`, () => {
    for (const criterion of criteria) assert.equal(meaningOf(criterion, injection), 'says nothing', criterion);
  });
}

test('assertion › clinical wording that resembles an instruction › is still read', () => {
  const cases = [
    ['has diabetes', 'Meets diagnostic criteria for diabetes.'],
    ['had a mammogram', 'Mammogram read by radiology as negative last year.'],
    ['takes warfarin', 'Discharge instructions: continue warfarin.'],
    ['had a colonoscopy', 'Note that patient had colonoscopy in 2021.'],
    ['had a colonoscopy', 'Review of systems: negative. Colonoscopy 3 years ago normal.'],
  ] as const;
  for (const [criterion, statement] of cases) assert.equal(meaningOf(criterion, statement), 'supports', statement);
});

test('assertion › empty, odd and very long statements › neither throw nor take long', () => {
  const odd = ['', ' ', '???', '.', ',', '\u0000', '💉'.repeat(500), 'had a '.repeat(400), 'no, '.repeat(500), `${'colonoscopy '.repeat(160)}`];
  const started = performance.now();
  for (const statement of odd) for (const criterion of [...criteria, '', 'x', '(((', 'takes']) meaningOf(criterion, statement);
  assert.ok(performance.now() - started < 2000);
});
