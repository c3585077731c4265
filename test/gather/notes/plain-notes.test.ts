/** Every form of note becomes plain text or is counted with its reason. All notes are invented. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FhirResource } from 'fhir/r4.js';
import { makeNotesPlain } from '../../../src/gather/notes/plain-notes.js';
import type { ChartEntry, FactId } from '../../../src/types.js';

interface Attachment {
  readonly contentType?: string;
  readonly data?: string;
  readonly url?: string;
}

const base64 = (text: string | Uint8Array): string => Buffer.from(text).toString('base64');
const of = (contentType: string, text: string | Uint8Array): Attachment => ({ contentType, data: base64(text) });
const entry = (attachments: readonly unknown[], at = 0, date = '2026-01-01'): ChartEntry => ({
  fact: `f${at}` as FactId,
  list: 'notes',
  resource: {
    resourceType: 'DocumentReference',
    id: `n${at}`,
    status: 'current',
    date,
    content: attachments.map((attachment) => ({ attachment })),
  } as FhirResource,
});
const complete = { state: 'complete' } as const;

function textsOf(entries: readonly ChartEntry[]): readonly (string | undefined)[] {
  return entries.map(({ resource }) => {
    const [content] = (resource as { readonly content?: readonly { readonly attachment: { readonly data: string } }[] }).content ?? [];
    return content === undefined ? undefined : Buffer.from(content.attachment.data, 'base64').toString('utf8');
  });
}
const read = (...attachments: readonly Attachment[]): string | undefined => textsOf(makeNotesPlain([entry(attachments)], complete).entries)[0];
function whyOf(...attachments: readonly Attachment[]): string {
  const { state } = makeNotesPlain([entry(attachments)], complete);
  return state?.state === 'partial' ? state.why : (state?.state ?? '');
}

const rtf = String.raw`{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\header Poe, Jane MRN 12345}{\*\generator Word;}\f0 Colonoscopy \b in 2019\b0\par No fever\'85 caf\'e9 \u8217\'92s{\pict 00ff00ff}\par }`;
const ccda = `<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"><recordTarget><patientRole><patient><name><given>Jane</given><family>Poe</family></name></patient></patientRole></recordTarget>
<component><structuredBody><component><section><title>Family history</title><text><list><item>Mother: colon cancer</item></list></text><entry><observation><text>machine words</text></observation></entry></section></component>
<component><section><title>Procedures</title><text><table><thead><tr><th>Name</th><th>Date</th></tr></thead><tbody><tr><td>Colonoscopy</td><td>2019</td></tr></tbody></table></text></section></component></structuredBody></component></ClinicalDocument>`;

describe('plain notes, read', () => {
  const cases: readonly (readonly [string, readonly Attachment[], string])[] = [
    ['plain', [of('text/plain', 'No fever.')], 'No fever.'],
    ['no type', [{ data: base64('No fever.') }], 'No fever.'],
    ['base64 in lines', [{ contentType: 'text/plain', data: base64('No fever at all.').replace(/(.{4})/g, '$1\r\n') }], 'No fever at all.'],
    [
      'HTML',
      [of('text/html', '<style>p{}</style><script>x()</script><h2>Plan</h2><p>No&nbsp;<b>fever</b><br>LDL &lt; 70</p>')],
      'Plan:\nNo fever\nLDL < 70',
    ],
    ['HTML that says it is plain', [of('text/plain', '<div>No fever</div><div>Cough</div>')], 'No fever\nCough'],
    ['a comparison that is no markup', [of('text/plain', '<5 cigarettes a day')], '<5 cigarettes a day'],
    [
      'a table',
      [of('text/html', '<table><tr><td>Colonoscopy</td><td>2019</td></tr><tr><td>FIT</td><td></td></tr></table>')],
      'Colonoscopy, 2019\nFIT',
    ],
    [
      'XHTML',
      [
        of(
          'application/xhtml+xml',
          '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>Poe, Jane</title></head><body><p>No fever</p></body></html>',
        ),
      ],
      'No fever',
    ],
    ['RTF', [of('application/rtf', rtf)], 'Colonoscopy in 2019\nNo fever… café ’s'],
    ['RTF that says it is plain', [of('text/plain', rtf)], 'Colonoscopy in 2019\nNo fever… café ’s'],
    ['RTF cut short', [of('text/rtf', rtf.slice(0, -6))], 'Colonoscopy in 2019\nNo fever… café ’s'],
    ['Latin-1 that says so', [of('text/plain; charset=iso-8859-1', Uint8Array.of(0x63, 0x61, 0x66, 0xe9))], 'café'],
    ['Latin-1 that says it is UTF-8', [of('text/plain; charset=utf-8', Uint8Array.of(0x63, 0x61, 0x66, 0xe9))], 'café'],
    ['UTF-16 with its mark', [of('text/plain', Buffer.from('\ufeffNo fever', 'utf16le'))], 'No fever'],
    ['an unknown character set', [of('text/plain; charset=klingon', 'No fever')], 'No fever'],
    ['the same in PDF and HTML', [of('application/pdf', '%PDF-1.4'), of('text/html', '<p>No fever</p>')], 'No fever'],
    ['the same in HTML and plain', [of('text/html', '<p>No  fever</p>'), of('text/plain', 'No fever')], 'No fever'],
    ['empty', [of('text/plain', '')], ''],
    ['without content', [], ''],
    ['100 kB', [of('text/plain', 'No fever today. '.repeat(6400))], 'No fever today. '.repeat(6400)],
  ];
  for (const [name, attachments, expected] of cases) {
    it(`${name} › ${expected.length} characters`, () => {
      assert.equal(read(...attachments), expected);
      assert.equal(whyOf(...attachments), 'complete');
    });
  }

  it('C-CDA › the sections with their titles, nothing of the header, nothing of the entries', () => {
    const text = read(of('text/xml', ccda)) ?? '';
    assert.match(text, /Family history:\n+Mother: colon cancer/);
    assert.match(text, /colon cancer\n\nProcedures:\n[\s\S]*Colonoscopy, 2019/);
    assert.doesNotMatch(text, /Jane|Poe|machine words/);
  });
});

describe('plain notes, not read', () => {
  const cases: readonly (readonly [string, Attachment, string])[] = [
    ['PDF', of('application/pdf', '%PDF-1.7 and so on'), 'PDF'],
    ['PDF that says it is plain', of('text/plain', '%PDF-1.7 and so on'), 'PDF'],
    ['a picture', of('image/png', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 1, 2)), 'image'],
    ['binary that says it is plain', of('text/plain', Uint8Array.of(65, 0, 66, 1, 2, 3, 4, 5)), 'no text'],
    ['a Word file', of('application/msword', Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 1)), 'no text'],
    ['a long page without a word', of('text/html', `<img src="${'a'.repeat(4000)}">`), 'no text'],
    ['base64 with a stranger in it', { contentType: 'text/plain', data: 'Tm8g!ZmV2ZXI=' }, 'damaged'],
    ['base64 cut within a byte', { contentType: 'text/plain', data: 'Tm8gZ' }, 'damaged'],
    ['a link', { contentType: 'text/html', url: 'Binary/17' }, 'only a link'],
    ['a note beyond all measure', { contentType: 'text/plain', data: base64('No fever. '.repeat(60_000)) }, 'too long'],
  ];
  for (const [name, attachment, kind] of cases) {
    it(`${name} › is counted as ${kind} and has no text`, () => {
      assert.equal(whyOf(attachment), `1 of 1 could not be read (${kind})`);
      assert.equal(read(attachment), undefined);
    });
  }

  it('several › are counted together, the readable ones are read', () => {
    const { entries, state } = makeNotesPlain(
      [entry([of('application/pdf', '%PDF-')], 0), entry([of('text/plain', 'No fever.')], 1), entry([{ url: 'Binary/1' }], 2)],
      complete,
    );
    assert.deepEqual(textsOf(entries), [undefined, 'No fever.', undefined]);
    assert.deepEqual(state, { state: 'partial', why: '2 of 3 could not be read (PDF, only a link)' });
  });

  it('more than all of it may be › the newest are read', () => {
    const notes = ['2020-01-01', '2026-01-01', '2023-01-01'].map((date, at) => entry([of('text/plain', `Note ${at}. `.repeat(10))], at, date));
    const { entries, state } = makeNotesPlain(notes, complete, { maxNoteCharacters: 1000, maxCharacters: 250 });
    assert.deepEqual(
      textsOf(entries).map((text) => text !== undefined),
      [false, true, true],
    );
    assert.deepEqual(state, { state: 'partial', why: '1 of 3 could not be read (too long)' });
  });

  it('a list that was not read whole › keeps its own reason', () => {
    const partial = { state: 'partial', why: 'only the first part was read' } as const;
    assert.equal(makeNotesPlain([entry([of('application/pdf', '%PDF-')])], partial).state, partial);
  });

  it('content of a wrong shape › is no note and throws nothing', () => {
    const broken = {
      ...entry([]),
      resource: {
        resourceType: 'DocumentReference',
        content: [null, 3, { attachment: 'x' }, { attachment: { data: 7 } }],
      } as unknown as FhirResource,
    };
    assert.deepEqual(textsOf(makeNotesPlain([broken], complete).entries), ['']);
  });

  it('other resources › stay as they are', () => {
    const other: ChartEntry = { fact: 'f1' as FactId, list: 'conditions', resource: { resourceType: 'Condition' } as FhirResource };
    assert.equal(makeNotesPlain([other], undefined).entries[0], other);
  });
});
