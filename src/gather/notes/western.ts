/** The old Western character set (windows-1252). Knows bytes only. Of our own: some releases of Node 22 and 23 decode 0x80 to 0x9f of it as control characters. */

const special = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** What WHATWG decodes by this set, Latin-1 and ASCII among them. */
export const westernLabels: ReadonlySet<string> = new Set([
  'windows-1252',
  'cp1252',
  'iso-8859-1',
  'iso8859-1',
  'iso_8859-1',
  'latin1',
  'l1',
  'ascii',
  'us-ascii',
]);

export function decodeWestern(bytes: Buffer): string {
  return bytes.toString('latin1').replaceAll(/[\u0080-\u009f]/g, (control) => special.charAt(control.charCodeAt(0) - 0x80));
}
