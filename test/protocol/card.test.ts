/** What no card may break on its way out. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkCards } from '../../src/protocol/card.js';
import type { Card } from '../../src/types.js';

const uuid = '4e0a3a1e-3283-4575-ab82-028d55fe2719';
const topic = { code: 'colorectal-screening', system: 'https://whycard.org/topic', display: 'Colorectal cancer screening' };
const explanation = { run: 'r', value: 1.5, missing: [], reasons: [{ fact: 'age 60', low: 0, high: 1 }] };
const resource = { resourceType: 'ServiceRequest', status: 'draft' };
const suggestion = { uuid, label: 'Order it', isRecommended: true, actions: [{ type: 'create', description: 'Orders it', resource }] };
const smart = { label: 'Why?', url: 'https://whycard.example/launch', type: 'smart', appContext: '{"run":"r"}' };
const good = {
  uuid,
  summary: 'Colorectal cancer screening is due',
  detail: 'Because of this.',
  indicator: 'warning',
  source: { label: 'USPSTF', url: 'https://www.uspreventiveservicestaskforce.org/', topic },
  suggestions: [suggestion],
  selectionBehavior: 'at-most-one',
  overrideReasons: [topic],
  links: [smart],
  extension: { 'org.whycard.explanation': explanation },
};

/** The card's type forbids most of these, as it should: what is checked here is what comes out of code that got round it. */
const check = (card: object): void => checkCards([card as unknown as Card]);
const withSuggestion = (changes: object) => ({ suggestions: [{ ...suggestion, ...changes }] });

describe('checkCards', () => {
  const accepted: readonly (readonly [string, object])[] = [
    ['everything in it', good],
    ['139 characters of summary', { ...good, summary: 'x'.repeat(139) }],
    ['only what is required', { uuid, summary: 'a', detail: 'b', indicator: 'info', source: { label: 'c', topic } }],
    ['an optional field undefined', { ...good, links: undefined }],
    [
      'update and delete',
      {
        ...good,
        ...withSuggestion({
          actions: [
            { type: 'delete', description: 'x', resourceId: 'MedicationRequest/1' },
            { type: 'update', description: 'x', resource },
          ],
        }),
      },
    ],
    ['an absolute link', { ...good, links: [{ label: 'a', url: 'https://a.example/', type: 'absolute' }] }],
    ['two recommended of any', { ...good, selectionBehavior: 'any', suggestions: [suggestion, suggestion] }],
  ];
  for (const [name, card] of accepted) {
    it(`card › with ${name} › may leave`, () => {
      assert.doesNotThrow(() => check(card));
    });
  }

  it('cards › none › may leave', () => {
    assert.doesNotThrow(() => checkCards([]));
  });

  const wrong: readonly (readonly [string, object, RegExp])[] = [
    ['a summary of 140 characters', { summary: 'x'.repeat(140) }, /0\.summary/],
    ['no summary', { summary: undefined }, /0\.summary/],
    ['a blank summary', { summary: ' ' }, /0\.summary/],
    ['a uuid in capitals', { uuid: uuid.toUpperCase() }, /0\.uuid/],
    ['no uuid', { uuid: undefined }, /0\.uuid/],
    ['an unknown indicator', { indicator: 'hard-stop' }, /0\.indicator/],
    ['no source', { source: undefined }, /0\.source/],
    ['a source without label', { source: { topic } }, /0\.source\.label/],
    ['a source without topic', { source: { label: 'a' } }, /0\.source\.topic/],
    ['a topic code with a space', { source: { label: 'a', topic: { ...topic, code: 'a b' } } }, /0\.source\.topic\.code/],
    ['a source address that is none', { source: { label: 'a', url: 'uspstf', topic } }, /0\.source\.url/],
    ['suggestions without selectionBehavior', { selectionBehavior: undefined }, /at 0$/],
    ['selectionBehavior without suggestions', { suggestions: undefined }, /at 0$/],
    ['two recommended of at most one', { suggestions: [suggestion, suggestion] }, /at 0$/],
    ['a suggestion without action', withSuggestion({ actions: [] }), /0\.suggestions\.0\.actions/],
    ['an action without description', withSuggestion({ actions: [{ type: 'create', resource }] }), /0\.suggestions\.0\.actions\.0/],
    ['a create without resource', withSuggestion({ actions: [{ type: 'create', description: 'x' }] }), /0\.suggestions\.0\.actions\.0/],
    ['a delete of a bare id', withSuggestion({ actions: [{ type: 'delete', description: 'x', resourceId: '1' }] }), /0\.suggestions\.0\.actions\.0/],
    ['an override reason without display', { overrideReasons: [{ code: 'a', system: 'b' }] }, /0\.overrideReasons\.0\.display/],
    ['a link that is script', { links: [{ ...smart, url: 'javascript:alert(1)' }] }, /0\.links\.0/],
    ['an absolute link with appContext', { links: [{ ...smart, type: 'absolute' }] }, /0\.links\.0/],
    ['an empty list of links', { links: [] }, /0\.links/],
    ['a field of no specification', { sumary: 'x' }, /at 0$/],
    [
      'a null in a resource',
      withSuggestion({ actions: [{ type: 'create', description: 'x', resource: { ...resource, note: null } }] }),
      /resource\.note$/,
    ],
    [
      'an empty list in a resource',
      withSuggestion({ actions: [{ type: 'create', description: 'x', resource: { ...resource, note: [] } }] }),
      /resource\.note$/,
    ],
    [
      'an element left undefined',
      withSuggestion({ actions: [{ type: 'create', description: 'x', resource: { ...resource, note: [undefined] } }] }),
      /resource\.note\.0$/,
    ],
    ['an empty extension', { extension: {} }, /extension$/],
    ['a null in the explanation', { extension: { 'org.whycard.explanation': { ...explanation, run: null } } }, /explanation\.run$/],
    ['a number that JSON cannot write', { extension: { 'org.whycard.explanation': { ...explanation, value: Number.NaN } } }, /explanation\.value$/],
  ];
  for (const [name, changes, place] of wrong) {
    it(`card › with ${name} › is our bug and named without a value`, () => {
      assert.throws(
        () => check({ ...good, ...changes }),
        (error: unknown) => {
          assert.ok(error instanceof TypeError);
          assert.match(error.message, place);
          assert.doesNotMatch(error.message, /Colorectal|hard-stop|alert/);
          return true;
        },
      );
    });
  }
});
