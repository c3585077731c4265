// Makes cards/care-gaps/value-sets.json from the published value sets of the 2024 quality measures: only the sets that our criteria name, with provenance.
// Run: node scripts/value-sets.mjs PATH/valuesets.ndjson.gz  (cqframework/ecqm-content-qicore-2024 @9ebd48ffe, CC0; the codes keep the terms of their systems)
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const file = process.argv[2];
if (file === undefined) {
  console.error('usage: node scripts/value-sets.mjs PATH/valuesets.ndjson.gz');
  process.exit(1);
}

/** Our name → the published sets it joins. */
const wanted = {
  colonoscopy: ['2.16.840.1.113883.3.464.1003.108.12.1020'],
  'flexible-sigmoidoscopy': ['2.16.840.1.113883.3.464.1003.198.12.1010'],
  'ct-colonography': ['2.16.840.1.113883.3.464.1003.108.12.1038'],
  'fecal-occult-blood-test': ['2.16.840.1.113883.3.464.1003.198.12.1011'],
  'stool-dna-fit': ['2.16.840.1.113883.3.464.1003.108.12.1039'],
  'colorectal-cancer': ['2.16.840.1.113883.3.464.1003.108.12.1001'],
  'total-colectomy': ['2.16.840.1.113883.3.464.1003.198.12.1019'],
  mammography: ['2.16.840.1.113883.3.464.1003.108.12.1018'],
  'bilateral-mastectomy': ['2.16.840.1.113883.3.464.1003.198.12.1005', '2.16.840.1.113883.3.464.1003.198.12.1068'],
  'inflammatory-bowel-disease': ['2.16.840.1.113762.1.4.1029.338'],
  diabetes: ['2.16.840.1.113883.3.464.1003.103.12.1001'],
  'hemoglobin-a1c': ['2.16.840.1.113883.3.464.1003.198.12.1013'],
  'hospice-care': [
    '2.16.840.1.113883.3.526.3.1584',
    '2.16.840.1.113883.3.464.1003.1165',
    '2.16.840.1.113762.1.4.1108.15',
    '2.16.840.1.113883.3.464.1003.198.12.1135',
    '2.16.840.1.113883.3.464.1003.1167',
  ],
};

/** Of a set that is wider than ours, only these codes. */
const kept = { 'inflammatory-bowel-disease': /^K5[01]/ };

/** A code that the published set lacks, with where it was read: the set has radiology LOINC codes only, EHRs also record the procedure. */
const added = {
  mammography: [
    { system: 'http://snomed.info/sct', code: '71651007', source: 'HL7 mCODE STU4, example procedure "us-core-procedure-mammogram-jenny-m"' },
  ],
};

const published = new Map(
  gunzipSync(readFileSync(file))
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .map((set) => [set.url.split('/').at(-1), set]),
);

const valueSets = Object.entries(wanted).map(([id, oids]) => {
  const codes = new Map();
  for (const oid of oids) {
    const set = published.get(oid);
    if (set === undefined) throw new Error(`${id}: no published set ${oid}`);
    for (const { system, code } of set.expansion.contains) {
      if (kept[id] === undefined || kept[id].test(code)) codes.set(`${system}|${code}`, { system, code });
    }
  }
  for (const { system, code } of added[id] ?? []) codes.set(`${system}|${code}`, { system, code });
  const bySystem = {};
  for (const { system, code } of codes.values()) {
    bySystem[system] ??= [];
    bySystem[system].push(code);
  }
  for (const list of Object.values(bySystem)) list.sort();
  return {
    id,
    source: `value sets ${oids.join(', ')} of the 2024 eCQM content (cqframework/ecqm-content-qicore-2024 @9ebd48ffe)${kept[id] ? `, codes that match ${kept[id].source}` : ''}${(added[id] ?? []).map(({ code, source }) => `; SNOMED CT ${code} from ${source}`).join('')}`,
    verified: 'read',
    reviewed: '2026-11-24',
    codes: bySystem,
  };
});

const lines = valueSets.map((set) => `    ${JSON.stringify(set)}`).join(',\n');
writeFileSync('cards/care-gaps/value-sets.json', `{\n  "version": "1.0.0",\n  "valueSets": [\n${lines}\n  ]\n}\n`);
for (const { id, codes } of valueSets) console.log(id, Object.values(codes).flat().length);
