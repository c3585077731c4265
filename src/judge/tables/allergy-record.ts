/** One AllergyIntolerance as the check sees it: to what, how sure, how grave. Knows FHIR's fields, no cross-reactivity. */
import type { FactId } from '../../types.js';
import { type Fields, fieldsOf, listOf, textOf, textsOf } from '../doses/fields.js';
import type { Recognise } from '../drugs/recognise.js';
import type { Allergen } from './allergies-schema.js';

export interface Allergy {
  readonly fact: FactId;
  /** `unread`: words that we do not know. */
  readonly kind: Allergen['kind'] | 'unread';
  readonly name: string;
  /** Ingredients or classes. */
  readonly means: readonly string[];
  /** `unstated`: nobody wrote what happened, which may have been grave; of one that nobody confirmed it is no more than usual. */
  readonly gravity: 'severe' | 'unstated' | 'usual' | 'side-effect';
}

export interface Reactions {
  readonly severe: RegExp;
  readonly sideEffect: RegExp;
}

export interface Allergens {
  readonly byName: ReadonlyMap<string, Allergen>;
  readonly bySnomed: ReadonlyMap<string, Allergen>;
}

const rxnorm = 'http://www.nlm.nih.gov/research/umls/rxnorm';
const snomed = 'http://snomed.info/sct';

/** Undefined where it is refuted, entered in error, resolved or inactive. */
export function readAllergy(fact: FactId, fields: Fields, known: Allergens, recognise: Recognise, reactions: Reactions): Allergy | undefined {
  const clinical = codeOf(fields['clinicalStatus']);
  const verification = codeOf(fields['verificationStatus']);
  if (['inactive', 'resolved'].includes(clinical) || ['refuted', 'entered-in-error'].includes(verification)) return undefined;
  const gravity = gravityOf(fields, reactions);
  const concepts = [fieldsOf(fields['code']), ...listOf(fields['reaction']).map((reaction) => fieldsOf(reaction['substance']))];
  const codings = concepts.flatMap((concept) => listOf(concept['coding']));
  const texts = [...concepts.map((concept) => textOf(concept['text'])), ...codings.map((coding) => textOf(coding['display']))].filter(
    (text) => text.trim() !== '',
  );
  const coded = codings.filter((coding) => coding['system'] === snomed).map((coding) => known.bySnomed.get(textOf(coding['code'])));
  const named = texts.map((text) => known.byName.get(normaliseAllergen(text)));
  const allergen = [...coded, ...named].find((one) => one !== undefined);
  if (allergen !== undefined) return { fact, kind: allergen.kind, name: allergen.name, means: allergen.means ?? [], gravity };
  const codes = codings.filter((coding) => coding['system'] === rxnorm).map((coding) => textOf(coding['code']));
  const { ingredients } = recognise({ rxnorm: codes, texts: texts.map(normaliseAllergen) });
  const [first] = ingredients;
  if (first !== undefined) {
    return { fact, kind: 'drug', name: ingredients.map(({ name }) => name).join(' and '), means: ingredients.map(({ id }) => id), gravity };
  }
  // Food and surroundings that no table names are no drug; a medication that none names has to be said.
  const isElsewhere = textsOf(fields['category']).length > 0 && textsOf(fields['category']).every((one) => one === 'food' || one === 'environment');
  return { fact, kind: isElsewhere ? 'elsewhere' : texts.length === 0 ? 'unknown' : 'unread', name: 'a substance', means: [], gravity };
}

const codeOf = (concept: unknown): string => textOf(listOf(fieldsOf(concept)['coding'])[0]?.['code']);

/** "Allergy to penicillin (disorder)", "PENICILLINS", "sulfa drugs" → "penicillin", "penicillin", "sulfa". */
export function normaliseAllergen(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/\(.*?\)|\[.*?\]/g, ' ')
    .replaceAll(/[^a-z0-9'&/ -]/g, ' ')
    .replaceAll(/\b(?:drug )?(?:allergy|allergic|hypersensitivity|intolerance|adverse reaction|sensitivity)(?: to| reaction to)?\b/g, ' ')
    .replaceAll(/\b(?:caused by|drugs?|class|agents?|products?|derivatives?|containing|substance|medications?|antibiotics?|group)\b/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/(?<=[a-z]{4})(?<!s)s$/, '');
}

function gravityOf(fields: Fields, { severe, sideEffect }: Reactions): Allergy['gravity'] {
  const reactions = listOf(fields['reaction']);
  const manifestations = reactions.flatMap((reaction) => [
    textOf(reaction['description']),
    ...listOf(reaction['manifestation']).flatMap((one) => [textOf(one['text']), ...listOf(one['coding']).map((coding) => textOf(coding['display']))]),
  ]);
  const said = manifestations.filter((text) => text.trim() !== '').map((text) => text.toLowerCase());
  const isSideEffect = said.length > 0 && said.every((text) => sideEffect.test(text) && !severe.test(text));
  // "Severe nausea" is no grave allergy, unless somebody holds that the next time may be.
  const isGrave = !isSideEffect && reactions.some((reaction) => reaction['severity'] === 'severe');
  if (fields['criticality'] === 'high' || isGrave || said.some((text) => severe.test(text))) return 'severe';
  if (fields['type'] === 'intolerance' || isSideEffect) return 'side-effect';
  const isStated =
    codeOf(fields['verificationStatus']) === 'unconfirmed' ||
    said.length > 0 ||
    fields['criticality'] === 'low' ||
    reactions.some((reaction) => textOf(reaction['severity']) !== '');
  return isStated ? 'usual' : 'unstated';
}
