/** Orders and charts as EHRs really send them: each ends in the right verdict, or in something that is said. All people are invented. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { FhirResource } from 'fhir/r4.js';
import { createJudge } from '../../../src/judge/judge.js';
import { loadKnowledge } from '../../../src/judge/knowledge.js';
import type { Chart, Judgement, ListName } from '../../../src/types.js';
import { chartOf, drug } from '../chart.js';

let judge: (chart: Chart) => Judgement;
before(async () => {
  const knowledge = await loadKnowledge('cards');
  const service = knowledge.services.find(({ id }) => id === 'order-safety');
  assert.ok(service !== undefined);
  judge = (chart) => createJudge(knowledge)(service, chart);
});

type Listed = readonly [ListName | 'drafts', FhirResource];
const summaries = (resources: readonly Listed[], selected?: readonly string[]): readonly string[] => {
  const { findings, advice } = judge(chartOf({ resources, ...(selected === undefined ? {} : { selected }) }));
  return findings.map(({ candidate, indicator }) => `${indicator}: ${advice.find((one) => one.candidate === candidate)?.summary ?? ''}`);
};
const warfarin = drug('medications', 'warfarin 5 mg');
const ordered = (more: Readonly<Record<string, unknown>>): Listed => drug('drafts', 'ibuprofen 400 mg', more);
const bleeds = /warning: .*warfarin.*ibuprofen|warning: .*ibuprofen.*warfarin/i;
const statement = (more: Readonly<Record<string, unknown>>): Listed => [
  'medications',
  { resourceType: 'MedicationStatement', status: 'active', subject: {}, medicationCodeableConcept: { text: 'warfarin' }, ...more } as FhirResource,
];

describe('orders as they come', () => {
  /** What is on the list, what is ordered, whether bleeding with warfarin is said. */
  const cases: readonly (readonly [string, readonly Listed[], boolean])[] = [
    ['an active line', [warfarin, ordered({})], true],
    ['no code, words only', [drug('medications', 'Coumadin 5mg qd'), drug('drafts', 'Advil 200')], true],
    ['a code only', [drug('medications', '855332'), drug('drafts', '5640')], true],
    ['a line that ended', [drug('medications', 'warfarin', { status: 'completed' }), ordered({})], false],
    ['a line entered in error', [drug('medications', 'warfarin', { status: 'entered-in-error' }), ordered({})], false],
    ['a line on hold', [drug('medications', 'warfarin', { status: 'on-hold' }), ordered({})], false],
    ['a statement whose period is over', [statement({ effectivePeriod: { start: '2024-01-01', end: '2024-03-01' } }), ordered({})], false],
    ['a statement whose period goes on', [statement({ effectivePeriod: { start: '2024-01-01' } }), ordered({})], true],
    ['a statement that begins next year', [statement({ effectivePeriod: { start: '2027-01-01' } }), ordered({})], false],
    [
      'dosage bounds that are over',
      [
        drug('medications', 'warfarin', {
          dosageInstruction: [{ timing: { repeat: { boundsPeriod: { start: '2024-01-01', end: '2024-02-01' } } } }],
        }),
        ordered({}),
      ],
      false,
    ],
    [
      'a tapering dosage, one step over and one to come',
      [
        drug('medications', 'warfarin', {
          dosageInstruction: [
            { sequence: 1, timing: { repeat: { boundsPeriod: { start: '2026-06-01', end: '2026-06-07' } } } },
            { sequence: 2, timing: { repeat: { boundsPeriod: { start: '2026-06-08', end: '2026-07-07' } } } },
          ],
        }),
        ordered({}),
      ],
      true,
    ],
    ['taken as needed', [warfarin, ordered({ dosageInstruction: [{ asNeededBoolean: true }] })], true],
    ['a dose range', [warfarin, ordered({ dosageInstruction: [{ doseAndRate: [{ doseRange: { low: { value: 1 }, high: { value: 2 } } }] }] })], true],
    [
      'a unit that UCUM does not know',
      [warfarin, ordered({ dosageInstruction: [{ doseAndRate: [{ doseQuantity: { value: 1, unit: 'smidgen', code: 'smidgen' } }] }] })],
      true,
    ],
    ['a gel', [warfarin, drug('drafts', 'ibuprofen 5% topical gel')], false],
    ['fields of wrong shapes', [warfarin, ordered({ dosageInstruction: 'as directed', dispenseRequest: [1, 2] })], true],
    ['a draft that stops it', [warfarin, ordered({ status: 'stopped' })], false],
    [
      'the list holds a Medication resource of its own',
      [['medications', { resourceType: 'Medication', code: { text: 'warfarin' } }], ordered({})],
      false,
    ],
  ];
  for (const [name, resources, isSaid] of cases) {
    it(`${name} › ibuprofen beside warfarin › ${isSaid ? 'is said' : 'is not'}`, () => {
      const found = summaries(resources);
      assert.equal(
        found.some((text) => bleeds.test(text)),
        isSaid,
        found.join('\n'),
      );
    });
  }

  it('a compound of three › each of its ingredients is checked', () => {
    const found = summaries([warfarin, drug('drafts', 'acetaminophen 250 MG / aspirin 250 MG / caffeine 65 MG Oral Tablet')]);
    assert.ok(
      found.some((text) => /warfarin.*aspirin/i.test(text)),
      found.join('\n'),
    );
  });

  it('an order that names no drug › says that nothing was checked', () => {
    assert.deepEqual(summaries([warfarin, drug('drafts', 'zzyzx 5 mg')]), [
      'info: An order was not recognised as a drug that is known: it was checked against nothing',
    ]);
    const empty = drug('drafts', 'x', { medicationCodeableConcept: undefined });
    assert.match(summaries([warfarin, empty]).join(), /checked against nothing/);
  });

  it('an order written with a slip › is checked, and the reading is said', () => {
    const found = summaries([warfarin, drug('drafts', 'ibuprofin 400')]);
    assert.ok(found.some((text) => bleeds.test(text)));
    assert.ok(found.some((text) => /near spelling.*ibuprofen/.test(text)));
  });

  it('an order whose code and words differ › is checked as both, and it is said', () => {
    const concept = { coding: [{ system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code: '5640', display: 'amoxicillin 500 MG' }] };
    const found = summaries([warfarin, drug('drafts', 'x', { medicationCodeableConcept: concept })]);
    assert.ok(found.some((text) => bleeds.test(text)));
    assert.ok(found.some((text) => /name different drugs/.test(text)));
  });

  it('lines that are not recognised › are counted in one card', () => {
    const found = summaries([drug('medications', 'herbal blend'), drug('medications', 'mystery pills zz'), drug('drafts', 'amoxicillin')]);
    assert.ok(found.includes('info: Lines of the medicine list that were not recognised, and not checked: 2'), found.join('\n'));
  });

  it('the same order twice › the pair with warfarin is one card', () => {
    const twin = drug('drafts', 'ibuprofen 400 mg', { id: 'm-twin' });
    assert.equal(summaries([warfarin, ordered({}), twin]).filter((text) => bleeds.test(text)).length, 1);
  });

  it('another draft selected › nothing of the drafts beside it', () => {
    const found = summaries([warfarin, ordered({}), drug('drafts', 'amoxicillin')], ['f2']);
    assert.ok(!found.some((text) => bleeds.test(text)), found.join('\n'));
  });

  it('200 drafts in one request › are judged, the grave ones among them, in bounded time', () => {
    const names = [
      'ibuprofen',
      'amoxicillin',
      'metformin',
      'lisinopril',
      'zzyzx',
      'omeprazole',
      'sertraline',
      'tramadol',
      'clarithromycin',
      'simvastatin',
    ];
    const drafts = Array.from({ length: 200 }, (_, at) => drug('drafts', `${names[at % 10]} ${at} mg`, { id: `d${at}` }));
    const before = process.cpuUsage();
    const judged = judge(chartOf({ resources: [warfarin, ...drafts] }));
    // Of the processor, not of the clock: test machines are busy.
    assert.ok(process.cpuUsage(before).user < 2_000_000);
    assert.ok(judged.findings.some(({ indicator }) => indicator === 'critical'));
    assert.ok(judged.candidates.length < 200, String(judged.candidates.length));
  });

  it('order of lines › turned round › the same findings', () => {
    const lines: readonly Listed[] = [
      warfarin,
      drug('medications', 'simvastatin'),
      drug('medications', 'fluoxetine'),
      ordered({}),
      drug('drafts', 'clarithromycin'),
    ];
    assert.deepEqual([...summaries(lines)].sort(), [...summaries([...lines].reverse())].sort());
  });
});
