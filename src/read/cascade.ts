/**
 * Rules first where they name the criterion and decide; the model elsewhere, and where it says the opposite with certainty.
 * Knows the two readers' answers, not how either comes to them.
 */
import { type Lexicon, parseCriterion, type Target } from './anchor.js';
import { assess, type Verdict } from './assertion.js';
import { createRecent } from './recent.js';
import type { Answer } from './similarity.js';
import { parseStatement, type Statement } from './statement.js';
import type { ReadTexts, TextPair } from './texts.js';

/** What the rules make of one pair; undefined: they do not find the criterion's words. */
export type AssessPair = (pair: TextPair) => Verdict | undefined;

const kept = 2000;
const maxCharacters = 2000;

export function createAssessPair(lexicon: Lexicon): AssessPair {
  const targets = createRecent<Target>(kept);
  const statements = createRecent<Statement>(kept);
  return ({ statement, criterionText }) => {
    const text = statement.slice(0, maxCharacters);
    const parsed = statements.get(text) ?? parseStatement(text);
    statements.set(text, parsed);
    const target = targets.get(criterionText) ?? parseCriterion(criterionText, lexicon);
    targets.set(criterionText, target);
    return assess(parsed, target)?.verdict;
  };
}

export interface CascadeParameters {
  /** From here on the model's opposite answer outweighs the rules. */
  readonly certain: number;
  readonly affirmed: Answer;
  readonly denied: Answer;
}

export function createCascade(deps: { readonly model: ReadTexts; readonly assess: AssessPair; readonly parameters: CascadeParameters }): ReadTexts {
  const { certain, affirmed, denied } = deps.parameters;
  return async function readTexts(pairs, isCancelled) {
    const answers = await deps.model(pairs, isCancelled);
    return answers.map((answer, at) => {
      const pair = pairs[at];
      const verdict = pair === undefined ? undefined : deps.assess(pair);
      if (verdict === 'affirmed' && answer.contradicts < certain) return answer.supports >= affirmed.supports ? answer : affirmed;
      if (verdict === 'denied' && answer.supports < certain) return answer.contradicts >= denied.contradicts ? answer : denied;
      return answer;
    });
  };
}
