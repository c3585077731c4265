/** Broken knowledge of the checks that look at the patient stops the start, by file, row and field. Each fault alone, over a copy of the whole. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { StartError } from '../../../src/errors.js';
import { readKnowledgeFile } from '../../../src/judge/knowledge-file.js';
import { conditionFile } from '../../../src/judge/patient/conditions.js';
import { reasonFile } from '../../../src/judge/schema.js';
import { checks } from '../../../src/judge/tables/checks.js';
import type { OrderKnowledge } from '../../../src/judge/tables/judge-orders.js';
import { loadOrderKnowledge } from '../../../src/judge/tables/load.js';

type Json = Record<string, unknown>;
let folder: string;
let knowledge: OrderKnowledge;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whycard-orders-'));
  const file = await readKnowledgeFile('cards/override-reasons.json', reasonFile);
  const reasons = new Map(file.reasons.map(({ code, display }) => [code, { system: file.system, code, display }]));
  knowledge = await loadOrderKnowledge('cards/order-safety', 'order-safety', reasons);
});
after(() => rm(folder, { recursive: true, force: true }));

/** One check over a broken copy of its file; everything else is loaded once. */
async function loadBroken(file: string, list: string, row: number, fields: Json): Promise<unknown> {
  const content = JSON.parse(await readFile(join('cards/order-safety', file), 'utf8')) as Record<string, Json[]>;
  Object.assign(content[list]?.[row] ?? {}, fields);
  const copy = join(folder, file);
  await writeFile(copy, JSON.stringify(content));
  if (file === 'conditions.json') return readKnowledgeFile(copy, conditionFile);
  const check = checks.find(({ id }) => `${id}.json` === file);
  assert.ok(check !== undefined, file);
  return check.load((schema) => readKnowledgeFile(copy, schema), knowledge, `order-safety/${file}`);
}

/** File, list, row, what is put in, what the message names. */
const faults: readonly (readonly [string, string, number, Json, RegExp])[] = [
  [
    'renal.json',
    'rows',
    0,
    { drugs: ['no-such-drug'] },
    /renal\.json: row 1 \(metformin-egfr-30\), drugs: there is no ingredient or class no-such-drug/,
  ],
  ['renal.json', 'rows', 0, { when: {} }, /renal\.json: rows, row 1, when must name a criterion/],
  ['renal.json', 'rows', 1, { id: 'metformin-egfr-30' }, /renal\.json: row \d+ \(metformin-egfr-30\), id: stands twice/],
  [
    'disease.json',
    'rows',
    0,
    { when: { conditions: ['no-such-set'] } },
    /disease\.json: row 1 .*conditions: there is no set of conditions no-such-set/,
  ],
  [
    'values.json',
    'rows',
    0,
    { when: { measures: [{ lab: 'no-such-lab', above: 5 }] } },
    /values\.json: row 1 .*measures: there is no lab no-such-lab/,
  ],
  [
    'values.json',
    'rows',
    0,
    { when: { measures: [{ lab: 'potassium' }] } },
    /values\.json: rows, row 1, when, measures, row 1 must have either above or below/,
  ],
  ['pregnancy.json', 'rows', 0, { source: { label: 'x', url: 'http://x.org', section: 'x' } }, /pregnancy\.json: rows, row 1, source, url/],
  ['conditions.json', 'conditions', 0, { icd10: ['heart failure'] }, /conditions\.json: conditions, row 1, icd10, row 1 must be an ICD-10 code/],
  ['allergies.json', 'rows', 1, { to: undefined }, /allergies\.json: row 2 .*from, to: a cross-reaction needs both/],
  ['allergies.json', 'allergens', 2, { means: ['no-such-class'] }, /allergies\.json: row \d+ \(penicillin\), means: there is no ingredient or class/],
  ['duplicates.json', 'rows', 1, { class: undefined }, /duplicates\.json: .*a class row must name its class/],
  ['doses.json', 'rows', 1, { timesAWeek: 1 }, /doses\.json: .*a row limits either the day or the week/],
  ['opioids.json', 'rows', 0, { from: undefined }, /opioids\.json: row 1 \(mme-50\), from: belongs to the kind mme/],
  ['monitoring.json', 'rows', 0, { labs: ['no-such-lab'] }, /monitoring\.json: row 1 \(warfarin-inr\), labs: there is no lab no-such-lab/],
];

describe('knowledge of orders', () => {
  for (const [file, list, row, fields, message] of faults) {
    it(`${file} › ${JSON.stringify(fields)} › ${message.source}`, async () => {
      await assert.rejects(loadBroken(file, list, row, fields), (error: unknown) => error instanceof StartError && message.test(error.message));
    });
  }

  it('as it is › loads › recalled rows stay recalled', () => {
    const rules = knowledge.checks.flatMap((check) => check.rules);
    assert.ok(rules.length > 500, `${rules.length}`);
    assert.ok(rules.some(({ verified }) => verified === 'recalled') && rules.some(({ verified }) => verified === 'read'));
  });
});
