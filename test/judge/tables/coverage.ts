/** Which drugs each check of order safety has a row about, classes opened. Knows where a file names drugs, no drug. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { readKnowledgeFile } from '../../../src/judge/knowledge-file.js';
import { reasonFile } from '../../../src/judge/schema.js';
import { loadOrderKnowledge } from '../../../src/judge/tables/load.js';

/** Check → its list → the fields of a row that name drugs. */
const places: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  interactions: { rows: ['a', 'b'] },
  mechanisms: { roles: ['drugs'], statements: ['of', 'with'], indices: ['drugs'] },
  additive: { families: ['drugs'] },
  renal: { rows: ['drugs'] },
  hepatic: { rows: ['drugs'] },
  pregnancy: { rows: ['drugs'] },
  disease: { rows: ['drugs'] },
  age: { rows: ['drugs'] },
  values: { rows: ['drugs'] },
  allergies: { rows: ['from', 'to'] },
  duplicates: { rows: ['class'] },
  doses: { rows: ['drugs'] },
  opioids: { factors: ['ingredient'] },
  monitoring: { rows: ['drugs'] },
};

export const listed = z.record(z.string(), z.string());
export type Coverage = z.output<typeof listed>;

const lists = z.record(z.string(), z.unknown());
const rows = z.array(z.record(z.string(), z.unknown()));
const ids = z.union([z.string().transform((one) => [one]), z.array(z.string())]).optional();

/** The drugs of a family of effects stand one level deeper, in its members. */
const rowsOf = (list: string, content: unknown): z.output<typeof rows> =>
  list === 'families' ? rows.parse(content).flatMap((family) => rows.parse(family['members'])) : rows.parse(content);

/** Ingredients in order, a line for each check. */
export async function collectCoverage(): Promise<Coverage> {
  const file = await readKnowledgeFile('cards/override-reasons.json', reasonFile);
  const reasons = new Map(file.reasons.map(({ code, display }) => [code, { system: file.system, code, display }]));
  const { formulary } = await loadOrderKnowledge('cards/order-safety', 'order-safety', reasons);
  const open = (id: string): readonly string[] => [...(formulary.classes.get(id)?.members ?? [id])];
  const covered = await Promise.all(
    Object.entries(places).map(async ([check, named]) => {
      const content = lists.parse(JSON.parse(await readFile(`cards/order-safety/${check}.json`, 'utf8')));
      const drugs = Object.entries(named).flatMap(([list, fields]) =>
        rowsOf(list, content[list]).flatMap((row) => fields.flatMap((field) => ids.parse(row[field]) ?? [])),
      );
      return [check, [...new Set(drugs.flatMap(open))].sort().join(' ')] as const;
    }),
  );
  return Object.fromEntries(covered);
}
