/**
 * Words that name the same thing, and the patterns that find them. Language, not knowledge of what follows from a thing.
 * Knows nothing of criteria and statements.
 */
import { z } from 'zod';

/** `models/<reader>/lexicon.json`: words of the same meaning, and look-alikes that mean something else. */
export const lexiconSchema = z.object({
  note: z.string(),
  entries: z.record(
    z.string(),
    z.object({
      same: z.array(z.string()),
      not: z.array(z.string()).default([]),
      measured: z.array(z.string()).default([]),
      /** Of a class of drugs: who takes one of them takes the class; who does not may take another. */
      members: z.array(z.string()).default([]),
    }),
  ),
});
export type Lexicon = Readonly<
  Record<
    string,
    { readonly same: readonly string[]; readonly not: readonly string[]; readonly measured?: readonly string[]; readonly members?: readonly string[] }
  >
>;

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A word or phrase with its plural; spaces match hyphens too. */
export function wordPattern(phrase: string): string {
  const body = escaped(phrase).replace(/[ -]/g, '[ -]');
  const flexible = /[a-z]y$/.test(phrase) ? `${body.slice(0, -1)}(?:y|ies)` : /[a-z]$/.test(phrase) ? `${body}(?:s|es)?` : body;
  return `(?<![a-z0-9-])${flexible}(?![a-z0-9])(?!-[a-z])`;
}

export function anyOf(words: readonly string[]): RegExp {
  return new RegExp(
    [...words]
      .sort((a, b) => b.length - a.length)
      .map(wordPattern)
      .join('|'),
    'g',
  );
}

interface Key {
  readonly key: string;
  /** Without it the pattern cannot match. */
  readonly start: string;
  readonly pattern: RegExp;
}
const keysByLexicon = new WeakMap<Lexicon, readonly Key[]>();

/** A lexicon's names, longest first, made into patterns once. */
export function keysOf(lexicon: Lexicon): readonly Key[] {
  const known = keysByLexicon.get(lexicon);
  if (known !== undefined) return known;
  const made = Object.keys(lexicon)
    .sort((a, b) => b.length - a.length)
    .map((key) => ({ key, start: (key.split(/[ -]/)[0] ?? key).replace(/y$/, ''), pattern: new RegExp(wordPattern(key)) }));
  keysByLexicon.set(lexicon, made);
  return made;
}
