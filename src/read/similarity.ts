/**
 * Turns what the rules say and how near clause and criterion lie in the model's space into the three probabilities.
 * Knows nothing of text.
 */
import { z } from 'zod';
import type { Verdict } from './verdict.js';

/** The two numbers of a reading; the rest to one is *says nothing*. */
export interface Answer {
  readonly supports: number;
  readonly contradicts: number;
}

const probabilities = z
  .object({ supports: z.number().min(0).max(1), contradicts: z.number().min(0).max(1) })
  .refine((value) => value.supports + value.contradicts <= 1, 'supports and contradicts exceed one');

/** `manifest.json`, "reader": each with how it was chosen beside it. */
export const readerParametersSchema = z.object({
  similarityThreshold: z.number().min(-1).max(1),
  maxTokens: z.number().int().min(8).max(512),
  answers: z.object({ affirmed: probabilities, bare: probabilities, denied: probabilities, named: probabilities }),
});
export type ReaderParameters = z.infer<typeof readerParametersSchema>;

export const saysNothing: Answer = { supports: 0, contradicts: 0 };

/** Both vectors have length one. */
export function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at += 1) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return sum;
}

/** The criterion's words alone do not suffice: a clause that is about something else altogether says nothing. */
export function answerOf(verdict: Verdict, similarity: number, parameters: ReaderParameters): Answer {
  return similarity < parameters.similarityThreshold ? parameters.answers.named : parameters.answers[verdict];
}
