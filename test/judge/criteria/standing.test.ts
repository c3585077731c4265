/** What the record shows of a gap beside that it is open: when it was last closed, what is ordered, what almost exempts. All people are invented. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { FhirResource } from 'fhir/r4.js';
import { createJudge } from '../../../src/judge/judge.js';
import { loadKnowledge } from '../../../src/judge/knowledge.js';
import type { Chart, GapStanding } from '../../../src/types.js';
import { chartOf, clinical, condition, procedure, verified } from '../chart.js';

let judge: (chart: Chart) => GapStanding | undefined;
before(async () => {
  const knowledge = await loadKnowledge('cards');
  const service = knowledge.services.find(({ id }) => id === 'care-gaps');
  assert.ok(service !== undefined);
  judge = (chart) => createJudge(knowledge)(service, chart).standings?.find(({ candidate }) => candidate === 'colorectal-cancer-screening');
});

type Listed = ReturnType<typeof procedure>;
const order = (fields: Readonly<Record<string, unknown>>, code = '73761001'): Listed => [
  'orders',
  {
    resourceType: 'ServiceRequest',
    status: 'active',
    intent: 'order',
    subject: { reference: 'Patient/p1' },
    code: { coding: [{ system: 'http://snomed.info/sct', code }] },
    authoredOn: '2026-05-01',
    ...fields,
  } as FhirResource,
];

describe('standing › order', () => {
  const cases: readonly (readonly [string, readonly Listed[], GapStanding['order']])[] = [
    ['an active order of a thing that closes it', [order({})], { fact: 'f0', isRecent: true } as GapStanding['order']],
    ['a draft', [order({ status: 'draft' })], { fact: 'f0', isRecent: true } as GapStanding['order']],
    ['one that is six months old', [order({ authoredOn: '2025-12-15' })], { fact: 'f0', isRecent: true } as GapStanding['order']],
    ['one a day older', [order({ authoredOn: '2025-12-14' })], { fact: 'f0', isRecent: false } as GapStanding['order']],
    ['one without a date', [order({ authoredOn: undefined })], { fact: 'f0', isRecent: false } as GapStanding['order']],
    ['two', [order({ authoredOn: '2024-05-01' }), order({})], { fact: 'f1', isRecent: true } as GapStanding['order']],
    ['one that was cancelled', [order({ status: 'revoked' })], undefined],
    ['one that is completed: what was done stands elsewhere', [order({ status: 'completed' })], undefined],
    ['one entered in error', [order({ status: 'entered-in-error' })], undefined],
    ['an order not to do it', [order({ doNotPerform: true })], undefined],
    ['a proposal', [order({ intent: 'proposal' })], undefined],
    ['an order of something else', [order({}, '80146002')], undefined],
  ];
  for (const [what, resources, expected] of cases) {
    it(`${what} › ${expected === undefined ? 'no order' : expected.isRecent ? 'ordered' : 'ordered long ago'}`, () => {
      assert.deepEqual(judge(chartOf({ resources }))?.order, expected);
    });
  }
});

describe('standing › history', () => {
  it('done before its window › the newest of each kind, with its interval', () => {
    const { history = [], isNeverDone } =
      judge(chartOf({ resources: [procedure('73761001', '2010-01-01'), procedure('73761001', '2014-05-01')] })) ?? {};
    assert.deepEqual(history, [{ fact: 'f1', name: 'colonoscopy', withinMonths: 120 }]);
    assert.equal(isNeverDone, false);
  });

  it('nothing on record › never done; a list that was not read › nobody knows', () => {
    assert.equal(judge(chartOf({}))?.isNeverDone, true);
    assert.equal(judge(chartOf({ lists: { procedures: { state: 'partial', why: 'only the first part was read' } } }))?.isNeverDone ?? false, false);
  });
});

describe('standing › almost', () => {
  for (const [what, resources, why] of [
    ['a cancer that was ruled out', [condition('363406005', verified('refuted'))], 'ruled-out'],
    ['nothing', [], undefined],
  ] as const) {
    it(`${what} › ${why ?? 'nothing'}`, () => {
      assert.deepEqual(
        judge(chartOf({ resources: [...resources] }))?.almost.map((one) => one.why),
        why === undefined ? [] : [why],
      );
    });
  }

  it('an exemption that holds › there is no gap, so nothing almost exempts', () => {
    assert.equal(judge(chartOf({ resources: [condition('363406005', { ...clinical('active'), ...verified('confirmed') })] })), undefined);
  });
});
