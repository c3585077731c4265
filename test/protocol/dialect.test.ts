/** The same card for different products. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkCards } from '../../src/protocol/card.js';
import { speak } from '../../src/protocol/dialect.js';
import type { Action, Card, VendorName } from '../../src/types.js';

const action: Action = { type: 'delete', description: 'Remove it.', resourceId: 'MedicationRequest/1' };
const suggestionOf = (...actions: readonly Action[]) => ({ uuid: crypto.randomUUID(), label: 'Remove it', actions });
const card: Card = {
  uuid: crypto.randomUUID(),
  summary: 'Two drugs that do not go together',
  detail: 'Because.',
  indicator: 'warning',
  source: { label: 'A table', url: 'https://example.org', topic: { system: 'https://whycard.org/topic', code: 'warfarin-nsaid', display: 'x' } },
  suggestions: [suggestionOf(action), suggestionOf(action, action)],
  selectionBehavior: 'at-most-one',
  links: [{ label: 'Why this card', url: 'https://cds.example/launch', type: 'smart', appContext: '{"v":1}' }],
};

function said(vendor: VendorName, given: Card = card): Card {
  const [only] = speak([given], vendor);
  assert.ok(only !== undefined);
  checkCards([only]);
  return only;
}

describe('dialect', () => {
  it('plain › any card › unchanged', () => assert.deepEqual(said('plain'), card));

  it('epic › suggestions › any, with one action each', () => {
    const { suggestions, selectionBehavior } = said('epic');
    assert.equal(selectionBehavior, 'any');
    assert.deepEqual(suggestions, card.suggestions?.slice(0, 1));
  });

  it('epic › only a suggestion of two actions › neither suggestion nor selectionBehavior', () => {
    const spoken = said('epic', { ...card, suggestions: [suggestionOf(action, action)] });
    assert.deepEqual([spoken.suggestions, spoken.selectionBehavior], [undefined, undefined]);
  });

  it('epic › topic › letters and digits, at most 100', () => {
    assert.equal(said('epic').source.topic.code, 'warfarinnsaid');
    const long = { ...card, source: { ...card.source, topic: { ...card.source.topic, code: 'a-1'.repeat(60) } } };
    assert.match(said('epic', long).source.topic.code, /^[a1]{100}$/);
  });

  it('epic › link › keeps its appContext', () => assert.deepEqual(said('epic').links, card.links));

  it('cerner › link › without appContext, which would not arrive', () => {
    assert.deepEqual(said('cerner').links, [{ label: 'Why this card', url: 'https://cds.example/launch', type: 'smart' }]);
    assert.equal(said('cerner').selectionBehavior, 'at-most-one');
  });
});
