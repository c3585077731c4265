/** Reads the knowledge of order safety: words, drugs, classes, labs, then one file a check. Knows every file's place; invalid knowledge stops the start. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { StartError } from '../../errors.js';
import type { Code } from '../../types.js';
import { indexById } from '../check.js';
import { classFile, drugFile, wordFile } from '../drugs/drug-schema.js';
import { buildFormulary } from '../drugs/formulary.js';
import { createRecognise } from '../drugs/recognise.js';
import { readKnowledgeFile } from '../knowledge-file.js';
import { compileConditions, conditionCodeFile, conditionFile } from '../patient/conditions.js';
import { labFile } from '../patient/lab-schema.js';
import { alternativeFile, indexAlternatives } from './alternatives.js';
import { checks } from './checks.js';
import type { OrderKnowledge } from './judge-orders.js';

export async function loadOrderKnowledge(dir: string, folder: string, reasons: ReadonlyMap<string, Code>): Promise<OrderKnowledge> {
  const [drugFiles, classFiles, words, labRows, conditionRows, conditionCodes, alternativeRows] = await Promise.all([
    readFolder(join(dir, 'drugs'), drugFile),
    readFolder(join(dir, 'classes'), classFile),
    readKnowledgeFile(join(dir, 'drug-words.json'), wordFile),
    readKnowledgeFile(join(dir, 'labs.json'), labFile),
    readKnowledgeFile(join(dir, 'conditions.json'), conditionFile),
    readKnowledgeFile(join(dir, 'condition-codes.json'), conditionCodeFile),
    readKnowledgeFile(join(dir, 'alternatives.json'), alternativeFile),
  ]);
  const formulary = buildFormulary(drugFiles, classFiles, words);
  const recognise = createRecognise(formulary);
  const labs = indexById(`${folder}/labs.json`, labRows.labs);
  indexById(`${folder}/conditions.json`, conditionRows.conditions);
  const conditions = compileConditions(conditionRows, conditionCodes);
  const compiled = await Promise.all(
    checks.map((check) => {
      const name = `${check.id}.json`;
      return check.load((schema) => readKnowledgeFile(join(dir, name), schema), { formulary, labs, conditions, recognise }, `${folder}/${name}`);
    }),
  );
  for (const { id, rules } of compiled) {
    for (const rule of rules)
      for (const code of rule.overrideReasons ?? [])
        if (!reasons.has(code)) throw new StartError(`${folder}/${id}.json: ${rule.id}, overrideReasons: there is no reason ${code}`);
  }
  const alternatives = indexAlternatives(`${folder}/alternatives.json`, alternativeRows.alternatives, formulary);
  return { formulary, recognise, labs, conditions, checks: compiled, alternatives };
}

/** Every `.json` of a folder, in the order of their names. */
async function readFolder<S extends z.ZodType>(dir: string, schema: S): Promise<readonly { readonly file: string; readonly content: z.output<S> }[]> {
  const names = (await readdir(dir).catch((): readonly string[] => [])).filter((name) => name.endsWith('.json')).sort();
  return Promise.all(names.map(async (name) => ({ file: name, content: await readKnowledgeFile(join(dir, name), schema) })));
}
