/** What a card offers, carried out as the embedded EHR does it, and the hook fired again: quiet. All people are invented. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { FhirResource, MedicationRequest } from 'fhir/r4.js';
import { createJudge } from '../../../src/judge/judge.js';
import { loadKnowledge } from '../../../src/judge/knowledge.js';
import type { Chart, ChartEntry, Judgement, Proposal } from '../../../src/types.js';
import { chartOf, drug } from '../chart.js';

let judge: (chart: Chart) => Judgement;
before(async () => {
  const knowledge = await loadKnowledge('cards');
  const service = knowledge.services.find(({ id }) => id === 'order-safety');
  assert.ok(service !== undefined);
  judge = (chart) => createJudge(knowledge)(service, chart);
});

const loud = ({ findings }: Judgement): readonly string[] =>
  findings.filter(({ indicator }) => indicator !== 'info').map(({ candidate, indicator }) => `${candidate} ${indicator}`);
const chart = (taken: readonly string[], ordered: string, age = 58): Chart =>
  chartOf({
    patient: { birthDate: `${2026 - age}-01-02` },
    resources: [...taken.map((one) => drug('medications', one)), drug('drafts', ordered)],
  });

/** The draft as the action leaves it; without it, if the action removes it. */
function carryOut(before: Chart, proposal: Proposal): Chart {
  const change = (entry: ChartEntry): readonly ChartEntry[] => {
    if (!('draft' in proposal) || entry.fact !== proposal.draft) return [entry];
    if (proposal.kind === 'remove-draft') return [];
    if (proposal.kind !== 'replace-draft') return [entry];
    const { medicationReference: _reference, dosageInstruction: _dose, ...kept } = entry.resource as MedicationRequest;
    const resource: FhirResource = { ...kept, medicationCodeableConcept: { coding: [proposal.code], text: proposal.code.display } };
    return [{ ...entry, resource }];
  };
  return { ...before, entries: before.entries.flatMap(change) };
}

describe('suggestions of order safety', () => {
  /** Taken, ordered, age, what is offered in place. */
  const cases: readonly (readonly [readonly string[], string, number, readonly string[]])[] = [
    [['warfarin'], 'ibuprofen 400 mg', 58, ['acetaminophen']],
    [['simvastatin 20 mg'], 'clarithromycin 500 mg', 58, ['azithromycin']],
    [['clarithromycin'], 'simvastatin 40 mg', 58, ['rosuvastatin', 'pravastatin']],
    [['clopidogrel'], 'omeprazole 20 mg', 58, ['pantoprazole']],
    // Rosuvastatin and pravastatin are themselves graver or as grave with it.
    [['cyclosporine'], 'simvastatin 20 mg', 58, []],
  ];
  for (const [taken, ordered, age, expected] of cases) {
    it(`${ordered} beside ${taken.join(', ')} › offers ${expected.join(', ') || 'nothing in its place'}, and each leaves the hook quiet`, () => {
      const first = chart(taken, ordered, age);
      const judged = judge(first);
      assert.ok(loud(judged).length > 0, 'it interrupts');
      const own = judged.advice.filter(({ candidate }) => loud(judged).some((one) => one.startsWith(`${candidate} `)));
      const replacements = own.flatMap(({ proposals }) => proposals).filter((one) => one.kind === 'replace-draft');
      assert.deepEqual([...new Set(replacements.map((one) => (one.kind === 'replace-draft' ? one.code.display.split(' ')[0] : '')))], expected);
      for (const proposal of own.flatMap(({ proposals }) => proposals)) assert.deepEqual(loud(judge(carryOut(first, proposal))), [], proposal.label);
      assert.ok(own.some(({ proposals }) => proposals.some((one) => one.kind === 'remove-draft')));
    });
  }

  it('an alternative that this patient may not have › is not offered', () => {
    const judged = judge(chart(['clopidogrel', 'atazanavir'], 'omeprazole'));
    const labels = judged.advice.flatMap(({ proposals }) => proposals.map(({ label }) => label));
    assert.ok(loud(judged).length > 0);
    assert.ok(!labels.includes('Replace with pantoprazole'), labels.join('; '));
  });
});
