/** The words in which the doctor answers. Knows no server. */

/** What a document says of one thing: a server that is silent about it has not refused it. */
export type Stated = 'supported' | 'not stated' | 'not supported';

export type Level = 'good' | 'degraded' | 'missing';

export interface Finding {
  readonly level: Level;
  /** What it is about, in a word or two. */
  readonly about: string;
  readonly text: string;
  /** What to do about it; good needs nothing. */
  readonly todo?: string;
}

export type Verdict = 'works' | 'degraded' | 'will not work';

export const good = (about: string, text: string): Finding => ({ level: 'good', about, text });
export const degraded = (about: string, text: string, todo: string): Finding => ({ level: 'degraded', about, text, todo });
export const missing = (about: string, text: string, todo: string): Finding => ({ level: 'missing', about, text, todo });

/** The worse of them decides. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('will not work')) return 'will not work';
  return verdicts.includes('degraded') ? 'degraded' : 'works';
}

const longestQuote = 160;

/** A server's own words on somebody's terminal: no control character, no direction mark, and not endless. */
export function quote(text: string): string {
  const plain = text
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, ' ')
    .replaceAll(/ +/g, ' ')
    .trim();
  return plain.length <= longestQuote ? plain : `${plain.slice(0, longestQuote)}…`;
}
