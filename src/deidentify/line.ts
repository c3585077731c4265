/** What the filter makes of one line of text, without a chart to know names from. */
import { resolveDates } from './dated-text.js';
import { nothingKnown } from './known-identifiers.js';
import { createTextFilter, normalise, type SafeText } from './text-filter.js';

const filter = createTextFilter(nothingKnown);

/** Spans are positions in the text after its dates have become relative to `now`. */
export function deidentifyLine(line: string, now: Date): SafeText {
  return filter(resolveDates(normalise(line), { written: now, now }).text);
}
