import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { DocumentReference } from 'fhir/r4.js';
import { createStories } from '../../src/sandbox/stories/stories.js';
import type { Story } from '../../src/sandbox/stories/story.js';
import { createTestEhr, idsOf, type TestEhr } from './ehr.js';

let ehr: TestEhr;
before(async () => {
  ehr = await createTestEhr();
});
after(() => ehr.close());

const now = new Date(Date.UTC(2026, 0, 1, 1));
const stories = createStories(now);
const storyOf = (id: string): Story => stories.find((story) => story.patient.id === id) ?? assert.fail(id);
const codesOf = (story: Story) => [...JSON.stringify(story.resources).matchAll(/"code":"([^"]+)"/g)].map((match) => match[1]);
const notesOf = (story: Story) =>
  story.resources
    .filter((resource): resource is DocumentReference & { id: string } => resource.resourceType === 'DocumentReference')
    .map((note) => Buffer.from(note.content[0]?.attachment.data ?? '', 'base64').toString('utf8'))
    .join('\n');

function ageOf(story: Story, at: Date): number {
  const [year = 0, month = 0, day = 0] = (story.patient.birthDate ?? '').split('-').map(Number);
  const hadBirthday = at.getUTCMonth() + 1 > month || (at.getUTCMonth() + 1 === month && at.getUTCDate() >= day);
  return at.getUTCFullYear() - year - (hadBirthday ? 0 : 1);
}

describe('stories', () => {
  for (const story of stories) {
    const { id } = story.patient;
    it(`${id} › every resource › marked as invented, of this patient, with an id of its own, none in the future`, () => {
      const ids = story.resources.map((resource) => resource.id);
      assert.equal(new Set(ids).size, ids.length);
      assert.match(story.patient.name?.[0]?.suffix?.[0] ?? '', /invented/);
      for (const resource of [story.patient, ...story.resources]) assert.equal(resource.meta?.tag?.[0]?.code, 'HTEST');
      for (const resource of story.resources) assert.ok(JSON.stringify(resource).includes(`"Patient/${id}"`));
      for (const [date] of JSON.stringify(story.resources).matchAll(/20\d\d-\d\d-\d\dT[\d:]+Z/g)) assert.ok(Date.parse(date) < now.getTime());
      assert.ok(id === 'empty-chart' ? ids.length === 0 : ids.length >= 10 && ids.length <= 40, String(ids.length));
    });
  }

  const ages: readonly (readonly [string, number])[] = [
    ['gap-colorectal', 58],
    ['gap-closed-in-note', 60],
    ['note-says-never', 55],
    ['interaction-warfarin', 71],
    ['allergies-unreadable', 42],
    ['over-89', 93],
    ['empty-chart', 0],
    ['one-datum-decides', 62],
  ];
  for (const [id, age] of ages) {
    it(`${id} › seeded in any month › is ${age}, today and in five months`, () => {
      for (let month = 0; month < 12; month += 1) {
        const at = new Date(Date.UTC(2026, month, 15));
        const story = createStories(at).find(({ patient }) => patient.id === id) ?? assert.fail(id);
        assert.equal(ageOf(story, at), age);
        assert.equal(ageOf(story, new Date(Date.UTC(2026, month + 5, 10))), age);
      }
    });
  }

  it('each story › its one thing › is in the chart, and what would spoil it is not', () => {
    assert.ok(!codesOf(storyOf('gap-colorectal')).includes('73761001'));
    assert.ok(!codesOf(storyOf('gap-closed-in-note')).includes('73761001'));
    assert.ok(notesOf(storyOf('gap-closed-in-note')).includes('Colonoscopy done at an outside hospital in March, normal.'));
    assert.ok(notesOf(storyOf('note-says-never')).includes('Patient has never had a colonoscopy.\nBrother had a colonoscopy last year.'));
    assert.ok(codesOf(storyOf('note-says-never')).includes('71651007'));
    assert.ok(codesOf(storyOf('interaction-warfarin')).includes('11289'));
    assert.ok(codesOf(storyOf('interaction-warfarin')).includes('73761001'));
    assert.ok(codesOf(storyOf('over-89')).includes('9997'));
    assert.ok(['73761001', '71651007', '4548-4', '44054006'].every((code) => codesOf(storyOf('nothing-wrong')).includes(code)));
  });

  it('identifiers › name, record number and phone › stand in a note, so that the wall has something to do', () => {
    const story = storyOf('gap-closed-in-note');
    for (const value of ['Hollis Grady', story.patient.identifier?.[0]?.value ?? '-', story.patient.telecom?.[0]?.value ?? '-'])
      assert.ok(notesOf(story).includes(value));
  });

  it('allergies-unreadable › any token, any way › the list is refused, never empty; other lists are given', async () => {
    const token = await ehr.session('allergies-unreadable');
    const refused = await ehr.get('AllergyIntolerance?patient=allergies-unreadable', token).expect(403);
    assert.equal(refused.body.issue[0].code, 'forbidden');
    await ehr.get('AllergyIntolerance/any', token).expect(403);
    assert.ok(!idsOf(await ehr.get('Patient/allergies-unreadable/$everything', token)).some((id) => id.startsWith('AllergyIntolerance')));
    await ehr.get('Condition?patient=allergies-unreadable', token).expect(200);
    assert.equal((await ehr.get('AllergyIntolerance?patient=gap-colorectal', await ehr.session('gap-colorectal'))).body.total, 1);
  });

  it('empty-chart › every list › empty and complete', async () => {
    const token = await ehr.session('empty-chart');
    for (const type of ['Condition', 'Observation', 'MedicationRequest', 'Procedure', 'AllergyIntolerance', 'DocumentReference']) {
      assert.equal((await ehr.get(`${type}?patient=empty-chart`, token).expect(200)).body.total, 0);
    }
  });
});
