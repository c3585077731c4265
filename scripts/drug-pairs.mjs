/**
 * Makes `cards/order-safety/pairs.json`: the interaction lists of the US Veterans Administration and of ONC as pairs of our ingredients.
 * Run after scripts/drug-names.mjs: node scripts/drug-pairs.mjs <folder with ddi/>. Same input, same output.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const data = process.argv[2];
if (data === undefined) throw new Error('usage: node scripts/drug-pairs.mjs <data folder>');
const { generated } = JSON.parse(readFileSync('cards/order-safety/drugs/generated.json', 'utf8'));
const { sameAs } = JSON.parse(readFileSync('scripts/drug-names.json', 'utf8'));
const byCode = new Map(generated.flatMap((row) => row.rxnorm.map((code) => [code, row.id])));
const byName = new Map(generated.flatMap((row) => [row.name, ...row.names].map((name) => [name, row.id])));

const read = (file) => {
  const [head, ...lines] = readFileSync(join(data, file), 'utf8').trim().split(/\r?\n/).map(split);
  return lines.map((line) => Object.fromEntries(head.map((key, at) => [key, line[at]])));
};
const split = (line) => [...line.matchAll(/("([^"]*)"|[^,]*)(,|$)/g)].slice(0, -1).map((one) => one[2] ?? one[1]);
const known = (id, what) => {
  if (id === undefined) throw new Error(`no ingredient for ${what}`);
  return id;
};
const keyOf = (a, b) => [a, b].sort().join(' ');

const va = new Map();
for (const row of read('ddi/va-ndfrt-2014.csv')) {
  const [a, b] = [known(byCode.get(row.rxcui_a), row.name_a), known(byCode.get(row.rxcui_b), row.name_b)];
  // Two salts of one ingredient are one ingredient.
  if (a === b) continue;
  if (va.get(keyOf(a, b)) !== 'critical') va.set(keyOf(a, b), row.severity);
}
const onc = read('ddi/onc-high-priority-pairs.csv').map((row) =>
  [row.drug_a, row.drug_b].map((name) => known(byName.get(sameAs[name] ?? name), name)),
);

/** The class of QT-prolonging drugs: the largest set of drugs of the list in which each stands with each other. */
function findClique(pairs) {
  const partners = new Map();
  for (const [a, b] of pairs)
    for (const [x, y] of [
      [a, b],
      [b, a],
    ])
      partners.set(x, (partners.get(x) ?? new Set()).add(y));
  const members = new Set([...partners].filter(([, with_]) => with_.size >= 39).map(([name]) => name));
  for (;;) {
    const missing = [...members].map((one) => [[...members].filter((other) => other !== one && !partners.get(one).has(other)).length, one]);
    const [worst, name] = missing.sort((a, b) => b[0] - a[0] || (a[1] < b[1] ? -1 : 1))[0];
    if (worst === 0) return members;
    members.delete(name);
  }
}
const qt = findClique(onc);
const isQt = (key) => key.split(' ').every((one) => qt.has(one));

const lists = {
  'onc-high-priority': [],
  'onc-high-priority-va-significant': [],
  'va-critical': [],
  'va-critical-qt': [],
  'va-significant': [],
  'onc-qt': [],
};
const oncKeys = new Set(onc.map(([a, b]) => keyOf(a, b)));
for (const key of oncKeys)
  lists[isQt(key) ? 'onc-qt' : va.get(key) === 'significant' ? 'onc-high-priority-va-significant' : 'onc-high-priority'].push(key);
for (const [key, severity] of va) {
  if (severity === 'significant') lists['va-significant'].push(key);
  else lists[isQt(key) ? 'va-critical-qt' : 'va-critical'].push(key);
}

const table = (keys) => {
  const found = {};
  for (const key of [...new Set(keys)].sort()) {
    const [a, b] = key.split(' ');
    found[a] = found[a] === undefined ? b : `${found[a]} ${b}`;
  }
  return `{\n${Object.entries(found)
    .map(([a, b]) => `        ${JSON.stringify(a)}: ${JSON.stringify(b)}`)
    .join(',\n')}\n      }`;
};
const rules = JSON.parse(readFileSync('scripts/drug-pairs.json', 'utf8'));
const rows = rules.map((rule) => {
  const head = Object.entries(rule).map(([key, value]) => `      ${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  return `    {\n${[...head, `      "pairs": ${table(lists[rule.id])}`].join(',\n')}\n    }`;
});
writeFileSync('cards/order-safety/pairs.json', `{\n  "version": "1.0.0",\n  "rows": [\n${rows.join(',\n')}\n  ]\n}\n`);
console.log(
  Object.entries(lists)
    .map(([id, keys]) => `${id} ${new Set(keys).size}`)
    .join(', '),
);
