/** Every story under every way that an EHR can be: the same cards from those that are merely different, a plain word from those that fail. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import pino from 'pino';
import { loadConfig } from '../../src/config.js';
import type { Card } from '../../src/types.js';
import { type Service, startService } from '../../src/wire.js';

let service: Service;
before(async () => {
  service = await startService(
    loadConfig({ PORT: '0', DATA_DIR: 'memory', LOG_LEVEL: 'silent', DEADLINE_MS: '2000' }, process.cwd()),
    pino({ level: 'silent' }),
  );
});
after(() => service.close());

type Json = Record<string, unknown>;

async function post(
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly json: Json }> {
  const response = await fetch(`${service.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, json: (await response.json()) as Json };
}
const play = async (profile: string): Promise<void> => assert.equal((await post('/ehr/api/profile', { profile })).status, 200);

async function fire(
  id: string,
  patient: string,
  drug: string | undefined,
  prefetch: Json = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly json: Json }> {
  const { hook: granted, fhirBase } = (await post('/ehr/api/session', { patient })).json as {
    readonly hook: { readonly accessToken: string; readonly scope: string };
    readonly fhirBase: string;
  };
  const order = {
    resourceType: 'MedicationRequest',
    id: 'd',
    status: 'draft',
    intent: 'order',
    subject: { reference: `Patient/${patient}` },
    medicationCodeableConcept: { text: drug },
  };
  return post(
    `/cds-services/${id}`,
    {
      hook: drug === undefined ? 'patient-view' : 'order-sign',
      hookInstance: crypto.randomUUID(),
      context: {
        userId: 'Practitioner/1',
        patientId: patient,
        ...(drug === undefined ? {} : { draftOrders: { resourceType: 'Bundle', entry: [{ resource: order }] } }),
      },
      fhirServer: fhirBase,
      fhirAuthorization: { access_token: granted.accessToken, token_type: 'Bearer', expires_in: 300, scope: granted.scope, subject: 't', patient },
      prefetch,
    },
    headers,
  );
}

const stories: readonly (readonly [string, string, string | undefined, readonly string[]])[] = [
  ['care-gaps', 'gap-colorectal', undefined, ['warning Colorectal cancer screening is due: none on record']],
  ['care-gaps', 'gap-closed-in-note', undefined, ['info Colorectal cancer screening is due? A note speaks against it']],
  ['care-gaps', 'note-says-never', undefined, ['warning Colorectal cancer screening is due: none on record']],
  ['care-gaps', 'diabetes-poor-control', undefined, ['warning Diabetes: the last hemoglobin A1c is above 9 %']],
  ['care-gaps', 'over-89', undefined, []],
  ['care-gaps', 'empty-chart', undefined, []],
  ['care-gaps', 'nothing-wrong', undefined, []],
  ['order-safety', 'interaction-warfarin', 'ibuprofen', ['warning Warfarin with ibuprofen: bleeding risk']],
  ['order-safety', 'allergies-unreadable', 'amoxicillin', ['info Not checked: allergies could not be read']],
];

describe('profiles', () => {
  for (const profile of ['plain', 'epic-like', 'cerner-like']) {
    for (const [id, patient, drug, expected] of stories) {
      it(`${profile} › ${patient} › ${expected.length === 0 ? 'no card' : expected.join()}`, async () => {
        await play(profile);
        const { json } = await fire(id, patient, drug);
        assert.deepEqual(
          (json['cards'] as readonly Card[]).map((card) => `${card.indicator} ${card.summary}`),
          expected,
        );
      });
    }
  }

  const spoken: readonly (readonly [string, string | undefined, boolean])[] = [
    ['plain', 'at-most-one', true],
    ['epic-like', 'any', true],
    ['cerner-like', 'at-most-one', false],
  ];
  for (const [profile, selectionBehavior, hasContext] of spoken) {
    it(`${profile} › called with the token of that EHR › the card is in its dialect, and the app finds the run`, async () => {
      await play(profile);
      const { token } = (await post('/ehr/api/cds-token', { aud: `${service.url}/cds-services/care-gaps` })).json;
      const { json } = await fire('care-gaps', 'gap-colorectal', undefined, {}, { authorization: `Bearer ${String(token)}` });
      const [card] = json['cards'] as readonly Card[];
      assert.equal(card?.selectionBehavior, selectionBehavior);
      assert.equal(card?.links?.[0]?.appContext !== undefined, hasContext);
      const session = (await post('/ehr/api/session', { patient: 'gap-colorectal' })).json;
      const access = { authorization: `Bearer ${String(session['accessToken'])}` };
      const { status, json: run } = await post('/app/api/run', { iss: session['fhirBase'], patient: 'gap-colorectal' }, access);
      assert.deepEqual([status, (run['cards'] as readonly Card[])[0]?.summary], [200, card?.summary]);
    });
  }

  const failing: readonly (readonly [string, RegExp])[] = [
    ['slow', /not answered in time/],
    ['busy', /asked to wait/],
    ['revoked', /refused by the server/],
  ];
  for (const [profile, why] of failing) {
    it(`${profile} › the patient cannot be read › 412; with the patient in hand, a card says why the rest is not known`, async () => {
      await play(profile);
      assert.equal((await fire('care-gaps', 'gap-colorectal', undefined)).status, 412);
      const patient = { resourceType: 'Patient', id: 'gap-colorectal', gender: 'male', birthDate: '1968-01-01' };
      const { status, json } = await fire('care-gaps', 'gap-colorectal', undefined, { patient });
      assert.equal(status, 200);
      const [card] = json['cards'] as readonly Card[];
      assert.match(card?.summary ?? '', /^Not decided/);
      assert.match(card?.detail ?? '', why);
    });
  }

  it('a profile that is not there › 400, and the one before stays', async () => {
    await play('plain');
    assert.equal((await post('/ehr/api/profile', { profile: 'vax' })).status, 400);
    assert.equal(((await (await fetch(`${service.url}/ehr/api/profile`)).json()) as Json)['profile'], 'plain');
  });
});
