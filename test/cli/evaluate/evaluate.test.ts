/** `whycard evaluate` over cases written for these tests. All people are invented. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { CommandError } from '../../../src/cli/ehr.js';
import { areaUnderCurve, calibrationError, evaluateCases, isExpectedOpen, type Judged } from '../../../src/cli/evaluate/agreement.js';
import { type Half, readCases } from '../../../src/cli/evaluate/cases.js';
import { createEvaluateCase, type EvaluateCase } from '../../../src/evaluation.js';

let folder: string;
let evaluateCase: EvaluateCase;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whycard-cases-'));
  evaluateCase = await createEvaluateCase();
});
after(() => rm(folder, { recursive: true, force: true }));

const open = { 'initial-population': 1, denominator: 1, 'denominator-exclusion': 0, numerator: 0 };
const subject = { reference: 'Patient/p' };
const visit = (code: object = { system: 'http://snomed.info/sct', code: '185463005' }) => ({
  resourceType: 'Encounter',
  id: 'e1',
  status: 'finished',
  class: { code: 'AMB' },
  type: [{ coding: [code] }],
  subject,
  period: { start: '2025-05-01T09:00:00Z', end: '2025-05-01T09:30:00Z' },
});
const colonoscopy = (performedDateTime: string) => ({
  resourceType: 'Procedure',
  id: 'c1',
  status: 'completed',
  subject,
  performedDateTime,
  code: { coding: [{ system: 'http://snomed.info/sct', code: '73761001' }] },
});
const line = (id: string, resources: readonly object[], expected: object, more: object = {}): string =>
  JSON.stringify({
    id,
    measure: 'ColonCancerScreeningFHIR',
    period: { start: '2025-01-01', end: '2025-12-31' },
    description: `case ${id}`,
    expected: [{ 0: expected }],
    bundle: {
      resourceType: 'Bundle',
      entry: [{ resourceType: 'Patient', id: 'p', gender: 'male', birthDate: '1965-03-04' }, ...resources].map((resource) => ({ resource })),
    },
    ...more,
  });
async function read(text: string | Buffer, half: Half = 'all') {
  const path = join(folder, `${Math.random()}.ndjson`);
  await writeFile(path, text);
  return readCases(path, half);
}

describe('evaluate', () => {
  it('cases › agreeing and differing › each is counted, the differing one with criteria and resources', async () => {
    const done = { ...open, numerator: 1 };
    const { cases } = await read(
      [line('a', [visit()], open), line('b', [visit(), colonoscopy('2020-01-01')], done), line('c', [visit(), colonoscopy('2020-01-01')], open)].join(
        '\n',
      ),
    );
    const { agreement, measures, auroc } = evaluateCases(cases, evaluateCase);
    assert.equal(agreement, 2 / 3);
    assert.equal(auroc, 0.75);
    const [difference] = measures[0]?.differences ?? [];
    assert.equal(difference?.case, 'c');
    const [gap] = difference?.gaps ?? [];
    assert.deepEqual([gap?.expected, gap?.found], ['open', 'closed']);
    assert.deepEqual(
      gap?.criteria.filter(({ truth, part }) => truth === 'yes' && part === 'closedBy').map(({ criterion, resources }) => [criterion, resources]),
      [['had-colonoscopy', ['Procedure/c1']]],
    );
  });

  it('cases › a visit of CPT only › counts by its class, an emergency does not', async () => {
    const cpt = { system: 'http://www.ama-assn.org/go/cpt', code: 'invented' };
    const none = { 'initial-population': 0 };
    const { cases } = await read([line('a', [visit(cpt)], open), line('b', [{ ...visit(cpt), class: { code: 'EMER' } }], none)].join('\n'));
    assert.equal(evaluateCases(cases, evaluateCase).agreement, 1);
  });

  it('cases › the period of another year › now is its end', async () => {
    const period = { start: '2031-01-01', end: '2031-12-31' };
    const later = { ...visit(), period: { start: '2031-02-01', end: '2031-02-01' } };
    const { cases } = await read(
      [
        line('a', [later, colonoscopy('2021-12-31')], open, { period }),
        line('b', [later, colonoscopy('2022-01-01')], { ...open, numerator: 1 }, { period }),
      ].join('\n'),
    );
    assert.equal(evaluateCases(cases, evaluateCase).agreement, 1);
  });

  it('measures › the same one under the name of another year › is known by its number; another is reported and not counted', async () => {
    const known = [
      'CMS130FHIRColorectalCancerScrn',
      'FHIRCMS130',
      'EXM130v8QICore4',
      'ColonCancerScreening',
      'http://x.org/Measure/ColonCancerScreeningFHIR|0.3',
    ];
    const others = ['CMS1300FHIRSomething', 'ScreeningFHIR', 'FHIR'];
    const { cases } = await read([...known, ...others].map((measure, at) => line(`${at}`, [visit()], open, { measure })).join('\n'));
    const { unknown, cases: counted, agreed } = evaluateCases(cases, evaluateCase);
    assert.deepEqual([unknown, counted, agreed], [Object.fromEntries(others.map((name) => [name, 1])), known.length, known.length]);
  });

  it('lines › groups by name › stand in order', async () => {
    const { cases } = await read(line('a', [visit()], {}, { expected: { 'first-group': open, 'second-group': {} } }));
    assert.deepEqual([...(cases[0]?.expected.keys() ?? [])], [0, 1]);
    assert.equal(evaluateCases(cases, evaluateCase).agreement, 1);
  });

  it('lines › counts as yes and no, a period of instants › are read', async () => {
    const yes = { 'initial-population': true, denominator: true, 'denominator-exclusion': false, numerator: null };
    const { cases, broken: named } = await read(
      line('a', [visit()], yes, { period: { start: '2025-01-01T00:00:00Z', end: '2025-12-31T23:59:59Z' } }),
    );
    assert.deepEqual([named, evaluateCases(cases, evaluateCase).agreement], [[], 1]);
  });

  it('files › gzipped › are read', async () => {
    assert.equal((await read(gzipSync(`${line('a', [], open)}\n`))).cases.length, 1);
  });

  const broken: readonly (readonly [string, string, RegExp])[] = [
    ['no JSON', '{', /line 2: is not JSON/],
    ['no bundle', '{"id":"x","measure":"m","period":{"start":"2025-01-01","end":"2025-12-31"},"expected":[]}', /line 2: bundle/],
    ['a period that is no date', line('x', [], open, { period: { start: 'spring', end: '2025-12-31' } }), /line 2: period\.start/],
    ['a resource without a type', line('x', [{}], open), /line 2: bundle\.entry\.1\.resource\.resourceType/],
  ];
  for (const [name, text, message] of broken) {
    it(`lines › ${name} › is named, the others are read`, async () => {
      const { cases, broken: named } = await read([line('a', [], open), text, line('b', [], open)].join('\n'));
      assert.deepEqual(
        cases.map(({ id }) => id),
        ['a', 'b'],
      );
      assert.equal(named.length, 1);
      assert.match(named[0] ?? '', message);
    });
  }

  it('files › not there, or half a gzip › is a message of one line', async () => {
    await assert.rejects(readCases(join(folder, 'nowhere'), 'all'), CommandError);
    await assert.rejects(read(gzipSync('x').subarray(0, 12)), CommandError);
  });

  it('halves › by the hash of measure and id › make up the whole and share nothing', async () => {
    const text = [...Array(40).keys()].map((at) => line(`case-${at}`, [], open)).join('\n');
    const [all, openHalf, sealed] = [await read(text), await read(text, 'open'), await read(text, 'sealed')];
    assert.equal(openHalf.cases.length + sealed.cases.length, all.cases.length);
    assert.ok(openHalf.cases.length > 8 && sealed.cases.length > 8);
    for (const { measure, id } of sealed.cases) assert.ok((createHash('sha256').update(`${measure}/${id}`).digest()[0] ?? 0) >= 128);
  });

  const populations: readonly (readonly [string, Record<string, number>, boolean, boolean])[] = [
    ['in the denominator only', open, false, true],
    ['not in the population', { 'initial-population': 0, denominator: 1 }, false, false],
    ['excluded', { ...open, 'denominator-exclusion': 1 }, false, false],
    ['excepted', { ...open, 'denominator-exception': 1 }, false, false],
    ['done', { ...open, numerator: 1 }, false, false],
    ['excluded and done', { ...open, numerator: 1, 'denominator-exclusion': 1 }, false, false],
    ['two visits, one done', { 'initial-population': 2, denominator: 2, numerator: 1 }, false, true],
    ['inverse, bad outcome', { ...open, numerator: 1 }, true, true],
    ['inverse, good outcome', open, true, false],
    ['inverse, excluded', { ...open, numerator: 1, 'denominator-exclusion': 1 }, true, false],
  ];
  for (const [name, counts, isInverse, expected] of populations) {
    it(`expectation › ${name} › ${expected ? 'open' : 'closed'}`, () => {
      assert.equal(isExpectedOpen(counts, isInverse), expected);
    });
  }

  it('support › area under the curve and calibration error › as computed by hand', () => {
    const judged = ([isOpen, support]: readonly [boolean, number]) => ({ isExpectedOpen: isOpen, gap: { support } }) as Judged;
    const some = (
      [
        [true, 0.95],
        [true, 0.4],
        [false, 0.4],
        [false, 0.15],
      ] as const
    ).map(judged);
    assert.equal(areaUnderCurve(some), 3.5 / 4);
    assert.ok(Math.abs((calibrationError(some) ?? 0) - (0.05 + 0.2 + 0.15) / 4) < 1e-12);
    assert.equal(areaUnderCurve([judged([true, 0.9])]), null);
    assert.equal(calibrationError([]), null);
  });
});
