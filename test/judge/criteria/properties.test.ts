/** What judging may not depend on: the order of a chart, its pages, and what has nothing to do with the matter. All people are invented. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import fc from 'fast-check';
import { createJudge } from '../../../src/judge/judge.js';
import { loadKnowledge } from '../../../src/judge/knowledge.js';
import type { Chart, ChartEntry, FactId, Judgement } from '../../../src/types.js';
import { a1c, chartOf, clinical, condition, procedure } from '../chart.js';

let judge: (chart: Chart) => Judgement;
before(async () => {
  const knowledge = await loadKnowledge('cards');
  const service = knowledge.services.find(({ id }) => id === 'care-gaps');
  assert.ok(service !== undefined);
  judge = (chart) => createJudge(knowledge)(service, chart);
});

type Listed = ReturnType<typeof procedure>;
const dates = ['2003', '2015-05-01', '2019-06-15', '2021', '2024-11', '2025-08-01', '2026-06-15T08:00:00Z', undefined] as const;
const date = fc.constantFrom(...dates);
const related: fc.Arbitrary<Listed> = fc.oneof(
  fc.tuple(fc.constantFrom('73761001', '44441009', '27865001', '71651007'), date).map(([code, when]) => procedure(code, when)),
  fc.tuple(fc.double({ min: 4, max: 15, noNaN: true }), date).map(([value, when]) => a1c(value, when)),
  fc.constantFrom('44054006', '363406005').chain((code) => fc.constantFrom('active', 'resolved').map((status) => condition(code, clinical(status)))),
);
/** Nobody's value set holds these codes. */
const unrelated: fc.Arbitrary<Listed> = fc.oneof(
  date.map((when) => procedure('80146002', when)),
  fc.constant(condition('444814009', clinical('active'))),
  fc
    .double({ min: 1, max: 9, noNaN: true })
    .map((value) => a1c(value, '2026-05-01', { code: { coding: [{ system: 'http://loinc.org', code: '2951-2' }] } })),
);
const patient = fc.constantFrom(
  { gender: 'female' as const, birthDate: '1970-02-03' },
  { gender: 'male' as const, birthDate: '1960-07-01' },
  { gender: 'female' as const, birthDate: '1981' },
);

/** What is found, in words that do not depend on where it stood. */
function sayWhatIsFound(chart: Chart, { findings, candidates, matches, absences, missing }: Judgement): unknown {
  const name = (fact: FactId): string => JSON.stringify(chart.entries.find((entry) => entry.fact === fact)?.resource ?? fact);
  return {
    findings: findings.map(({ candidate }) => candidate).sort(),
    candidates: candidates.map(({ id }) => id).sort(),
    matches: [...new Set(matches.map(({ fact, criterion, holds }) => `${name(fact)} ${criterion} ${holds}`))].sort(),
    absences: absences.map(({ fact, text }) => `${fact} ${text}`).sort(),
    missing: missing.map(({ candidate, text }) => `${candidate} ${text}`).sort(),
  };
}

const judged = (chart: Chart): unknown => sayWhatIsFound(chart, judge(chart));

describe('criteria', () => {
  it('property › what has nothing to do with the matter is added › changes nothing', () => {
    fc.assert(
      fc.property(patient, fc.array(related, { maxLength: 8 }), fc.array(unrelated, { maxLength: 8 }), (person, own, other) => {
        assert.deepEqual(judged(chartOf({ patient: person, resources: [...own, ...other] })), judged(chartOf({ patient: person, resources: own })));
      }),
      { numRuns: 400 },
    );
  });

  it('property › the chart comes in another order › changes nothing', () => {
    fc.assert(
      fc.property(
        patient,
        fc.array(related, { maxLength: 8 }).chain((own) => fc.tuple(fc.constant(own), fc.shuffledSubarray(own, { minLength: own.length }))),
        (person, [own, shuffled]) => {
          assert.deepEqual(judged(chartOf({ patient: person, resources: shuffled })), judged(chartOf({ patient: person, resources: own })));
        },
      ),
      { numRuns: 400 },
    );
  });

  it('property › the judge is asked twice, the chart is not touched › says the same', () => {
    fc.assert(
      fc.property(patient, fc.array(related, { maxLength: 8 }), (person, own) => {
        const chart = chartOf({ patient: person, resources: own });
        const before = structuredClone(chart.entries) as ChartEntry[];
        assert.deepEqual(judge(chart), judge(chart));
        assert.deepEqual(chart.entries, before);
      }),
      { numRuns: 50 },
    );
  });
});
