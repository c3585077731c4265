/** The wall: what of a chart becomes a fact, and that nothing which names somebody does. Charts and people are invented. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { CriterionId, Judgement } from '../../src/types.js';
import { factsOf, note } from './chart.js';

const texts = (facts: ReturnType<typeof factsOf>): readonly string[] => facts.map((fact) => fact.text);

describe('person facts', () => {
  const ages: readonly (readonly [string | undefined, string | undefined])[] = [
    ['1971-03-14', 'age 55'],
    ['2025-03-15', 'age 12 months'],
    ['1936-03-14', 'age 90 or older'],
    ['1900', 'age 90 or older'],
    ['2030-01-01', undefined],
    ['last spring', undefined],
    [undefined, undefined],
  ];
  for (const [birthDate, expected] of ages) {
    it(`age › born ${birthDate} › ${expected}`, () => {
      assert.equal(factsOf([], { patient: { birthDate } }).find((fact) => fact.kind === 'age')?.text, expected);
    });
  }

  it('sex › male and female are facts › other and unknown are not', () => {
    assert.deepEqual(texts(factsOf([], { patient: { gender: 'female' } })), ['female']);
    assert.deepEqual(texts(factsOf([], { patient: { gender: 'unknown' } })), []);
  });
});

describe('coded facts', () => {
  it('no criterion asked for it › its words stay in the chart; free text is told, for a model may read it', () => {
    const coded = { resourceType: 'Condition', code: { coding: [{ system: 'http://snomed.info/sct', code: '1', display: 'Asthma' }] } };
    const told = factsOf([coded, { resourceType: 'Condition', code: { text: 'wheezing' } }], { judgement: { matches: [] } });
    assert.deepEqual(
      told.map(({ id, kind, text }) => [id, kind, text]),
      [
        ['f0', 'condition', ''],
        ['f1', 'condition', 'wheezing'],
      ],
    );
  });

  const snomed = (code: string, display: string) => ({ coding: [{ system: 'http://snomed.info/sct', code, display }] });
  const cases: readonly (readonly [string, object, string])[] = [
    [
      'a condition with its onset',
      { resourceType: 'Condition', code: snomed('73761001', 'Colonoscopy finding'), onsetDateTime: '2025-03-15' },
      'Colonoscopy finding, 12 months ago',
    ],
    [
      'a refuted condition says so',
      { resourceType: 'Condition', code: snomed('1', 'Asthma'), verificationStatus: { coding: [{ code: 'refuted' }] } },
      'Asthma (refuted)',
    ],
    [
      'a laboratory value with its flag',
      {
        resourceType: 'Observation',
        code: { text: 'Potassium' },
        valueQuantity: { value: 5.9, unit: 'mmol/L' },
        referenceRange: [{ high: { value: 5.1 } }],
      },
      'Potassium 5.9 mmol/L (high)',
    ],
    [
      'a unit that is a sentence is left out',
      { resourceType: 'Observation', code: { text: 'Weight' }, valueQuantity: { value: 80, unit: 'kg, says Ms. Poe; call her' } },
      'Weight 80',
    ],
    [
      'two components',
      {
        resourceType: 'Observation',
        code: { text: 'Blood pressure' },
        component: [
          { code: { text: 'systolic' }, valueQuantity: { value: 150, unit: 'mmHg' } },
          { code: { text: 'diastolic' }, valueQuantity: { value: 90, unit: 'mmHg' } },
        ],
      },
      'Blood pressure systolic 150 mmHg, diastolic 90 mmHg',
    ],
    ['an allergy', { resourceType: 'AllergyIntolerance', code: { text: 'Penicillin' } }, 'allergy: Penicillin'],
    [
      'a medicine by reference',
      { resourceType: 'MedicationRequest', medicationReference: { display: 'Warfarin 5 mg' }, status: 'stopped' },
      'Warfarin 5 mg (stopped)',
    ],
    ['a date in a display is months', { resourceType: 'Procedure', code: { text: 'Colonoscopy 2016-03-10' } }, 'Colonoscopy 10 years ago'],
  ];
  for (const [name, resource, expected] of cases) {
    it(`coded › ${name} › ${expected}`, () => assert.deepEqual(texts(factsOf([resource])), [expected]));
  }

  it('coded › ids of resources › are positions', () => {
    const [fact] = factsOf([{ resourceType: 'Condition', id: 'secret-77', code: { text: 'Asthma' } }]);
    assert.equal(fact?.id, 'f0');
    assert.ok(!JSON.stringify(fact).includes('secret-77'));
  });

  it('coded › nothing to score › nothing leaves the chart', () => {
    assert.deepEqual(factsOf([note('No fever.')], { judgement: { candidates: [] } as Partial<Judgement> }), []);
  });
});

/** No digits: numbers of many forms are taken for identifiers. */
const letters = (at: number): string => String.fromCharCode(97 + Math.floor(at / 26), 97 + (at % 26));

