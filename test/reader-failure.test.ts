/** The language model's worker dies under a request, or cannot read what it is given: what code found stays, the card says what was not read. */
import assert from 'node:assert/strict';
import type { ChildProcess, Serializable } from 'node:child_process';
import { after, before, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import { makeThreeGapPrefetch } from '../bench/chart.js';
import { loadConfig } from '../src/config.js';
import { createSmallReader } from '../src/read/small-reader.js';
import { startWorker } from '../src/read/worker-link.js';
import type { Card, ExplanationView } from '../src/types.js';
import { type Service, startService } from '../src/wire.js';

const now = new Date();
/** While true, a worker that is asked anything dies of it. */
let isDeadly = false;
const workers: ChildProcess[] = [];
let service: Service;

before(async () => {
  const reader = await createSmallReader({
    modelDir: fileURLToPath(new URL('../models/small-reader', import.meta.url)),
    createWorker: (dir) => {
      const worker = startWorker(dir);
      const tell = worker.send.bind(worker);
      worker.send = (message: Serializable, ...rest: unknown[]) => {
        const isSent = tell(message);
        if (isDeadly) worker.kill('SIGKILL');
        return isSent && rest.length >= 0;
      };
      workers.push(worker);
      return worker;
    },
  });
  const config = loadConfig({ PORT: '0', DATA_DIR: 'memory', LOG_LEVEL: 'silent', DEADLINE_MS: '5000' }, process.cwd());
  service = await startService(config, pino({ level: 'silent' }), { reader });
});
after(async () => service.close());

async function callWith(note: string): Promise<readonly Card[]> {
  const attachment = { contentType: 'text/plain', data: Buffer.from(note).toString('base64') };
  const resource = {
    resourceType: 'DocumentReference',
    id: 'n',
    status: 'current',
    subject: { reference: 'Patient/bench' },
    date: now.toISOString(),
    content: [{ attachment }],
  };
  const response = await fetch(`${service.url}/cds-services/care-gaps`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      hook: 'patient-view',
      hookInstance: crypto.randomUUID(),
      context: { userId: 'Practitioner/1', patientId: 'bench' },
      prefetch: { ...makeThreeGapPrefetch(80, now), notes: { resourceType: 'Bundle', type: 'searchset', entry: [{ resource }] } },
    }),
  });
  assert.equal(response.status, 200);
  return ((await response.json()) as { readonly cards: readonly Card[] }).cards;
}
const explanationOf = (card: Card | undefined): ExplanationView => card?.extension?.['org.whycard.explanation'] as ExplanationView;
const colorectal = (cards: readonly Card[]): Card | undefined => cards.find(({ summary }) => /colorectal/i.test(summary));
const sentence = 'Had a colonoscopy last month, normal.';

it('worker killed under every call › the findings of code stay, the card says what was not read', async () => {
  isDeadly = true;
  const cards = await callWith(sentence);
  isDeadly = false;
  const card = colorectal(cards);
  assert.notEqual(card?.indicator, 'info');
  assert.equal(explanationOf(card).unread, 1);
  assert.match(card?.detail ?? '', /1 statement not read/);
});

it('worker killed › a new one is started, and what was left is read', async () => {
  let card: Card | undefined;
  // Its start may outlast a deadline on a busy machine.
  for (let call = 0; call < 6 && (card === undefined || explanationOf(card).unread > 0); call += 1) card = colorectal(await callWith(sentence));
  assert.equal(explanationOf(card).unread, 0);
  assert.equal(card?.indicator, 'info');
  assert.ok(workers.length >= 3);
});

it('a note in another language › is counted as not read, on the card', async () => {
  const card = colorectal(await callWith('Der Patient hatte im letzten Monat eine Koloskopie und sie war ohne Befund.'));
  assert.notEqual(card?.indicator, 'info');
  assert.equal(explanationOf(card).unread, 1);
  assert.match(card?.detail ?? '', /1 statement not read \(.*not in English\)/);
});
