/**
 * Stage 6: reads the statements without a usable code against the criteria, through two caches that hold verdicts and never texts.
 * Knows nothing of which model reads. Never throws: what could not be read is counted, and read in the background for the next call.
 */
import type { Fact, Judgement, Pair, Reader, Reading, ReadResult } from '../types.js';
import type { AnswerStore, ReadingCache } from './answer-store.js';
import { createAnswerStore } from './answer-store.js';
import { type AskedPair, buildPairs } from './pairs.js';
import { putUsefulFirst } from './priority.js';
import type { Answer } from './similarity.js';
import { createTurns, type Turns } from './turns.js';

export type { ReadingCache } from './answer-store.js';

export interface ReadFactsDeps {
  readonly reader: Reader;
  readonly cache: ReadingCache;
  readonly secret: Uint8Array;
  /** What fails is told here, by name only. */
  readonly onFailure?: (part: 'reader' | 'cache') => void;
}
export type ReadFacts = ((judgement: Judgement, facts: readonly Fact[], signal: AbortSignal) => Promise<ReadResult>) & { idle(): Promise<void> };

/** Small portions, so that a deadline finds most of them done: a model encodes each statement once, whatever it is read against. */
const statementsPerPortion = 3;
const pairsPerPortion = 128;
/** Work that goes on after its call was answered: bounded, or slow readers would pile it up. */
const maxInBackground = 8;
const backgroundMs = 60_000;

type Question = readonly [key: string, pair: Pair];

/** Whole statements as far as they go; the order stays. */
function cutPortions(questions: readonly Question[]): readonly (readonly Question[])[] {
  const portions: Question[][] = [];
  let statements = new Set<string>();
  for (const question of questions) {
    const last = portions.at(-1);
    statements.add(question[1].statement);
    if (last === undefined || statements.size > statementsPerPortion || last.length >= pairsPerPortion) {
      portions.push([question]);
      statements = new Set([question[1].statement]);
    } else last.push(question);
  }
  return portions;
}

interface ReadingParts {
  readonly reader: Reader;
  readonly store: AnswerStore;
  readonly turns: Turns;
  /** Is given each write that nobody waits for. */
  readonly keep: (work: Promise<void>) => void;
}

interface ReadingSignals {
  /** The call is answered without what is not read by then. */
  readonly answered: AbortSignal;
  /** The end of it all. */
  readonly given: AbortSignal;
}

/** Reads what the store does not have and fills `answers` as it goes. */
async function readAll(
  { reader, store, turns, keep }: ReadingParts,
  questions: ReadonlyMap<string, Pair>,
  answers: Map<string, Answer>,
  { answered, given }: ReadingSignals,
): Promise<void> {
  for (const [key, answer] of await store.get([...questions.keys()])) answers.set(key, answer);
  const fresh = new Map<string, Answer>();
  async function take(portion: readonly Question[]): Promise<void> {
    const read = await readPortion(reader, portion, given);
    store.remember(read);
    for (const [key, answer] of read) for (const known of [answers, fresh]) known.set(key, answer);
  }
  let ahead: Promise<void> = Promise.resolve();
  let leave: (() => void) | undefined;
  try {
    for (const portion of cutPortions([...questions].filter(([key]) => !answers.has(key)))) {
      if (answered.aborted) {
        leave ??= await turns.enterBackground();
        await turns.untilQuiet();
      }
      given.throwIfAborted();
      for (const [key, answer] of store.recall(portion.map(([key]) => key))) answers.set(key, answer);
      const missing = portion.filter(([key]) => !answers.has(key));
      if (missing.length === 0) continue;
      // Sent while the one before is being read, so that the reader does not wait for this thread; in the background one after the other.
      const next = take(missing);
      next.catch(() => undefined);
      await ahead;
      ahead = next;
      if (answered.aborted) await ahead;
    }
    await ahead;
  } finally {
    keep(store.put(fresh));
    leave?.();
  }
}

