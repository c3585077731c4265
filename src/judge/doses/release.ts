/** Does a product release its drug slowly? Only as far as its words tell. Knows no drug. */

const slow =
  /\b(?:extended release|extended-release|sustained release|delayed release oral|controlled release|modified release|\d+ hr|transdermal|patch|er|xr|xl|sr|la|cr|cc|retard|long acting|contin)\b/;

/** `words`: every display and text of the order, lower case. */
export const isSlowRelease = (words: string): boolean => slow.test(words);
