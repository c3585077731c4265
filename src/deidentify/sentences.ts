/** Splits a clinical note into statements, each with the heading it stands under. Knows punctuation, no medicine. */
import { shorten } from './shorten.js';

const abbreviations =
  /(?:^|[\s(])(?:dr|mr|mrs|ms|prof|st|no|vs|pt|pts|approx|e\.g|i\.e|etc|hx|dx|rx|tx|q|p\.o|b\.i\.d|t\.i\.d|inc|fig|ca|resp|min|max|wt|ht)\.$/i;
/** Raw length: the text filter runs on this, what is shown is cut again afterwards. */
const maxRawLength = 1000;

/** At most `limit` statements; long ones are cut, since a model reads the beginning only. */
export function splitSentences(note: string, limit: number): readonly string[] {
  const statements: string[] = [];
  let heading = '';
  for (const rawLine of note.split(/\r?\n/)) {
    const line = rawLine.replace(/^[\s\-*•·>#]+/, '').trim();
    if (line === '') {
      heading = '';
      continue;
    }
    const title = /^([A-Z][A-Za-z /&]{2,40}):\s*(.*)$/.exec(line);
    if (title !== null) heading = title[1] ?? '';
    const rest = title === null ? line : (title[2] ?? '');
    for (const sentence of splitLine(rest)) {
      if (statements.length >= limit) return statements;
      statements.push(shorten(heading === '' ? sentence : `${heading}: ${sentence}`, maxRawLength));
    }
  }
  return statements;
}

function splitLine(line: string): readonly string[] {
  const sentences: string[] = [];
  let current = '';
  for (const piece of line.split(/(?<=[.!?;])\s+/)) {
    current = current === '' ? piece : `${current} ${piece}`;
    if (abbreviations.test(current) || /\b[A-Z]\.$/.test(current)) continue;
    sentences.push(current.trim());
    current = '';
  }
  if (current.trim() !== '') sentences.push(current.trim());
  return sentences.filter((sentence) => /\p{L}{2}/u.test(sentence));
}
