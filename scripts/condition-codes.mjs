/**
 * Makes `cards/order-safety/condition-codes.json`: SNOMED CT and ICD-10-CM codes of the sets in `conditions.json`, from published value sets.
 * Run: node scripts/condition-codes.mjs [folder of the data, default ../shared/data]. Fails on a name that the data do not hold.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';

const data = process.argv[2] ?? '../shared/data';
/** Set of conditions → titles of value sets. */
const wanted = {
  'heart-failure': ['Heart Failure'],
  asthma: ['Asthma'],
  'coronary-disease': ['Coronary Artery Disease No MI', 'Ischemic Heart Disease or Related Diagnoses'],
  'stroke-or-tia': ['Cerebrovascular Disease Stroke or TIA'],
  'venous-thromboembolism': ['Venous Thromboembolism'],
  'peptic-ulcer': ['Acute Peptic Ulcer'],
  'active-bleeding': ['Active Bleeding Excluding Menses or Bleeding Diathesis'],
  dementia: ['Dementia and Mental Degenerations'],
  seizures: ['Seizure Disorder'],
  'liver-disease': ['Chronic Liver Disease'],
  'kidney-disease': ['Chronic Kidney Disease, Stage 5', 'End Stage Renal Disease'],
  pregnancy: ['Pregnancy'],
  'atrial-fibrillation': ['Atrial Fibrillation or Flutter'],
  'heart-block': ['Atrioventricular Block'],
  bradycardia: ['Bradycardia'],
  'urinary-retention': ['Urinary retention'],
  'prostate-cancer': ['Prostate Cancer'],
  psychosis: ['Schizophrenia or Psychotic Disorder'],
  'sickle-cell-disease': ['SICKLE_CELL_DISEASES'],
  'opioid-use-disorder': ['OPIOID_MISUSE_DISORDERS'],
  'sleep-apnea': ['SLEEP_DISORDERED_BREATHING'],
  breastfeeding: ['Breastfeeding'],
};

const systems = { 'http://snomed.info/sct': 'snomed', 'http://hl7.org/fhir/sid/icd-10-cm': 'icd10' };
const lines = async (file) =>
  gunzipSync(await readFile(`${data}/${file}`))
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
const sets = [...(await lines('ecqm-2024/valuesets.ndjson.gz')), ...(await lines('valuesets/opioid-valuesets.ndjson.gz'))];

/** What the beginnings of codes in conditions.json hold already is not said twice. */
const rows = JSON.parse(await readFile('cards/order-safety/conditions.json', 'utf8')).conditions;
const isKnown = (id, code) =>
  rows.find((row) => row.id === id)?.icd10.some((prefix) => code.replaceAll('.', '').startsWith(prefix.replaceAll('.', ''))) === true;

const codes = {};
for (const [id, titles] of Object.entries(wanted)) {
  const found = { valueSets: [], snomed: [], icd10: [] };
  for (const title of titles) {
    const matching = sets.filter((set) => (set.title ?? set.name) === title || set.name === title);
    if (matching.length === 0) throw new Error(`no value set ${title}`);
    for (const set of matching) {
      found.valueSets.push(`${title} (${set.url.split('/').at(-1)})`);
      for (const { system, code } of set.expansion?.contains ?? []) if (systems[system] !== undefined) found[systems[system]].push(code);
    }
  }
  codes[id] = {
    valueSets: found.valueSets,
    snomed: [...new Set(found.snomed)].sort(),
    icd10: [...new Set(found.icd10)].filter((code) => !code.includes('-') && !isKnown(id, code)).sort(),
  };
}
const source =
  'Expansions of the value sets of the 2024 eCQM content (cqframework/ecqm-content-qicore-2024) and of cqframework/opioid-cds-r4; made by scripts/condition-codes.mjs';
// One line a set: the file is read by programs, and compared by set.
const body = Object.entries(codes)
  .map(([id, set]) => `    ${JSON.stringify(id)}: ${JSON.stringify(set)}`)
  .join(',\n');
await writeFile(
  'cards/order-safety/condition-codes.json',
  `{\n  "version": "1.0.0",\n  "source": ${JSON.stringify(source)},\n  "codes": {\n${body}\n  }\n}\n`,
);
for (const [id, { snomed, icd10 }] of Object.entries(codes)) console.log(id, snomed.length, icd10.length);
