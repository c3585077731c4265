/**
 * Stage 6: reads the statements without a usable code against the criteria, through two caches that hold verdicts and never texts.
 * Knows nothing of which model reads. Never throws: what could not be read is counted, and read in the background for the next call.
 */
import { createHmac } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Criterion, Fact, Judgement, Pair, Reader, Reading, ReadResult } from '../types.js';
import { buildPairs } from './pairs.js';
import { createRecent } from './recent.js';
import type { Answer } from './similarity.js';

/** Verdicts by key; the store implements it. Neither side ever sees a text. */
export interface ReadingCache {
  get(keys: readonly string[]): Promise<ReadonlyMap<string, Answer>>;
  put(entries: ReadonlyMap<string, Answer>): Promise<void>;
}

export interface ReadFactsDeps {
  readonly reader: Reader;
  readonly cache: ReadingCache;
  /** Keys are HMACs under it, so that the cache cannot be searched for a guessed sentence. */
  readonly secret: Uint8Array;
  /** What fails is told here, by name only. */
  readonly onFailure?: (part: 'reader' | 'cache') => void;
}
export type ReadFacts = ((judgement: Judgement, facts: readonly Fact[], signal: AbortSignal) => Promise<ReadResult>) & { idle(): Promise<void> };

interface Question {
  readonly key: string;
  readonly pair: Pair;
}

const answersKept = 50_000;
const keysPerTurn = 500;
const keysPerLookup = 2000;
/** Small portions, so that a deadline finds most of them done. */
const pairsPerPortion = 128;
/** Work that goes on after its call was answered: bounded, or slow readers would pile it up. */
const maxInBackground = 8;
const backgroundMs = 60_000;

interface Run {
  /** Filled as answers come in. */
  readonly answers: Map<string, Answer>;
  readonly finished: Promise<void>;
}

export function createReadFacts({ reader, cache, secret, onFailure = () => {} }: ReadFactsDeps): ReadFacts {
  const recent = createRecent<Answer>(answersKept);
  /** Calls whose portions are still being read, also those already answered. */
  const working = new Set<Promise<void>>();

  const keyOf = ({ statement, criterionText }: Pair): string =>
    createHmac('sha256', secret).update(JSON.stringify([reader.id, statement, criterionText])).digest('base64url');

  /** One question for each distinct pair of texts; yields now and then, for other requests wait on this thread. */
  async function questionsOf(pairs: readonly Pair[]): Promise<{ readonly keys: readonly string[]; readonly questions: readonly Question[] }> {
    const keys: string[] = [];
    const distinct = new Map<string, Question>();
    for (const [at, pair] of pairs.entries()) {
      if (at % keysPerTurn === keysPerTurn - 1) await nextTurn();
      const key = keyOf(pair);
      keys.push(key);
      if (!distinct.has(key)) distinct.set(key, { key, pair });
    }
    return { keys, questions: [...distinct.values()] };
  }

  async function lookUp(questions: readonly Question[], answers: Map<string, Answer>): Promise<readonly Question[]> {
    for (const { key } of questions) {
      const known = recent.get(key);
      if (known !== undefined) answers.set(key, known);
    }
    const missing = questions.filter(({ key }) => !answers.has(key));
    for (let at = 0; at < missing.length; at += keysPerLookup) {
      try {
        for (const [key, answer] of await cache.get(missing.slice(at, at + keysPerLookup).map(({ key }) => key))) {
          answers.set(key, answer);
          recent.set(key, answer);
        }
      } catch {
        onFailure('cache');
        break;
      }
    }
    return missing.filter(({ key }) => !answers.has(key));
  }

  async function readPortion(portion: readonly Question[], answers: Map<string, Answer>, signal: AbortSignal): Promise<void> {
    const readings = await reader.read(portion.map(({ pair }) => pair), signal);
    if (readings.length !== portion.length) throw new TypeError('a reader gives one reading for each pair');
    const fresh = new Map<string, Answer>();
    portion.forEach(({ key }, at) => {
      const reading = readings[at];
      if (reading === undefined || !isAnswer(reading)) throw new TypeError('a reading holds two probabilities');
      const answer = { supports: reading.supports, contradicts: reading.contradicts };
      fresh.set(key, answer);
      recent.set(key, answer);
      answers.set(key, answer);
    });
    // Nobody waits for the store.
    const stored = cache.put(fresh).catch(() => onFailure('cache'));
    working.add(stored);
    void stored.finally(() => working.delete(stored));
  }

  async function readAll(questions: readonly Question[], answers: Map<string, Answer>, signal: AbortSignal): Promise<void> {
    const missing = await lookUp(questions, answers);
    for (let at = 0; at < missing.length; at += pairsPerPortion) {
      signal.throwIfAborted();
      await readPortion(missing.slice(at, at + pairsPerPortion), answers, signal);
    }
  }

  /** Starts reading under a deadline of its own, which outlives the call's unless too much is already under way. */
  function start(questions: readonly Question[], signal: AbortSignal): Run {
    const answers = new Map<string, Answer>();
    const own = AbortSignal.timeout(backgroundMs);
    const effective = working.size >= maxInBackground ? AbortSignal.any([own, signal]) : own;
    const finished = readAll(questions, answers, effective).catch(() => {
      if (!signal.aborted) onFailure('reader');
    });
    working.add(finished);
    void finished.finally(() => working.delete(finished));
    return { answers, finished };
  }

  async function readFacts(judgement: { readonly criteria: readonly Criterion[] }, facts: readonly Fact[], signal: AbortSignal): Promise<ReadResult> {
    const pairs = buildPairs(judgement, facts);
    if (pairs.length === 0) return { reader: reader.id, readings: [], unread: 0 };
    const { keys, questions } = await questionsOf(pairs);
    const { answers, finished } = start(questions, signal);
    await untilAborted(finished, signal);
    const readings: Reading[] = [];
    const unread = new Set<string>();
    pairs.forEach(({ fact, criterion }, at) => {
      const answer = answers.get(keys[at] ?? '');
      if (answer === undefined) unread.add(fact);
      else readings.push({ fact, criterion, ...answer });
    });
    return { reader: reader.id, readings, unread: unread.size };
  }

  return Object.assign(readFacts, {
    /** Resolves when nothing is being read any more: for tests, and for a stop that loses nothing. */
    async idle(): Promise<void> {
      while (working.size > 0) await Promise.all(working);
    },
  });
}

const isProbability = (value: number): boolean => value >= 0 && value <= 1;
const isAnswer = ({ supports, contradicts }: Answer): boolean => isProbability(supports) && isProbability(contradicts) && supports + contradicts <= 1 + 1e-9;

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
