/**
 * Who is this drug? Code, exact name, spelling of another language, then a near spelling within a published threshold (docs/order-safety.md).
 * What is not recognised is said to be so; two drugs that are equally near are no answer. Knows no single drug.
 */
import type { Formulary, Ingredient } from './formulary.js';
import { distanceBetween, normaliseName, skeletonOf } from './spelling.js';

export type Route = 'systemic' | 'topical' | 'ophthalmic' | 'otic' | 'inhaled' | 'nasal' | 'vaginal' | 'unknown';

export interface Recognition {
  readonly ingredients: readonly Ingredient[];
  /** `similar`: by a near spelling, which is to be said. */
  readonly how: 'code' | 'name' | 'spelling' | 'similar' | 'not-recognised';
  /** Words that look like a name and are none that we know. */
  readonly unread: readonly string[];
  /** Of a word that was not read: the names that were near, and too near to each other. */
  readonly near: readonly string[];
  readonly route: Route;
  /** The code is of one drug and the words name another: both stand among the ingredients, and it is to be said. */
  readonly isContradictory?: boolean;
}

export interface DrugWords {
  /** RxNorm codes without their system. */
  readonly rxnorm: readonly string[];
  /** Displays and text, each on its own. */
  readonly texts: readonly string[];
}

export interface Recognise {
  (drug: DrugWords): Recognition;
  /** Ingredients that running text names, by name or spelling; nothing by a near spelling: in prose too many words are near to a name. */
  namedIn(text: string): readonly string[];
}

/** Shorter words are near to too many others. */
const leastLength = 6;
/** Words of this length and more may differ in two letters. */
const longLength = 9;
const longestName = 6;
/** A name and its salt in one word. */
const leastWithSalt = 11;
/** Lines and words of which the answer is kept. */
const cached = 20_000;

type Found = { readonly ids: readonly string[]; readonly how: 'name' | 'spelling' | 'similar' };

export function createRecognise(formulary: Formulary): Recognise {
  const lexicon = createLexicon(formulary);
  const known = new Map<string, Reading>();
  const hits = new Map<string, readonly Hit[]>();
  const hitsFor: HitsFor = (token) => {
    const found = hits.get(token) ?? nearestTo(token, lexicon);
    if (hits.size > cached) hits.clear();
    hits.set(token, found);
    return found;
  };
  const readText = (text: string): Reading => {
    const held = known.get(text);
    if (held !== undefined) return held;
    const reading = read(text, lexicon, hitsFor);
    if (known.size > cached) known.clear();
    known.set(text, reading);
    return reading;
  };
  const recognise = ({ rxnorm, texts }: DrugWords): Recognition => {
    const readings = texts.map(readText);
    const route = readings.map((one) => one.route).find((one) => one !== 'unknown') ?? 'unknown';
    const named = (ids: readonly string[]): readonly Ingredient[] =>
      [...new Set(ids)].map((id) => formulary.ingredients.get(id)).filter((one) => one !== undefined);
    const coded = rxnorm.flatMap((code) => formulary.byCode.get(code) ?? []);
    const best = [...readings].sort((a, b) => rank(a) - rank(b) || b.ids.length - a.ids.length)[0];
    if (coded.length > 0) {
      const isContradictory = best?.how === 'name' && best.ids.every((id) => !coded.includes(id));
      const ingredients = named(isContradictory ? [...coded, ...best.ids] : coded);
      return { ingredients, how: 'code', unread: [], near: [], route, ...(isContradictory ? { isContradictory } : {}) };
    }
    if (best === undefined || best.ids.length === 0)
      return { ingredients: [], how: 'not-recognised', unread: best?.unread ?? [], near: best?.near ?? [], route };
    return { ingredients: named(best.ids), how: best.how, unread: best.unread, near: best.near, route };
  };
  return Object.assign(recognise, { namedIn: (text: string) => read(text, lexicon, () => []).ids });
}

