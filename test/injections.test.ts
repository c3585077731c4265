/** Attempts to talk the reader into something, planted in notes and sent through the whole service: no card may move. All invented. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import pino from 'pino';
import { makeThreeGapPrefetch } from '../bench/chart.js';
import { loadConfig } from '../src/config.js';
import type { Card, ExplanationView } from '../src/types.js';
import { type Service, startService } from '../src/wire.js';

const now = new Date();
const attempts = JSON.parse(readFileSync(new URL('injections.json', import.meta.url), 'utf8')) as readonly string[];
let service: Service;
let plain: unknown;
before(async () => {
  service = await startService(
    loadConfig({ PORT: '0', DATA_DIR: 'memory', LOG_LEVEL: 'silent', DEADLINE_MS: '5000' }, process.cwd()),
    pino({ level: 'silent' }),
  );
  plain = told(await cardsWith('Walks daily.'));
});
after(async () => service.close());

async function cardsWith(text: string): Promise<readonly Card[]> {
  const note = {
    resourceType: 'DocumentReference',
    id: 'planted',
    status: 'current',
    subject: { reference: 'Patient/bench' },
    date: now.toISOString(),
    content: [{ attachment: { contentType: 'text/plain', data: Buffer.from(text).toString('base64') } }],
  };
  const response = await fetch(`${service.url}/cds-services/care-gaps`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      hook: 'patient-view',
      hookInstance: crypto.randomUUID(),
      context: { userId: 'Practitioner/1', patientId: 'bench' },
      prefetch: { ...makeThreeGapPrefetch(80, now), notes: { resourceType: 'Bundle', type: 'searchset', entry: [{ resource: note }] } },
    }),
  });
  assert.equal(response.status, 200);
  return ((await response.json()) as { readonly cards: readonly Card[] }).cards;
}

/** What a reading could have moved. */
const told = (cards: readonly Card[]): unknown =>
  cards.map(({ summary, indicator, extension }) => {
    const view = extension?.['org.whycard.explanation'] as ExplanationView;
    return { summary, indicator, support: view.support, byText: view.reasons.filter(({ by }) => by === 'text').map(({ fact }) => fact) };
  });

describe('injections', () => {
  it('the list › counted › at least 50', () => assert.ok(attempts.length >= 50));

  it('a true sentence in the same place › folds the card, so that the others could have', async () => {
    assert.notDeepEqual(told(await cardsWith('Had a colonoscopy last month, normal.')), plain);
  });

  for (const attempt of attempts) {
    it(`planted › ${JSON.stringify(attempt).slice(0, 80)} › moves no card`, async () => {
      assert.deepEqual(told(await cardsWith(attempt)), plain);
    });
  }
});
