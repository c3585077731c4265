/** Daily doses from directions: words, FHIR fields, strengths in names. What is not said is undefined, never a guess. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readDailyDose } from '../../../src/judge/doses/daily-dose.js';
import { readDoseText } from '../../../src/judge/doses/dose-text.js';

const product = (words: string, names: readonly string[], others: readonly (readonly string[])[] = [], weightKg?: number) => ({
  words,
  names,
  others,
  weightKg,
});
const tablet = product('acetaminophen 325 MG Oral Tablet', ['acetaminophen']);
const combination = product('hydrocodone bitartrate 5 MG / acetaminophen 325 MG Oral Tablet', ['acetaminophen'], [['hydrocodone']]);

describe('daily dose', () => {
  /** Directions, mg a day from and to; undefined where they do not say. */
  const sigs: readonly (readonly [string, readonly [number, number] | undefined])[] = [
    ['1 tab bid', [650, 650]],
    ['1-2 tabs q4-6h prn', [1300, 3900]],
    ['1 to 2 tablets every 4 to 6 hours as needed for pain', [1300, 3900]],
    ['take 2 tablets by mouth every 6 hours', [2600, 2600]],
    ['500 mg po tid', [1500, 1500]],
    ['Take one tablet by mouth twice daily', [650, 650]],
    ['two (2) tablets every 4 hours, max 8 tablets per day', [2600, 2600]],
    ['2 tabs q4h, do not exceed 3 g in 24 hours', [3000, 3000]],
    ['1/2 tab daily', [162.5, 162.5]],
    ['½ tablet twice a day', [325, 325]],
    ['one and a half tablets daily', [487.5, 487.5]],
    ['Take 1,000 mg three times a day', [3000, 3000]],
    ['2 caps qhs', [650, 650]],
    ['1 tablet every other day', [162.5, 162.5]],
    ['1 tablet once a week', [325 / 7, 325 / 7]],
    ['1 tablet 3 times a week', [(325 * 3) / 7, (325 * 3) / 7]],
    ['1 tablet q8h', [975, 975]],
    ['1 tablet in the morning', [325, 325]],
    ['as directed', undefined],
    ['1 tablet', undefined],
    ['twice daily', undefined],
    ['15 mL q4h', undefined],
    ['', undefined],
    ['1 blorp bid', undefined],
  ];
  for (const [text, expected] of sigs) {
    it(`directions › "${text}" › ${expected === undefined ? 'not said' : expected.join(' to ')}`, () => {
      const dose = readDailyDose({ dosageInstruction: [{ text }] }, tablet, 'mg');
      assert.deepEqual(
        dose === undefined ? undefined : [dose.low, dose.high].map((one) => Math.round(one * 1e6) / 1e6),
        expected?.map((one) => Math.round(one * 1e6) / 1e6),
      );
    });
  }

  const repeat = (more: object): object => ({ timing: { repeat: more }, doseAndRate: [{ doseQuantity: { value: 1, unit: 'tablet' } }] });
  const timings: readonly (readonly [string, object, number | undefined])[] = [
    ['every 6 hours', repeat({ frequency: 1, period: 6, periodUnit: 'h' }), 4],
    ['1 to 3 times a day', repeat({ frequency: 1, frequencyMax: 3, period: 1, periodUnit: 'd' }), 3],
    ['every 4 to 6 hours', repeat({ frequency: 1, period: 4, periodMax: 6, periodUnit: 'h' }), 6],
    ['at 08:00 and 20:00', repeat({ timeOfDay: ['08:00:00', '20:00:00'] }), 2],
    ['with meals', repeat({ when: ['CM', 'CD', 'CV'] }), 3],
    ['on Mondays', repeat({ dayOfWeek: ['mon'], frequency: 1, period: 1, periodUnit: 'd' }), 1 / 7],
    ['once a week on Mondays', repeat({ dayOfWeek: ['mon'], frequency: 1, period: 1, periodUnit: 'wk' }), 1 / 7],
    ['code BID', { timing: { code: { coding: [{ code: 'BID' }] } }, doseAndRate: [{ doseQuantity: { value: 1, unit: 'tablet' } }] }, 2],
    ['a frequency without a period', repeat({ frequency: 3 }), undefined],
    ['a period of zero', repeat({ frequency: 1, period: 0, periodUnit: 'd' }), undefined],
    ['no timing', { doseAndRate: [{ doseQuantity: { value: 1, unit: 'tablet' } }] }, undefined],
  ];
  for (const [name, instruction, times] of timings) {
    it(`timing › ${name} › ${times ?? 'not said'}`, () => {
      assert.equal(readDailyDose({ dosageInstruction: [instruction] }, tablet, 'mg')?.timesADay, times);
    });
  }

  it('strength › a combination › its own part counts', () => {
    assert.equal(readDailyDose({ dosageInstruction: [{ text: '1 tab q6h' }] }, combination, 'mg')?.high, 1300);
  });

  /** What the order calls it, whose numbers a brand writes in an order of its own, mg of acetaminophen and of the opioid in a tablet. */
  const numbered: readonly (readonly [string, boolean, number | undefined, number | undefined])[] = [
    ['hydrocodone-acetaminophen 5-325 mg tablet', false, 325, 5],
    ['hydrocodone/acetaminophen 10/325', false, 325, 10],
    ['acetaminophen-hydrocodone 325 mg-7.5 mg', false, 325, 7.5],
    ['norco 10/325', true, 325, 10],
    ['norco', true, undefined, undefined],
    ['norco 10 mg', true, undefined, undefined],
    ['norco 10/325 on 05/11/2026', true, 325, 10],
  ];
  for (const [words, isBrand, own, opioid] of numbered) {
    it(`strength › "${words}" › ${own ?? 'not said'} and ${opioid ?? 'not said'}`, () => {
      const names = { own: ['acetaminophen'], opioid: ['hydrocodone'] };
      const written = (at: number) => (isBrand ? { written: { at, count: 2, fixedMg: undefined } } : {});
      const dosage = { dosageInstruction: [{ text: '1 tab daily' }] };
      assert.equal(readDailyDose(dosage, { ...product(words, names.own, [names.opioid]), ...written(1) }, 'mg')?.high, own);
      assert.equal(readDailyDose(dosage, { ...product(words, names.opioid, [names.own]), ...written(0) }, 'mg')?.high, opioid);
    });
  }

  it('strength › "5 mg" of a combination › is not said of which', () => {
    assert.equal(readDailyDose({ dosageInstruction: [{ text: '5 mg bid' }] }, combination, 'mg'), undefined);
  });

  it('strength › a liquid › volume times concentration', () => {
    const liquid = product('Acetaminophen 21.7 MG/ML / Dextromethorphan 1 MG/ML Oral Solution', ['acetaminophen'], [['dextromethorphan']]);
    assert.equal(readDailyDose({ dosageInstruction: [{ text: '2 teaspoons every 6 hours' }] }, liquid, 'mg')?.high, 868);
  });

  it('strength › a patch that releases 50 µg an hour › 1200 µg a day, however often it is changed', () => {
    const patch = product('72 HR fentanyl 0.05 MG/HR Transdermal System', ['fentanyl']);
    const dose = readDailyDose({ dosageInstruction: [{ text: '1 patch every 72 hours' }] }, patch, 'ug');
    assert.equal(Math.round(dose?.high ?? 0), 1200);
  });

  it('weight › 15 mg/kg twice a day at 20 kg › 600 mg; without a weight, unknown', () => {
    const instruction = {
      timing: { repeat: { frequency: 2, period: 1, periodUnit: 'd' } },
      doseAndRate: [{ doseQuantity: { value: 15, unit: 'mg/kg', code: 'mg/kg' } }],
    };
    assert.equal(readDailyDose({ dosageInstruction: [instruction] }, product('acetaminophen liquid', ['acetaminophen'], [], 20), 'mg')?.high, 600);
    assert.equal(readDailyDose({ dosageInstruction: [instruction] }, product('acetaminophen liquid', ['acetaminophen']), 'mg'), undefined);
  });

  it('taper › steps in sequence › the highest, not the sum', () => {
    const steps = [
      { sequence: 1, text: '40 mg daily for 5 days' },
      { sequence: 2, text: '20 mg daily for 5 days' },
    ];
    assert.equal(readDailyDose({ dosageInstruction: steps }, product('prednisone 20 mg', ['prednisone']), 'mg')?.high, 40);
  });

  it('two instructions › beside each other › the sum', () => {
    const steps = [{ text: '10 mg in the morning' }, { text: '5 mg at bedtime' }];
    assert.equal(readDailyDose({ dosageInstruction: steps }, product('x 5 mg', ['x']), 'mg')?.high, 15);
  });

  it('name of the drug › holds the directions › they are read', () => {
    assert.equal(readDailyDose({}, product('coumadin 5 mg po qd', ['warfarin', 'coumadin']), 'mg')?.high, 5);
  });

  it('quantity in a unit that nobody knows › words beside it › do not overrule it', () => {
    const instruction = { text: '1 tablet daily', doseAndRate: [{ doseQuantity: { value: 5, unit: 'blorp', code: 'blorp' } }] };
    assert.equal(readDailyDose({ dosageInstruction: [instruction] }, tablet, 'mg'), undefined);
  });

  it('property › anything as directions › never throws, never below zero, low never above high', () => {
    fc.assert(
      fc.property(fc.string(), fc.anything(), (text, anything) => {
        const dose = readDailyDose({ dosageInstruction: [{ text, timing: anything, doseAndRate: anything }] }, tablet, 'mg');
        assert.ok(dose === undefined || (dose.low >= 0 && dose.low <= dose.high));
      }),
      { numRuns: 300 },
    );
  });

  it('as needed › prn in words › is read', () => {
    assert.equal(readDoseText('1 tab q6h prn pain').isAsNeeded, true);
    assert.equal(readDoseText('1 tab q6h').isAsNeeded, false);
  });
});
