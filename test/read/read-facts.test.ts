import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeReader } from '../../src/read/fake-reader.js';
import type { ReadingCache } from '../../src/read/read-facts.js';
import { createReadFacts } from '../../src/read/read-facts.js';
import { readStatements } from '../../src/read/read-statements.js';
import type { Answer } from '../../src/read/similarity.js';
import { criterion, fact, judgement } from './build.js';

const secret = Buffer.from('invented secret of the tests, 32b');
const forever = new AbortController().signal;
const yes = { supports: 0.9, contradicts: 0.02 };
const had = criterion('c1', 'had a colonoscopy');
const takes = criterion('c2', 'takes warfarin');
const answers = { 'Had a colonoscopy.': { 'had a colonoscopy': yes } };

interface FakeCache extends ReadingCache {
  readonly kept: Map<string, Answer>;
}
function createFakeCache(): FakeCache {
  const kept = new Map<string, Answer>();
  return {
    kept,
    get: async (keys) =>
      new Map(
        keys.flatMap((key) => {
          const value = kept.get(key);
          return value === undefined ? [] : [[key, value] as const];
        }),
      ),
    put: async (entries) => {
      for (const [key, value] of entries) kept.set(key, value);
    },
  };
}
function createGate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

test('read facts › statements and criteria › give one reading for each pair, with the fact it is of', async () => {
  const readFacts = createReadFacts({ reader: createFakeReader({ answers }), cache: createFakeCache(), secret });
  const result = await readFacts(judgement(had, takes), [fact('f1', 'Had a colonoscopy.')], forever);
  assert.deepEqual(result, {
    reader: 'fake-reader@0',
    readings: [
      { fact: 'f1', criterion: 'c1', ...yes },
      { fact: 'f1', criterion: 'c2', supports: 0, contradicts: 0 },
    ],
    unread: 0,
  });
});

test('read facts › identical statements › are read once and answered for each', async () => {
  const reader = createFakeReader({ answers });
  const readFacts = createReadFacts({ reader, cache: createFakeCache(), secret });
  const result = await readFacts(judgement(had), [fact('f1', 'Had a colonoscopy.'), fact('f2', 'Had a colonoscopy.')], forever);
  assert.equal(reader.asked.length, 1);
  assert.deepEqual(
    result.readings.map((reading) => [reading.fact, reading.supports]),
    [
      ['f1', 0.9],
      ['f2', 0.9],
    ],
  );
});

test('read facts › a second service with the same cache › asks the reader nothing', async () => {
  const cache = createFakeCache();
  const first = createReadFacts({ reader: createFakeReader({ answers }), cache, secret });
  await first(judgement(had), [fact('f1', 'Had a colonoscopy.')], forever);
  await first.idle();
  const reader = createFakeReader();
  const result = await createReadFacts({ reader, cache, secret })(judgement(had), [fact('f9', 'Had a colonoscopy.')], forever);
  assert.equal(reader.asked.length, 0);
  assert.deepEqual(result.readings, [{ fact: 'f9', criterion: 'c1', ...yes }]);
});

test('read facts › another reader or another secret › does not find what the first one cached', async () => {
  const cache = createFakeCache();
  const first = createReadFacts({ reader: createFakeReader({ answers }), cache, secret });
  await first(judgement(had), [fact('f1', 'Had a colonoscopy.')], forever);
  await first.idle();
  for (const deps of [
    { id: 'other@1', secret },
    { id: 'fake-reader@0', secret: Buffer.from('another') },
  ]) {
    const reader = createFakeReader({ id: deps.id });
    await createReadFacts({ reader, cache, secret: deps.secret })(judgement(had), [fact('f1', 'Had a colonoscopy.')], forever);
    assert.equal(reader.asked.length, 1, deps.id);
  }
});

test('read facts › the cache › holds no text', async () => {
  const cache = createFakeCache();
  const readFacts = createReadFacts({ reader: createFakeReader({ answers }), cache, secret });
  await readFacts(judgement(had), [fact('f1', 'Had a colonoscopy.')], forever);
  await readFacts.idle();
  assert.equal(cache.kept.size, 1);
  const everything = JSON.stringify([...cache.kept]);
  assert.doesNotMatch(everything, /colonoscopy|had|f1|c1/i);
  for (const key of cache.kept.keys()) assert.match(key, /^[\w-]{43}$/);
});

test('read facts › when the deadline comes first › returns what is there, counts the rest, and the next call has it', async () => {
  const gate = createGate();
  const cache = createFakeCache();
  const facts = Array.from({ length: 300 }, (_, at) => fact(`f${at}`, `Invented sentence ${at}.`));
  let portions = 0;
  const reader = createFakeReader({
    before: async () => {
      portions += 1;
      // One portion is sent ahead: by the third the first is read.
      if (portions > 2) {
        deadline.abort();
        await gate.opened;
      }
    },
  });
  const deadline = new AbortController();
  const readFacts = createReadFacts({ reader, cache, secret });
  const early = await readFacts(judgement(had), facts, deadline.signal);
  assert.ok(early.readings.length > 0 && early.readings.length < 300, `${early.readings.length}`);
  assert.equal(early.unread, 300 - early.readings.length);
  gate.open();
  await readFacts.idle();
  assert.equal(cache.kept.size, 300);
  const asked = reader.asked.length;
  const later = await readFacts(judgement(had), facts, forever);
  assert.equal(later.unread, 0);
  assert.equal(later.readings.length, 300);
  assert.equal(reader.asked.length, asked);
});

