/** Overrides remembered over one database in memory, with the tables of the trail and of feedback as they are. All patients are invented. */
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { createFeedbackStore, type FeedbackEntry, type FeedbackStore } from '../../src/feedback/feedback.js';
import { createOverrideMemory, type FindingOfPatient, type OverrideMemory } from '../../src/feedback/overrides.js';
import { loadQuietPeriods, parseQuietPeriods } from '../../src/feedback/quiet-periods.js';
import { openDatabase, type Store } from '../../src/record/database.js';
import { createTrail, type Trail } from '../../src/record/trail.js';
import type { CandidateId, Recalled, RunId } from '../../src/types.js';
import { dumpTables } from '../record/rows.js';

const day = 86_400_000;
const start = Date.parse('2026-03-01T12:00:00Z');
let time = start;
const clock = (): Date => new Date(time);
let store: Store;
let memory: OverrideMemory;
let feedback: FeedbackStore;
let trail: Trail;
const secret = randomBytes(32);

before(async () => {
  store = await openDatabase({ dataDir: 'memory', databaseUrl: undefined });
  feedback = await createFeedbackStore({ db: store.db, secret, clock });
  trail = createTrail({ db: store.db, secret, clock });
  memory = createOverrideMemory({ db: store.db, secret, clock, periods: await loadQuietPeriods('cards/override-reasons.json') });
});
after(() => store.close());

let patients = 0;
const newPatient = (): string => {
  patients += 1;
  return `https://ehr.example/fhir|Quizzenbury-${patients}`;
};
const gap = 'colorectal' as CandidateId;
const finding = (evidence = 'e1', indicator: FindingOfPatient['indicator'] = 'warning'): FindingOfPatient => ({
  candidate: gap,
  indicator,
  evidence,
});

/** Shows the card of a finding, as an answer does. */
async function show(patient: string, shown: FindingOfPatient, { service = 'care-gaps', caller = 'ehr' } = {}): Promise<string> {
  const card = randomUUID();
  const { keys } = await memory.recall(patient, service, [shown]);
  await trail.answered({
    service,
    hook: 'patient-view',
    hookInstance: 'h',
    caller,
    patient,
    run: randomUUID() as RunId,
    shown: [{ card, candidate: shown.candidate, indicator: shown.indicator }],
    keys,
    findings: 1,
    unread: 0,
    reader: 'none',
    scorer: 's',
  });
  return card;
}

const say = (card: string, change: Partial<FeedbackEntry> = {}, caller = 'ehr') =>
  feedback.store('care-gaps', caller, [
    {
      card,
      outcome: 'overridden',
      outcomeTimestamp: '2026-03-01T12:00:00Z',
      acceptedSuggestions: [],
      overrideReason: { code: 'declined' },
      hasComment: false,
      ...change,
    },
  ]);

/** `quiet`, or why it is shown again, or `shown` as if nothing had been said. */
function verdictOf(recalled: Recalled): string {
  return recalled.quiet.has(gap) ? 'quiet' : (recalled.again.get(gap)?.why ?? 'shown');
}
const ask = async (patient: string, found = finding(), knowledge = 'care-gaps') => verdictOf(await memory.recall(patient, knowledge, [found]));

