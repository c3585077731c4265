/** What clinicians did with cards, over one database in memory. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { sql } from 'drizzle-orm';
import { createFeedbackStore, type FeedbackEntry, type FeedbackStore } from '../../src/feedback/feedback.js';
import { openDatabase, type Store } from '../../src/record/database.js';
import { rowsOf } from '../record/rows.js';

const clock = (): Date => new Date('2026-03-01T12:00:00Z');
const entryOf = (card: string, change: Partial<FeedbackEntry> = {}): FeedbackEntry => ({
  card,
  outcome: 'accepted',
  outcomeTimestamp: '2026-03-01T11:00:00Z',
  acceptedSuggestions: [],
  overrideReason: undefined,
  hasComment: false,
  ...change,
});
let store: Store;
let feedback: FeedbackStore;

before(async () => {
  store = await openDatabase({ dataDir: 'memory', databaseUrl: undefined });
  for (const card of ['one', 'two']) {
    await store.db.execute(sql`insert into issued_cards values (${card}, 'run', 'care-gaps', 'colorectal', 'ehr', '2026-03-01')`);
  }
  feedback = await createFeedbackStore({ db: store.db, secret: randomBytes(32), clock });
});
after(() => store.close());
const count = async (card: string) => (await rowsOf(store.db, sql`select card from feedback where card = ${card}`)).length;

describe('feedback', () => {
  it('feedback › the same entry twice › is one row', async () => {
    const override = entryOf('one', { outcome: 'overridden', overrideReason: { code: 'declined', system: 'urn:x' } });
    assert.deepEqual(await feedback.store('care-gaps', 'ehr', [override]), { stored: 1, unknown: 0 });
    assert.deepEqual(await feedback.store('care-gaps', 'ehr', [override]), { stored: 0, unknown: 0 });
    assert.equal(await count('one'), 1);
  });

  it('feedback › a change of mind › keeps both', async () => {
    await feedback.store('care-gaps', 'ehr', [entryOf('two')]);
    await feedback.store('care-gaps', 'ehr', [entryOf('two', { outcome: 'overridden', outcomeTimestamp: '2026-03-01T11:05:00Z' })]);
    assert.equal(await count('two'), 2);
  });

  it('feedback › a card never issued, or issued to another caller › counts as unknown and does not fail the batch', async () => {
    assert.equal((await feedback.store('care-gaps', 'ehr', [entryOf('invented'), entryOf('one')])).unknown, 1);
    assert.equal((await feedback.store('care-gaps', 'somebody-else', [entryOf('one')])).unknown, 1);
  });

  it('feedback › no entries, and a batch with one entry twice › are taken', async () => {
    assert.deepEqual(await feedback.store('care-gaps', 'ehr', []), { stored: 0, unknown: 0 });
    const twice = entryOf('one', { acceptedSuggestions: ['s'] });
    assert.equal((await feedback.store('care-gaps', 'ehr', [twice, twice])).stored, 1);
  });
});