async function readPortion(reader: Reader, portion: readonly Question[], signal: AbortSignal): Promise<ReadonlyMap<string, Answer>> {
  const readings = await reader.read(
    portion.map(([, pair]) => pair),
    signal,
  );
  if (readings.length !== portion.length || !readings.every(isAnswer)) throw new TypeError('a reader gives two probabilities for each pair');
  const fresh = new Map<string, Answer>();
  readings.forEach(({ supports, contradicts }, index) => {
    const key = portion[index]?.[0];
    if (key !== undefined) fresh.set(key, { supports, contradicts });
  });
  return fresh;
}

/** Each fact its own readings, from the answers to the texts; a statement with an open question counts as unread. */
function collect(
  pairs: readonly AskedPair[],
  keys: readonly string[],
  answers: ReadonlyMap<string, Answer>,
): Pick<ReadResult, 'readings' | 'unread'> {
  const readings: Reading[] = [];
  const unread = new Set<string>();
  pairs.forEach(({ fact, criterion, maySupport }, at) => {
    const answer = answers.get(keys[at] ?? '');
    if (answer === undefined) unread.add(fact);
    else if (maySupport || answer.contradicts > answer.supports)
      readings.push({ fact, criterion, supports: answer.supports, contradicts: answer.contradicts });
  });
  return { readings, unread: unread.size };
}

export function createReadFacts({ reader, cache, secret, onFailure = () => {} }: ReadFactsDeps): ReadFacts {
  const store = createAnswerStore({ cache, secret, readerId: reader.id, onCacheFailure: () => onFailure('cache') });
  const turns = createTurns();
  const writing = new Set<Promise<void>>();
  /** Calls that are still being read, also those already answered. */
  const reading = new Set<Promise<void>>();
  function track(set: Set<Promise<void>>, work: Promise<void>): void {
    set.add(work);
    void work.finally(() => set.delete(work));
  }

  async function readFacts(judgement: Judgement, facts: readonly Fact[], signal: AbortSignal): Promise<ReadResult> {
    const pairs = putUsefulFirst(buildPairs(judgement, facts), judgement);
    // Statements that were counted and not told: they stand in the chart, and nobody reads them.
    const untold = facts.filter((fact) => fact.isFreeText && fact.text.trim() === '').length;
    if (pairs.length === 0) return { reader: reader.id, readings: [], unread: untold };
    const keys = await store.keysOf(pairs);
    const questions = new Map(pairs.map((pair, at) => [keys[at] ?? '', pair]));
    const answers = new Map<string, Answer>();
    // A deadline of its own, which outlives the call's unless too much is under way already.
    const own = AbortSignal.timeout(backgroundMs);
    const effective = reading.size >= maxInBackground ? AbortSignal.any([own, signal]) : own;
    const parts = { reader, store, turns, keep: (write: Promise<void>) => track(writing, write) };
    const work = readAll(parts, questions, answers, { answered: signal, given: effective }).catch(() => {
      if (!effective.aborted) onFailure('reader');
    });
    track(reading, work);
    const waited = untilAborted(work, signal);
    turns.wait(waited);
    await waited;
    const { readings, unread } = collect(pairs, keys, answers);
    return { reader: reader.id, readings, unread: unread + untold };
  }

  return Object.assign(readFacts, {
    /** Resolves when nothing is being read or written any more: for tests, and for a stop that loses nothing. */
    async idle(): Promise<void> {
      while (reading.size + writing.size > 0) await Promise.all([...reading, ...writing]);
    },
  });
}

const isProbability = (value: number): boolean => value >= 0 && value <= 1;
const isAnswer = ({ supports, contradicts }: Answer): boolean =>
  isProbability(supports) && isProbability(contradicts) && supports + contradicts <= 1 + 1e-9;

function untilAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = (): void => {
      signal.removeEventListener('abort', finish);
      resolve();
    };
    signal.addEventListener('abort', finish, { once: true });
    void work.then(finish);
  });
}
