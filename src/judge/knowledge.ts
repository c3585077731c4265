/** Loads `cards/` once and makes of it what judging runs on. Knows every file's place; invalid knowledge stops the start. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { StartError } from '../errors.js';
import type { Code, Indicator, ServiceDefinition } from '../types.js';
import { type GapKnowledge, loadGaps } from './criteria/load.js';
import { readKnowledgeFile } from './knowledge-file.js';
import { reasonFile, type ServiceRow, serviceFile } from './schema.js';
import type { RuleRow } from './tables/check.js';
import type { OrderKnowledge } from './tables/judge-orders.js';
import { loadOrderKnowledge } from './tables/load.js';

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
    if (files.includes('rules')) {
      const loaded = await loadGaps(join(cardsDir, folder), reasons);
      gaps.set(folder, loaded);
      rules.push(...loaded.gaps.map((row) => toRule(folder, row.version, row)));
    }
    if (files.includes('interactions.json')) {
      const knowledge = await loadOrderKnowledge(join(cardsDir, folder), folder, reasons);
      orders.set(folder, knowledge);
      rules.push(...knowledge.checks.flatMap((check) => check.rules.map((row) => toRule(folder, check.version, { ...row, indicator: atMost(row) }))));
    }
    if (!gaps.has(folder) && !orders.has(folder)) throw new StartError(`${folder}: no knowledge (rules/ or interactions.json)`);
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

/** A row whose source was not before us gives information at most. */
function atMost({ indicator, verified }: { readonly indicator: Indicator; readonly verified: 'read' | 'recalled' }): Indicator {
  return verified === 'recalled' ? 'info' : indicator;
}

function toRule(service: string, version: string, row: GapKnowledge['gaps'][number] | RuleRow): Rule {
  const { id, source, verified, reviewed, indicator } = row;
  return { service, id, source: `${source.label}. ${source.section}`, version, verified, reviewed, indicator };
}
