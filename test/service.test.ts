/** The whole service, all parts real but where a test says so: one request through every stage, over HTTP. Patients here are invented. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import pino from 'pino';
import { makeQuietPrefetch, makeThreeGapPrefetch } from '../bench/chart.js';
import { loadConfig } from '../src/config.js';
import type { Card, ExplanationView } from '../src/types.js';
import { type Service, startService } from '../src/wire.js';

// What is answered is asked here, not how fast: a busy machine must not decide.
const config = loadConfig({ PORT: '0', DATA_DIR: 'memory', LOG_LEVEL: 'silent', DEADLINE_MS: '5000' }, process.cwd());
let service: Service;
before(async () => {
  service = await startService(config, pino({ level: 'silent' }));
});
after(async () => service.close());

async function post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<{ status: number; json: unknown }> {
  const response = await fetch(`${service.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, json: text === '' ? undefined : JSON.parse(text) };
}

async function call(id: string, body: unknown): Promise<readonly Card[]> {
  const { status, json } = await post(`/cds-services/${id}`, body);
  assert.equal(status, 200, JSON.stringify(json));
  return (json as { readonly cards: readonly Card[] }).cards;
}

const view = (prefetch: unknown, patientId = 'bench') => ({
  hook: 'patient-view',
  hookInstance: crypto.randomUUID(),
  context: { userId: 'Practitioner/1', patientId },
  prefetch,
});
const explanationOf = (card: Card): ExplanationView => card.extension?.['org.whycard.explanation'] as ExplanationView;

async function sandboxCall(id: string, hook: string, patient: string, context: Readonly<Record<string, unknown>> = {}): Promise<readonly Card[]> {
  const session = (await post('/ehr/api/session', { patient })).json as { accessToken: string; scope: string; fhirBase: string };
  return call(id, {
    hook,
    hookInstance: crypto.randomUUID(),
    context: { userId: 'Practitioner/1', patientId: patient, ...context },
    fhirServer: session.fhirBase,
    fhirAuthorization: { access_token: session.accessToken, token_type: 'Bearer', expires_in: 300, scope: session.scope, subject: 'test' },
  });
}

const orderOf = (patient: string, text: string) => ({
  draftOrders: {
    resourceType: 'Bundle',
    entry: [
      {
        resource: {
          resourceType: 'MedicationRequest',
          id: 'draft-1',
          status: 'draft',
          intent: 'order',
          subject: { reference: `Patient/${patient}` },
          medicationCodeableConcept: { text },
        },
      },
    ],
  },
});

describe('service', () => {
  it('patient-view › three gaps in prefetch › three cards whose contributions add up', async () => {
    const cards = await call('care-gaps', view(makeThreeGapPrefetch(150, new Date())));
    assert.equal(cards.length, 3, cards.map((card) => card.summary).join(' | '));
    for (const card of cards) {
      const view = explanationOf(card);
      const sum = view.reasons.reduce((total, reason) => total + reason.contribution, 0);
      assert.ok(Math.abs(sum - (view.value - view.baseline)) < 1e-5, card.summary);
      assert.equal(view.grade, 'established');
      assert.ok(card.summary.length < 140);
      assert.ok((card.suggestions ?? []).length > 0);
    }
  });

  it('patient-view › nothing due › no card', async () => {
    assert.deepEqual(await call('care-gaps', view(makeQuietPrefetch(new Date()))), []);
  });

  const stories: readonly (readonly [string, string, string, string | undefined, RegExp[]])[] = [
    ['care-gaps', 'patient-view', 'gap-colorectal', undefined, [/colorectal/i]],
    ['care-gaps', 'patient-view', 'note-says-never', undefined, [/colorectal/i]],
    ['care-gaps', 'patient-view', 'over-89', undefined, []],
    ['care-gaps', 'patient-view', 'empty-chart', undefined, []],
    ['care-gaps', 'patient-view', 'nothing-wrong', undefined, []],
    ['care-gaps', 'patient-view', 'one-datum-decides', undefined, [/^Not decided: whether lung cancer screening is due$/]],
    ['order-safety', 'order-sign', 'interaction-warfarin', 'ibuprofen 200 mg', [/warfarin/i]],
    ['order-safety', 'order-sign', 'over-89', 'potassium chloride 20 mEq', [/potassium/i]],
    ['order-safety', 'order-sign', 'allergies-unreadable', 'amoxicillin 500 mg', [/allerg/i]],
    ['order-safety', 'order-sign', 'nothing-wrong', 'amoxicillin 500 mg', []],
  ];
  for (const [id, hook, patient, order, summaries] of stories) {
    it(`story › ${patient}, ${hook}${order === undefined ? '' : ` of ${order}`} › ${summaries.length} card(s)`, async () => {
      const cards = await sandboxCall(id, hook, patient, order === undefined ? {} : orderOf(patient, order));
      assert.equal(cards.length, summaries.length, cards.map((card) => card.summary).join(' | '));
      summaries.forEach((pattern, index) => {
        assert.match(cards[index]?.summary ?? '', pattern);
      });
    });
  }

  it('story › the gap is closed only in a note › the card is folded to info and quotes the sentence', async () => {
    const cards = await sandboxCall('care-gaps', 'patient-view', 'gap-closed-in-note');
    assert.equal(cards.length, 1);
    assert.equal(cards[0]?.indicator, 'info');
    assert.match(cards[0]?.detail ?? '', /outside hospital/i);
  });

  it('story › a note says never and names a brother › the gap stays as grave as without the note', async () => {
    const [card] = await sandboxCall('care-gaps', 'patient-view', 'note-says-never');
    const [plain] = await sandboxCall('care-gaps', 'patient-view', 'gap-colorectal');
    assert.equal(card?.indicator, plain?.indicator);
  });

  it('app › a run opened with the token of its patient › is shown; with that of another, is not', async () => {
    const cards = await sandboxCall('care-gaps', 'patient-view', 'gap-colorectal');
    const { run } = JSON.parse(cards[0]?.links?.[0]?.appContext ?? '{}') as { run: string };
    const open = async (patient: string): Promise<number> => {
      const session = (await post('/ehr/api/session', { patient })).json as { accessToken: string; fhirBase: string };
      return (await post('/app/api/run', { run, iss: session.fhirBase, patient }, { authorization: `Bearer ${session.accessToken}` })).status;
    };
    assert.equal(await open('gap-colorectal'), 200);
    assert.equal(await open('over-89'), 404);
  });

  it('feedback › for a card that was issued › is accepted', async () => {
    const [card] = await sandboxCall('care-gaps', 'patient-view', 'gap-colorectal');
    const feedback = [
      {
        card: card?.uuid,
        outcome: 'overridden',
        outcomeTimestamp: '2026-01-01T00:00:00Z',
        overrideReason: { reason: { code: 'done-elsewhere', system: 'https://whycard.org/override-reason' } },
      },
    ];
    assert.ok((await post('/cds-services/care-gaps/feedback', { feedback })).status < 300);
  });

  it('order › the suggestion of a gap is carried out › the hook is quiet, and says that it is ordered', async () => {
    const patient = 'note-says-never';
    const [card] = await sandboxCall('care-gaps', 'patient-view', patient);
    const [action] = card?.suggestions?.[0]?.actions ?? [];
    assert.ok(action?.type === 'create');
    const session = (await post('/ehr/api/session', { patient })).json as { accessToken: string };
    const written = await post('/ehr/fhir/ServiceRequest', action.resource, { authorization: `Bearer ${session.accessToken}` });
    assert.equal(written.status, 201, JSON.stringify(written.json));
    const again = await sandboxCall('care-gaps', 'patient-view', patient);
    assert.deepEqual(
      again.map(({ indicator, suggestions }) => [indicator, suggestions]),
      [['info', undefined]],
    );
    assert.match(again[0]?.summary ?? '', /^Ordered already: Colorectal cancer screening, ordered on \d+ \w+ \d{4}$/);
  });

  // Of one instant: its dates are evidence.
  const writtenAt = new Date();
  const overriddenIn = (dialect: 'cds-hooks' | 'epic', card: string): object => {
    const override = { reason: { code: 'declined', system: 'https://whycard.org/override-reason' } };
    const entry = { card, outcome: 'overridden', outcomeTimestamp: '2026-01-01T00:00:00Z' };
    return dialect === 'cds-hooks' ? { ...entry, overrideReason: override } : { ...entry, overrideReasons: [override] };
  };
  const quietCount = async (id: string): Promise<number> =>
    Number(
      new RegExp(`^cds_quiet_findings_total\\{service="${id}",why="dismissed"\\} (\\d+)`, 'm').exec(
        await (await fetch(`${service.url}/metrics`)).text(),
      )?.[1] ?? 0,
    );

  for (const dialect of ['cds-hooks', 'epic'] as const) {
    it(`override › of all three gaps, as ${dialect} writes it › quiet for this patient, loud for another, and the one with a new value is back`, async () => {
      const patientId = `overridden-${dialect}`;
      const chart = (value: number) =>
        JSON.parse(
          JSON.stringify(makeThreeGapPrefetch(150, writtenAt))
            .replaceAll('Patient/bench', `Patient/${patientId}`)
            .replaceAll('"id":"bench"', `"id":"${patientId}"`)
            .replaceAll('"value":9.8', `"value":${value}`),
        );
      const first = await call('care-gaps', view(chart(9.8), patientId));
      assert.ok(first.length >= 3);
      const feedback = first.filter((card) => card.overrideReasons !== undefined).map((card) => overriddenIn(dialect, card.uuid));
      assert.equal((await post('/cds-services/care-gaps/feedback', { feedback })).status, 200);
      const counted = await quietCount('care-gaps');
      const second = await call('care-gaps', view(chart(9.8), patientId));
      assert.deepEqual(
        second.map((card) => card.indicator),
        ['info'],
      );
      assert.match(second[0]?.detail ?? '', /patient declined/);
      assert.equal(await quietCount('care-gaps'), counted + feedback.length);
      const third = await call('care-gaps', view(chart(10.4), patientId));
      assert.deepEqual(
        third.map((card) => [card.indicator, card.source.topic.code]),
        [['warning', 'diabetes-poor-glycemic-control']],
      );
      assert.match(third[0]?.detail ?? '', /Shown again: the evidence on record has changed since\./);
      assert.match(third[0]?.detail ?? '', /Dismissed before: /);
      assert.ok((await call('care-gaps', view(makeThreeGapPrefetch(150, writtenAt)))).length >= 3);
    });
  }

  it('override › of an interaction while ordering › is information at signing, and nothing at ordering', async () => {
    const fire = (id: string, hook: string, more: object = {}) =>
      sandboxCall(id, hook, 'interaction-warfarin', { ...orderOf('interaction-warfarin', 'ibuprofen 200 mg'), ...more });
    const select = () => fire('order-safety-draft', 'order-select', { selections: ['MedicationRequest/draft-1'] });
    const [card] = await select();
    assert.equal(card?.indicator, 'warning');
    const feedback = [{ card: card.uuid, outcome: 'overridden', overrideReason: { reason: { code: 'will-monitor' } } }];
    assert.equal((await post('/cds-services/order-safety-draft/feedback', { feedback })).status, 200);
    assert.deepEqual(await select(), []);
    const [signing, ...others] = await fire('order-safety', 'order-sign');
    assert.deepEqual([signing?.indicator, others.length], ['info', 0]);
    assert.match(signing?.summary ?? '', /^Dismissed before: Warfarin with ibuprofen.*will monitor closely$/);
  });
});
