/** Who is this drug? Lines as EHRs and people write them, with the ingredients that they stand for; and what must not be guessed. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { Recognise, Recognition } from '../../../src/judge/drugs/recognise.js';
import { distanceBetween, normaliseName, skeletonOf } from '../../../src/judge/drugs/spelling.js';
import { loadKnowledge } from '../../../src/judge/knowledge.js';

let recognise: Recognise;
before(async () => {
  const { orders } = await loadKnowledge('cards');
  const [knowledge] = orders.values();
  assert.ok(knowledge !== undefined);
  recognise = knowledge.recognise;
});

const read = (text: string): Recognition => recognise({ rxnorm: [], texts: [text] });
const ids = (found: Recognition): string =>
  found.ingredients
    .map(({ id }) => id)
    .sort()
    .join(' ');

describe('recognise', () => {
  /** Text, ingredients, how. */
  const lines: readonly (readonly [string, string, Recognition['how']])[] = [
    ['Coumadin 5 mg po qd', 'warfarin', 'name'],
    ['ASA 81', 'aspirin', 'name'],
    ['bactrim ds', 'sulfamethoxazole trimethoprim', 'name'],
    ['TMP/SMX 800-160', 'sulfamethoxazole trimethoprim', 'name'],
    ['Tylenol #3', 'acetaminophen codeine', 'name'],
    ['tylenol 3 tablets', 'acetaminophen', 'name'],
    ['paracetamol 500mg', 'acetaminophen', 'name'],
    ['Frusemide 40mg OM', 'furosemide', 'name'],
    ['Metoprololsuccinat 47,5 mg', 'metoprolol', 'spelling'],
    ['Amoxicillin/Clavulansäure 875/125', 'amoxicillin clavulanate', 'spelling'],
    ['Levothyroxin-Natrium 75', 'levothyroxine', 'spelling'],
    ['omeprazol 20mg Kapseln', 'omeprazole', 'spelling'],
    ['Kaliumchlorid retard', 'potassium-chloride', 'name'],
    ['sulphasalazine EN 500mg', 'sulfasalazine', 'spelling'],
    ['cefalexin', 'cephalexin', 'name'],
    ['amlodipine 5 MG / hydrochlorothiazide 25 MG / olmesartan medoxomil 40 MG Oral Tablet', 'amlodipine hydrochlorothiazide olmesartan', 'name'],
    ['24 HR metoprolol succinate 100 MG Extended Release Oral Tablet [Toprol]', 'metoprolol', 'name'],
    ['insulin glargine 100 u/ml pen', 'insulin-glargine', 'name'],
    ['penicillin V potassium 500 mg', 'penicillin-v', 'name'],
    ['potassium chloride 20 mEq', 'potassium-chloride', 'name'],
    ['isosorbide mononitrate ER 30', 'isosorbide-mononitrate', 'name'],
    ['warfrin 5', 'warfarin', 'similar'],
    ['metropolol 25', 'metoprolol', 'similar'],
    ['Ibuprofin', 'ibuprofen', 'similar'],
    // Look-alikes that are on lists of confused names: each is itself.
    ['hydralazine 25', 'hydralazine', 'name'],
    ['hydroxyzine 25', 'hydroxyzine', 'name'],
    ['clonidine', 'clonidine', 'name'],
    ['klonopin', 'clonazepam', 'name'],
    ['Celebrex', 'celecoxib', 'name'],
    ['Celexa', 'citalopram', 'name'],
    ['chlorpromazine', 'chlorpromazine', 'name'],
    ['chlorpropamide', 'chlorpropamide', 'name'],
    ['prednisone', 'prednisone', 'name'],
    ['prednisolone', 'prednisolone', 'name'],
    ['tramadol', 'tramadol', 'name'],
    ['trazodone', 'trazodone', 'name'],
  ];
  for (const [text, expected, how] of lines) {
    it(`text › ${text} › ${expected}, by ${how}`, () => {
      const found = read(text);
      assert.equal(ids(found), expected);
      assert.equal(found.how, how);
    });
  }

  const unknown = [
    'hydroxazine',
    'banana',
    'per protocol',
    '',
    'see med list',
    'study drug or placebo',
    'vitamin',
    '500 mg',
    'warfarinoid',
    'Mr. Walter',
  ];
  for (const text of unknown) {
    it(`text › ${text || '(empty)'} › not recognised, never guessed`, () => {
      assert.equal(read(text).how, 'not-recognised');
      assert.equal(ids(read(text)), '');
    });
  }

  it('text › two drugs equally near › says both and takes none', () => {
    assert.deepEqual([...read('hydroxazine').near].sort(), ['hydralazine', 'hydroxyzine']);
  });

  const routes: readonly (readonly [string, Recognition['route']])[] = [
    ['hydrocortisone 1% cream', 'topical'],
    ['timolol ophthalmic solution', 'ophthalmic'],
    ['fluticasone/salmeterol diskus', 'inhaled'],
    ['fluticasone nasal spray', 'nasal'],
    ['warfarin 5 mg oral tablet', 'systemic'],
    ['warfarin', 'unknown'],
  ];
  for (const [text, route] of routes) it(`route › ${text} › ${route}`, () => assert.equal(read(text).route, route));

  it('code › a product, no words › its ingredient; an unknown code with words › by the words', () => {
    assert.equal(ids(recognise({ rxnorm: ['855332'], texts: [] })), 'warfarin');
    assert.equal(ids(recognise({ rxnorm: ['999999999'], texts: ['', 'Coumadin'] })), 'warfarin');
    assert.equal(recognise({ rxnorm: ['999999999'], texts: [] }).how, 'not-recognised');
  });

  it('code › a code of one drug, words of another › both, and it is said', () => {
    const found = recognise({ rxnorm: ['855332'], texts: ['aspirin 81 mg'] });
    assert.equal(ids(found), 'aspirin warfarin');
    assert.equal(found.isContradictory, true);
    assert.equal(recognise({ rxnorm: ['855332'], texts: ['Warfarin Sodium 5 MG Oral Tablet'] }).isContradictory, undefined);
    assert.equal(recognise({ rxnorm: ['855332'], texts: ['blood thinner'] }).isContradictory, undefined);
  });

  it('text › a slip that lies between two drugs › is neither', () => {
    assert.equal(ids(read('prednisoone')), '');
  });
});

describe('spelling', () => {
  it('distance › letters changed, left out, put in, swapped › counted up to the limit', () => {
    for (const [a, b, distance] of [
      ['warfarin', 'warfrin', 1],
      ['warfarin', 'wrafarin', 1],
      ['warfarin', 'warfarin', 0],
      ['celexa', 'cerefex', 3],
      ['abc', 'abcdefgh', 3],
    ] as const)
      assert.equal(distanceBetween(a, b, 2), Math.min(distance, 3), `${a} ${b}`);
  });

  it('skeleton › British, German and American spelling › are one', () => {
    for (const [a, b] of [
      ['cephalexin', 'cefalexin'],
      ['amoxycillin', 'amoxicillin'],
      ['sulphasalazine', 'sulfasalazin'],
      ['cyclosporine', 'ciclosporin'],
      ['levothyroxine', 'levothyroxin'],
    ] as const)
      assert.equal(skeletonOf(a), skeletonOf(b));
  });

  it('normal form › marks, accents, joined ingredients › are plain words', () => {
    assert.equal(normaliseName('Säure-X® (5mg) + Ünit'), 'saeure x 5mg / uenit');
  });
});
