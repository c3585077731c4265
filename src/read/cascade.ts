/**
 * What the rules make of a pair, as evidence for the model: where they find the criterion's words, the model's answer is weighed anew.
 * Knows the rules' findings, not how the model comes to its own.
 */
import { parseCriterion, type Target } from './anchor.js';
import { assess } from './assertion.js';
import type { Lexicon } from './lexicon.js';
import { createRecent } from './recent.js';
import { parseStatement, type Statement } from './statement.js';
import type { TextPair } from './texts.js';

/** none: the criterion's words are not found; meets, misses: a number was compared with the criterion's bound; the others as the rules have it (`assertion.ts`). */
export const findings = ['none', 'named', 'bare', 'affirmed', 'denied', 'meets', 'misses'] as const;
export type Finding = (typeof findings)[number];
/** The rules say themselves that the criterion is met. */
export const isAffirmed = (finding: Finding): boolean => finding === 'affirmed' || finding === 'meets';
export type AssessPair = (pair: TextPair) => Finding;

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
    const found = assess(parsed, target);
    if (found === undefined) return 'none';
    if (!found.isMeasured) return found.verdict;
    return found.verdict === 'affirmed' ? 'meets' : 'misses';
  };
}