interface Reading {
  readonly ids: readonly string[];
  readonly how: 'name' | 'spelling' | 'similar' | 'not-recognised';
  readonly unread: readonly string[];
  readonly near: readonly string[];
  readonly route: Route;
}

const ranks = ['name', 'spelling', 'similar', 'not-recognised'] as const;
const rank = (reading: Reading): number => ranks.indexOf(reading.how);

interface Lexicon {
  readonly formulary: Formulary;
  readonly ignored: ReadonlySet<string>;
  readonly salts: ReadonlySet<string>;
  readonly routes: ReadonlyMap<string, Route>;
  readonly firstWords: ReadonlySet<string>;
  readonly firstSkeletons: ReadonlySet<string>;
  /** Single words by length, for near spellings. */
  readonly byLength: ReadonlyMap<number, readonly Entry[]>;
}

interface Entry {
  readonly name: string;
  readonly ids: readonly string[];
  /** One bit for each letter that it holds. */
  readonly letters: number;
}

function lettersOf(name: string): number {
  let bits = 0;
  for (const letter of name) bits |= 1 << (letter.charCodeAt(0) - 97);
  return bits;
}

function countBits(bits: number): number {
  let [left, count] = [bits, 0];
  for (; left !== 0; left &= left - 1) count += 1;
  return count;
}

function createLexicon(formulary: Formulary): Lexicon {
  const { words, byName } = formulary;
  const byLength = new Map<number, Entry[]>();
  for (const [name, ids] of byName) {
    if (!/^[a-z]+$/.test(name) || name.length < leastLength - 1) continue;
    const entry = { name, ids, letters: lettersOf(name) };
    const group = byLength.get(name.length);
    if (group === undefined) byLength.set(name.length, [entry]);
    else group.push(entry);
  }
  const routes = new Map<string, Route>();
  for (const [route, list] of Object.entries(words.routes)) for (const word of list) routes.set(word, route as Route);
  return {
    formulary,
    ignored: new Set([...words.ignored, ...routes.keys()]),
    salts: new Set(words.salts.flatMap((salt) => [salt, skeletonOf(salt)])),
    routes,
    firstWords: new Set([...byName.keys()].map((name) => name.split(' ')[0] ?? '')),
    firstSkeletons: new Set([...formulary.bySkeleton.keys()].map((name) => name.split(' ')[0] ?? '')),
    byLength,
  };
}

type HitsFor = (token: string) => readonly Hit[];

function read(text: string, lexicon: Lexicon, hitsFor: HitsFor): Reading {
  const { formulary, routes } = lexicon;
  const normal = normaliseName(text.slice(0, 500));
  const tokens = normal.split(' ').filter((token) => token !== '');
  const ids: string[] = [];
  const unread: string[] = [];
  const near: string[] = [];
  let how: Reading['how'] = 'not-recognised';
  const take = (found: Found): void => {
    ids.push(...found.ids);
    how = how === 'not-recognised' || ranks.indexOf(found.how) > ranks.indexOf(how) ? found.how : how;
  };
  for (let at = 0; at < tokens.length; ) {
    const token = tokens[at] ?? '';
    // Most words of a line begin no name: they are not worth six look-ups.
    const exact = lexicon.firstWords.has(token) ? longestFrom(tokens, at, formulary.byName, (name) => name) : undefined;
    const mayBeSpelled = exact === undefined && lexicon.firstSkeletons.has(skeletonOf(token));
    const spelled = exact ?? (mayBeSpelled ? longestFrom(tokens, at, formulary.bySkeleton, skeletonOf) : undefined);
    if (spelled !== undefined) {
      take({ ids: spelled.ids, how: exact === undefined ? 'spelling' : 'name' });
      at += spelled.length;
      continue;
    }
    if (isWorthReading(token, lexicon)) {
      const hits = hitsFor(token);
      const found = withoutSalt(token, lexicon) ?? pickOne(hits);
      if (found !== undefined) take(found);
      else {
        unread.push(token);
        near.push(...hits.filter((hit) => hit.distance <= limitFor(token)).map((hit) => hit.name));
      }
    }
    at += 1;
  }
  const route = tokens.map((token) => routes.get(token)).find((one) => one !== undefined) ?? 'unknown';
  return { ids: [...new Set(ids)], how, unread, near, route };
}

