/** Every check of order safety, in the order in which they run. A new check is one line here, one engine file, one file of knowledge. */
import type { Check } from './check.js';
import { interactions } from './interactions.js';
import { pairs } from './pairs.js';

export const checks: readonly Check[] = [interactions, pairs];
