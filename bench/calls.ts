/**
 * `npm run bench`: the service as a process of its own, called over HTTP. Prints each figure beside its goal. Not a test: machines are noisy.
 * Run `npm run bench -- 50` for another number of calls than 100.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { type Running, readMemoryMb, startBuilt } from './built.js';
import { makeQuietPrefetch, makeThreeGapPrefetch } from './chart.js';
import { print, quantile } from './print.js';

async function stop(running: Running): Promise<void> {
  const ended = new Promise((resolve) => running.child.once('exit', resolve));
  running.child.kill('SIGTERM');
  await ended;
}

async function time(url: string, body: string): Promise<{ readonly ms: number; readonly cards: number }> {
  const startedAt = performance.now();
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const answer = (await response.json()) as { readonly cards?: readonly unknown[] };
  if (!response.ok) throw new Error(`answered ${response.status}: ${JSON.stringify(answer)}`);
  return { ms: performance.now() - startedAt, cards: answer.cards?.length ?? 0 };
}

function envelope(hook: string, prefetch: unknown, context: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    hook,
    hookInstance: crypto.randomUUID(),
    context: { userId: 'Practitioner/bench', patientId: 'bench', ...context },
    prefetch,
  });
}

const draftOrders = {
  resourceType: 'Bundle',
  entry: [
    {
      resource: {
        resourceType: 'MedicationRequest',
        id: 'draft-1',
        status: 'draft',
        intent: 'order',
        subject: { reference: 'Patient/bench' },
        medicationCodeableConcept: { text: 'ibuprofen 200 mg' },
      },
    },
  ],
};

async function measureCalls(running: Running, calls: number): Promise<void> {
  const now = new Date();
  const view = `${running.url}/cds-services/care-gaps`;
  const warmBody = envelope('patient-view', makeThreeGapPrefetch(150, now));
  for (let call = 0; call < 5; call += 1) await time(view, warmBody);
  const warm: number[] = [];
  let cards = 0;
  for (let call = 0; call < calls; call += 1) {
    const timed = await time(view, warmBody);
    warm.push(timed.ms);
    cards = timed.cards;
  }
  print(
    `patient-view, 150 resources, ${cards} cards, warm`,
    `p50 ${quantile(warm, 0.5).toFixed(0)} p95 ${quantile(warm, 0.95).toFixed(0)} ms`,
    'p95 ≤ 150 ms',
    quantile(warm, 0.95) <= 150 && cards >= 3,
  );

  await fetch(`${running.url}/metrics`); // prom-client starts a new window of event-loop delays at each scrape
  const cold: number[] = [];
  for (let call = 0; call < calls; call += 1) {
    // Every call has a note that nobody has read yet.
    const prefetch = makeThreeGapPrefetch(150, now, 1000 + call);
    const medications = {
      resourceType: 'Bundle',
      type: 'searchset',
      entry: [
        {
          resource: {
            resourceType: 'MedicationRequest',
            id: 'w',
            status: 'active',
            intent: 'order',
            subject: { reference: 'Patient/bench' },
            medicationCodeableConcept: { coding: [{ system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code: '11289', display: 'warfarin' }] },
          },
        },
      ],
    };
    cold.push((await time(`${running.url}/cds-services/order-safety`, envelope('order-sign', { ...prefetch, medications }, { draftOrders }))).ms);
  }
  print(
    'order-sign, cold (its note was never read)',
    `p50 ${quantile(cold, 0.5).toFixed(0)} p95 ${quantile(cold, 0.95).toFixed(0)} ms`,
    'p95 ≤ 300 ms',
    quantile(cold, 0.95) <= 300,
  );
  const view2: number[] = [];
  for (let call = 0; call < calls; call += 1)
    view2.push((await time(view, envelope('patient-view', makeThreeGapPrefetch(150, now, 5000 + call)))).ms);
  const metrics = await (await fetch(`${running.url}/metrics`)).text();
  print(
    'patient-view, 150 resources, cold',
    `p50 ${quantile(view2, 0.5).toFixed(0)} p95 ${quantile(view2, 0.95).toFixed(0)} ms`,
    '(none in this version)',
    true,
  );
  const lag = Number(/^nodejs_eventloop_lag_p99_seconds\S* ([\d.e-]+)/m.exec(metrics)?.[1]) * 1000;
  print('event loop delay while the model runs', `p99 ${lag.toFixed(1)} ms`, 'p99 < 20 ms', lag < 20);
}

/** A call without cards beside a route of Express that parses the same body and does nothing. */
async function measureQuiet(running: Running, calls: number): Promise<void> {
  const body = envelope('patient-view', makeQuietPrefetch(new Date()));
  const app = express();
  app.post('/empty', express.json({ limit: '10mb' }), (_request, response) => void response.json({ cards: [] }));
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  const empty = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/empty`;
  const quiet: number[] = [];
  const base: number[] = [];
  for (let call = 0; call < calls + 10; call += 1) {
    const [ours, theirs] = [await time(`${running.url}/cds-services/care-gaps`, body), await time(empty, body)];
    if (ours.cards > 0) throw new Error('the quiet patient has a card');
    if (call >= 10) {
      quiet.push(ours.ms);
      base.push(theirs.ms);
    }
  }
  server.close();
  const [p50, base50] = [quantile(quiet, 0.5), quantile(base, 0.5)];
  print(
    'a call with nothing to say, beside an empty Express route',
    `${p50.toFixed(1)} − ${base50.toFixed(1)} = ${(p50 - base50).toFixed(1)} ms (p50)`,
    '≤ 5 ms more',
    p50 - base50 <= 5,
  );
}

const calls = Number(process.argv[2] ?? 100);
const dataDir = await mkdtemp(join(tmpdir(), 'whycard-bench-'));
try {
  console.log(`${cpus().length} cores, Node ${process.version}, ${calls} calls each\n`);
  const first = await startBuilt(dataDir);
  await stop(first);
  const running = await startBuilt(dataDir);
  print('start to ready, first time (the database is made)', `${(first.readyMs / 1000).toFixed(2)} s`, '≤ 3 s', first.readyMs <= 3000);
  print('start to ready, again', `${(running.readyMs / 1000).toFixed(2)} s`, '≤ 3 s', running.readyMs <= 3000);
  await measureCalls(running, calls);
  await measureQuiet(running, calls);
  const memory = await readMemoryMb(running.child.pid ?? 0);
  print('memory (resident, with the model’s process) after all of it', `${memory.toFixed(0)} MB`, '≤ 600 MB', memory <= 600);
  await stop(running);
} finally {
  await rm(dataDir, { recursive: true, force: true });
}
