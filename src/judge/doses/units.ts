/** Units of doses and strengths: what an order writes ("mcg", "tabs", "teaspoon") as UCUM, or as a count of what the product comes in. Knows units, no drug. */
/** `count`: of tablets, puffs, patches …: worth what the product's strength says. */
export type DoseUnit = { readonly kind: 'ucum'; readonly code: string; readonly factor: number } | { readonly kind: 'count' };

/** Lower case, singular. UCUM itself has no "mcg", and "U" is not what it means by it. */
const written: Readonly<Record<string, string>> = {
  mg: 'mg',
  milligram: 'mg',
  g: 'g',
  gm: 'g',
  gram: 'g',
  mcg: 'ug',
  ug: 'ug',
  µg: 'ug',
  μg: 'ug',
  microgram: 'ug',
  ng: 'ng',
  kg: 'kg',
  ml: 'mL',
  milliliter: 'mL',
  millilitre: 'mL',
  cc: 'mL',
  l: 'L',
  meq: 'meq',
  milliequivalent: 'meq',
  mmol: 'mmol',
  unit: '[iU]',
  u: '[iU]',
  iu: '[iU]',
  '[iu]': '[iU]',
  '[u]': '[iU]',
  'usp unit': '[iU]',
  unt: '[iU]',
};

/** Kitchen measures, as FDA labelling counts them. */
const spoons: Readonly<Record<string, number>> = { teaspoon: 5, teaspoonful: 5, tsp: 5, tablespoon: 15, tablespoonful: 15, tbsp: 15 };

const counted =
  /^\{?(?:tablet|tab|tbl|capsule|cap|caplet|pill|puff|inhalation|actuation|actuat|spray|patch|drop|gtt|suppository|supp|lozenge|packet|sachet|application|applicatorful|dose|each|ea|vial|ampule|film|troche|gum|piece|unit dose|\d*)\}?$/;

/** "Tablets", "tab(s)", "{tbl}", "1": undefined where it is none that we know. */
export function readUnit(text: string): DoseUnit | undefined {
  const plain = text
    .trim()
    .replace(/\(s\)$/i, '')
    .replace(/\.$/, '');
  const singular = plain.toLowerCase().replace(/(?<=[a-z]{2})(?<!s)s$/, '');
  const code = written[plain.toLowerCase()] ?? written[singular];
  if (code !== undefined) return { kind: 'ucum', code, factor: 1 };
  const spoon = spoons[singular];
  if (spoon !== undefined) return { kind: 'ucum', code: 'mL', factor: spoon };
  return counted.test(singular) ? { kind: 'count' } : undefined;
}
