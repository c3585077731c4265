/**
 * Makes `cards/order-safety/drugs/generated.json`: ingredients with their RxNorm codes, products by code and brand names, from published files.
 * Run: node scripts/drug-names.mjs <folder with ddi/, ecqm-2024/, valuesets/, synthea/>. Same input, same output.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const data = process.argv[2];
if (data === undefined) throw new Error('usage: node scripts/drug-names.mjs <data folder>');
const out = 'cards/order-safety/drugs/generated.json';
const words = JSON.parse(readFileSync('cards/order-safety/drug-words.json', 'utf8'));
const salts = new Set(words.salts);
const bearers = new Set(words.saltBearers);
const reviewed = '2026-11-25';
const sources = {
  va: {
    source: 'US Veterans Administration drug interaction list (NDF-RT, 2014), dbmi-pitt/public-PDDI-analysis @8199ee6',
    verified: 'read',
    reviewed,
  },
  onc: {
    source: 'ONC high-priority drug pairs (Phansalkar et al., JAMIA 2012;19:735), dbmi-pitt/public-PDDI-analysis @8199ee6',
    verified: 'read',
    reviewed,
  },
  ecqm: {
    source: 'RxNorm displays in the value sets of the 2024 eCQM measures, cqframework/ecqm-content-qicore-2024 @9ebd48ffe',
    verified: 'read',
    reviewed,
  },
  opioid: { source: 'RxNorm displays in the CDC opioid prescribing value sets, cqframework/opioid-cds-r4 @b29bdcbf', verified: 'read', reviewed },
  synthea: { source: 'RxNorm displays in the synthetic records of smart-on-fhir/generated-sample-data @25ac808', verified: 'read', reviewed },
};
/** Names of the sources that are another name, a misprint or a salt of an ingredient that stands under its own name. */
const sameAs = new Map(Object.entries(JSON.parse(readFileSync('scripts/drug-names.json', 'utf8')).sameAs));

const ingredients = new Map();
const products = {};
const brands = {};

function baseOf(raw) {
  let name = raw
    .toLowerCase()
    .replaceAll(/\(.*?\)/g, ' ')
    .replaceAll(/,.*$/g, ' ')
    .replaceAll(/[^a-z0-9 -]/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  if (sameAs.has(name)) return sameAs.get(name);
  for (;;) {
    const tokens = name.split(' ');
    const last = tokens.at(-1);
    if (tokens.length < 2 || !salts.has(last) || bearers.has(tokens[0])) break;
    name = tokens.slice(0, -1).join(' ');
    if (sameAs.has(name)) return sameAs.get(name);
  }
  return name;
}

const idOf = (name) => name.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '');

function addIngredient(raw, from, code) {
  const name = baseOf(raw);
  const id = idOf(name);
  if (id === '' || /^\d/.test(id)) return undefined;
  const row = ingredients.get(id) ?? { id, name, rxnorm: new Set(), names: new Set(), from };
  if (code !== undefined) row.rxnorm.add(code);
  const plain = raw
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]+/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  if (plain !== name && /^[a-z0-9][a-z0-9 -]*$/.test(plain) && !/ \d/.test(plain)) row.names.add(plain);
  ingredients.set(id, row);
  return id;
}

/** What RxNorm puts before the ingredient: sizes, hours, how it is released. */
const prefixes =
  /^(?:(?:\d+(?:\.\d+)? (?:MG Dose|ML|HR|ACTUAT|MG|DAY)|Matrix Delivery|Abuse-Deterrent|\d-Month|Osmotic|Modified|Sprinkle|Biphasic|BX Rating|Evening Dosing|Once-Daily|PMDD|Sensor|Micronized|Smoking Cessation|Inert Ingredients) )+/i;

/** `{7 (24 HR guanfacine 1 MG Oral Tablet) / 7 (…) } Pack [Brand]` → its ingredients and its brand. */
function parseProduct(display) {
  const brand = /\[([^\]]+)\]\s*$/.exec(display)?.[1];
  const body = display
    .replace(/\[[^\]]*\]/g, ' ')
    .replace(/^NDA\d+ /, '')
    .replace(/\} Pack.*$/, ' ')
    .replaceAll(/[{}]/g, ' ');
  const parts = body.split(/ \/ |\) \/ /).map((part) =>
    part
      .replaceAll(/\((USP|porcine)\)/gi, ' ')
      .replaceAll(/[()]/g, ' ')
      .trim()
      .replace(/^\d+ (?=\d)/, '')
      .replace(/^\d+ (?=[A-Za-z]+ )(?!(?:ML|HR|ACTUAT|MG|DAY)\b)/, '')
      .replace(prefixes, ''),
  );
  const found = [];
  for (const part of parts) {
    const match = /^(.+?) (\d[\d.,]*) (MG|MCG|UNT|MEQ|ML|MMOL|%|CELLS|BAU|IR|UNITS|GM|AMB|\[)/i.exec(part);
    if (match === null) return undefined;
    found.push(match[1]);
  }
  return found.length === 0 ? undefined : { ingredients: found, brand };
}

