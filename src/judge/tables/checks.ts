/** Every check of order safety, in the order in which they run. A new check is one line here, one engine file, one file of knowledge. */
import { additive } from './additive.js';
import type { Check } from './check.js';
import { interactions } from './interactions.js';
import { mechanisms } from './mechanisms.js';
import { pairs } from './pairs.js';
import { age, disease, hepatic, pregnancy, renal, values } from './patient-checks.js';
import { recognition } from './recognition.js';

export const checks: readonly Check[] = [interactions, pairs, mechanisms, additive, renal, hepatic, pregnancy, disease, age, values, recognition];