function longestFrom(
  tokens: readonly string[],
  at: number,
  names: ReadonlyMap<string, readonly string[]>,
  key: (name: string) => string,
): { readonly ids: readonly string[]; readonly length: number } | undefined {
  for (let length = Math.min(longestName, tokens.length - at); length > 0; length -= 1) {
    // A stroke parts ingredients, and stands within names too: TMP/SMX.
    const part = tokens.slice(at, at + length);
    if (part[0] === '/' || part.at(-1) === '/') continue;
    const ids = names.get(key(part.filter((token) => token !== '/').join(' ')));
    if (ids !== undefined) return { ids, length };
  }
  return undefined;
}

function isWorthReading(token: string, { ignored, salts }: Lexicon): boolean {
  return /^[a-z]{4,}$/.test(token) && !ignored.has(token) && !salts.has(token) && !salts.has(skeletonOf(token));
}

/** German writes the salt into the name, and the acid: Metoprololsuccinat, Morphinsulfat, Clavulansaeure. */
function withoutSalt(token: string, { formulary, salts }: Lexicon): Found | undefined {
  const acid = /^(.{4,})saeure$/.exec(token)?.[1];
  if (acid !== undefined) {
    const ids = [`${acid}ate`, `${acid}ic acid`, `${acid} acid`].map((name) => formulary.byName.get(name)).find((one) => one !== undefined);
    return ids === undefined ? undefined : { ids, how: 'spelling' };
  }
  for (let cut = 5; token.length >= leastWithSalt && cut <= token.length - 5; cut += 1) {
    const [base, salt] = [token.slice(0, cut), token.slice(cut)];
    if (!salts.has(skeletonOf(salt))) continue;
    const ids = formulary.byName.get(base) ?? formulary.bySkeleton.get(skeletonOf(base));
    if (ids !== undefined) return { ids, how: 'spelling' };
  }
  return undefined;
}

interface Hit {
  readonly name: string;
  readonly ids: readonly string[];
  readonly distance: number;
}

const limitFor = (token: string): number => (token.length >= longLength ? 2 : 1);

/** Names up to one letter beyond the threshold, nearest first: the one beyond can still be a rival. */
function nearestTo(token: string, { byLength }: Lexicon): readonly Hit[] {
  if (token.length < leastLength) return [];
  const limit = limitFor(token) + 1;
  const letters = lettersOf(token);
  const hits: Hit[] = [];
  for (let length = token.length - limit; length <= token.length + limit; length += 1) {
    for (const { name, ids, letters: held } of byLength.get(length) ?? []) {
      // Each slip changes at most two of the letters that a word holds.
      if (countBits(letters ^ held) > 2 * limit) continue;
      const distance = distanceBetween(token, name, limit);
      // A wrong first letter is no usual slip of the pen.
      if (distance <= limit) hits.push({ name, ids, distance: name[0] === token[0] ? distance : distance + 1 });
    }
  }
  return hits.sort((a, b) => a.distance - b.distance);
}

/** The one name within the threshold, unless another drug is as near or one letter farther. */
function pickOne(hits: readonly Hit[]): Found | undefined {
  const [best] = hits;
  if (best === undefined || best.distance > limitFor(best.name)) return undefined;
  const rival = hits.find((hit) => hit.ids.join(' ') !== best.ids.join(' '));
  return rival !== undefined && rival.distance <= best.distance + 1 ? undefined : { ids: best.ids, how: 'similar' };
}
