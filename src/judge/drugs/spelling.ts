/** How drug names are written: letters, spelling across languages, and how far two words are apart. Knows no drug. */

/** Lower case, without accents, umlauts written out, every mark but a decimal a blank. `/`, `+`, `&` and `,` part ingredients: they stay as `/`. */
export function normaliseName(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('#', ' no ')
    .replaceAll(/ä/g, 'ae')
    .replaceAll(/ö/g, 'oe')
    .replaceAll(/ü/g, 'ue')
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[/+&,;]|\bmit\b|\bwith\b|\band\b|\bund\b/g, ' / ')
    .replaceAll(/[^a-z0-9/.%]+/g, ' ')
    .replaceAll(/\.(?!\d)/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/**
 * The same for spellings that differ by language and not by drug: cephalexin and cefalexin, amoxycillin, sulphasalazine, Levothyroxin.
 * British and German names differ from the American by these rules; those that do not follow a rule are names of their own.
 */
export function skeletonOf(name: string): string {
  return name
    .replaceAll('ph', 'f')
    .replaceAll('th', 't')
    .replaceAll('rh', 'r')
    .replaceAll('y', 'i')
    .replaceAll('k', 'c')
    .replaceAll('ae', 'e')
    .replaceAll('oe', 'e')
    .replaceAll('z', 's')
    .replaceAll(/([b-df-hj-np-tv-xz])\1/g, '$1')
    .replaceAll(/e\b/g, '');
}

/** Letters inserted, left out, changed, or two neighbours swapped (optimal string alignment); stops counting beyond `limit`. */
export function distanceBetween(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const changed = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(changed, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, (before[j - 2] ?? 0) + 1);
      row.push(best);
    }
    if (Math.min(...row) > limit) return limit + 1;
    [before, last] = [last, row];
  }
  return last[b.length] ?? limit + 1;
}
