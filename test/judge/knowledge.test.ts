/** The knowledge of `cards/` loads whole, and broken copies of it are refused by file, row and field. */
import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { StartError } from '../../src/errors.js';
import { loadKnowledge } from '../../src/judge/knowledge.js';

type Json = Record<string, unknown>;
let folder: string;
const colorectal = 'care-gaps/rules/colorectal.json';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whycard-cards-'));
});
after(() => rm(folder, { recursive: true, force: true }));

/** A copy of `cards/` in which one file is changed. */
async function broken(file: string, change: (content: Json) => unknown): Promise<string> {
  const copy = join(folder, String(Math.random()).slice(2));
  await cp('cards', copy, { recursive: true });
  const path = join(copy, file);
  const changed = change(JSON.parse(await readFile(path, 'utf8')) as Json);
  await writeFile(path, typeof changed === 'string' ? changed : JSON.stringify(changed));
  return copy;
}

const rowOf = (content: Json, list: string, at = 0): Json => (content[list] as Json[])[at] ?? {};
const edit = (list: string, at: number, fields: Json) => (content: Json) => {
  Object.assign(rowOf(content, list, at), fields);
  return content;
};

describe('knowledge', () => {
  it('cards › as they are › gaps and order rules, each with source, verified, reviewed', async () => {
    const { rules, services } = await loadKnowledge('cards');
    assert.deepEqual(services.map(({ id }) => id).sort(), ['care-gaps', 'order-safety', 'order-safety-draft']);
    assert.ok(rules.filter(({ service }) => service === 'care-gaps').length >= 3);
    assert.ok(rules.filter(({ service }) => service === 'order-safety').length >= 10);
    for (const rule of rules) {
      assert.ok(rule.source.length > 20, rule.id);
      assert.match(rule.reviewed, /^\d{4}-\d{2}-\d{2}$/);
      assert.ok(rule.verified === 'read' || rule.indicator === 'info', `${rule.id}: a recalled row is information at most`);
    }
  });

  const faults: readonly (readonly [string, string, (content: Json) => unknown, RegExp])[] = [
    ['not JSON', 'care-gaps/rules/breast.json', () => '{', /^rules\/breast\.json is not JSON$/],
    ['a row without a source', colorectal, edit('gaps', 0, { source: undefined }), /colorectal\.json: gaps, row 1, source/],
    ['a row that is neither read nor recalled', colorectal, edit('gaps', 0, { verified: 'guessed' }), /gaps, row 1, verified/],
    ['a row without a date', 'order-safety/interactions.json', edit('rows', 3, { reviewed: 'lately' }), /rows, row 4, reviewed/],
    ['a summary of 140 characters', colorectal, edit('gaps', 0, { summary: 'x'.repeat(140) }), /gaps, row 1, summary/],
    ['a field that nobody reads', colorectal, edit('gaps', 0, { colour: 'red' }), /gaps, row 1/],
    ['a criterion that is not there', colorectal, edit('gaps', 0, { requires: ['is-tall'] }), /row 1 \(colorectal-cancer-screening\).*is-tall/],
    ['a criterion twice in a tree', colorectal, edit('gaps', 0, { exempt: ['had-colonoscopy'] }), /row 1 .*twice/],
    ['an id twice', 'care-gaps/rules/breast.json', edit('gaps', 0, { id: 'colorectal-cancer-screening' }), /row 1 .*id.*twice/],
    ['an override reason that is not there', colorectal, edit('gaps', 0, { overrideReasons: ['because'] }), /overrideReasons.*because/],
    [
      'a value set that is not there',
      colorectal,
      edit('criteria', 2, { definition: { kind: 'event', lists: ['procedures'], valueSets: ['nothing'] } }),
      /had-colonoscopy.*nothing/,
    ],
    ['a window of no months', colorectal, edit('criteria', 2, { withinMonths: 0 }), /criteria, row 3, withinMonths/],
    [
      'a criterion that is made of itself',
      colorectal,
      edit('criteria', 2, { definition: { kind: 'any', of: ['had-colonoscopy'] } }),
      /colorectal\.json, criteria: row 3 \(had-colonoscopy\).*made of itself/,
    ],
    ['a window that is none', colorectal, edit('criteria', 2, { window: 'lately' }), /criteria, row 3, window must be a window/],
    ['a definition of no kind', colorectal, edit('criteria', 2, { definition: { kind: 'guess' } }), /criteria, row 3, definition, kind/],
    [
      'a part of a definition with a fault in it',
      colorectal,
      edit('criteria', 2, { definition: { kind: 'any', of: [{ kind: 'event', lists: ['nowhere'], valueSets: ['colonoscopy'] }] } }),
      /criteria, row 3, definition, of, row 1, lists, row 1/,
    ],
    [
      'too many criteria for an exact explanation',
      colorectal,
      (content) => edit('gaps', 0, { exempt: [...Array(9).keys()].map((at) => rowOf(content, 'criteria', at)['id']) })(content),
      /row 1 \(colorectal-cancer-screening\)/,
    ],
    ['a tree over nothing', colorectal, edit('gaps', 0, { requires: [{ all: [] }] }), /gaps, row 1, requires, row 1/],
    ['an ingredient that is not there', 'order-safety/interactions.json', edit('rows', 0, { b: ['gold'] }), /row 1 \(warfarin-nsaid\).*gold/],
    ['an ingredient with itself', 'order-safety/interactions.json', edit('rows', 0, { b: ['warfarin'] }), /itself/],
    ['words that make a summary too long', 'order-safety/interactions.json', edit('rows', 0, { risk: 'x'.repeat(120) }), /row 1 .*risk.*at most 139/],
    [
      'an alternative that no table knows',
      'order-safety/alternatives.json',
      edit('alternatives', 0, { ingredient: 'gold' }),
      /alternatives\.json: .*gold/,
    ],
    [
      'a class that holds what is not there',
      'order-safety/classes/patient.json',
      edit('classes', 0, { members: ['gold'] }),
      /patient\.json: .*members.*gold/,
    ],
    [
      'a pair of what is not there',
      'order-safety/pairs.json',
      edit('rows', 0, { pairs: { warfarin: 'gold' } }),
      /row 1 \(onc-high-priority\), pairs.*gold/,
    ],
    [
      'a name that stands for two drugs',
      'order-safety/drugs/names.json',
      (content) => {
        Object.assign(rowOf(content, 'drugs', 0), { names: ['coumadin'] });
        return content;
      },
      /names\.json: coumadin stands for/,
    ],
    ['a lab without bounds', 'order-safety/labs.json', edit('labs', 0, { plausible: undefined }), /labs, row 1, plausible/],
    ['a service that is not its folder', 'order-safety/service.json', (content) => ({ ...content, id: 'other' }), /service\.json: id/],
    ['a service that does not ask for the patient', 'order-safety/service.json', (content) => ({ ...content, prefetch: { notes: 'x' } }), /prefetch/],
    ['a service without knowledge', 'order-safety/service.json', (content) => ({ ...content, knowledge: 'order-safety-draft' }), /no knowledge/],
  ];
  for (const [name, file, change, message] of faults) {
    it(`cards › ${name} › the start is refused by file, row and field`, async () => {
      const copy = await broken(file, change);
      await assert.rejects(
        loadKnowledge(copy),
        (error: unknown) =>
          (error instanceof StartError && message.test(error.message) && !error.message.includes('\n')) || assert.fail(String(error)),
      );
    });
  }

  it('cards › a recalled critical row › gives information at most', async () => {
    const copy = await broken('order-safety/interactions.json', edit('rows', 1, { verified: 'recalled' }));
    const { rules } = await loadKnowledge(copy);
    assert.equal(rules.find(({ id }) => id === 'statin-clarithromycin')?.indicator, 'info');
  });
});
