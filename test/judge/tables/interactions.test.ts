/** The interactions of `cards/`, case by case. All people are invented. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { FhirResource } from 'fhir/r4.js';
import { createJudge } from '../../../src/judge/judge.js';
import { loadKnowledge } from '../../../src/judge/knowledge.js';
import type { Chart, Judgement } from '../../../src/types.js';
import { chartOf, drug } from '../chart.js';

let judge: (chart: Chart) => Judgement;
before(async () => {
  const knowledge = await loadKnowledge('cards');
  const service = knowledge.services.find(({ id }) => id === 'order-safety');
  assert.ok(service !== undefined);
  judge = (chart) => createJudge(knowledge)(service, chart);
});

/** Without what is said of names that were not recognised. */
const found = (chart: Chart): readonly string[] =>
  judge(chart)
    .findings.filter(({ candidate }) => !/^((order|list)-|(allergies|monitoring|doses|duplicates)\.)/.test(candidate))
    .map(({ candidate, indicator }) => `${candidate} ${indicator}`);

describe('interactions', () => {
  /** Taken, ordered, found. One case for each row of knowledge, in both directions. */
  const rows: readonly (readonly [string, string, string])[] = [
    ['11289', 'ibuprofen 200 mg', 'warfarin-nsaid.warfarin.ibuprofen warning'],
    ['naproxen 500 MG Oral Tablet', '855332', 'warfarin-nsaid.warfarin.naproxen warning'],
    ['312961', 'Clarithromycin 500 mg', 'mechanisms.simvastatin.clarithromycin critical'],
    ['Lovastatin', '21212', 'mechanisms.lovastatin.clarithromycin critical'],
    ['9997', 'potassium chloride 20 mEq', 'potassium-sparing-diuretic-potassium.spironolactone.potassium-chloride warning'],
    ['fluoxetine 20 mg capsule', 'phenelzine', 'ssri-maoi.fluoxetine.phenelzine critical'],
    ['Nitroglycerin 0.4 MG/ACTUAT Mucosal Spray', 'Viagra 50 mg', 'nitrate-sildenafil.nitroglycerin.sildenafil critical'],
    ['6851', 'sulfamethoxazole 800 MG / trimethoprim 160 MG Oral Tablet', 'methotrexate-trimethoprim.methotrexate.trimethoprim warning'],
    ['11289', '6922', 'warfarin-metronidazole.warfarin.metronidazole warning'],
    ['warfarin', 'fluconazole 150 mg', 'warfarin-fluconazole.warfarin.fluconazole warning'],
    ['azathioprine', '197319', 'azathioprine-allopurinol.azathioprine.allopurinol warning'],
    ['tizanidine', 'ciprofloxacin', 'tizanidine-ciprofloxacin.tizanidine.ciprofloxacin critical'],
    ['disulfiram 250 mg', 'metronidazole 500 mg', 'disulfiram-metronidazole.disulfiram.metronidazole critical'],
  ];
  for (const [taken, ordered, finding] of rows) {
    it(`pair › takes ${taken}, ${ordered} is ordered › ${finding}`, () => {
      assert.deepEqual(found(chartOf({ resources: [drug('medications', taken), drug('drafts', ordered)] })), [finding]);
      assert.deepEqual(found(chartOf({ resources: [drug('medications', ordered), drug('drafts', taken)] })), [finding]);
    });
  }

  const silent: readonly (readonly [string, readonly (readonly ['medications' | 'drafts', FhirResource])[]])[] = [
    ['both taken, neither ordered', [drug('medications', 'warfarin'), drug('medications', 'ibuprofen'), drug('drafts', 'loratadine')]],
    ['warfarin was stopped', [drug('medications', 'warfarin', { status: 'stopped' }), drug('drafts', 'ibuprofen')]],
    ['warfarin is never to be given', [drug('medications', 'warfarin', { doNotPerform: true }), drug('drafts', 'ibuprofen')]],
    ['warfarin is a proposal', [drug('medications', 'warfarin', { intent: 'proposal' }), drug('drafts', 'ibuprofen')]],
    ['the draft stops ibuprofen', [drug('medications', 'warfarin'), drug('drafts', 'ibuprofen', { status: 'stopped' })]],
    ['a name that holds another', [drug('medications', 'warfarinoid'), drug('drafts', 'ibuprofenol')]],
    ['one line with both', [drug('drafts', 'warfarin and ibuprofen, do not combine')]],
  ].map(([name, list]) => [name as string, list as readonly (readonly ['medications' | 'drafts', FhirResource])[]]);
  for (const [name, resources] of silent) {
    it(`pair › ${name} › nothing`, () => {
      assert.deepEqual(found(chartOf({ resources })), []);
    });
  }

  it('drafts › two that interact › are found', () => {
    assert.deepEqual(found(chartOf({ resources: [drug('drafts', 'warfarin'), drug('drafts', 'naproxen')] })), [
      'warfarin-nsaid.warfarin.naproxen warning',
    ]);
  });

  it('drafts › the other one selected › a pair without the selected draft is not asked about', () => {
    const resources = [drug('medications', 'warfarin'), drug('drafts', 'ibuprofen'), drug('drafts', 'loratadine')];
    assert.deepEqual(found(chartOf({ resources, selected: ['f2'] })), []);
    assert.equal(found(chartOf({ resources, selected: ['f1'] })).length, 1);
  });

  it('medicine › by reference, contained or beside it › is found', () => {
    const medication = { resourceType: 'Medication', id: 'm9', code: { text: 'Warfarin Sodium 5 MG Oral Tablet' } } as const;
    const order = (more: object): FhirResource =>
      ({ resourceType: 'MedicationRequest', status: 'active', intent: 'order', subject: {}, ...more }) as FhirResource;
    const draft = drug('drafts', 'ibuprofen');
    const contained = order({ contained: [medication], medicationReference: { reference: '#m9' } });
    const beside = order({ medicationReference: { reference: 'Medication/m9' } });
    const named = order({ medicationReference: { reference: 'Medication/x', display: 'warfarin 5 mg' } });
    assert.equal(found(chartOf({ resources: [['medications', contained], draft] })).length, 1, 'contained');
    assert.equal(found(chartOf({ resources: [['medications', medication], ['medications', beside], draft] })).length, 1, 'beside');
    assert.equal(found(chartOf({ resources: [['medications', named], draft] })).length, 1, 'by display');
  });

  it('proposals › a draft that interacts › can be removed, and replaced where a source names what by', () => {
    const { advice } = judge(chartOf({ resources: [drug('medications', 'warfarin'), drug('drafts', 'ibuprofen')] }));
    const own = advice.find(({ candidate }) => candidate.startsWith('warfarin-nsaid.warfarin.ibuprofen'));
    assert.deepEqual(
      own?.proposals.map(({ kind }) => kind),
      ['replace-draft', 'remove-draft'],
    );
    assert.deepEqual(
      own?.proposals.map((proposal) => ('draft' in proposal ? proposal.draft : '')),
      ['f1', 'f1'],
    );
  });

  it('criteria › a draft of ibuprofen, a note names Coumadin › that pair alone stays open for what is read', () => {
    const note: FhirResource = {
      resourceType: 'DocumentReference',
      status: 'current',
      content: [{ attachment: { contentType: 'text/plain', data: Buffer.from('Takes Coumadin from his cardiologist.').toString('base64') } }],
    };
    const { criteria, candidates, findings } = judge(chartOf({ resources: [['notes', note], drug('drafts', 'ibuprofen')] }));
    assert.deepEqual(findings, []);
    assert.deepEqual(
      candidates.map(({ id }) => id),
      ['warfarin-nsaid.warfarin.ibuprofen'],
    );
    assert.deepEqual(
      criteria.map(({ text }) => text),
      ['takes warfarin', 'takes ibuprofen'],
    );
  });

  it('criteria › a draft of ibuprofen, nothing else named › nothing is made that could only be read', () => {
    assert.deepEqual(judge(chartOf({ resources: [drug('drafts', 'ibuprofen')] })).candidates, []);
  });
});
