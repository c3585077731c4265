/** The explanation is of the number shown: Shapley's axioms on the table of values, by brute force and by property. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createAttribute } from '../../src/attribute/attribute.js';
import { shapleyValues } from '../../src/attribute/shapley.js';
import type { CandidateId, CriterionId, Explanation, FactId, Player, Scored, Scorer } from '../../src/types.js';

const candidate = 'gap' as CandidateId;
const table = (maxPlayers: number): fc.Arbitrary<Float64Array> =>
  fc
    .integer({ min: 0, max: maxPlayers })
    .chain((players) =>
      fc
        .array(fc.double({ min: -30, max: 30, noNaN: true }), { minLength: 2 ** players, maxLength: 2 ** players })
        .map((values) => Float64Array.from(values)),
    );

function explain(values: Float64Array, facts: readonly string[] = []): Explanation {
  const players = Array.from(
    { length: Math.log2(values.length) },
    (_, at): Player => ({
      fact: (facts[at] ?? `f${at}`) as FactId,
      facts: [(facts[at] ?? `f${at}`) as FactId],
      criterion: `c${at}` as CriterionId,
      by: 'code',
      direction: 'supports',
    }),
  );
  const scorer: Scorer = { id: 'table@1', players: () => players, value: (_candidate, coalition) => values[coalition] ?? Number.NaN };
  const scored: Scored = { scorer, scores: [], findings: [{ candidate, indicator: 'info', evidence: [], origin: 'code', unavailable: [] }] };
  const [explanation] = createAttribute()(scored);
  assert.ok(explanation !== undefined);
  return explanation;
}

/** Average gain over all orders in which players become known: the definition, slow. */
function byOrders(values: Float64Array): readonly number[] {
  const players = Array.from({ length: Math.log2(values.length) }, (_, at) => at);
  const totals = players.map(() => 0);
  let orders = 0;
  const walk = (known: number, rest: readonly number[], gains: readonly (readonly [number, number])[]): void => {
    if (rest.length === 0) {
      orders += 1;
      for (const [player, gain] of gains) totals[player] = (totals[player] ?? 0) + gain;
      return;
    }
    for (const player of rest) {
      const next = known | (1 << player);
      walk(
        next,
        rest.filter((other) => other !== player),
        [...gains, [player, (values[next] ?? 0) - (values[known] ?? 0)]],
      );
    }
  };
  walk(0, players, []);
  return totals.map((total) => total / orders);
}

describe('attribute', () => {
  it('property › any table › contributions add up to value − baseline within 1e-5', () => {
    fc.assert(
      fc.property(table(8), (values) => {
        const { reasons, value, baseline } = explain(values);
        const sum = reasons.reduce((total, reason) => total + reason.contribution, 0);
        assert.ok(Math.abs(sum - (value - baseline)) < 1e-5);
      }),
    );
  });

  it('property › small tables › agree with the average over all orders', () => {
    fc.assert(
      fc.property(table(5), (values) => {
        const [exact, slow] = [shapleyValues(values), byOrders(values)];
        slow.forEach((value, at) => {
          assert.ok(Math.abs(value - (exact[at] ?? Number.NaN)) < 1e-9);
        });
      }),
      { numRuns: 60 },
    );
  });

  it('property › a player that changes nothing › has exactly zero', () => {
    fc.assert(
      fc.property(table(6), (values) => {
        const doubled = Float64Array.from({ length: values.length * 2 }, (_, coalition) => values[coalition % values.length] ?? 0);
        assert.equal(shapleyValues(doubled).at(-1), 0);
      }),
    );
  });

  it('two players that are alike › have the same contribution', () => {
    const [first, second] = shapleyValues(Float64Array.from([0, 1, 1, 5]));
    assert.equal(first, 2.5);
    assert.equal(second, 2.5);
  });

  it('twelve players › all 4096 coalitions are evaluated, once each', () => {
    const explanation = explain(Float64Array.from({ length: 4096 }, (_, coalition) => Math.sin(coalition)));
    assert.equal(explanation.evaluations, 4096);
    assert.equal(explanation.method, 'exact');
  });

  it('reasons › are sorted by strength, intervals equal the value › as exact ones do', () => {
    const { reasons } = explain(Float64Array.from([0, -3, 1, -2, 2, -1, 3, 0]));
    assert.deepEqual(
      reasons.map(({ fact }) => fact),
      ['f0', 'f2', 'f1'],
    );
    for (const { contribution, low, high } of reasons) assert.deepEqual([low, high], [contribution, contribution]);
  });

  it('counterfactual › the strongest reason unknown › support of the rest', () => {
    const { counterfactual } = explain(Float64Array.from([0, -3, 1, -2]));
    assert.equal(counterfactual?.fact, 'f0');
    assert.ok(Math.abs((counterfactual?.support ?? 0) - 1 / (1 + Math.exp(-1))) < 1e-12);
  });

  it('counterfactual › the strongest reason is the age › is asked of the strongest other', () => {
    const { reasons, counterfactual } = explain(Float64Array.from([0, 1, 3, 4]), ['f0', 'age']);
    assert.deepEqual([reasons[0]?.fact, counterfactual?.fact], ['age', 'f0']);
  });

  it('no player › no reason, no counterfactual, value is the baseline', () => {
    const { reasons, counterfactual, value, baseline } = explain(Float64Array.from([-1.5]));
    assert.deepEqual([reasons.length, counterfactual, value, baseline], [0, undefined, -1.5, -1.5]);
  });

  it('more players than can be enumerated › is refused, not approximated', () => {
    const players = Array.from(
      { length: 17 },
      (_, at): Player => ({ fact: `f${at}` as FactId, facts: [], criterion: 'c' as CriterionId, by: 'code', direction: 'supports' }),
    );
    const scored: Scored = {
      scorer: { id: 'x', players: () => players, value: () => 0 },
      scores: [],
      findings: [{ candidate, indicator: 'info', evidence: [], origin: 'code', unavailable: [] }],
    };
    assert.throws(() => createAttribute()(scored), RangeError);
  });
});
