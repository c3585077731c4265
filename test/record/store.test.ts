/** The tables of the store over one database in memory. All patients and texts are invented. */
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { sql } from 'drizzle-orm';
import { openDatabase, type Store } from '../../src/record/database.js';
import { createReadingCache } from '../../src/record/reading-cache.js';
import { createReplayStore } from '../../src/record/replay.js';
import { createRunArchive } from '../../src/record/runs.js';
import { createTables } from '../../src/record/schema.js';
import { createTrail } from '../../src/record/trail.js';
import type { CandidateId, RunDocument, RunId, ServiceId } from '../../src/types.js';
import { dumpTables, rowsOf } from './rows.js';

const secret = randomBytes(32);
const start = Date.parse('2026-03-01T12:00:00Z');
const hour = 3_600_000;
let time = start;
const clock = (): Date => new Date(time);
let store: Store;

const newRun = (): RunId => randomUUID() as RunId;
const documentOf = (run: RunId): RunDocument => ({
  run,
  service: { id: 'care-gaps' as ServiceId, title: 'Care gaps' },
  at: '2026-03-01T12:00:00Z',
  cards: [],
});
const asked = {
  service: 'care-gaps',
  hook: 'patient-view',
  hookInstance: 'instance-Quizzenbury',
  caller: 'sandbox',
  patient: 'http://ehr.invalid/fhir|MRN8842107',
};
const answered = (run: RunId, card: string) => ({
  ...asked,
  run,
  shown: [{ card, candidate: 'colorectal' as CandidateId, indicator: 'warning' as const }],
  keys: new Map(),
  findings: 1,
  unread: 2,
  reader: 'small-reader@1',
  scorer: 'guideline-logic@1',
});

before(async () => {
  store = await openDatabase({ dataDir: 'memory', databaseUrl: undefined });
});
after(() => store.close());

describe('record/tables', () => {
  it('tables › created a second time › nothing is lost and nothing fails', async () => {
    await createReadingCache({ db: store.db, clock }).put(new Map([['kept', { supports: 1, contradicts: 0 }]]));
    await createTables(store.db);
    assert.equal((await rowsOf(store.db, sql`select key from readings where key = 'kept'`)).length, 1);
  });
});

describe('record/runs', () => {
  it('run archive › the patient it was written for › gets the document back', async () => {
    const runs = createRunArchive({ db: store.db, secret, clock });
    const document = documentOf(newRun());
    await runs.put(document, 'base|a');
    assert.deepEqual(await runs.get(document.run, 'base|a'), document);
  });

  it('run archive › another patient, another server, an unknown run › nothing', async () => {
    const runs = createRunArchive({ db: store.db, secret, clock });
    const document = documentOf(newRun());
    await runs.put(document, 'base|a');
    for (const [run, patient] of [
      [document.run, 'base|b'],
      [document.run, 'other|a'],
      [randomUUID(), 'base|a'],
      ['', 'base|a'],
      ["' or 1=1", 'base|a'],
    ] as const) {
      assert.equal(await runs.get(run, patient), undefined, `${run} ${patient}`);
    }
  });

  it('run archive › the latest of a patient › is the last written, and nobody else’s', async () => {
    const runs = createRunArchive({ db: store.db, secret, clock });
    const [first, second] = [documentOf(newRun()), documentOf(newRun())];
    await runs.put(first, 'base|latest');
    time += 1000;
    await runs.put(second, 'base|latest');
    time += 1000;
    await runs.put(documentOf(newRun()), 'base|other');
    assert.deepEqual(await runs.latest('base|latest'), second);
    assert.equal(await runs.latest('other|latest'), undefined);
    time = start;
  });

  for (const part of ['first', 'middle', 'last'] as const) {
    it(`run archive › the ${part} byte changed › is refused`, async () => {
      const runs = createRunArchive({ db: store.db, secret, clock });
      const document = documentOf(newRun());
      await runs.put(document, 'base|a');
      const place = { first: sql`0`, middle: sql`length(sealed) / 2`, last: sql`length(sealed) - 1` }[part];
      await store.db.execute(sql`update runs set sealed = set_byte(sealed, ${place}, get_byte(sealed, ${place}) # 1) where run = ${document.run}`);
      assert.equal(await runs.get(document.run, 'base|a'), undefined);
    });
  }

  it('run archive › a row moved to another run or patient › is refused', async () => {
    const runs = createRunArchive({ db: store.db, secret, clock });
    const [mine, theirs] = [documentOf(newRun()), documentOf(newRun())];
    await runs.put(mine, 'base|a');
    await runs.put(theirs, 'base|b');
    await store.db.execute(sql`update runs set sealed = (select sealed from runs where run = ${theirs.run}) where run = ${mine.run}`);
    await store.db.execute(sql`update runs set patient_hash = (select patient_hash from runs where run = ${mine.run}) where run = ${theirs.run}`);
    assert.equal(await runs.get(mine.run, 'base|a'), undefined);
    assert.equal(await runs.get(theirs.run, 'base|a'), undefined);
  });

  it('run archive › another secret › opens nothing', async () => {
    const document = documentOf(newRun());
    await createRunArchive({ db: store.db, secret, clock }).put(document, 'base|a');
    assert.equal(await createRunArchive({ db: store.db, secret: randomBytes(32), clock }).get(document.run, 'base|a'), undefined);
  });

  it('run archive › after 24 hours › is not returned, and the next write removes it', async () => {
    const runs = createRunArchive({ db: store.db, secret, clock });
    const document = documentOf(newRun());
    await runs.put(document, 'base|a');
    time = start + 24 * hour - 1;
    assert.notEqual(await runs.get(document.run, 'base|a'), undefined);
    time = start + 24 * hour;
    assert.equal(await runs.get(document.run, 'base|a'), undefined);
    time = start + 24 * hour + 1;
    await runs.put(documentOf(newRun()), 'base|a');
    assert.equal((await rowsOf(store.db, sql`select run from runs where run = ${document.run}`)).length, 0);
    time = start;
  });

  it('run archive › a run that is there › is not overwritten', async () => {
    const runs = createRunArchive({ db: store.db, secret, clock });
    const document = documentOf(newRun());
    await runs.put(document, 'base|a');
    await assert.rejects(runs.put(document, 'base|b'));
    assert.deepEqual(await runs.get(document.run, 'base|a'), document);
  });
});

