/** The text of an attachment, whatever carries it: by what the bytes are before what they are called. Knows media types and character sets, no FHIR. */
import { readMarkup } from './markup.js';
import { readRtf } from './rtf.js';
import { decodeWestern, westernLabels } from './western.js';

/** What was not read, in plain words for a card: a closed set. */
export const whyUnread = {
  pdf: 'PDF',
  image: 'image',
  binary: 'no text',
  damaged: 'damaged',
  link: 'only a link',
  long: 'too long',
} as const;
export type WhyUnread = (typeof whyUnread)[keyof typeof whyUnread];

export type ReadText = { readonly text: string } | { readonly why: WhyUnread };

const magic: readonly (readonly [string, WhyUnread])[] = [
  ['%PDF-', whyUnread.pdf],
  ['\u0089PNG', whyUnread.image],
  ['\u00ff\u00d8\u00ff', whyUnread.image],
  ['GIF8', whyUnread.image],
  ['II*\0', whyUnread.image],
  ['MM\0*', whyUnread.image],
  ['PK\u0003\u0004', whyUnread.binary],
  ['\u00d0\u00cf\u0011\u00e0', whyUnread.binary],
  ['\u001f\u008b', whyUnread.binary],
];

/** `data` as FHIR carries it: base64, possibly in lines. */
export function readAttachment(data: string, contentType: string | undefined): ReadText {
  const bytes = decodeBase64(data);
  if (bytes === undefined) return { why: whyUnread.damaged };
  const head = bytes.subarray(0, 1024).toString('latin1');
  const known = magic.find(([start]) => head.startsWith(start));
  if (known !== undefined) return { why: known[1] };
  if (/^image\//i.test(contentType ?? '')) return { why: whyUnread.image };
  if (/^\s*\{\\rtf/.test(head)) return foundIn(readRtf(bytes), bytes);
  const text = decodeText(bytes, charsetOf(contentType, head));
  if (text === undefined) return { why: whyUnread.binary };
  const isMarkup = /^\uFEFF?\s*<(?:[!?]|[a-z][\w:-]*[\s/>])/i.test(text) || /\b(?:html|xml)\b/i.test(contentType ?? '');
  return isMarkup ? foundIn(readMarkup(text), bytes) : { text };
}

/** A page of many bytes without a word is a picture or a form, not an empty note. */
function foundIn(text: string, bytes: Buffer): ReadText {
  return /\p{L}/u.test(text) || bytes.length < 2000 ? { text } : { why: whyUnread.binary };
}

/** Node skips what is not base64; half a note would pass for a whole one. */
function decodeBase64(data: string): Buffer | undefined {
  const plain = data.replaceAll(/\s+/g, '');
  return /^[A-Za-z0-9+/_-]*={0,2}$/.test(plain) && plain.replace(/=+$/, '').length % 4 !== 1 ? Buffer.from(plain, 'base64') : undefined;
}

function charsetOf(contentType: string | undefined, head: string): string {
  const stated = /charset\s*=\s*"?([\w.:-]+)/i.exec(contentType ?? '')?.[1];
  const inside = /<\?xml[^>]*encoding\s*=\s*["']([\w.:-]+)/i.exec(head)?.[1] ?? /<meta[^>]*charset\s*=\s*["']?([\w.:-]+)/i.exec(head)?.[1];
  return (stated ?? inside ?? 'utf-8').toLowerCase();
}

/** The stated character set is believed only where the bytes fit it: what says UTF-8 and is not, is the old Western one. */
function decodeText(bytes: Buffer, charset: string): string | undefined {
  const [first, second] = bytes;
  const marked = first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : undefined;
  for (const label of [marked ?? charset, 'utf-8', 'windows-1252']) {
    const text = tryDecode(bytes, label);
    if (text !== undefined && !isBinary(text)) return text;
  }
  return undefined;
}

function tryDecode(bytes: Buffer, label: string): string | undefined {
  if (westernLabels.has(label)) return decodeWestern(bytes);
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** A zero, or more control characters than a stray one: no text, whatever its type says. */
function isBinary(text: string): boolean {
  const controls = [...text.matchAll(/(?![\t-\r])\p{Cc}|\ufffd/gu)].length;
  return text.includes('\0') || controls > 2 + text.length / 100;
}
