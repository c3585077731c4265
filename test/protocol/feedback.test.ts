/** Feedback at the border: the specification's form, Epic's dialect, and what is refused. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ServiceError } from '../../src/errors.js';
import { parseFeedback } from '../../src/protocol/feedback.js';

const card = '4e0a3a1e-3283-4575-ab82-028d55fe2719';
const accepted = {
  card,
  outcome: 'accepted',
  outcomeTimestamp: '2026-01-01T00:00:00Z',
  acceptedSuggestions: [{ id: 'e56e1945-20b3-4393-8503-a1a20fd73152' }],
};
const reason = { code: 'done-elsewhere', system: 'https://whycard.org/override-reason' };
const parsed = { card, outcome: 'overridden', outcomeTimestamp: undefined, acceptedSuggestions: [], overrideReason: undefined, hasComment: false };

describe('parseFeedback', () => {
  const rows: readonly (readonly [string, object, object])[] = [
    [
      'accepted',
      accepted,
      { ...parsed, outcome: 'accepted', outcomeTimestamp: accepted.outcomeTimestamp, acceptedSuggestions: ['e56e1945-20b3-4393-8503-a1a20fd73152'] },
    ],
    [
      'overridden with reason and comment',
      { card, outcome: 'overridden', overrideReason: { reason, userComment: 'Jane Roe declined' } },
      { ...parsed, overrideReason: reason, hasComment: true },
    ],
    ['overridden with a comment only', { card, outcome: 'overridden', overrideReason: { userComment: 'x' } }, { ...parsed, hasComment: true }],
    [
      'a reason without system',
      { card, outcome: 'overridden', overrideReason: { reason: { code: 'a', display: 'A' } } },
      { ...parsed, overrideReason: { code: 'a' } },
    ],
    ['nulls', { card, outcome: 'overridden', outcomeTimestamp: null, acceptedSuggestions: null, overrideReason: null }, parsed],
    [
      'nulls inside',
      { card, outcome: 'overridden', overrideReason: { reason: { code: 'a', system: null }, userComment: null } },
      { ...parsed, overrideReason: { code: 'a' } },
    ],
    ['Epic: the plural, an object', { card, outcome: 'overridden', overrideReasons: { reason } }, { ...parsed, overrideReason: reason }],
    ['Epic: the plural, a list', { card, outcome: 'overridden', overrideReasons: [{ reason }] }, { ...parsed, overrideReason: reason }],
    ['Epic: its codes in an extension', { card, outcome: 'overridden', overrideReasons: { extension: { 'com.epic': 1 } } }, parsed],
    ['a card that is no UUID', { ...parsed, card: '12', overrideReasons: undefined }, { ...parsed, card: '12' }],
    ['a time that is words', { card, outcome: 'overridden', outcomeTimestamp: 'yesterday, at Jane Roe’s visit' }, parsed],
    [
      'a time with an offset',
      { card, outcome: 'overridden', outcomeTimestamp: '2026-01-01T00:00:00.123+02:00' },
      { ...parsed, outcomeTimestamp: '2026-01-01T00:00:00.123+02:00' },
    ],
  ];
  for (const [name, row, expected] of rows) {
    it(`entry › ${name} › is read`, () => {
      assert.deepEqual(parseFeedback({ feedback: [row] }), [expected]);
    });
  }

  it('comment › any › does not leave this place', () => {
    assert.doesNotMatch(
      JSON.stringify(parseFeedback({ feedback: [{ card, outcome: 'overridden', overrideReason: { userComment: 'Jane Roe' } }] })),
      /Jane/,
    );
  });

  it('batch › of 1000 with the same card twice › every entry is read', () => {
    assert.equal(parseFeedback({ feedback: Array.from({ length: 1000 }, () => accepted), extension: {} }).length, 1000);
  });

  const wrong: readonly (readonly [string, unknown, string])[] = [
    ['null', null, 'feedback'],
    ['a bare object', accepted, 'feedback'],
    ['a list without the object', [accepted], 'feedback'],
    ['an empty list', { feedback: [] }, 'feedback'],
    ['1001 entries', { feedback: Array.from({ length: 1001 }, () => accepted) }, 'feedback'],
    ['an entry null', { feedback: [accepted, null] }, 'feedback.1'],
    ['an unknown outcome', { feedback: [{ ...accepted, outcome: 'ignored' }] }, 'feedback.0.outcome'],
    ['no outcome', { feedback: [{ card }] }, 'feedback.0.outcome'],
    ['no card', { feedback: [{ outcome: 'accepted' }] }, 'feedback.0.card'],
    ['a card of 257 characters', { feedback: [{ ...accepted, card: 'x'.repeat(257) }] }, 'feedback.0.card'],
    ['a card with a zero character', { feedback: [{ ...accepted, card: 'a\u0000b' }] }, 'feedback.0.card'],
    ['a suggestion that is a string', { feedback: [{ ...accepted, acceptedSuggestions: ['a'] }] }, 'feedback.0.acceptedSuggestions.0'],
    [
      'a suggestion with half a character',
      { feedback: [{ ...accepted, acceptedSuggestions: [{ id: '\ud800' }] }] },
      'feedback.0.acceptedSuggestions.0',
    ],
    ['a reason without code', { feedback: [{ ...accepted, overrideReason: { reason: {} } }] }, 'feedback.0.overrideReason'],
    ['a comment that is an object', { feedback: [{ ...accepted, overrideReason: { userComment: {} } }] }, 'feedback.0.overrideReason'],
  ];
  for (const [name, body, field] of wrong) {
    it(`body › ${name} › is malformed at ${field}`, () => {
      assert.throws(
        () => parseFeedback(body),
        (error: unknown) => {
          assert.ok(error instanceof ServiceError);
          assert.deepEqual([error.code, error.where?.field], ['request-malformed', field]);
          return true;
        },
      );
    });
  }

  it('any value › as an entry › is read or refused with a code', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        try {
          parseFeedback({ feedback: value });
        } catch (error) {
          assert.ok(error instanceof ServiceError, String(error));
        }
      }),
      { numRuns: 200 },
    );
  });
});