describe('record/reading-cache', () => {
  it('cache › what was put › comes back, over more than one page, and the first verdict stays', async () => {
    const cache = createReadingCache({ db: store.db, clock });
    const entries = new Map(Array.from({ length: 2300 }, (_, index) => [`page-${index}`, { supports: index / 2300, contradicts: 0.25 }]));
    await cache.put(entries);
    await cache.put(new Map([['page-7', { supports: 9, contradicts: 9 }]]));
    assert.deepEqual(await cache.get([...entries.keys(), 'absent']), entries);
    assert.equal((await cache.get([])).size, 0);
    await cache.put(new Map());
  });
});

describe('record/replay', () => {
  it('token › the second time › was seen; another issuer or id was not', async () => {
    const replay = createReplayStore({ db: store.db, secret, clock });
    const until = new Date(start + hour);
    const seen = [];
    for (const [jti, issuer] of [
      ['a', 'x'],
      ['a', 'x'],
      ['a', 'y'],
      ['b', 'x'],
    ] as const)
      seen.push(await replay.seen(jti, issuer, until));
    assert.deepEqual(seen, [false, true, false, false]);
  });

  it('token › many calls at once › one is the first', async () => {
    const replay = createReplayStore({ db: store.db, secret, clock });
    const seen = await Promise.all(Array.from({ length: 8 }, () => replay.seen('at-once', 'x', new Date(start + hour))));
    assert.equal(seen.filter((value) => !value).length, 1);
  });

  it('token › expired › is pruned', async () => {
    const replay = createReplayStore({ db: store.db, secret, clock });
    await replay.seen('old', 'z', new Date(start + hour));
    const count = async () => Number((await rowsOf(store.db, sql`select count(*) as n from used_tokens`))[0]?.['n']);
    assert.ok((await count()) > 1);
    time = start + 2 * hour;
    await replay.seen('new', 'z', new Date(start + 3 * hour));
    assert.equal(await count(), 1);
    time = start;
  });
});

describe('record/trail', () => {
  it('trail › answered and withheld › are kept, with the cards that were issued', async () => {
    const trail = createTrail({ db: store.db, secret, clock });
    const [run, card] = [newRun(), randomUUID()];
    await trail.answered(answered(run, card));
    await trail.withheld({ ...asked, reason: 'consent denies' });
    const [row] = await rowsOf(store.db, sql`select outcome, findings, unread, reader, shown from trail where run = ${run}`);
    assert.equal(row?.['outcome'], 'answered');
    assert.deepEqual(row?.['shown'], [{ card, candidate: 'colorectal', indicator: 'warning' }]);
    assert.equal((await rowsOf(store.db, sql`select card from issued_cards where card = ${card} and candidate = 'colorectal'`)).length, 1);
    assert.equal((await rowsOf(store.db, sql`select id from trail where outcome = 'withheld' and reason = 'consent denies'`)).length, 1);
  });

  it('all tables › after planted identifiers went in › hold none of them in plain', async () => {
    const runs = createRunArchive({ db: store.db, secret, clock });
    const document = { ...documentOf(newRun()), service: { id: 'care-gaps' as ServiceId, title: 'Quizzenbury MRN8842107' } };
    await runs.put(document, asked.patient);
    await createTrail({ db: store.db, secret, clock }).answered(answered(document.run, randomUUID()));
    await createReplayStore({ db: store.db, secret, clock }).seen('jti-Quizzenbury', 'issuer', new Date(start + hour));
    const dump = await dumpTables(store.db);
    assert.ok(dump.includes(document.run), 'the rows were dumped');
    for (const plant of ['Quizzenbury', 'MRN8842107', 'ehr.invalid']) {
      for (const form of [plant, Buffer.from(plant).toString('hex'), Buffer.from(plant).toString('base64').replace(/=*$/, '')])
        assert.ok(!dump.includes(form), form);
    }
  });
});
