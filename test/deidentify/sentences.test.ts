/** Notes become statements, each with its heading, none cut inside a word. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { annotationTexts, noteTexts } from '../../src/deidentify/notes.js';
import { splitSentences } from '../../src/deidentify/sentences.js';
import { shorten } from '../../src/deidentify/shorten.js';
import { note } from './chart.js';

describe('sentences', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['two sentences', 'No fever. Cough for a week.', ['No fever.', 'Cough for a week.']],
    ['abbreviations', 'Seen by Dr. Poe vs. plan. Next.', ['Seen by Dr. Poe vs. plan.', 'Next.']],
    ['initials', 'J. Poe came. Well.', ['J. Poe came.', 'Well.']],
    ['decimals', 'A1c 9.8 today. Fine.', ['A1c 9.8 today.', 'Fine.']],
    ['a heading on its line', 'Plan: colonoscopy. Statin.', ['Plan: colonoscopy.', 'Plan: Statin.']],
    ['a heading above', 'Family history:\nmother had colon cancer', ['Family history: mother had colon cancer']],
    ['a heading ends with a blank line', 'Plan:\nstatin\n\nno fever', ['Plan: statin', 'no fever']],
    ['a heading and a blank line before its text', 'FAMILY HISTORY:\n\nmother had colon cancer', ['FAMILY HISTORY: mother had colon cancer']],
    ['a heading in capitals alone', 'FAMILY HISTORY\nmother had colon cancer\n\nno fever', ['Family history: mother had colon cancer', 'no fever']],
    ['a label', 'Colonoscopy: never\nhad appendectomy', ['Colonoscopy: never', 'had appendectomy']],
    ['a label, then another sentence', 'Colonoscopy: never. Has gout.', ['Colonoscopy: never.', 'Has gout.']],
    ['a label under a section', 'Family history:\nMother: colon cancer', ['Family history, Mother: colon cancer']],
    [
      'sections in one line',
      'PMH: gout. FHx: colon cancer in father. Plan: mammogram.',
      ['PMH: gout.', 'FHx: colon cancer in father.', 'Plan: mammogram.'],
    ],
    ['items with dates of their own', 'Colonoscopy 2019, mammogram 2023', ['Colonoscopy 2019', 'mammogram 2023']],
    ['items under one negation', 'Denies stroke in 2015, MI in 2018', ['Denies stroke in 2015, MI in 2018']],
    ['a date with a comma', 'Colonoscopy March 3, 2019, normal', ['Colonoscopy March 3, 2019, normal']],
    ['a numbered list', '1. gout\n2) anemia', ['gout', 'anemia']],
    ['bullets', '- statin\n* aspirin\n• iron', ['statin', 'aspirin', 'iron']],
    ['nothing of letters', '---\n12 34\n. . .', []],
    ['empty', '', []],
  ];
  for (const [name, text, expected] of cases) {
    it(`sentences › ${name} › ${expected.length}`, () => assert.deepEqual(splitSentences(text, 99), expected));
  }

  it('sentences › more than the limit › the first', () => {
    assert.deepEqual(splitSentences('One here. Two here. Three here.', 2), ['One here.', 'Two here.']);
    assert.deepEqual(splitSentences('One here.', 0), []);
  });

  it('sentences › a very long one › is cut between words', () => {
    const [cut = ''] = splitSentences('abcdefg '.repeat(500), 9);
    assert.ok(cut.length <= 1000 && cut.endsWith('abcdefg'));
  });

  const cuts: readonly (readonly [string, number, string])[] = [
    ['abc def', 7, 'abc def'],
    ['abc def', 6, 'abc'],
    ['abc def', 3, 'abc'],
    ['abcdef', 3, ''],
    ['', 3, ''],
  ];
  for (const [text, length, expected] of cuts) {
    it(`shorten › "${text}" to ${length} › "${expected}"`, () => assert.equal(shorten(text, length), expected));
  }
});

describe('notes', () => {
  const data = (text: string | Buffer): string => Buffer.from(text).toString('base64');
  const attachment = (contentType: string | undefined, text: string | Buffer) => ({ content: [{ attachment: { contentType, data: data(text) } }] });
  const cases: readonly (readonly [string, Readonly<Record<string, unknown>>, readonly string[]])[] = [
    ['plain', note('No fever.'), ['No fever.']],
    ['plain with a charset', attachment('text/plain; charset=utf-8', 'Fieber: nein, größer'), ['Fieber: nein, größer']],
    ['no type', attachment(undefined, 'No fever.'), ['No fever.']],
    ['HTML that was not made plain', attachment('text/html', '<p>No fever</p>'), []],
    ['PDF', attachment('application/pdf', '%PDF'), []],
    ['content that is no list', { content: { attachment: { contentType: 'text/plain', data: data('Yes.') } } }, ['Yes.']],
    ['broken', { content: [null, 3, { attachment: 'x' }, { attachment: { data: 7 } }] }, []],
    ['none, but a description', { description: 'Visit note' }, ['Visit note']],
  ];
  for (const [name, document, expected] of cases) {
    it(`notes › ${name} › ${expected.length}`, () => assert.deepEqual(noteTexts(document), expected));
  }

  it('annotations › one, a list, broken › the texts', () => {
    assert.deepEqual(annotationTexts({ note: [{ text: 'a' }, { text: 3 }, null, { text: ' ' }] }), ['a']);
    assert.deepEqual(annotationTexts({ note: { text: 'a' } }), ['a']);
    assert.deepEqual(annotationTexts({}), []);
  });
});