describe('overrides', () => {
  it('overridden with a reason › the same evidence › quiet, with reason and day', async () => {
    const patient = newPatient();
    await say(await show(patient, finding()));
    const { quiet } = await memory.recall(patient, 'care-gaps', [finding()]);
    assert.deepEqual(quiet.get(gap), { reason: 'Patient declined', at: clock() });
  });

  it('overridden with a reason › other evidence › shown again, and why is known', async () => {
    const patient = newPatient();
    await say(await show(patient, finding('e1')));
    assert.equal(await ask(patient, finding('e2')), 'evidence-changed');
  });

  it('overridden with a reason › another patient, another recommendation, other knowledge › shown', async () => {
    const patient = newPatient();
    await say(await show(patient, finding()));
    assert.equal(await ask(newPatient()), 'shown');
    assert.equal(await ask(patient, finding(), 'order-safety'), 'shown');
    const other = { ...finding(), candidate: 'breast' as CandidateId };
    assert.equal((await memory.recall(patient, 'care-gaps', [other])).quiet.size, 0);
  });

  it('critical › overridden with a reason › is shown each time', async () => {
    const patient = newPatient();
    await say(await show(patient, finding('e1', 'critical')));
    assert.equal(await ask(patient, finding('e1', 'critical')), 'critical');
  });

  for (const [what, change, expected] of [
    ['no reason', { overrideReason: undefined }, 'shown'],
    ['a typed reason only', { overrideReason: undefined, hasComment: true }, 'quiet'],
    ['a reason of the EHR', { overrideReason: { system: 'urn:oid:1.2.840.114350', code: '3' } }, 'quiet'],
    ['our reason under our system', { overrideReason: { system: 'https://whycard.org/override-reason', code: 'declined' } }, 'quiet'],
    ['accepted', { outcome: 'accepted' }, 'shown'],
  ] as const) {
    it(`feedback with ${what} › ${expected}`, async () => {
      const patient = newPatient();
      await say(await show(patient, finding()), change);
      assert.equal(await ask(patient), expected);
    });
  }

  it('a card of another caller › feedback on it › is not remembered', async () => {
    const patient = newPatient();
    await say(await show(patient, finding()), {}, 'another-ehr');
    assert.equal(await ask(patient), 'shown');
  });

  it('a change of mind › on the same card or a later one › takes the override back', async () => {
    for (const isSameCard of [true, false]) {
      const patient = newPatient();
      const card = await show(patient, finding());
      await say(card);
      time += 1000;
      await say(isSameCard ? card : await show(patient, finding('e2')), { outcome: 'accepted', overrideReason: undefined });
      assert.equal(await ask(patient), 'shown');
    }
  });

  it('two words in one batch › the later by the EHR’s clock counts', async () => {
    const patient = newPatient();
    const card = await show(patient, finding());
    const word = (outcome: FeedbackEntry['outcome'], outcomeTimestamp: string): FeedbackEntry => ({
      card,
      outcome,
      outcomeTimestamp,
      acceptedSuggestions: [],
      overrideReason: outcome === 'overridden' ? { code: 'declined' } : undefined,
      hasComment: false,
    });
    await feedback.store('care-gaps', 'ehr', [word('overridden', '2026-03-01T12:05:00Z'), word('accepted', '2026-03-01T12:01:00Z')]);
    assert.equal(await ask(patient), 'quiet');
  });

  for (const [code, days] of [
    ['declined', 180],
    ['being-stopped', 14],
    ['unheard-of', 90],
  ] as const) {
    it(`${code} › quiet for ${days} days, then asked again`, async () => {
      const patient = newPatient();
      const saidAt = time;
      await say(await show(patient, finding()), { overrideReason: { code } });
      time = saidAt + days * day - 1;
      assert.equal(await ask(patient), 'quiet');
      time = saidAt + days * day;
      assert.equal(await ask(patient), 'long-ago');
    });
  }

  it('the store › after all of it › holds no patient, no evidence, no plain recommendation key', async () => {
    await say(await show('https://ehr.example/fhir|Quizzenbury-last', finding('evidence-Quagmire')));
    const dump = await dumpTables(store.db);
    assert.ok(dump.includes('declined'), 'the dump has the feedback');
    assert.doesNotMatch(dump, /Quizzenbury|Quagmire/);
  });

  it('another secret › knows nothing', async () => {
    const patient = newPatient();
    await say(await show(patient, finding()));
    const other = createOverrideMemory({
      db: store.db,
      secret: randomBytes(32),
      clock,
      periods: await loadQuietPeriods('cards/override-reasons.json'),
    });
    assert.equal(verdictOf(await other.recall(patient, 'care-gaps', [finding()])), 'shown');
  });
});

describe('quiet periods', () => {
  for (const [what, text, message] of [
    ['no days', '{"system":"s","reasons":[]}', /override-reasons\.json: quietDays/],
    ['zero days', '{"system":"s","quietDays":90,"reasons":[{"code":"a","display":"A","quietDays":0}]}', /reasons\.0\.quietDays/],
    ['no JSON', '{', /is not JSON/],
  ] as const) {
    it(`${what} › stops the start, naming file and field`, () => {
      assert.throws(() => parseQuietPeriods(text), message);
    });
  }
});
