import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readingRatio } from '../../src/score/evidence.js';
import { createScore } from '../../src/score/score.js';
import type { CandidateId, Fact, FactKind, Judgement, Logic, ReadResult, Scored } from '../../src/types.js';
import { absenceOf, all, any, candidateOf, factOf, findingOf, judgementOf, leaf, matchOf, none, read, readingOf, serviceOf } from './build.js';
import { parameters } from './parameters.js';

const score = createScore(parameters);
const gaps = serviceOf('care-gaps');
const safety = serviceOf('order-safety');
const gap = candidateOf('gap', all(leaf('age'), none(leaf('hospice'), leaf('cancer')), none(leaf('scope'), leaf('stool'))));
const facts: readonly Fact[] = [
  factOf('age', 'age'),
  factOf('p1', 'procedure', 140),
  factOf('n1', 'note', 3),
  factOf('n2', 'note', 1),
  factOf('m1', 'medication'),
  factOf('d0', 'order'),
];
const due = judgementOf({
  candidates: [gap],
  findings: [findingOf('gap')],
  matches: [matchOf('age', 'age')],
  absences: [absenceOf('none:gap.exempt', 'hospice', 'cancer'), absenceOf('none:gap.done', 'scope', 'stool')],
});

const support = (scored: Scored, candidate = 'gap'): number => scored.scores.find((one) => one.candidate === candidate)?.support ?? Number.NaN;
const finding = (scored: Scored, candidate = 'gap') => scored.findings.find((one) => one.candidate === candidate);
const playersOf = (scored: Scored, candidate = 'gap'): readonly string[] =>
  scored.scorer.players(candidate as CandidateId).map(({ fact, by, direction }) => `${fact} ${by} ${direction}`);

