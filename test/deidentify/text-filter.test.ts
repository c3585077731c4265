/** The text filter by cases: what goes, what must stay because it is the clinical meaning. All names and numbers are invented. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type KnownIdentifiers, nothingKnown } from '../../src/deidentify/known-identifiers.js';
import { deidentifyLine } from '../../src/deidentify/line.js';
import { createTextFilter, normalise } from '../../src/deidentify/text-filter.js';

const blind = createTextFilter(nothingKnown);
const known: KnownIdentifiers = {
  names: new Set(['Quillfeather', 'José', "O'Dowd", 'Li', 'May', 'Ng-Brown']),
  numbers: new Set(['MX-7731', 'K1234']),
  contacts: new Set(['5550100']),
  places: new Set(['12 Wren Hollow', 'Brackwater']),
};
const informed = createTextFilter(known);

describe('text filter, patterns', () => {
  const goes: readonly (readonly [string, string])[] = [
    ['mail jane.poe+x@mail.example.org today', 'mail [contact] today'],
    ['see https://portal.example.org/p/123?x=1 for it', 'see [contact] for it'],
    ['see www.example.org', 'see [contact]'],
    ['on example-clinic.com', 'on [contact]'],
    ['from 10.218.6.131', 'from [contact]'],
    ['from 4f8a:c99e:dc86:faf9:5988:5f63:375e:8a2a', 'from [contact]'],
    ['call 617-555-0142', 'call [contact]'],
    ['call (617) 555-0142 x12', 'call [contact]'],
    ['call (978)645-9740x111', 'call [contact]'],
    ['call +44 20 7946 0958', 'call [contact]'],
    ['call 07700 063 966', 'call [contact]'],
    ['phone: 785 8949', 'phone: [contact]'],
    ['call 555-0142', 'call [contact]'],
    ['SSN 308-63-0237', 'SSN [number]'],
    ['MRN: 48213', 'MRN: [number]'],
    ['MRN A-4821', 'MRN [number]'],
    ['medical record number 99812', 'medical record number [number]'],
    ['patient id #7712', 'patient id #[number]'],
    ['card 5210 4024 0559 1275', 'card [number]'],
    ['id 84512309', 'id [number]'],
    ['GB69PMNJ18913943430745', '[number]'],
    ['seen 2019-03-12', 'seen [date]'],
    ['seen 3/12/2019', 'seen [date]'],
    ['seen 12.03.19', 'seen [date]'],
    ['seen on 5/19', 'seen on [date]'],
    ['on March 3rd, 2019', 'on [date]'],
    ['on 3rd of March', 'on [date]'],
    ['in March 2019', 'in [date]'],
    ['at 12 Elm Street', 'at [place]'],
    ['at 12 Elm st, Apt 4', 'at [place], [place]'],
    ['at 4589 40th Street Suite 603', 'at [place]'],
    ['Springfield, IL 62704', '[place]'],
    ['P.O. Box 12', '[place]'],
    ['lives in Brackwater', 'lives in [place]'],
    ['was seen at Brackwater General Hospital', 'was seen at [place]'],
    ['works for Wren Hollow Ltd.', 'works for [place]'],
    ['Dr. Quillfeather agrees', 'Dr. [name] agrees'],
    ['seen by dr. quillfeather', 'seen by dr. [name]'],
    ['Mrs Poe', 'Mrs [name]'],
    ['Attending: Jane Q Poe', 'Attending: [name]'],
    ['his wife Odalys', 'his wife [name]'],
    ['My name is Odalys Poe', 'My name is [name]'],
    ['Odalys Poe is a 50-year-old woman', '[name] is a 50-year-old woman'],
    ['signed, Odalys Poe, MD', 'signed, [name], MD'],
    ['I told Jennifer to rest', 'I told [name] to rest'],
    ['Jennifer Poe came', '[name] came'],
    ['a 93-year-old', 'a 90 or older-year-old'],
    ['93 y/o man', '90 or older y/o man'],
    ['aged 101', 'aged 90 or older'],
    ['ninety-two years old', '90 or older years old'],
  ];
  for (const [text, expected] of goes) {
    it(`filter › ${text} › ${expected}`, () => assert.equal(blind(text).text, expected));
  }

  const stays: readonly string[] = [
    'BP 120/80, pulse 72, sat 98 %, temp 98.6',
    'pain 4-5/10 in the left knee',
    'metformin 500 mg twice daily, 1000 mg at night',
    'Patient is a 50-year-old woman with hypertension.',
    'She denies chest pain. Mother: CAD. Father had diabetes.',
    'hemoglobin A1c 9.8 %, LDL 142 mg/dL, platelets 250,000',
    'Crohn disease, Parkinson disease, Hodgkin lymphoma',
    'may 10 mg be given',
    'L4-L5 disc, C5-6 fusion, T2 lesion of 2.5 cm',
    'Follow up with Cardiology in 2 weeks.',
    'aged 89, 5 years after surgery',
    'ECG 62 bpm, QTc 440 ms',
    'a 1-2 day history',
    'never had a colonoscopy',
  ];
  for (const text of stays) {
    it(`filter › ${text} › leaves it`, () => assert.equal(blind(text).text, text));
  }

  it('spans › stand where the identifier was, in order, none over another', () => {
    const text = 'Dr. Quillfeather, 12 Elm Street, call 617-555-0142';
    const { spans } = blind(text);
    assert.deepEqual(
      spans.map(({ start, end, kind }) => [text.slice(start, end), kind]),
      [
        ['Quillfeather', 'name'],
        ['12 Elm Street', 'place'],
        ['617-555-0142', 'contact'],
      ],
    );
  });

  it('filter › twice over the same text › changes nothing more', () => {
    const once = blind('Dr. Poe, 617-555-0142, 93 years old, on 3/12/2019').text;
    assert.equal(blind(once).text, once);
  });
});

describe('text filter, what the chart says', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['Quillfeather came', '[name] came'],
    ['QUILLFEATHER and quillfeather', '[name] and [name]'],
    ["Quillfeather's knee", "[name]'s knee"],
    ['Jose and José', '[name] and [name]'],
    ['O’Dowd, ODowd', '[name], [name]'],
    ['Mr. Li said so; the list of liver enzymes', 'Mr. [name] said so; the list of liver enzymes'],
    ['May came; it may rain', '[name] came; it may rain'],
    ['MAY came', '[name] came'],
    ['Quill\u00adfeath\u200ber', '[name]'],
    ['Ｑｕｉｌｌｆｅａｔｈｅｒ', '[name]'],
    ['Quillfeathers', 'Quillfeathers'],
    ['id MX-7731 and k1234', 'id [number] and [number]'],
    ['5550100', '[contact]'],
    ['in Brackwater', 'in [place]'],
    ['at 12 wren   hollow', 'at [place]'],
    // A known part must not leave the rest of what it stands in.
    ['write quillfeather.x@mail.example.org', 'write [contact]'],
    ['at 7 Brackwater Street', 'at [place]'],
  ];
  for (const [text, expected] of cases) {
    it(`known › ${JSON.stringify(text)} › ${expected}`, () => assert.equal(informed(text).text, expected));
  }

  it('normalise › control characters › are blanks; line ends and tabs stay', () => {
    assert.equal(normalise('a\u0000b\u009bc\td\ne'), 'a b c\td\ne');
  });

  it('line › with a date and a name › months first, then the filter', () => {
    const { text } = deidentifyLine('Dr. Poe did a colonoscopy on 3/12/2019.', new Date('2026-03-15T12:00:00Z'));
    assert.equal(text, 'Dr. [name] did a colonoscopy 7 years ago.');
  });

  it('filter › a very long line of capitals, digits and dots › answers at once', () => {
    const started = performance.now();
    for (const unit of ['Aa ', '1 ', '1.', 'a-', 'A.', '(1) ', 'x@', '12 Elm ']) blind(unit.repeat(4000));
    assert.ok(performance.now() - started < 4000);
  });
});
