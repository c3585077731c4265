/** The pure parts of the SMART app: what it follows, what it parses, how it says and draws it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readRun } from '../../launch/app-context.js';
import { barOf, largestOf } from '../../launch/bar-geometry.js';
import { readLaunch } from '../../launch/launch-address.js';
import { parseRun, type RunView } from '../../launch/run-document.js';
import { counterfactualOf, effectOf, missingOf, originOf, signed } from '../../launch/words.js';

const issuers = ['https://ehr.example/fhir', 'http://127.0.0.1:3000/ehr/fhir'];
const run = '6b56318f-f74a-4458-b158-1a8cf1df1ea7';

describe('launch', () => {
  const addresses: readonly (readonly [string, string])[] = [
    ['?iss=https%3A%2F%2Fehr.example%2Ffhir&launch=abc', 'ehr'],
    ['?iss=https%3A%2F%2Fehr.example%2Ffhir%2F&launch=abc', 'ehr'],
    ['?iss=https%3A%2F%2Fehr.example%2Ffhir', 'standalone'],
    ['', 'choose'],
    ['?launch=abc', 'refused'],
    ['?iss=https%3A%2F%2Fevil.example%2Ffhir&launch=abc', 'refused'],
    ['?iss=https%3A%2F%2Fehr.example%2Ffhir.evil.example&launch=abc', 'refused'],
    ['?iss=https%3A%2F%2Fehr.example%2Ffhir&iss=https%3A%2F%2Fevil.example&launch=a', 'refused'],
    ['?iss=https%3A%2F%2Fehr.example%2Ffhir&launch=', 'refused'],
    [`?iss=https%3A%2F%2Fehr.example%2Ffhir&launch=${'x'.repeat(5000)}`, 'refused'],
    ['?fhirServiceUrl=https%3A%2F%2Fehr.example%2Ffhir&patientId=42', 'refused'],
    ['?iss=https%3A%2F%2Fehr.example%2Ffhir&launch=a&patientId=42', 'refused'],
    ['?iss=https%3A%2F%2Fehr.example%2Ffhir&launch=a&clientId=other', 'refused'],
  ];
  for (const [search, kind] of addresses) {
    it(`address › ${search.slice(0, 80) || 'none'} › ${kind}`, () => {
      assert.equal(readLaunch(search, issuers).kind, kind);
    });
  }

  const contexts: readonly (readonly [unknown, string | undefined])[] = [
    [JSON.stringify({ v: 1, run }), run],
    [JSON.stringify(JSON.stringify({ v: 1, run })), run],
    [encodeURIComponent(JSON.stringify({ v: 1, run })), run],
    [{ v: 1, run }, run],
    [JSON.stringify({ v: 1, run: '../../etc' }), undefined],
    [JSON.stringify({ v: 1 }), undefined],
    ['{', undefined],
    ['%', undefined],
    ['"x"', undefined],
    ['null', undefined],
    [undefined, undefined],
    [42, undefined],
  ];
  for (const [context, expected] of contexts) {
    it(`context › ${JSON.stringify(context)} › ${expected === undefined ? 'no run' : 'the run'}`, () => {
      assert.equal(readRun(context), expected);
    });
  }
});

const reason = { fact: 'age 58', criterion: 'is 45 to 75 years old', kind: 'age', by: 'code', contribution: 1.5, low: 1.5, high: 1.5 } as const;
const explanation = {
  origin: 'code',
  scorer: 's@1',
  reader: 'r@1',
  support: 0.92,
  grade: 'established',
  value: 2.4,
  baseline: -1.9,
  method: 'exact',
  evaluations: 8,
  factsConsidered: 3,
  factsAvailable: 20,
  reasons: [reason],
  missing: [],
  unavailable: [],
  unread: 0,
} as const;
const document = {
  run,
  service: { id: 'care-gaps', title: 'Care gaps' },
  at: '2026-01-01T00:00:00Z',
  cards: [
    {
      uuid: run,
      summary: 's',
      indicator: 'info',
      rule: 'r',
      source: { label: 'l', url: 'https://x.example', section: 's' },
      verified: 'read',
      quotes: [],
      suggestions: [],
      explanation,
    },
  ],
};

describe('explanation', () => {
  it('run › as the service keeps it › is understood; with a field missing or wrong, it is not', () => {
    assert.equal(parseRun(document)?.cards.length, 1);
    for (const broken of [
      undefined,
      null,
      [],
      {},
      { ...document, cards: 'x' },
      { ...document, cards: [{ ...document.cards[0], indicator: 'loud' }] },
      { ...document, run: 7 },
    ])
      assert.equal(parseRun(broken), undefined);
  });

  const view = (change: Partial<RunView['cards'][number]['explanation']>): RunView['cards'][number]['explanation'] => ({
    ...explanation,
    reasons: [reason],
    missing: [],
    unavailable: [],
    ...change,
  });

  it('words › effect, sign, origin › say what the bar shows', () => {
    assert.equal(effectOf(reason), 'raises');
    assert.equal(effectOf({ ...reason, contribution: -0.1 }), 'lowers');
    assert.equal(signed(-1.234), '−1.23');
    assert.equal(signed(0.5), '+0.50');
    assert.match(originOf({ ...reason, by: 'text' }), /language model/);
    assert.match(originOf({ ...reason, kind: 'absence' }), /not found/);
  });

  it('words › what is missing › names each, and counts the unread', () => {
    assert.deepEqual(missingOf(view({})), []);
    assert.deepEqual(missingOf(view({ missing: ['a'], unavailable: ['allergies: refused by the server'], unread: 1 })), [
      'Not known: a.',
      'Not looked at whole: allergies: refused by the server.',
      '1 statement was not read (too late, too many, or not in English).',
    ]);
  });

  it('words › a counterfactual that changes nothing › is not said', () => {
    assert.equal(counterfactualOf(view({})), undefined);
    assert.equal(counterfactualOf(view({ counterfactual: { without: 'x', support: 0.921 } })), undefined);
    assert.equal(
      counterfactualOf(view({ counterfactual: { without: 'A note.', support: 0.4 } })),
      'If “A note” were not known, support would be 0.40 instead of 0.92.',
    );
  });

  it('bars › diverge from the centre, the strongest fills its half, none is invisible', () => {
    assert.deepEqual(barOf(2, 2), { x: 100, width: 100 });
    assert.deepEqual(barOf(-2, 2), { x: 0, width: 100 });
    assert.deepEqual(barOf(-1, 2), { x: 50, width: 50 });
    assert.deepEqual(barOf(0, 2), { x: 100, width: 1 });
    assert.deepEqual(barOf(0, 0), { x: 100, width: 1 });
    assert.equal(largestOf([{ contribution: -3 }, { contribution: 2 }]), 3);
  });
});
