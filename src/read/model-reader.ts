/**
 * Reads texts with the trained model: each statement is encoded once, retrieval leaves the criteria that it may speak of, those are read together.
 * Knows probabilities and thresholds, nothing of threads. No answer depends on what else was asked: each pair passes retrieval on its own.
 */
import { type AssessPair, type Finding, isAffirmed } from './cascade.js';
import type { Classify } from './classifier.js';
import type { Encode, Encoded } from './encoder.js';
import { isInstruction } from './instruction.js';
import type { TrainedParameters } from './manifest.js';
import { createRecent } from './recent.js';
import { type Answer, cosine, saysNothing } from './similarity.js';
import { normalise } from './statement.js';
import type { ReadTexts, TextPair } from './texts.js';

/** About 18 kB each. */
const criteriaKept = 1000;
/** Longer statements are no sentences; the tokenizer need not see what follows. */
const maxCharacters = 1000;
/** Of one run: the widest batch of criteria. */
const pairsPerRun = 64;

export interface ModelReaderDeps {
  readonly encode: Encode;
  readonly classify: Classify;
  readonly parameters: TrainedParameters;
  /** What the rules find in a pair; without it the model reads alone. */
  readonly assess?: AssessPair;
  /** Told how many criteria passed retrieval, for the bench. */
  readonly onRetrieved?: (passed: number, asked: number) => void;
}

export function createModelReader({ encode, classify, parameters, assess = () => 'none', onRetrieved = () => {} }: ModelReaderDeps): ReadTexts {
  const criteria = createRecent<Encoded>(criteriaKept);
  async function criterionOf(text: string): Promise<Encoded> {
    const known = criteria.get(text);
    if (known !== undefined) return known;
    const encoded = await encode(prepare(text), 'criterion');
    criteria.set(text, encoded);
    return encoded;
  }
  async function readStatement(statement: string, texts: readonly string[]): Promise<readonly Answer[]> {
    const prepared = prepare(statement);
    if (!/\p{L}/u.test(prepared) || isInstruction(normalise(prepared))) return texts.map(() => saysNothing);
    const encoded = await encode(prepared, 'statement');
    const asked: Encoded[] = [];
    for (const text of texts) asked.push(await criterionOf(text));
    const findings = texts.map((criterionText) => assess({ statement, criterionText }));
    // Whose words stand in the statement is read, near or not.
    const near = asked.map(({ vector }, at) => findings[at] !== 'none' || cosine(encoded.vector, vector) >= parameters.retrievalThreshold);
    onRetrieved(near.filter(Boolean).length, near.length);
    const answers: Answer[] = texts.map(() => saysNothing);
    const toRead = asked.flatMap((criterion, at) => (near[at] ? [{ criterion, at }] : []));
    for (const run of cutRuns(toRead)) {
      const logits = await classify(
        encoded,
        run.map(({ criterion }) => criterion),
      );
      run.forEach(({ at }, row) => {
        answers[at] = toAnswer(logits[row] ?? [], parameters, findings[at]);
      });
    }
    return answers;
  }

  return async function readTexts(pairs, isCancelled) {
    const answers = new Map<TextPair, Answer>();
    for (const group of groupByStatement(pairs)) {
      if (isCancelled()) break;
      const read = await readStatement(
        group[0]?.statement ?? '',
        group.map(({ criterionText }) => criterionText),
      );
      group.forEach((pair, at) => {
        answers.set(pair, read[at] ?? saysNothing);
      });
    }
    return pairs.flatMap((pair) => answers.get(pair) ?? []);
  };
}

interface ToRead {
  readonly criterion: Encoded;
  readonly at: number;
}

/** Criteria of like length together: what pads the shorter ones is computed too (bench: a third of the time for twenty criteria). */
function cutRuns(toRead: readonly ToRead[]): readonly (readonly ToRead[])[] {
  const runs: ToRead[][] = [];
  for (const one of [...toRead].sort((a, b) => a.criterion.length - b.criterion.length)) {
    const run = runs.at(-1);
    const shortest = run?.[0]?.criterion.length ?? 0;
    if (run !== undefined && run.length < pairsPerRun && one.criterion.length <= shortest * 1.3 + 1) run.push(one);
    else runs.push([one]);
  }
  return runs;
}

/** What hides in a text is not read: invisible characters, forms of letters. */
function prepare(text: string): string {
  return text
    .slice(0, maxCharacters)
    .replaceAll(/[\ud800-\udfff]/gu, ' ')
    .normalize('NFKC')
    .replaceAll(/\p{Cf}/gu, '');
}

function groupByStatement(pairs: readonly TextPair[]): readonly (readonly TextPair[])[] {
  const groups = new Map<string, TextPair[]>();
  for (const pair of pairs) {
    const group = groups.get(pair.statement);
    if (group === undefined) groups.set(pair.statement, [pair]);
    else group.push(pair);
  }
  return [...groups.values()];
}

/** Calibrated by one temperature, or by one for each finding of the rules, with how much that finding speaks for each label. */
export function toAnswer(logits: readonly number[], parameters: TrainedParameters, finding: Finding = 'none'): Answer {
  const { labels, contradictsThreshold } = parameters;
  const supportsThreshold = (isAffirmed(finding) ? parameters.affirmedThreshold : undefined) ?? parameters.supportsThreshold;
  const { temperature, bias } = parameters.cascade?.[finding] ?? { temperature: parameters.temperature, bias: [0, 0, 0] };
  const scores = logits.map((logit, at) => logit / temperature + (bias[at] ?? 0));
  const highest = Math.max(...scores);
  const weights = scores.map((score) => Math.exp(score - highest));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const of = (label: (typeof labels)[number]): number => (weights[labels.indexOf(label)] ?? 0) / sum;
  const [supports, contradicts] = [of('supports'), of('contradicts')];
  // What wins below its threshold: both are taken back until *says nothing* wins by a hair.
  const isWithheld = Math.max(supports, contradicts) >= of('nothing') && supports < supportsThreshold && contradicts < contradictsThreshold;
  const share = isWithheld ? 0.98 / (Math.max(supports, contradicts) + supports + contradicts) : 1;
  return { supports: round(supports * share), contradicts: round(contradicts * share) };
}

/** Batches of another width round the sixth digit differently; a reading must not. */
const round = (probability: number): number => Math.round(probability * 1e4) / 1e4;
