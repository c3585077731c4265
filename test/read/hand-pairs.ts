/** Reads the pairs written by hand. Knows their form, not what any reader makes of them. */
import { readFileSync } from 'node:fs';

export type Label = 'supports' | 'contradicts' | 'says nothing';

export interface HandPair {
  readonly label: Label;
  readonly type: string;
  readonly criterion: string;
  readonly statement: string;
}

const labels: Readonly<Record<string, Label>> = { s: 'supports', c: 'contradicts', n: 'says nothing' };

export function readHandPairs(): readonly HandPair[] {
  return readFileSync(new URL('hand-pairs.tsv', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [letter = '', type = '', criterion = '', statement = '', ...rest] = line.split('\t');
      const label = labels[letter];
      if (label === undefined || statement === '' || rest.length > 0) throw new TypeError(`hand-pairs.tsv: a line is not four columns: ${line}`);
      return { label, type, criterion, statement };
    });
}