describe('score', () => {
  it('support › coded evidence for every part › is established; before any fact it is the prior of each part', () => {
    const scored = score(gaps, due, facts, read());
    assert.equal(scored.scores[0]?.grade, 'established');
    const before = scored.scorer.value('gap' as CandidateId, 0);
    // Three parts at a prior of one half: 1/8.
    assert.ok(Math.abs(1 / (1 + Math.exp(-before)) - parameters.prior ** 3) < 1e-9);
    assert.deepEqual(playersOf(scored), ['age code supports', 'none:gap.exempt code contradicts', 'none:gap.done code contradicts']);
  });

  it('support › by hand › agrees with the formula of docs/score.md', () => {
    const scored = score(gaps, due, facts, read());
    const odds = (p: number): number => p / (1 - p);
    const back = (o: number): number => o / (1 + o);
    const child = 1 - Math.sqrt(0.5);
    const group = (1 - back(odds(child) * parameters.absence)) ** 2;
    const expected = parameters.reliability.age * group * group;
    assert.ok(Math.abs(support(scored) - expected) < 1e-9);
  });

  it('reading › says done › folds the gap to info, and stays a finding of code', () => {
    const scored = score(gaps, due, facts, read(readingOf('n1', 'scope', 0.92, 0.02)));
    assert.equal(finding(scored)?.indicator, 'info');
    assert.equal(finding(scored)?.origin, 'code');
    assert.equal(scored.scores[0]?.isFolded, true);
    assert.ok(playersOf(scored).includes('n1 text supports'));
  });

  it('reading › says never › leaves the gap as grave as it was', () => {
    const scored = score(gaps, due, facts, read(readingOf('n1', 'scope', 0.02, 0.92)));
    assert.equal(finding(scored)?.indicator, 'warning');
    assert.ok(support(scored) >= support(score(gaps, due, facts, read())));
  });

  it('reading › says nothing › is no player and moves nothing', () => {
    const scored = score(gaps, due, facts, read(readingOf('n1', 'scope', 0.3, 0.2)));
    assert.equal(support(scored), support(score(gaps, due, facts, read())));
    assert.equal(playersOf(scored).length, 3);
  });

  it('reading › on a criterion of another candidate › is no player', () => {
    assert.equal(playersOf(score(gaps, due, facts, read(readingOf('n1', 'takes-statin', 0.95, 0)))).length, 3);
  });

  it('silence › a supporting fact of the same criterion is known › says nothing more', () => {
    const scored = score(gaps, due, facts, read(readingOf('n1', 'scope', 0.92, 0.02)));
    const players = scored.scorer.players('gap' as CandidateId);
    const bit = (fact: string): number => 1 << players.findIndex((player) => player.fact === fact);
    const [done, note] = [bit('none:gap.done'), bit('n1')];
    const value = (coalition: number): number => scored.scorer.value('gap' as CandidateId, coalition);
    // Without the silence on stool tests the note alone: the silence adds only what it says of the other test.
    assert.ok(value(note | done) > value(note));
    assert.ok(value(note | done) < value(done));
  });

  const interaction = candidateOf('pair', all(leaf('uses:a'), leaf('uses:b')));
  const found = judgementOf({
    candidates: [interaction],
    findings: [findingOf('pair', 'critical')],
    matches: [matchOf('m1', 'uses:a'), matchOf('d0', 'uses:b')],
  });

  it('order safety › a reading against › lowers nothing, and a reading for adds a player', () => {
    const plain = score(safety, found, facts, read());
    const against = score(safety, found, facts, read(readingOf('n1', 'uses:a', 0, 0.95)));
    assert.equal(support(against, 'pair'), support(plain, 'pair'));
    assert.equal(finding(against, 'pair')?.indicator, 'critical');
    const more = score(safety, found, facts, read(readingOf('n1', 'uses:a', 0.95, 0)));
    assert.ok(support(more, 'pair') >= support(plain, 'pair'));
  });

  it('order safety › only a note tells of the other drug › an info finding of text', () => {
    const open = judgementOf({ candidates: [interaction], matches: [matchOf('d0', 'uses:b')], unavailable: ['allergies: refused by the server'] });
    const scored = score(safety, open, facts, read(readingOf('n1', 'uses:a', 0.94, 0.02)));
    assert.deepEqual(scored.findings, [
      { candidate: 'pair', indicator: 'info', evidence: ['d0', 'n1'], origin: 'text', unavailable: ['allergies: refused by the server'] },
    ]);
    assert.deepEqual(score(safety, open, facts, read()).findings, [], 'nothing without the note');
    const both = score(safety, open, facts, read(readingOf('n1', 'uses:a', 0.94, 0.02), readingOf('n2', 'uses:a', 0.02, 0.94)));
    assert.deepEqual(both.findings, [], 'a denial beside it leaves it open');
  });

  it('order › critical, warning, info; within one by value', () => {
    const judgement = judgementOf({
      candidates: ['x', 'y', 'z'].map((id) => candidateOf(id, all(leaf(`uses:${id}`)))),
      findings: [findingOf('x', 'warning'), findingOf('y', 'critical'), findingOf('z', 'warning')],
      matches: [matchOf('m1', 'uses:x'), matchOf('m1', 'uses:y'), matchOf('d0', 'uses:z')],
    });
    assert.deepEqual(
      score(safety, judgement, facts, read()).findings.map(({ candidate }) => candidate),
      ['y', 'z', 'x'],
    );
  });

  it('players › more than twelve › those against one group are one player with its silence', () => {
    const leaves = Array.from({ length: 10 }, (_, at) => leaf(`way-${at}`));
    const wide = candidateOf('gap', all(leaf('age'), none(...leaves)));
    const judgement = judgementOf({
      candidates: [wide],
      findings: [findingOf('gap')],
      matches: [matchOf('age', 'age')],
      absences: [absenceOf('none:gap.done', ...leaves)],
    });
    const readings = leaves.map((criterion, at) => readingOf(`n${at}`, criterion, 0, 0.9));
    const scored = score(gaps, judgement, facts, read(...readings, readingOf('n20', 'age', 0.9, 0), readingOf('n21', 'age', 0, 0.9)));
    assert.ok(scored.scorer.players('gap' as CandidateId).length <= 12);
    const [merged] = scored.scorer.players('gap' as CandidateId).filter(({ facts: merged }) => merged.length > 5);
    assert.equal(merged?.facts.length, 11);
  });

  const ratios: readonly (readonly [number, number, number])[] = [
    [0.9, 0.02, 0.94 / 0.06],
    [0.02, 0.9, 0.06 / 0.94],
    [0.3, 0.3, 1], // says nothing wins
    [0.5, 0, 1], // says nothing ties
    [0.5, 0.5, 1],
    [1, 0, parameters.readingLikelihoodRatioLimit],
    [0, 1, 1 / parameters.readingLikelihoodRatioLimit],
  ];
  for (const [supports, contradicts, ratio] of ratios) {
    it(`ratio › supports ${supports}, contradicts ${contradicts} › ${ratio.toFixed(3)}`, () => {
      assert.ok(Math.abs(readingRatio(supports, contradicts, parameters) - ratio) < 1e-9);
    });
  }

  it('property › any tree, any evidence › values are finite, support stays in (0, 1), more supporting evidence never lowers a wanted leaf', () => {
    fc.assert(
      fc.property(arbitraryCase, ({ logic, judgement, readings }) => {
        const scored = score(gaps, { ...judgement, candidates: [candidateOf('gap', logic)] }, facts, readings);
        const players = scored.scorer.players('gap' as CandidateId).length;
        for (let coalition = 0; coalition < 2 ** Math.min(players, 8); coalition += 1)
          assert.ok(Number.isFinite(scored.scorer.value('gap' as CandidateId, coalition)));
        const value = support(scored);
        assert.ok(value > 0 && value < 1);
      }),
      { numRuns: 200 },
    );
  });

  it('property › a required criterion, one more supporting reading › never lowers support', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (first, second) => {
        const open = judgementOf({ candidates: [interaction], matches: [matchOf('d0', 'uses:b')] });
        const one = score(safety, open, facts, read(readingOf('n1', 'uses:a', first, 0)));
        const two = score(safety, open, facts, read(readingOf('n1', 'uses:a', first, 0), readingOf('n2', 'uses:a', second, 0)));
        assert.ok(support(two, 'pair') >= support(one, 'pair') - 1e-12);
      }),
    );
  });
});

