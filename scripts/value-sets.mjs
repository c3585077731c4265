// Makes cards/care-gaps/value-sets.json: of the published value sets only those that a criterion names, with provenance, without CPT.
// Run: node scripts/value-sets.mjs [--check] FILE.ndjson.gz …   Earlier files win a name. --check: writes nothing, fails where the file would change.
//      node scripts/value-sets.mjs --find WORDS FILE.ndjson.gz … lists the names that hold all the words.
// FILE: FHIR ValueSets with expansions, one a line: ../shared/data/ecqm-2024/valuesets.ndjson.gz (cqframework/ecqm-content-qicore-2024 @9ebd48ffe)
//       and ../shared/data/valuesets/opioid-valuesets.ndjson.gz (cqframework/opioid-cds-r4 @b29bdcbf), both CC0; the codes keep the terms of their systems.
// A set's name is its published title in lower-case words joined by -. Joins, cuts and additions stand in scripts/value-sets.json.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'cards/care-gaps');
const output = join(folder, 'value-sets.json');
const reviewed = '2026-11-25';
const cpt = 'http://www.ama-assn.org/go/cpt';
const contents = {
  'valuesets.ndjson.gz': 'the 2024 eCQM content (cqframework/ecqm-content-qicore-2024 @9ebd48ffe)',
  'opioid-valuesets.ndjson.gz': 'the opioid guideline content (cqframework/opioid-cds-r4 @b29bdcbf)',
};

const { values: options, positionals: files } = parseArgs({
  allowPositionals: true,
  options: { check: { type: 'boolean' }, find: { type: 'string' } },
});
if (files.length === 0) stop('usage: node scripts/value-sets.mjs [--check | --find WORDS] FILE.ndjson.gz …');

const { joined, kept, added } = JSON.parse(readFileSync(join(root, 'scripts/value-sets.json'), 'utf8'));
const published = files.flatMap(readPublished);
const byId = new Map(published.toReversed().map((set) => [set.id, set]));

if (options.find !== undefined) {
  const words = options.find.toLowerCase().split(/[\s-]+/);
  for (const { name, id, codes } of published) if (words.every((word) => name.includes(word))) console.log(`${name}  ${id}  ${codes.length} codes`);
} else {
  const text = write([...namedSets()].sort().map(makeSet));
  if (options.check !== true) writeFileSync(output, text);
  else if (readFileSync(output, 'utf8') !== text)
    stop('cards/care-gaps/value-sets.json is not what the published sets and the criteria give: run without --check');
  console.log(`${(text.length / 1024).toFixed(0)} KiB`);
}

function readPublished(file) {
  const content = contents[basename(file)];
  if (content === undefined) stop(`${basename(file)}: not a file whose source is known here`);
  return gunzipSync(readFileSync(file))
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .map((set) => {
      const codes = (set.expansion?.contains ?? []).filter(({ system }) => system !== cpt);
      return { id: set.url.split('/').at(-1), title: set.title ?? set.name, name: toName(set.title ?? set.name), codes, content };
    });
}

function toName(title) {
  return title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}

/** Every name that stands under a key `valueSets` (or `…ValueSets`), at any depth of the knowledge. */
function namedSets() {
  const names = new Set();
  const walk = (value, key) => {
    if (typeof value === 'string' && /valueSets$/i.test(key)) names.add(value);
    else if (Array.isArray(value)) for (const one of value) walk(one, key);
    else if (value !== null && typeof value === 'object') for (const [inner, one] of Object.entries(value)) walk(one, inner);
  };
  const skipped = new Set(['value-sets.json', 'service.json']);
  for (const file of readdirSync(folder, { recursive: true }))
    if (file.endsWith('.json') && !skipped.has(file)) walk(JSON.parse(readFileSync(join(folder, file), 'utf8')), '');
  return names;
}

function makeSet(name) {
  const sets = joined[name]?.map((id) => byId.get(id) ?? stop(`${name}: no published set ${id}`)) ?? [findByTitle(name)];
  const pattern = kept[name] === undefined ? undefined : new RegExp(kept[name].pattern);
  const codes = [...sets.flatMap((set) => set.codes).filter(({ code }) => pattern?.test(code) ?? true), ...(added[name] ?? [])];
  if (codes.length === 0) stop(`${name}: the published set is empty (its codes are CPT)`);
  const bySystem = {};
  for (const { system, code } of codes) {
    bySystem[system] ??= new Set();
    bySystem[system].add(code);
  }
  const titles = sets.map(({ title, id }) => `${title} (${id})`).join(', ');
  const source = [
    `value set${sets.length === 1 ? '' : 's'} ${titles} of ${[...new Set(sets.map((set) => set.content))].join(' and ')}`,
    ...(pattern === undefined ? [] : [`codes that match ${kept[name].pattern}: ${kept[name].why}`]),
    ...(added[name] ?? []).map(({ code, source: from }) => `${code} from ${from}`),
  ].join('; ');
  const sorted = Object.entries(bySystem).sort(([a], [b]) => (a < b ? -1 : 1));
  return { id: name, source, verified: 'read', reviewed, codes: Object.fromEntries(sorted.map(([system, list]) => [system, [...list].sort()])) };
}

/** The one set of that title; of several in a file none is guessed. */
function findByTitle(name) {
  const found = published.filter((set) => set.name === name);
  const first = found.filter((set) => set.content === found[0]?.content && set.codes.length > 0);
  if (first.length === 1) return first[0];
  const near = published.filter((set) => set.name.includes(name) || name.includes(set.name)).map((set) => set.name);
  if (found.length === 0)
    stop(`no published value set is called ${name}${near.length === 0 ? '' : `; near: ${[...new Set(near)].slice(0, 8).join(', ')}`}`);
  if (first.length === 0) stop(`${name}: the published set is empty (its codes are CPT)`);
  stop(`${name}: several published sets have that title; choose in scripts/value-sets.json: ${first.map((set) => set.id).join(', ')}`);
}

function write(sets) {
  const lines = sets.map((set) => `    ${JSON.stringify(set)}`).join(',\n');
  return `{\n  "version": "1.0.0",\n  "valueSets": [\n${lines}\n  ]\n}\n`;
}

function stop(message) {
  console.error(message);
  process.exit(1);
}
