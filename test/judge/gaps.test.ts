/** The care gaps of `cards/`, case by case. All people are invented. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { createJudge } from '../../src/judge/judge.js';
import { type Knowledge, loadKnowledge } from '../../src/judge/knowledge.js';
import type { Chart, Judgement } from '../../src/types.js';
import { a1c, chartOf, clinical, condition, procedure, refused, truncated, verified } from './chart.js';
import { keepGaps } from './keep-gaps.js';

let knowledge: Knowledge;
let judge: (chart: Chart) => Judgement;
before(async () => {
  knowledge = keepGaps(await loadKnowledge('cards'));
  const service = knowledge.services.find(({ id }) => id === 'care-gaps');
  assert.ok(service !== undefined);
  judge = (chart) => createJudge(knowledge)(service, chart);
});

const colonoscopy = '73761001';
const mammography = '71651007';
const diabetes = '44054006';
const woman = { gender: 'female', birthDate: '1980-01-01' } as const;
const elder = { birthDate: '1940-01-01' };
/** Old enough for nothing but diabetes. */
const adult = { birthDate: '1995-01-01' };
const day = '2026-05-01';
type Sketch = Parameters<typeof chartOf>[0];

const colorectal: readonly (readonly [string, Sketch, 'due' | 'open' | 'none'])[] = [
  ['nothing on record', {}, 'due'],
  ['44 years old', { patient: { birthDate: '1982-01-01' } }, 'none'],
  ['45 today', { patient: { birthDate: '1981-06-15' } }, 'due'],
  ['75, a day before 76', { patient: { birthDate: '1950-06-16' } }, 'due'],
  ['76 today', { patient: { birthDate: '1950-06-15' } }, 'none'],
  ['a birth year at the edge', { patient: { birthDate: '1981' } }, 'open'],
  ['no date of birth', { patient: { birthDate: undefined as unknown as string } }, 'open'],
  ['deceased', { patient: { deceasedBoolean: true } }, 'none'],
  ['colonoscopy 9 years ago', { resources: [procedure(colonoscopy, '2017-06-01')] }, 'none'],
  ['colonoscopy 11 years ago', { resources: [procedure(colonoscopy, '2015-06-01')] }, 'due'],
  ['colonoscopy in a year that is half inside', { resources: [procedure(colonoscopy, '2016')] }, 'open'],
  ['undated colonoscopy', { resources: [procedure(colonoscopy, undefined)] }, 'open'],
  ['colonoscopy planned', { resources: [procedure(colonoscopy, '2026-09-01', { status: 'preparation' })] }, 'due'],
  ['colonoscopy not done', { resources: [procedure(colonoscopy, day, { status: 'not-done' })] }, 'due'],
  ['colonoscopy, its status unknown', { resources: [procedure(colonoscopy, day, { status: 'unknown' })] }, 'open'],
  ['procedures refused', { lists: { procedures: refused } }, 'open'],
  ['procedures truncated, a colonoscopy among them', { lists: { procedures: truncated }, resources: [procedure(colonoscopy, day)] }, 'none'],
  ['conditions refused: an unknown exemption does not exempt', { lists: { conditions: refused } }, 'due'],
  ['colorectal cancer', { resources: [condition('363406005', clinical('active'))] }, 'none'],
  ['colorectal cancer, resolved', { resources: [condition('363406005', { ...clinical('resolved'), onsetDateTime: '2010' })] }, 'none'],
  ['colorectal cancer refuted', { resources: [condition('363406005', verified('refuted'))] }, 'due'],
  ['colorectal cancer suspected', { resources: [condition('363406005', verified('provisional'))] }, 'due'],
  [
    'ulcerative colitis by ICD-10-CM',
    {
      resources: [
        [
          'conditions',
          { resourceType: 'Condition', subject: {}, code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'K51.90' }] } },
        ],
      ],
    },
    'none',
  ],
  [
    'the right code in the wrong system',
    {
      resources: [
        [
          'procedures',
          {
            resourceType: 'Procedure',
            status: 'completed',
            subject: {},
            performedDateTime: day,
            code: { coding: [{ system: 'http://loinc.org', code: colonoscopy }] },
          },
        ],
      ],
    },
    'due',
  ],
];

