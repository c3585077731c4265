/** Prints how well dates in text are placed: `node --import tsx bench/dates.ts`. The set and its rules: `test/deidentify/dates-in-text.tsv`. */
import { judgeDates } from '../test/deidentify/dates-in-text.js';

const judged = judgeDates();
for (const [half, name] of [
  ['d', 'looked at while the code was written'],
  ['h', 'held back until it stood'],
] as const) {
  const rows = judged.filter((one) => one.half === half);
  const right = rows.filter((one) => one.isRight);
  const dated = rows.filter((one) => one.expected !== undefined);
  const unsafe = rows.filter((one) => !one.isSafe);
  console.log(
    `${name}: ${right.length} of ${rows.length} right (${dated.filter((one) => one.isRight).length} of ${dated.length} dated), ${unsafe.length} placed nearer to now than they may be`,
  );
  for (const { sentence, expected, found } of rows.filter((one) => !one.isRight))
    console.log(`  ${sentence}\n    expected ${JSON.stringify(expected) ?? 'undated'}, found ${JSON.stringify(found) ?? 'undated'}`);
}
