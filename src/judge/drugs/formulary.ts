/** All drugs that the knowledge knows: names, codes, classes. Built once from the files of `cards/<service>/drugs` and `classes`; refuses contradictions. */
import { StartError } from '../../errors.js';
import type { ClassFile, DrugFile, WordFile } from './drug-schema.js';
import { normaliseName, skeletonOf } from './spelling.js';

export interface Ingredient {
  readonly id: string;
  readonly name: string;
  /** RxNorm code of the ingredient, where a source gave one. */
  readonly rxnorm: string | undefined;
}

export interface DrugClass {
  readonly id: string;
  /** Completes "takes …". */
  readonly name: string;
  /** Ingredients, of nested classes too. */
  readonly members: ReadonlySet<string>;
}

export interface Written {
  readonly at: number;
  readonly count: number;
  readonly fixedMg: number | undefined;
}

export interface Formulary {
  readonly ingredients: ReadonlyMap<string, Ingredient>;
  readonly classes: ReadonlyMap<string, DrugClass>;
  /** Of an ingredient: every class that holds it. */
  classesOf(ingredient: string): readonly string[];
  /** Every name of an ingredient: where in a product's name its strength stands. */
  namesOf(ingredient: string): readonly string[];
  /** Of a combined product that these words name: where its numbers say the strength of an ingredient. */
  writtenIn(words: string, ingredient: string): Written | undefined;
  readonly byCode: ReadonlyMap<string, readonly string[]>;
  /** Normalised name → ingredients. */
  readonly byName: ReadonlyMap<string, readonly string[]>;
  /** Spelling skeleton → ingredients, only where it stands for one thing. */
  readonly bySkeleton: ReadonlyMap<string, readonly string[]>;
  readonly words: WordFile;
}

interface Named<F> {
  readonly file: string;
  readonly content: F;
}

/** @throws StartError naming file, row and field */
export function buildFormulary(drugFiles: readonly Named<DrugFile>[], classFiles: readonly Named<ClassFile>[], words: WordFile): Formulary {
  const ingredients = collectIngredients(drugFiles);
  const known = (file: string, row: string, ids: readonly string[]): readonly string[] => {
    for (const id of ids) if (!ingredients.has(id)) throw new StartError(`${file}: ${row}: there is no ingredient ${id}`);
    return ids;
  };
  const byCode = new Map<string, readonly string[]>();
  const byName = new Map<string, readonly string[]>();
  const bind = (file: string, map: Map<string, readonly string[]>, key: string, ids: readonly string[]): void => {
    const held = map.get(key);
    if (held !== undefined && held.join(' ') !== ids.join(' '))
      throw new StartError(`${file}: ${key} stands for ${held.join(' and ')} and for ${ids.join(' and ')}`);
    map.set(key, ids);
  };
  for (const { file, content } of drugFiles) {
    for (const row of [...content.generated, ...content.drugs]) {
      for (const code of row.rxnorm) bind(file, byCode, code, [row.id]);
      for (const name of [row.name, row.id.replaceAll('-', ' '), ...row.names]) bind(file, byName, normaliseName(name), [row.id]);
    }
    for (const row of content.combinations)
      for (const name of row.names) bind(file, byName, normaliseName(name), [...known(file, name, row.ingredients)].sort());
    for (const table of Object.values(content.products))
      for (const [code, ids] of Object.entries(table)) bind(file, byCode, code, known(file, code, ids.split(' ')));
    for (const table of Object.values(content.brands))
      for (const [name, ids] of Object.entries(table)) bind(file, byName, normaliseName(name), known(file, name, ids.split(' ')));
  }
  const names = new Map<string, string[]>();
  for (const [name, [only, ...others]] of byName) if (only !== undefined && others.length === 0) names.set(only, [...(names.get(only) ?? []), name]);
  const classes = buildClasses(classFiles, ingredients);
  const classesOf = new Map<string, string[]>();
  for (const one of classes.values()) for (const member of one.members) classesOf.set(member, [...(classesOf.get(member) ?? []), one.id]);
  return {
    ingredients,
    classes,
    classesOf: (id) => classesOf.get(id) ?? [],
    namesOf: (id) => names.get(id) ?? [],
    writtenIn: createWrittenIn(drugFiles, known),
    byCode,
    byName,
    bySkeleton: collectSkeletons(byName),
    words,
  };
}

function createWrittenIn(
  files: readonly Named<DrugFile>[],
  known: (file: string, row: string, ids: readonly string[]) => readonly string[],
): Formulary['writtenIn'] {
  const rows = files.flatMap(({ file, content }) =>
    content.strengths.flatMap(({ names, order, fixedMg }) =>
      names.map((name) => ({ name: normaliseName(name), order: known(file, name, order), fixedMg })),
    ),
  );
  // "bactrim ds" before "bactrim".
  rows.sort((a, b) => b.name.length - a.name.length);
  return (words, ingredient) => {
    const normal = ` ${normaliseName(words)} `;
    const row = rows.find(({ name }) => normal.includes(` ${name} `));
    const at = row?.order.indexOf(ingredient) ?? -1;
    return row === undefined || at < 0 ? undefined : { at, count: row.order.length, fixedMg: row.fixedMg?.[at] };
  };
}

function collectIngredients(files: readonly Named<DrugFile>[]): ReadonlyMap<string, Ingredient> {
  const found = new Map<string, Ingredient>();
  for (const { content } of files) {
    for (const { id, name, rxnorm } of [...content.generated, ...content.drugs])
      found.set(id, { id, name: found.get(id)?.name ?? name, rxnorm: found.get(id)?.rxnorm ?? rxnorm[0] });
  }
  return found;
}

function buildClasses(files: readonly Named<ClassFile>[], ingredients: ReadonlyMap<string, Ingredient>): ReadonlyMap<string, DrugClass> {
  const rows = new Map<string, { readonly file: string; readonly name: string; readonly members: readonly string[] }>();
  for (const { file, content } of files) {
    for (const { id, name, members } of content.classes) {
      if (rows.has(id)) throw new StartError(`${file}: id: the class ${id} stands twice`);
      if (ingredients.has(id)) throw new StartError(`${file}: id: ${id} is an ingredient, and cannot be a class`);
      rows.set(id, { file, name, members });
    }
  }
  const flatten = (id: string, path: readonly string[]): readonly string[] => {
    const row = rows.get(id);
    if (row === undefined) return [id];
    if (path.includes(id)) throw new StartError(`${row.file}: ${id}, members: the class holds itself`);
    return row.members.flatMap((member) => {
      if (!rows.has(member) && !ingredients.has(member))
        throw new StartError(`${row.file}: ${id}, members: there is no ingredient or class ${member}`);
      return flatten(member, [...path, id]);
    });
  };
  return new Map([...rows].map(([id, { name }]) => [id, { id, name, members: new Set(flatten(id, [])) }]));
}

function collectSkeletons(byName: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[] | undefined>();
  for (const [name, ids] of byName) {
    const skeleton = skeletonOf(name);
    if (skeleton.length < 5) continue;
    const held = found.get(skeleton);
    // A spelling that stands for two drugs stands for none.
    found.set(skeleton, !found.has(skeleton) || held?.join(' ') === ids.join(' ') ? ids : undefined);
  }
  return new Map([...found].flatMap(([skeleton, ids]) => (ids === undefined ? [] : [[skeleton, ids] as const])));
}