describe('sentences of notes', () => {
  it('sentences › date of the note › every date is relative to it', () => {
    const [fact] = factsOf([note('Colonoscopy in March was normal.', '2025-06-01')]);
    assert.deepEqual(fact?.ageMonths, { min: 11, max: 12 });
    assert.ok(!/march/i.test(fact?.text ?? ''));
  });

  it('sentences › undated note › "in March" stays undated', () => {
    const undated = { ...note('Colonoscopy in March was normal.'), date: undefined };
    assert.equal(factsOf([undated])[0]?.ageMonths, undefined);
  });

  it('sentences › more than can be told › those that the criteria ask about come first, then the newest; the rest are facts without words', () => {
    const lines = (word: string, many: number): string => Array.from({ length: many }, (_, at) => `${word} number ${letters(at)} here.`).join(' ');
    const old = note(`${lines('Old', 150)} Colonoscopy long ago.`, '2020-01-01');
    const recent = note(lines('New', 150), '2026-01-01');
    const criteria = [{ id: 'c' as CriterionId, text: 'had a colonoscopy' }];
    const all = factsOf([old, recent], { judgement: { criteria } });
    const told = texts(all).filter((text) => text !== '');
    assert.deepEqual([all.length, told.length], [301, 250]);
    assert.equal(told[0], 'Colonoscopy long ago.');
    assert.equal(told.filter((text) => text.startsWith('New')).length, 150);
    assert.ok(all.every(({ isFreeText }) => isFreeText));
  });

  it('sentences › one note copied 30 times › each sentence once, dated by the first', () => {
    const words = 'Mammogram last month was normal. No chest pain.';
    const copies = Array.from({ length: 30 }, (_, at) => ({ ...note(words, `2024-${String(1 + (at % 12)).padStart(2, '0')}-15`), id: `n${at}` }));
    const facts = factsOf(copies);
    assert.equal(facts.length, 2);
    assert.deepEqual(facts[0]?.ageMonths, { min: 26, max: 27 });
  });

  it('sentences › the same short words written anew › are dated by the newest', () => {
    const facts = factsOf([
      note('Cough.\nFlu shot today.\nNo rash.', '2023-10-01'),
      note('Ankle sprain.\nFlu shot today.\nIce and rest.', '2026-02-10'),
    ]);
    const shot = facts.filter(({ text }) => text.startsWith('Flu shot'));
    assert.deepEqual(
      shot.map(({ ageMonths }) => ageMonths),
      [{ min: 1, max: 1 }],
    );
  });

  it('sentences › in another language, whole or one among English ones › are facts without words', () => {
    const spanish = 'Paciente refiere que nunca se ha hecho una colonoscopia. Niega dolor en el pecho.';
    assert.deepEqual(texts(factsOf([note(spanish)])), ['', '']);
    assert.deepEqual(texts(factsOf([note('Has no pain.\nLa paciente refiere que su colonoscopia fue normal.\nSeen with her daughter.')])), [
      'Has no pain.',
      '',
      'Seen with her daughter.',
    ]);
    assert.deepEqual(texts(factsOf([note('患者は大腸内視鏡検査を受けた。Colonoscopy.')])), ['']);
  });

  it('sentences › at an age › are placed by the birth date', () => {
    const facts = factsOf([note('First colonoscopy at age 50.')], { patient: { birthDate: '1970-01-01' } });
    assert.deepEqual(facts.find(({ kind }) => kind === 'note')?.ageMonths, { min: 62, max: 74 });
    assert.equal(factsOf([note('First colonoscopy at age 50.')])[0]?.ageMonths, undefined);
  });
});

describe('planted identifiers', () => {
  const letters = [...'bcdfghklmnprstvz'];
  const vowels = [...'aeiou'];
  const syllable = fc.tuple(fc.constantFrom(...letters), fc.constantFrom(...vowels)).map((pair) => pair.join(''));
  // Four syllables and a rare ending: no English word, so that a hit is a leak and nothing else.
  const surname = fc.array(syllable, { minLength: 4, maxLength: 5 }).map((parts) => `${parts[0]?.[0]?.toUpperCase()}${parts.join('').slice(1)}xq`);
  const person = fc.record({
    given: surname,
    family: surname,
    mrn: fc.integer({ min: 1_000_000, max: 9_999_999 }).map(String),
    phone: fc.integer({ min: 1000, max: 9999 }).map((number) => `617-555-${number}`),
    mail: surname.map((name) => `${name.toLowerCase()}@plants.example`),
    street: fc.tuple(fc.integer({ min: 1, max: 9999 }), surname).map(([number, name]) => `${number} ${name} Lane`),
    city: surname,
  });
  const frames: readonly ((who: string) => string)[] = [
    (who) => `Spoke with ${who} today about screening.`,
    (who) => `${who}: no colonoscopy.`,
    (who) => `Plan: call ${who.toLowerCase()}`,
    (who) => `PT ${who.toUpperCase()} DENIES FEVER`,
    (who) => `(${who})`,
  ];

  it('planted › whatever the chart knows of a patient, in any string › none of it is in a fact', () => {
    fc.assert(
      fc.property(person, fc.constantFrom(...frames), (planted, frame) => {
        const patient = {
          name: [{ family: planted.family, given: [planted.given] }],
          identifier: [{ system: 'urn:mrn', value: planted.mrn }],
          telecom: [{ value: planted.phone }, { value: planted.mail }],
          address: [{ line: [planted.street], city: planted.city }],
        };
        const values = Object.values(planted);
        const all = `${planted.given} ${planted.family}, ${values.slice(2).join(', ')}`;
        const resources = [
          note([...values.map(frame), frame(all)].join('\n')),
          { resourceType: 'Condition', code: { text: frame(all) }, note: [{ text: frame(all) }] },
          { resourceType: 'Observation', code: { text: 'Remark' }, valueString: frame(all) },
          { resourceType: 'AllergyIntolerance', code: { coding: [{ system: 'urn:local', code: planted.mrn, display: all }] } },
        ];
        const seen = JSON.stringify(factsOf(resources, { patient })).toLowerCase();
        for (const value of values) assert.ok(!seen.includes(value.toLowerCase()), `${value} in ${seen}`);
      }),
      { numRuns: 150 },
    );
  });
});
