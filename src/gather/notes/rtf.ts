/**
 * The words of an RTF document, without its tables of fonts, headers and pictures. Knows the RTF 1.9 syntax, not what is written.
 * Of our own, because no small library that is still kept reads general RTF.
 */

import { decodeWestern } from './western.js';

/** Groups whose text is no text of the document; header and footer name the patient on every page. */
const silent = new Set(
  'fonttbl colortbl stylesheet info pict object objdata fldinst header headerl headerr headerf footer footerl footerr footerf footnote themedata colorschememapping datastore latentstyles listtable listoverridetable rsidtbl revtbl xmlnstbl generator filetbl pntext'.split(
    ' ',
  ),
);
const breaks: ReadonlyMap<string, string> = new Map([
  ['par', '\n'],
  ['line', '\n'],
  ['sect', '\n\n'],
  ['page', '\n'],
  ['row', '\n'],
  ['cell', ', '],
  ['tab', ' '],
  ['emdash', ' - '],
  ['endash', '-'],
  ['bullet', '\n- '],
  ['lquote', "'"],
  ['rquote', "'"],
  ['ldblquote', '"'],
  ['rdblquote', '"'],
]);

interface Group {
  readonly isSilent: boolean;
  /** How many characters stand in for one Unicode character (\ucN). */
  readonly fallback: number;
}

const token = /\\([a-z]+)(-?\d+)? ?|\\'([0-9a-f]{2})|\\([^a-z])|([{}])|([^\\{}]+)/gi;

export function readRtf(bytes: Buffer): string {
  const source = bytes.toString('latin1');
  const decode = decoderOf(/\\ansicpg(\d{3,5})/.exec(source.slice(0, 500))?.[1]);
  const stack: Group[] = [];
  let group: Group = { isSilent: false, fallback: 1 };
  let toSkip = 0;
  let written = '';
  const write = (text: string): void => {
    const shown = text.slice(toSkip);
    toSkip = Math.max(0, toSkip - text.length);
    if (!group.isSilent) written += shown;
  };
  token.lastIndex = 0;
  for (let match = token.exec(source); match !== null; match = token.exec(source)) {
    const [, word, number, hex, sign, brace, text] = match;
    if (brace === '{') stack.push(group);
    else if (brace === '}') group = stack.pop() ?? group;
    else if (hex !== undefined) write(decode(Number.parseInt(hex, 16)));
    else if (sign === '*') group = { ...group, isSilent: true };
    else if (sign !== undefined) write(sign === '~' ? ' ' : sign === '\n' || sign === '\r' ? '\n' : sign === '-' ? '' : sign);
    else if (text !== undefined) write(text.replaceAll(/[\r\n]+/g, ''));
    else if (word === 'bin') token.lastIndex += Number(number ?? 0);
    else if (word === 'uc') group = { ...group, fallback: Number(number ?? 1) };
    else if (word === 'u') {
      write(String.fromCharCode(Number(number ?? 63) & 0xffff));
      toSkip = group.fallback;
    } else if (word !== undefined && silent.has(word)) group = { ...group, isSilent: true };
    else write(breaks.get(word ?? '') ?? '');
  }
  return written
    .replaceAll(/[ \t]+/g, ' ')
    .replaceAll(/,? *\n */g, '\n')
    .trim();
}

function decoderOf(codePage: string | undefined): (byte: number) => string {
  const western = (byte: number): string => decodeWestern(Buffer.of(byte));
  if (codePage === undefined || codePage === '1252') return western;
  try {
    const decoder = new TextDecoder(`windows-${codePage}`);
    return (byte) => decoder.decode(Uint8Array.of(byte));
  } catch {
    return western;
  }
}
