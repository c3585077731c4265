/** Reads plain statements against plain criteria, for the command `read`. Knows nothing of charts, caches and judging. */
import type { CriterionId, FactId, Pair, Reader } from '../types.js';
import type { Answer } from './similarity.js';

const pairsPerCall = 256;

interface TextPair {
  readonly statement: string;
  readonly criterionText: string;
}

/** In order. The names are of this command only: nothing else names a line of the input. */
export async function readTexts({ reader }: { readonly reader: Reader }, texts: readonly TextPair[]): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (let from = 0; from < texts.length; from += pairsPerCall) {
    const pairs = texts
      .slice(from, from + pairsPerCall)
      .map((text, at): Pair => ({ ...text, fact: `line${from + at}` as FactId, criterion: 'criterion' as CriterionId }));
    for (const { supports, contradicts } of await reader.read(pairs, new AbortController().signal)) answers.push({ supports, contradicts });
  }
  return answers;
}

export async function readStatements(
  deps: { readonly reader: Reader },
  criterionText: string,
  statements: readonly string[],
): Promise<readonly Answer[]> {
  return readTexts(
    deps,
    statements.map((statement) => ({ statement, criterionText })),
  );
}
