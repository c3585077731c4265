/** Every check of order safety, in the order in which they run. A new check is one line here, one engine file, one file of knowledge. */
import { additive } from './additive.js';
import { allergies } from './allergies.js';
import type { Check } from './check.js';
import { doses } from './doses.js';
import { duplicates } from './duplicates.js';
import { interactions } from './interactions.js';
import { mechanisms } from './mechanisms.js';
import { monitoring } from './monitoring.js';
import { opioids } from './opioids.js';
import { pairs } from './pairs.js';
import { age, disease, hepatic, pregnancy, renal, values } from './patient-checks.js';
import { recognition } from './recognition.js';

export const checks: readonly Check[] = [
  interactions,
  pairs,
  mechanisms,
  additive,
  renal,
  hepatic,
  pregnancy,
  disease,
  age,
  values,
  allergies,
  duplicates,
  doses,
  opioids,
  monitoring,
  recognition,
];
