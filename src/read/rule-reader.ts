/**
 * Reads (statement, criterion) texts: words find the mention, rules judge it, vectors confirm it. One embedding for each distinct text, never one for each pair.
 * Knows nothing of threads; how a text becomes a vector comes in as `embed`.
 */
import type { Target } from './anchor.js';
import { parseCriterion } from './anchor.js';
import { assess } from './assertion.js';
import type { Lexicon } from './lexicon.js';
import { createRecent } from './recent.js';
import type { Answer, ReaderParameters } from './similarity.js';
import { answerOf, cosine, saysNothing } from './similarity.js';
import type { Statement } from './statement.js';
import { parseStatement } from './statement.js';
import type { ReadTexts, TextPair } from './texts.js';

export type Embed = (text: string) => Promise<Float32Array>;

/** Longer statements are no sentences; what follows is not read. */
const maxCharacters = 2000;
const vectorsKept = 4000;
const parsedKept = 2000;

export function createRuleReader(deps: { readonly embed: Embed; readonly lexicon: Lexicon; readonly parameters: ReaderParameters }): ReadTexts {
  const vectors = createRecent<Float32Array>(vectorsKept);
  const targets = createRecent<Target>(parsedKept);
  const statements = createRecent<Statement>(parsedKept);

  function remembered<Value>(
    kept: { get(key: string): Value | undefined; set(key: string, value: Value): void },
    key: string,
    make: (key: string) => Value,
  ): Value {
    const known = kept.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    kept.set(key, value);
    return value;
  }
  async function vectorOf(text: string): Promise<Float32Array> {
    const known = vectors.get(text);
    if (known !== undefined) return known;
    const vector = await deps.embed(text);
    vectors.set(text, vector);
    return vector;
  }
  async function readPair(pair: TextPair): Promise<Answer> {
    const statement = remembered(statements, pair.statement.slice(0, maxCharacters), parseStatement);
    const target = remembered(targets, pair.criterionText, (text) => parseCriterion(text, deps.lexicon));
    const assertion = assess(statement, target);
    if (assertion === undefined) return saysNothing;
    if (assertion.verdict === 'named') return deps.parameters.answers.named;
    const similarity = cosine(await vectorOf(assertion.clause), await vectorOf(pair.criterionText));
    return answerOf(assertion.verdict, similarity, deps.parameters);
  }

  return async function readTexts(pairs, isCancelled) {
    const answers: Answer[] = [];
    for (const pair of pairs) {
      if (isCancelled()) return answers;
      answers.push(await readPair(pair));
    }
    return answers;
  };
}
