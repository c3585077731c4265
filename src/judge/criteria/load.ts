/** Loads the rules of a service, `cards/<service>/rules/*.json`, and compiles them. Knows their places and what refers to what; knows no chart. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { StartError } from '../../errors.js';
import type { Code, Indicator } from '../../types.js';
import { readKnowledgeFile, shortName } from '../knowledge-file.js';
import { valueSetFile } from '../schema.js';
import { type CompiledCriteria, compileCriteria, faultOf, type LocatedRow } from './compile.js';
import { parseCodeKey } from './fields.js';
import { type GapRow, ruleFile } from './schema.js';
import { leavesOf } from './trees.js';

export interface Gap extends GapRow {
  readonly file: string;
  readonly version: string;
}

export interface GapKnowledge {
  readonly gaps: readonly Gap[];
  readonly criteria: CompiledCriteria;
}

/** Exact enumeration in a hook: 2^12 values (architecture §4). */
const maxPlayers = 12;
/** Silence of the exemptions, of the ways to be done, and of what a requirement looks for in vain. */
const silences = 2;

/** @throws StartError naming file, row and field of the first fault */
export async function loadGaps(dir: string, reasons: ReadonlyMap<string, Code>): Promise<GapKnowledge> {
  const names = (await readdir(join(dir, 'rules')).catch(() => [])).filter((name) => name.endsWith('.json')).sort();
  const valueSets = await loadValueSets(join(dir, 'value-sets.json'));
  const rows = new Map<string, LocatedRow>();
  const gaps: Gap[] = [];
  for (const name of names) {
    const path = join(dir, 'rules', name);
    const parsed = await readKnowledgeFile(path, ruleFile);
    const file = shortName(path);
    (parsed.criteria ?? []).forEach((row, at) => {
      const located: LocatedRow = { file: `${file}, criteria`, at, row };
      if (rows.has(row.id)) throw faultOf(located)('id', `${row.id} stands twice, also in ${rows.get(row.id)?.file}`);
      rows.set(row.id, located);
    });
    gaps.push(...(parsed.gaps ?? []).map((row) => ({ ...row, indicator: atMost(row), file, version: parsed.version })));
  }
  const criteria = compileCriteria(rows, valueSets);
  checkGaps(gaps, criteria, reasons);
  return { gaps, criteria };
}

async function loadValueSets(file: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const { valueSets } = await readKnowledgeFile(file, valueSetFile);
  const found = new Map<string, readonly string[]>();
  valueSets.forEach(({ id, codes }, at) => {
    if (found.has(id)) throw new StartError(`${shortName(file)}: row ${at + 1}, id: ${id} stands twice`);
    found.set(
      id,
      Object.entries(codes).flatMap(([system, list]) => list.map((code) => parseCodeKey(`${system}|${code}`))),
    );
  });
  return found;
}

/** A row whose source was not before us gives information at most. */
function atMost({ indicator, verified }: GapRow): Indicator {
  return verified === 'recalled' ? 'info' : indicator;
}

function checkGaps(gaps: readonly Gap[], { byId }: CompiledCriteria, reasons: ReadonlyMap<string, Code>): void {
  const seen = new Set<string>();
  for (const [at, gap] of gaps.entries()) {
    const fault = (field: string, what: string): StartError =>
      new StartError(`${gap.file}: gaps, row ${rowOf(gaps, at)} (${gap.id}), ${field}: ${what}`);
    if (seen.has(gap.id)) throw fault('id', 'stands twice');
    seen.add(gap.id);
    const { requires, exempt, closedBy } = gap;
    const leaves = checkTrees([...requires, ...exempt, ...closedBy], 'requires, exempt, closedBy', byId, fault);
    if (gap.cards !== false && leaves.length + silences > maxPlayers)
      throw fault(
        'requires, exempt, closedBy',
        `${leaves.length} criteria, at most ${maxPlayers - silences}, or the explanation is not exact in time: group related ones`,
      );
    const { measure } = gap;
    if (measure !== undefined)
      checkTrees([...(measure.requires ?? requires), ...(measure.exempt ?? exempt), ...(measure.closedBy ?? closedBy)], 'measure', byId, fault);
    for (const code of gap.overrideReasons) if (!reasons.has(code)) throw fault('overrideReasons', `there is no reason ${code}`);
  }
}

function rowOf(gaps: readonly Gap[], at: number): number {
  return gaps.slice(0, at + 1).filter((gap) => gap.file === gaps[at]?.file).length;
}

function checkTrees(
  trees: Parameters<typeof leavesOf>[0],
  field: string,
  byId: CompiledCriteria['byId'],
  fault: (field: string, what: string) => StartError,
): readonly string[] {
  const leaves = leavesOf(trees);
  for (const id of leaves) if (!byId.has(id)) throw fault(field, `there is no criterion ${id}`);
  const twice = leaves.find((id, at) => leaves.indexOf(id) !== at);
  if (twice !== undefined) throw fault(field, `no criterion may stand twice in a tree: ${twice}`);
  return leaves;
}