function addProduct(code, display, from) {
  const parsed = parseProduct(display);
  if (parsed === undefined) return false;
  const ids = [...new Set(parsed.ingredients.map((one) => addIngredient(one, from)))].filter((id) => id !== undefined).sort();
  if (ids.length === 0) return false;
  products[from] ??= {};
  products[from][code] = ids.join(' ');
  if (parsed.brand !== undefined) {
    const name = parsed.brand
      .toLowerCase()
      .replaceAll(/[^a-z0-9 -]+/g, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim();
    brands[from] ??= {};
    brands[from][name] = brands[from][name] === undefined || brands[from][name] === ids.join(' ') ? ids.join(' ') : '?';
  }
  return true;
}

const readCsv = (file) => {
  const [head, ...lines] = readFileSync(join(data, file), 'utf8').trim().split(/\r?\n/).map(splitCsv);
  return lines.map((line) => Object.fromEntries(head.map((key, at) => [key, line[at]])));
};
function splitCsv(line) {
  return [...line.matchAll(/("([^"]*)"|[^,]*)(,|$)/g)]
    .slice(0, -1)
    .map((one) => one[2] ?? one[1])
    .concat(/,$/.test(line) ? [''] : []);
}
const readLines = (file) =>
  gunzipSync(readFileSync(join(data, file)))
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

for (const row of readCsv('ddi/va-ndfrt-2014.csv')) {
  addIngredient(row.name_a, 'va', row.rxcui_a);
  addIngredient(row.name_b, 'va', row.rxcui_b);
}
for (const row of readCsv('ddi/onc-high-priority-pairs.csv')) {
  addIngredient(row.drug_a, 'onc');
  addIngredient(row.drug_b, 'onc');
}
const singles = [];
function takeValueSets(file, from) {
  for (const set of readLines(file)) {
    const expanded = set.expansion?.contains ?? [];
    const composed = (set.compose?.include ?? []).flatMap((one) => (one.concept ?? []).map((concept) => ({ ...concept, system: one.system })));
    for (const { system, code, display } of [...expanded, ...composed]) {
      if (system !== 'http://www.nlm.nih.gov/research/umls/rxnorm' || typeof display !== 'string') continue;
      if (!addProduct(code, display, from) && !/\d/.test(display)) singles.push([code, display, from]);
    }
  }
}
takeValueSets('ecqm-2024/valuesets.ndjson.gz', 'ecqm');
takeValueSets('valuesets/opioid-valuesets.ndjson.gz', 'opioid');
// A display without a strength is an ingredient, or several; a dose form behind it makes it something else.
for (const [code, display, from] of singles) {
  const parts = display.split(' / ');
  if (/ (Pill|Product|Tablet|Capsule|Solution|Injection|Spray|Suspension|substance)$/i.test(display) || /\[/.test(display)) continue;
  if (parts.length === 1) addIngredient(display, from, code);
  else {
    products[from] ??= {};
    products[from][code] ??= [...new Set(parts.map((part) => addIngredient(part, from)))].filter(Boolean).sort().join(' ');
  }
}
for (const bundle of readLines('synthea/patients-120.ndjson.gz')) {
  for (const { resource } of bundle.entry) {
    if (resource.resourceType !== 'MedicationRequest') continue;
    for (const { code, display } of resource.medicationCodeableConcept?.coding ?? []) addProduct(code, display, 'synthea');
  }
}
// One code, one answer: the first source that names it.
const seen = new Set([...ingredients.values()].flatMap((row) => [...row.rxnorm]));
for (const from of Object.keys(sources)) {
  const kept = Object.entries(products[from] ?? {}).filter(([code]) => !seen.has(code));
  for (const [code] of kept) seen.add(code);
  if (products[from] !== undefined) products[from] = Object.fromEntries(kept.sort(([a], [b]) => Number(a) - Number(b)));
  if (brands[from] !== undefined)
    brands[from] = Object.fromEntries(
      Object.entries(brands[from])
        .filter(([, ids]) => ids !== '?')
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
}
// One code under two names would be a contradiction: the first name keeps it.
const owners = new Map();
const names = new Map();
const rows = [...ingredients.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
const own = new Set(rows.flatMap((row) => [row.name, row.id.replaceAll('-', ' ')]));
const generated = rows.map((row) => ({
  id: row.id,
  name: row.name,
  rxnorm: [...row.rxnorm].filter((code) => !owners.has(code) && owners.set(code, row.id)).sort((a, b) => Number(a) - Number(b)),
  names: [...row.names].filter((name) => !own.has(name) && !names.has(name) && names.set(name, row.id)).sort(),
  from: row.from,
}));
for (const from of Object.keys(brands)) for (const name of Object.keys(brands[from])) if (own.has(name) || names.has(name)) delete brands[from][name];

const lines = (object) =>
  `{\n${Object.entries(object)
    .map(([key, value]) => `      ${JSON.stringify(key)}: ${JSON.stringify(value)}`)
    .join(',\n')}\n    }`;
const tables = (all) =>
  `{\n${Object.entries(all)
    .map(([from, table]) => `    ${JSON.stringify(from)}: ${lines(table)}`)
    .join(',\n')}\n  }`;
writeFileSync(
  out,
  `{
  "version": "1.0.0",
  "sources": ${lines(sources)},
  "generated": [\n${generated.map((row) => `    ${JSON.stringify(row)}`).join(',\n')}\n  ],
  "products": ${tables(products)},
  "brands": ${tables(brands)}
}\n`,
);
console.log(
  `${generated.length} ingredients, ${Object.values(products).reduce((sum, table) => sum + Object.keys(table).length, 0)} products, ${Object.values(brands).reduce((sum, table) => sum + Object.keys(table).length, 0)} brands`,
);
