/** Stage 5: runs the knowledge of a service over a chart by code. Knows which engine runs which kind of knowledge, nothing of scores or cards. */
import type { Chart, Judgement, ListName, ServiceDefinition } from '../types.js';
import { indexChart } from './chart-index.js';
import { judgeGaps } from './criteria/gaps.js';
import type { Knowledge } from './knowledge.js';
import { judgeOrders } from './tables/judge-orders.js';

export type Part = Omit<Judgement, 'unavailable'>;

export function createJudge(knowledge: Knowledge): (service: ServiceDefinition, chart: Chart) => Judgement {
  return function judge(service, chart) {
    const index = indexChart(chart);
    const unavailable = describeLists(chart.lists);
    const parts: Part[] = [];
    const gaps = knowledge.gaps.get(service.knowledge);
    // Nothing is due for the dead; an order is still an order.
    if (gaps !== undefined && !index.isDeceased) parts.push(judgeGaps(gaps, chart, knowledge.reasons, unavailable));
    const orders = knowledge.orders.get(service.knowledge);
    if (orders !== undefined) parts.push(judgeOrders(orders, index, chart, knowledge.reasons, unavailable));
    return { ...join(parts), unavailable };
  };
}

/** 'allergies: refused by the server' for every list that was not looked at completely. */
function describeLists(lists: Chart['lists']): readonly string[] {
  return (Object.keys(lists) as ListName[]).flatMap((name) => {
    const state = lists[name];
    return state === undefined || state.state === 'complete' ? [] : [`${name}: ${state.why}`];
  });
}

function join(parts: readonly Part[]): Part {
  const criteria = new Map(parts.flatMap((part) => part.criteria).map((criterion) => [criterion.id, criterion]));
  return {
    candidates: parts.flatMap((part) => part.candidates),
    criteria: [...criteria.values()],
    findings: parts.flatMap((part) => part.findings),
    matches: parts.flatMap((part) => part.matches),
    absences: parts.flatMap((part) => part.absences),
    missing: parts.flatMap((part) => part.missing),
    advice: parts.flatMap((part) => part.advice),
    standings: parts.flatMap((part) => part.standings ?? []),
  };
}