describe('gaps', () => {
  for (const [name, sketch, expected] of colorectal) {
    it(`colorectal › ${name} › ${expected}`, () => {
      const judgement = judge(chartOf(sketch));
      assert.equal(stateOf(judgement, 'colorectal-cancer-screening'), expected);
    });
  }

  const breast: readonly (readonly [string, Sketch, string])[] = [
    ['a woman of 46, nothing on record', { patient: woman }, 'due'],
    ['a man', {}, 'none'],
    ['sex not on record', { patient: { ...woman, gender: 'unknown' } }, 'open'],
    ['mammography 20 months ago', { patient: woman, resources: [procedure(mammography, '2024-10-15')] }, 'none'],
    ['mammography 31 months ago', { patient: woman, resources: [procedure(mammography, '2023-11-10')] }, 'due'],
    ['bilateral mastectomy', { patient: woman, resources: [procedure('27865001', '2001')] }, 'none'],
    ['older than 74', { patient: { ...woman, ...elder } }, 'none'],
  ];
  for (const [name, sketch, expected] of breast) {
    it(`breast › ${name} › ${expected}`, () => {
      assert.equal(stateOf(judge(chartOf(sketch)), 'breast-cancer-screening'), expected);
    });
  }

  const has = condition(diabetes, clinical('active'));
  const glycemic: readonly (readonly [string, Sketch, string])[] = [
    ['A1c 9.8 %', { resources: [has, a1c(9.8, day)] }, 'due'],
    ['A1c 9 % exactly', { resources: [has, a1c(9, day)] }, 'none'],
    ['A1c 9.8 %, then 7 %', { resources: [has, a1c(9.8, '2026-01-01'), a1c(7, day)] }, 'none'],
    ['A1c 7 %, then 9.8 %, listed the other way', { resources: [has, a1c(9.8, day), a1c(7, '2026-01-01')] }, 'due'],
    ['two values of one day that disagree', { resources: [has, a1c(9.8, day), a1c(7, day)] }, 'open'],
    ['A1c above 14 %', { resources: [has, a1c(14, day, { valueQuantity: { value: 14, comparator: '>', unit: '%', code: '%' } })] }, 'due'],
    ['A1c below 14 %', { resources: [has, a1c(14, day, { valueQuantity: { value: 14, comparator: '<', unit: '%', code: '%' } })] }, 'open'],
    [
      'A1c of 84 mmol/mol, which is 9.8 %',
      { resources: [has, a1c(84, day, { valueQuantity: { value: 84, unit: 'mmol/mol', code: 'mmol/mol' } })] },
      'due',
    ],
    [
      'A1c of 75 mmol/mol, which is 9.0 %',
      { resources: [has, a1c(75, day, { valueQuantity: { value: 74, unit: 'mmol/mol', code: 'mmol/mol' } })] },
      'none',
    ],
    ['A1c in a unit of mass', { resources: [has, a1c(84, day, { valueQuantity: { value: 84, unit: 'mg/dL', code: 'mg/dL' } })] }, 'open'],
    ['A1c two years ago', { resources: [has, a1c(9.8, '2024-05-01')] }, 'none'],
    ['A1c undated', { resources: [has, a1c(9.8, undefined)] }, 'open'],
    ['A1c cancelled', { resources: [has, a1c(9.8, day, { status: 'cancelled' })] }, 'none'],
    ['observations truncated: a newer value may exist', { resources: [has, a1c(9.8, day)], lists: { observations: truncated } }, 'open'],
    ['diabetes not on record', { resources: [a1c(9.8, day)] }, 'open'],
    ['diabetes resolved', { resources: [condition(diabetes, clinical('resolved')), a1c(9.8, day)] }, 'open'],
    ['diabetes refuted', { resources: [condition(diabetes, verified('refuted')), a1c(9.8, day)] }, 'none'],
  ];
  for (const [name, { resources = [], ...sketch }, expected] of glycemic) {
    it(`glycemic control › ${name} › ${expected}`, () => {
      assert.equal(stateOf(judge(chartOf({ patient: adult, ...sketch, resources })), 'diabetes-poor-glycemic-control'), expected);
    });
  }

  it('absences › a due gap › one fact for each group, over what was looked at', () => {
    const whole = judge(chartOf({}));
    assert.deepEqual(
      whole.absences.filter(({ fact }) => fact.includes('colorectal')).map(({ fact, criteria }) => [fact, criteria.length]),
      [
        ['none:colorectal-cancer-screening.exempt', 4],
        ['none:colorectal-cancer-screening.done', 5],
      ],
    );
    const half = judge(chartOf({ lists: { conditions: refused } }));
    const exempt = half.absences.find(({ fact }) => fact === 'none:colorectal-cancer-screening.exempt');
    assert.equal(exempt, undefined, 'every exemption looks at the conditions');
    assert.ok(half.missing.some(({ text }) => /refused by the server/.test(text)));
    assert.deepEqual(half.unavailable, ['conditions: refused by the server']);
  });

  it('evidence › an old colonoscopy › is a match that rules out, not part of the silence', () => {
    const { matches, absences, findings } = judge(chartOf({ resources: [procedure(colonoscopy, '2012'), procedure(colonoscopy, '2001')] }));
    assert.deepEqual(
      matches.filter(({ criterion }) => criterion === 'had-colonoscopy'),
      [{ fact: 'f0', criterion: 'had-colonoscopy', holds: false }],
    );
    assert.ok(absences.every(({ criteria }) => !criteria.some((id) => id === 'had-colonoscopy')));
    assert.ok(findings[0]?.evidence.some((fact) => fact === 'f0'));
  });

  it('judgement › a chart full of identifiers › holds none of them', () => {
    const judgement = judge(
      chartOf({
        patient: { id: 'p1', name: [{ family: 'Quillfeather' }] },
        resources: [procedure(colonoscopy, '2012', { id: 'secret-77', note: [{ text: 'Quillfeather' }] })],
      }),
    );
    assert.doesNotMatch(JSON.stringify(judgement), /Quillfeather|secret-77|1968/);
  });
});

/** `due`: found by code. `open`: hangs on something unknown. `none`: ruled out. */
function stateOf(judgement: Judgement, id: string): 'due' | 'open' | 'none' {
  if (judgement.findings.some(({ candidate }) => candidate === id)) return 'due';
  return judgement.candidates.some((candidate) => candidate.id === id) ? 'open' : 'none';
}
