/** Rates per rule, over one database in memory. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { sql } from 'drizzle-orm';
import { createFeedbackStore, type FeedbackEntry } from '../../src/feedback/feedback.js';
import { readRuleRates } from '../../src/feedback/rates.js';
import { feedbackPage } from '../../src/http/feedback-page.js';
import { openDatabase, type Store } from '../../src/record/database.js';

let store: Store;
before(async () => {
  store = await openDatabase({ dataDir: 'memory', databaseUrl: undefined });
});
after(() => store.close());

const entry = (card: string, outcome: FeedbackEntry['outcome'], at: string, code?: string): FeedbackEntry => ({
  card,
  outcome,
  outcomeTimestamp: `2026-03-01T${at}:00Z`,
  acceptedSuggestions: [],
  overrideReason: code === undefined ? undefined : { code },
  hasComment: false,
});

describe('rates', () => {
  it('rules › nothing shown › no row, and the page says so', async () => {
    const feedback = await createFeedbackStore({ db: store.db, secret: randomBytes(32), clock: () => new Date('2026-03-01T12:00:00Z') });
    assert.deepEqual(await readRuleRates(store.db), []);
    assert.match(feedbackPage([]), /No card has been shown yet/);
    const issued: readonly (readonly [string, string, string | null])[] = [
      ['g1', 'care-gaps', 'colorectal'],
      ['g2', 'care-gaps', 'colorectal'],
      ['g3', 'care-gaps', 'colorectal'],
      ['i1', 'order-safety', 'warfarin-nsaid.warfarin.ibuprofen'],
      ['i2', 'order-safety', 'warfarin-nsaid.warfarin.naproxen'],
      ['n1', 'order-safety', null],
    ];
    for (const [card, service, candidate] of issued)
      await store.db.execute(sql`insert into issued_cards values (${card}, 'run', ${service}, ${candidate}, 'ehr', '2026-03-01')`);
    await feedback.store('care-gaps', 'ehr', [
      entry('g1', 'accepted', '11:00'),
      entry('g2', 'accepted', '11:00'),
      entry('g2', 'overridden', '11:05', 'declined'),
    ]);
    await feedback.store('order-safety', 'ehr', [entry('i1', 'overridden', '11:00', 'will-monitor'), entry('n1', 'accepted', '11:00')]);
    await feedback.store('care-gaps', 'another', [entry('g3', 'accepted', '11:00')]);
    assert.deepEqual(await readRuleRates(store.db), [
      { service: 'care-gaps', rule: 'colorectal', shown: 3, accepted: 1, overridden: 1, topReason: 'declined' },
      { service: 'order-safety', rule: 'warfarin-nsaid', shown: 2, accepted: 0, overridden: 1, topReason: 'will-monitor' },
    ]);
  });

  it('page › a reason that is markup › comes out as text', () => {
    const page = feedbackPage([{ service: 's', rule: 'r', shown: 4, accepted: 1, overridden: 2, topReason: '<img src=x>' }]);
    assert.match(page, /&lt;img src=x&gt;/);
    assert.match(page, /1 \(25 %\).*2 \(50 %\).*1 \(25 %\)/s);
  });
});