interface Case {
  readonly logic: Logic;
  readonly judgement: Judgement;
  readonly readings: ReadResult;
}

/** Read-once trees of up to nine leaves with random evidence on each. */
const arbitraryCase: fc.Arbitrary<Case> = fc
  .record({
    required: fc.integer({ min: 1, max: 3 }),
    exempt: fc.integer({ min: 0, max: 3 }),
    either: fc.integer({ min: 0, max: 3 }),
    evidence: fc.array(
      fc.record({
        leaf: fc.nat(8),
        kind: fc.constantFrom<FactKind | 'reading'>('condition', 'lab', 'procedure', 'reading'),
        holds: fc.boolean(),
        s: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      { maxLength: 10 },
    ),
  })
  .map(({ required, exempt, either, evidence }) => {
    const names = Array.from({ length: required + exempt + either }, (_, at) => leaf(`c${at}`));
    const [wanted, exempts, others] = [names.slice(0, required), names.slice(required, required + exempt), names.slice(required + exempt)];
    const logic = all(...wanted, ...(exempts.length > 0 ? [none(...exempts)] : []), ...(others.length > 0 ? [any(...others)] : []));
    const matches = evidence.filter(({ kind }) => kind !== 'reading').map(({ leaf: at, holds }) => matchOf('p1', `c${at}`, holds));
    const readings = evidence
      .filter(({ kind }) => kind === 'reading')
      .map(({ leaf: at, s, holds }) => readingOf('n1', `c${at}`, holds ? s : 1 - s, holds ? 1 - s : s));
    return { logic, judgement: judgementOf({ matches, findings: [findingOf('gap')] }), readings: read(...readings) };
  });
