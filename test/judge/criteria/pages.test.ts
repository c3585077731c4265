/** A list that comes in pages is the same list: gathered from a server page by page, judged like the whole. All people are invented. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createJudge } from '../../../src/judge/judge.js';
import { loadKnowledge } from '../../../src/judge/knowledge.js';
import type { Chart, Judgement, ServiceDefinition } from '../../../src/types.js';
import { bundle, type FakeEhr, gather, next, patient, send, startEhr } from '../../gather/ehr.js';
import { a1c, clinical, condition, procedure } from '../chart.js';

let ehr: FakeEhr;
let service: ServiceDefinition;
let judge: (chart: Chart) => Judgement;
before(async () => {
  ehr = await startEhr();
  const knowledge = await loadKnowledge('cards');
  const found = knowledge.services.find(({ id }) => id === 'care-gaps');
  assert.ok(found !== undefined);
  service = found;
  judge = (chart) => createJudge(knowledge)(found, chart);
});
after(() => ehr.close());

const identified = (listed: readonly (readonly [string, object])[]) => listed.map(([, resource], at) => ({ ...resource, id: `r${at}` }));
const lists: Readonly<Record<string, readonly object[]>> = {
  Condition: identified([
    condition('44054006', clinical('active')),
    condition('195967001', clinical('active')),
    condition('363406005', clinical('resolved')),
  ]),
  Observation: identified([a1c(9.8, '2026-01-20'), a1c(7.1, '2025-06-01'), a1c(8.2, '2025-11-01'), a1c(6.9, '2024-01-01')]),
  Procedure: identified([procedure('73761001', '2012-05-01'), procedure('71651007', '2021-05-01'), procedure('44441009', '2019-01-01')]),
};

/** Every list of the service from the server, so many resources a page. */
async function judgePaged(size: number): Promise<Judgement> {
  ehr.answers.clear();
  ehr.answers.set('Patient/', send(patient()));
  for (const template of Object.values(service.prefetch)) {
    const type = /^([A-Za-z]+)\?/.exec(template)?.[1];
    if (type === undefined) continue;
    const all = lists[type] ?? [];
    const pages = Array.from({ length: Math.max(1, Math.ceil(all.length / size)) }, (_, at) => all.slice(at * size, (at + 1) * size));
    pages.forEach((page, at) => {
      const more = at + 1 < pages.length ? next(`${ehr.base}/${type}?page=${at + 1}`) : {};
      ehr.answers.set(at === 0 ? `${type}?` : `${type}?page=${at}`, send(bundle(page, { total: all.length, ...more })));
    });
  }
  const chart = await gather({}, { ehr, service, limits: { maxPages: 60 } });
  assert.ok(Object.values(chart.lists).every((list) => list.state === 'complete'));
  assert.equal(chart.entries.length, 10);
  return judge(chart);
}

describe('criteria', () => {
  it('property › lists split into pages of one, two and three › change nothing', async () => {
    const whole = await judgePaged(100);
    assert.ok(whole.findings.some(({ candidate }) => candidate === 'diabetes-poor-glycemic-control'));
    for (const size of [1, 2, 3]) assert.deepEqual(await judgePaged(size), whole, `pages of ${size}`);
  });
});
