/** The text by which an override is remembered: the same while the same evidence decides, another as soon as it does not. All people are invented. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import fc from 'fast-check';
import { fingerprintFindings } from '../../src/judge/fingerprint.js';
import { createJudge } from '../../src/judge/judge.js';
import { type Knowledge, loadKnowledge } from '../../src/judge/knowledge.js';
import type { Chart } from '../../src/types.js';
import { a1c, chartOf, clinical, condition, drug, now, procedure, verified } from './chart.js';
import { keepGaps } from './keep-gaps.js';

let knowledge: Knowledge;
before(async () => {
  knowledge = keepGaps(await loadKnowledge('cards'));
});

function fingerprintOf(chart: Chart, candidate: string, service = 'care-gaps'): string {
  const definition = knowledge.services.find(({ id }) => id === service);
  assert.ok(definition !== undefined);
  const judgement = createJudge(knowledge)(definition, chart);
  const found = judgement.findings.filter((finding) => finding.candidate === candidate);
  assert.equal(found.length, 1, `${candidate} is found`);
  return fingerprintFindings(chart, judgement, found)[0] ?? '';
}

type Listed = Parameters<typeof chartOf>[0]['resources'] extends readonly (infer R)[] | undefined ? R : never;
const diabetes = (more: Readonly<Record<string, unknown>> = {}): Listed =>
  condition('44054006', { id: 'c1', ...clinical('active'), ...verified('confirmed'), ...more });
const poor = 'diabetes-poor-glycemic-control';
const warfarin = 'warfarin-nsaid.warfarin.ibuprofen';
const base: readonly Listed[] = [diabetes(), a1c(9.8, '2026-04-02'), procedure('73761001', '2014-05-01')];

interface Case {
  readonly what: string;
  readonly candidate: string;
  readonly service?: string;
  readonly from: readonly Listed[];
  readonly to: readonly Listed[];
  readonly isSame: boolean;
}

const cases: readonly Case[] = [
  {
    what: 'other ids',
    candidate: poor,
    from: base,
    to: [diabetes({ id: 'x' }), a1c(9.8, '2026-04-02', { id: 'y' }), ...base.slice(2)],
    isSame: true,
  },
  { what: 'an unrelated procedure', candidate: poor, from: base, to: [...base, procedure('430193006', '2026-06-01')], isSame: true },
  {
    what: 'the problem written down once more',
    candidate: poor,
    from: base,
    to: [...base, diabetes({ id: 'c2', recordedDate: '2026-06-10' })],
    isSame: true,
  },
  {
    what: 'the same result from a second system',
    candidate: poor,
    from: base,
    to: [...base, a1c(9.8, '2026-04-02T14:00:00Z', { id: 'copy' })],
    isSame: true,
  },
  { what: 'a new value', candidate: poor, from: base, to: [...base, a1c(10.4, '2026-06-10')], isSame: false },
  { what: 'the same value on a later day', candidate: poor, from: base, to: [...base, a1c(9.8, '2026-06-10')], isSame: false },
  { what: 'the value corrected', candidate: poor, from: base, to: [diabetes(), a1c(9.9, '2026-04-02'), ...base.slice(2)], isSame: false },
  {
    what: 'an old colonoscopy found',
    candidate: 'colorectal-cancer-screening',
    from: base.slice(0, 2),
    to: base,
    isSame: false,
  },
  {
    what: 'the prescription renewed',
    candidate: warfarin,
    service: 'order-safety',
    from: [drug('medications', '11289', { authoredOn: '2026-01-01' }), drug('drafts', '5640')],
    to: [drug('medications', '11289', { authoredOn: '2026-06-01', id: 'renewed' }), drug('drafts', '5640', { id: 'another' })],
    isSame: true,
  },
  {
    what: 'another dose',
    candidate: warfarin,
    service: 'order-safety',
    from: [drug('medications', '11289'), drug('drafts', '5640', { dosageInstruction: [{ text: '200 mg once' }] })],
    to: [drug('medications', '11289'), drug('drafts', '5640', { dosageInstruction: [{ text: '800 mg three times a day' }] })],
    isSame: false,
  },
  {
    what: 'keys of the dose in another order',
    candidate: warfarin,
    service: 'order-safety',
    from: [drug('medications', '11289'), drug('drafts', '5640', { dosageInstruction: [{ text: 'a', asNeededBoolean: true }] })],
    to: [drug('medications', '11289'), drug('drafts', '5640', { dosageInstruction: [{ asNeededBoolean: true, text: 'a' }] })],
    isSame: true,
  },
];

describe('fingerprint', () => {
  for (const { what, candidate, service, from, to, isSame } of cases) {
    it(`${what} › ${candidate} › ${isSame ? 'the same evidence' : 'other evidence'}`, () => {
      const [one, other] = [from, to].map((resources) => fingerprintOf(chartOf({ resources }), candidate, service));
      assert.equal(one === other, isSame, `${one}\n${other}`);
    });
  }

  it('a day later › the same evidence', () => {
    const later: Chart = { ...chartOf({ resources: base }), now: new Date(now.getTime() + 86_400_000) };
    assert.equal(fingerprintOf(later, poor), fingerprintOf(chartOf({ resources: base }), poor));
  });

  it('a birthday later › the same evidence', () => {
    const older = chartOf({ resources: base, patient: { birthDate: '1966-03-01' } });
    assert.equal(fingerprintOf(older, poor), fingerprintOf(chartOf({ resources: base }), poor));
  });

  it('any order of the resources › the same evidence', () => {
    const many = [...base, a1c(8.1, '2025-12-01'), diabetes({ id: 'c3' }), procedure('73761001', '2013-01-01')];
    const whole = fingerprintOf(chartOf({ resources: many }), poor);
    fc.assert(
      fc.property(fc.shuffledSubarray(many, { minLength: many.length }), (resources) => fingerprintOf(chartOf({ resources }), poor) === whole),
      { numRuns: 50 },
    );
  });
});
