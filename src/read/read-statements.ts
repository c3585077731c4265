/** Reads plain statements against one criterion, for the command `read`. Knows nothing of charts, caches and judging. */
import type { CriterionId, FactId, Reader } from '../types.js';
import type { Answer } from './similarity.js';

const pairsPerCall = 256;

export async function readStatements(
  { reader }: { readonly reader: Reader },
  criterionText: string,
  statements: readonly string[],
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (let from = 0; from < statements.length; from += pairsPerCall) {
    const pairs = statements.slice(from, from + pairsPerCall).map((statement, at) => ({
      // Names of this command only; nothing else gives a name to a line of the input.
      fact: `line${from + at}` as FactId,
      statement,
      criterion: 'criterion' as CriterionId,
      criterionText,
    }));
    for (const { supports, contradicts } of await reader.read(pairs, new AbortController().signal)) answers.push({ supports, contradicts });
  }
  return answers;
}
