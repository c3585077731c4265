/** What a worker is asked and answers: plain texts, two numbers. Knows nothing of how it is read. */
import type { Answer } from './similarity.js';

export interface TextPair {
  readonly statement: string;
  readonly criterionText: string;
}

/** In order; cut short where it was cancelled. */
export type ReadTexts = (pairs: readonly TextPair[], isCancelled: () => boolean) => Promise<readonly Answer[]>;
