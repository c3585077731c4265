/** The knowledge of `cards/` with these recommendations alone, for tests that are about a mechanism and not about all that is due. */
import type { Knowledge } from '../../src/judge/knowledge.js';

const first = ['colorectal-cancer-screening', 'breast-cancer-screening', 'diabetes-poor-glycemic-control'];

export function keepGaps(knowledge: Knowledge, ids: readonly string[] = first): Knowledge {
  const gaps = [...knowledge.gaps].map(([folder, found]) => [folder, { ...found, gaps: found.gaps.filter(({ id }) => ids.includes(id)) }] as const);
  return { ...knowledge, gaps: new Map(gaps) };
}
