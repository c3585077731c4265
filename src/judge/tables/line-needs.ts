/** Each line of the list as a criterion of its own, where it is the lines together that matter: so that a card names every one. Knows lines, no rule. */
import type { Need, PatientDrug } from './check.js';

/** Exact enumeration in a hook: 12 players, some of them values of the patient. */
const maxLines = 6;

export const needsOfLines = (drugs: readonly PatientDrug[], id: string, text: string): readonly Need[] =>
  [...new Map(drugs.map((drug) => [drug.fact, drug])).values()]
    .slice(0, maxLines)
    .map(({ fact }): Need => ({ id: `${id}:${fact}`, text, facts: [fact], byCodeOnly: true }));
