/** Loads `cards/` once and makes of it what judging runs on. Knows every file's place; invalid knowledge stops the start. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { StartError } from '../errors.js';
import type { Code, Criterion, Indicator, ServiceDefinition } from '../types.js';
import { checkGaps, indexById } from './check.js';
import { readKnowledgeFile } from './knowledge-file.js';
import {
  type CriterionRow,
  criterionFile,
  type Definition,
  type GapRow,
  gapFile,
  reasonFile,
  type ServiceRow,
  serviceFile,
  valueSetFile,
} from './schema.js';
import type { RuleRow } from './tables/check.js';
import type { OrderKnowledge } from './tables/judge-orders.js';
import { loadOrderKnowledge } from './tables/load.js';

export interface CompiledCriterion extends Criterion {
  readonly name: string;
  readonly definition: Definition;
  /** `system|code` of all its value sets. */
  readonly codes: ReadonlySet<string>;
}

export interface GapKnowledge {
  readonly gaps: readonly (GapRow & { readonly indicator: Indicator })[];
  readonly criteria: ReadonlyMap<string, CompiledCriterion>;
}

export interface Rule {
  /** The folder of `cards/` that it stands in. */
  readonly service: string;
  readonly id: string;
  readonly source: string;
  readonly version: string;
  readonly verified: 'read' | 'recalled';
  readonly reviewed: string;
  readonly indicator: Indicator;
}

export interface Knowledge {
  readonly services: readonly ServiceDefinition[];
  readonly rules: readonly Rule[];
  readonly gaps: ReadonlyMap<string, GapKnowledge>;
  readonly orders: ReadonlyMap<string, OrderKnowledge>;
  readonly reasons: ReadonlyMap<string, Code>;
}

/** @throws StartError naming file, row and field of the first fault */
export async function loadKnowledge(cardsDir: string): Promise<Knowledge> {
  const folders = await listFolders(cardsDir);
  const services = await Promise.all(folders.map((folder) => loadService(cardsDir, folder)));
  const reasonRows = await readKnowledgeFile(join(cardsDir, 'override-reasons.json'), reasonFile);
  const reasons = new Map(reasonRows.reasons.map(({ code, display }) => [code, { system: reasonRows.system, code, display }]));
  const gaps = new Map<string, GapKnowledge>();
  const orders = new Map<string, OrderKnowledge>();
  const rules: Rule[] = [];
  for (const folder of new Set(services.map((service) => service.knowledge))) {
    const files: readonly string[] = await readdir(join(cardsDir, folder)).catch(() => []);
    if (files.includes('gaps.json')) gaps.set(folder, await loadGaps(join(cardsDir, folder), folder, reasons, rules));
    if (files.includes('interactions.json')) {
      const knowledge = await loadOrderKnowledge(join(cardsDir, folder), folder, reasons);
      orders.set(folder, knowledge);
      rules.push(...knowledge.checks.flatMap((check) => check.rules.map((row) => toRule(folder, check.version, { ...row, indicator: atMost(row) }))));
    }
    if (!gaps.has(folder) && !orders.has(folder)) throw new StartError(`${folder}: no knowledge (gaps.json or interactions.json)`);
  }
  return { services, rules, gaps, orders, reasons };
}

async function listFolders(cardsDir: string): Promise<readonly string[]> {
  const entries = await readdir(cardsDir, { withFileTypes: true }).catch((cause: unknown) => {
    throw new StartError('the folder cards/ cannot be read', { cause });
  });
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  if (folders.length === 0) throw new StartError('cards/ holds no service');
  return folders.sort();
}

async function loadService(cardsDir: string, folder: string): Promise<ServiceDefinition> {
  const row: ServiceRow = await readKnowledgeFile(join(cardsDir, folder, 'service.json'), serviceFile);
  if (row.id !== folder) throw new StartError(`${folder}/service.json: id must be the name of its folder`);
  const { version: _version, ...service } = row;
  // The schema has checked every field; only the brand of the id is new.
  return service as unknown as ServiceDefinition;
}

async function loadGaps(dir: string, folder: string, reasons: ReadonlyMap<string, Code>, rules: Rule[]): Promise<GapKnowledge> {
  const [sets, criterionRows, gapRows] = await Promise.all([
    readKnowledgeFile(join(dir, 'value-sets.json'), valueSetFile),
    readKnowledgeFile(join(dir, 'criteria.json'), criterionFile),
    readKnowledgeFile(join(dir, 'gaps.json'), gapFile),
  ]);
  const valueSets = new Map(
    [...indexById(`${folder}/value-sets.json`, sets.valueSets)].map(([id, set]) => [
      id,
      Object.entries(set.codes).flatMap(([system, codes]) => codes.map((code) => `${system}|${code}`)),
    ]),
  );
  const criteria = new Map(
    [...indexById(`${folder}/criteria.json`, criterionRows.criteria)].map(([id, row]) => [id, compileCriterion(row, valueSets, folder)]),
  );
  checkGaps(`${folder}/gaps.json`, gapRows.gaps, criteria, reasons);
  const gaps = gapRows.gaps.map((row) => ({ ...row, indicator: atMost(row) }));
  rules.push(...gaps.map((row) => toRule(folder, gapRows.version, row)));
  return { gaps, criteria };
}

function compileCriterion(row: CriterionRow, valueSets: ReadonlyMap<string, readonly string[]>, folder: string): CompiledCriterion {
  const { id, text, name, withinMonths, absence, definition } = row;
  const named = 'valueSets' in definition ? definition.valueSets : [];
  const codes = named.flatMap((set) => {
    const found = valueSets.get(set);
    if (found === undefined) throw new StartError(`${folder}/criteria.json: ${id}, definition.valueSets: there is no value set ${set}`);
    return found;
  });
  const optional = {
    ...(withinMonths === undefined ? {} : { withinMonths }),
    ...(absence === undefined ? {} : { absence }),
    ...(definition.kind === 'record' ? {} : { byCodeOnly: true }),
  };
  return { id: id as Criterion['id'], text, name: `${name}${describeWindow(withinMonths)}`, definition, codes: new Set(codes), ...optional };
}

function describeWindow(months: number | undefined): string {
  if (months === undefined) return '';
  return months % 12 === 0 && months > 12 ? ` within ${months / 12} years` : ` within ${months} months`;
}

/** A row whose source was not before us gives information at most. */
function atMost({ indicator, verified }: { readonly indicator: Indicator; readonly verified: 'read' | 'recalled' }): Indicator {
  return verified === 'recalled' ? 'info' : indicator;
}

function toRule(service: string, version: string, row: GapRow | RuleRow): Rule {
  const { id, source, verified, reviewed, indicator } = row;
  return { service, id, source: `${source.label}. ${source.section}`, version, verified, reviewed, indicator };
}