test('read facts › a signal that is aborted before the call › returns at once', async () => {
  const readFacts = createReadFacts({ reader: createFakeReader(), cache: createFakeCache(), secret });
  const result = await readFacts(judgement(had), [fact('f1', 'Had a colonoscopy.')], AbortSignal.abort());
  assert.deepEqual([result.readings, result.unread], [[], 1]);
  await readFacts.idle();
});

test('read facts › a cache that never answers › does not outlast the deadline', async () => {
  const deadline = new AbortController();
  const gate = createGate();
  const cache: ReadingCache = {
    get: async () => {
      deadline.abort();
      await gate.opened;
      return new Map();
    },
    put: async () => {},
  };
  const readFacts = createReadFacts({ reader: createFakeReader(), cache, secret });
  assert.equal((await readFacts(judgement(had), [fact('f1', 'x y')], deadline.signal)).unread, 1);
  gate.open();
  await readFacts.idle();
});

test('read facts › more background work than allowed › is given up with its call', async () => {
  const gate = createGate();
  const signals: AbortSignal[] = [];
  const reader = createFakeReader({
    before: async (_, signal) => {
      signals.push(signal);
      await gate.opened;
    },
  });
  const readFacts = createReadFacts({ reader, cache: createFakeCache(), secret });
  for (let call = 0; call < 12; call += 1) {
    const deadline = new AbortController();
    const result = readFacts(judgement(had), [fact('f1', `Sentence ${call}.`)], deadline.signal);
    while (signals.length <= call) await new Promise((resolve) => setImmediate(resolve));
    deadline.abort();
    await result;
  }
  assert.equal(signals.filter((signal) => signal.aborted).length, 4);
  gate.open();
  await readFacts.idle();
});

const broken: Readonly<Record<string, ReturnType<typeof createFakeReader>['read']>> = {
  rejects: async () => {
    throw new Error('invented');
  },
  throws: () => {
    throw new Error('invented');
  },
  'gives too few readings': async () => [],
  'gives no probabilities': async (pairs) =>
    pairs.map(({ fact: id, criterion: of }) => ({ fact: id, criterion: of, supports: Number.NaN, contradicts: 0 })),
  'gives more than one in sum': async (pairs) =>
    pairs.map(({ fact: id, criterion: of }) => ({ fact: id, criterion: of, supports: 0.9, contradicts: 0.9 })),
};
for (const [name, read] of Object.entries(broken)) {
  test(`read facts › a reader that ${name} › leaves all statements unread and nothing in the cache`, async () => {
    const cache = createFakeCache();
    const failures: string[] = [];
    const readFacts = createReadFacts({ reader: { id: 'broken@0', read }, cache, secret, onFailure: (part) => failures.push(part) });
    const result = await readFacts(judgement(had, takes), [fact('f1', 'One.'), fact('f2', 'Two.')], forever);
    await readFacts.idle();
    assert.deepEqual(result, { reader: 'broken@0', readings: [], unread: 2 });
    assert.deepEqual([cache.kept.size, failures], [0, ['reader']]);
  });
}

test('read facts › a cache that fails › is told and reading goes on', async () => {
  const failing: ReadingCache = {
    get: async () => {
      throw new Error('invented');
    },
    put: async () => {
      throw new Error('invented');
    },
  };
  const failures: string[] = [];
  const readFacts = createReadFacts({ reader: createFakeReader({ answers }), cache: failing, secret, onFailure: (part) => failures.push(part) });
  const result = await readFacts(judgement(had), [fact('f1', 'Had a colonoscopy.')], forever);
  await readFacts.idle();
  assert.deepEqual([result.readings.length, result.unread, failures], [1, 0, ['cache', 'cache']]);
});

test('read facts › nothing to read › asks neither cache nor reader', async () => {
  const reader = createFakeReader();
  const cache: ReadingCache = { get: () => assert.fail('asked'), put: () => assert.fail('asked') };
  const result = await createReadFacts({ reader, cache, secret })(judgement(), [fact('f1', 'Had a colonoscopy.')], forever);
  assert.deepEqual(result, { reader: 'fake-reader@0', readings: [], unread: 0 });
});

test('read statements › plain lines › give their two numbers in order', async () => {
  const result = await readStatements({ reader: createFakeReader({ answers }) }, 'had a colonoscopy', ['Other.', 'Had a colonoscopy.', '']);
  assert.deepEqual(result, [{ supports: 0, contradicts: 0 }, yes, { supports: 0, contradicts: 0 }]);
});

test('read facts › an undated statement and a window › may contradict and never supports', async () => {
  const windowed = criterion('c3', 'had a colonoscopy', 120);
  const no = { supports: 0.02, contradicts: 0.9 };
  const reader = createFakeReader({ answers: { 'Had a colonoscopy.': { 'had a colonoscopy': yes }, 'Never had one.': { 'had a colonoscopy': no } } });
  const { readings } = await createReadFacts({ reader, cache: createFakeCache(), secret })(
    judgement(windowed),
    [fact('f1', 'Had a colonoscopy.'), fact('f2', 'Never had one.')],
    forever,
  );
  assert.deepEqual(readings, [{ fact: 'f2', criterion: 'c3', ...no }]);
});

test('read facts › facts without words › are counted as unread and never asked', async () => {
  const reader = createFakeReader({ answers });
  const readFacts = createReadFacts({ reader, cache: createFakeCache(), secret });
  const result = await readFacts(judgement(had), [fact('f1', 'Had a colonoscopy.'), fact('f2', ''), fact('f3', '')], forever);
  assert.deepEqual([result.unread, reader.asked.length], [2, 1]);
  assert.equal((await readFacts(judgement(had), [fact('f2', '')], forever)).unread, 1);
});
