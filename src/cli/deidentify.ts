/** `whycard deidentify`: what the filter makes of a text. Knows how to print, not what the filter looks for. */
import { deidentifyLine } from '../deidentify/line.js';
import { systemClock } from '../wire.js';
import { inputLines } from './lines.js';

export async function deidentifyLines(options: { readonly json?: boolean }): Promise<void> {
  for await (const line of inputLines()) {
    const safe = deidentifyLine(line, systemClock());
    process.stdout.write(options.json === true ? `${JSON.stringify(safe)}\n` : `${safe.text}\n`);
  }
}
