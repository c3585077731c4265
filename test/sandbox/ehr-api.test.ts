import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { createTestEhr, fhirBase, launchUrl, type TestEhr } from './ehr.js';

let ehr: TestEhr;
before(async () => {
  ehr = await createTestEhr();
});
after(() => ehr.close());

const storyIds = [
  'gap-colorectal',
  'gap-closed-in-note',
  'note-says-never',
  'interaction-warfarin',
  'allergies-unreadable',
  'over-89',
  'empty-chart',
  'nothing-wrong',
  'diabetes-poor-control',
  'one-datum-decides',
];

describe('ehr api', () => {
  it('patients › the stories › in order, each with what it shows', async () => {
    const { body } = await ehr.http.get('/ehr/api/patients').expect(200);
    assert.deepEqual(
      body.map((patient: { id: string }) => patient.id),
      storyIds,
    );
    for (const patient of body) {
      assert.match(patient.birthDate, /^\d{4}-\d{2}-\d{2}$/);
      assert.ok(patient.name.length > 3 && patient.story.title.length > 3 && patient.story.shows.length > 20);
    }
    assert.deepEqual(
      ehr.sandbox.patients.map(({ id }) => id),
      storyIds,
    );
  });

  it('session › a patient › a token for that chart only', async () => {
    const { body } = await ehr.http.post('/ehr/api/session').send({ patient: 'over-89' }).expect(200);
    assert.equal(body.fhirBase, fhirBase);
    assert.equal(body.userId, 'Practitioner/sandbox-clinician');
    assert.equal(body.scope, 'patient/*.cruds');
    await ehr.get('Patient/over-89', body.accessToken).expect(200);
    await ehr.get('Patient/gap-colorectal', body.accessToken).expect(403);
  });

  it('session › what goes with a hook › reads that chart and writes nothing', async () => {
    const { body } = await ehr.http.post('/ehr/api/session').send({ patient: 'over-89' }).expect(200);
    assert.equal(body.hook.scope, 'patient/*.rs');
    await ehr.get('Patient/over-89', body.hook.accessToken).expect(200);
    const order = { resourceType: 'ServiceRequest', status: 'draft', intent: 'order', subject: { reference: 'Patient/over-89' } };
    await ehr.http
      .post('/ehr/fhir/ServiceRequest')
      .set('Authorization', `Bearer ${body.hook.accessToken}`)
      .type('application/fhir+json')
      .send(order)
      .expect(403);
  });

  it('cds-token › an endpoint › ES384 for exactly that endpoint, five minutes, a new jti each', async () => {
    const aud = 'http://127.0.0.1:3000/cds-services/care-gaps';
    const tokens = await Promise.all([0, 1].map(async () => (await ehr.http.post('/ehr/api/cds-token').send({ aud }).expect(200)).body.token));
    const keys = createLocalJWKSet((await ehr.http.get('/ehr/jwks.json').expect(200)).body);
    const verified = await Promise.all(
      tokens.map((token) =>
        jwtVerify(token, keys, {
          issuer: ehr.sandbox.issuer,
          audience: aud,
          algorithms: ['ES384'],
          currentDate: new Date(Date.UTC(2026, 2, 31, 12)),
        }),
      ),
    );
    assert.equal(decodeProtectedHeader(tokens[0]).jku, `${ehr.sandbox.issuer}/jwks.json`);
    assert.equal((verified[0]?.payload.exp ?? 0) - (verified[0]?.payload.iat ?? 0), 300);
    assert.notEqual(verified[0]?.payload.jti, verified[1]?.payload.jti);
    assert.equal('d' in (ehr.sandbox.jwks.keys[0] ?? {}), false);
  });

  const foreign: readonly { readonly what: string; readonly headers: Readonly<Record<string, string>> }[] = [
    { what: 'a name rebound to this machine', headers: { Host: 'evil.example:3000' } },
    { what: 'a name that begins like ours', headers: { Host: '127.0.0.1.evil.example' } },
    { what: 'the origin of another site', headers: { Origin: 'https://evil.example' } },
    { what: 'another port of this machine', headers: { Host: '127.0.0.1:3000', Origin: 'http://127.0.0.1:4000' } },
    { what: 'a sandboxed frame', headers: { Origin: 'null' } },
    { what: 'fetch metadata of another site', headers: { 'Sec-Fetch-Site': 'cross-site' } },
    { what: 'fetch metadata of another port', headers: { 'Sec-Fetch-Site': 'same-site' } },
  ];
  for (const { what, headers } of foreign) {
    it(`caller › ${what} › 403, no token, no CORS`, async () => {
      for (const request of [ehr.http.post('/ehr/api/session').send({ patient: 'over-89' }), ehr.http.get('/ehr/api/patients')]) {
        const response = await request.set(headers);
        assert.equal(response.status, 403);
        assert.equal(response.body.accessToken, undefined);
        assert.equal(response.headers['access-control-allow-origin'], undefined);
      }
    });
  }

  for (const host of ['127.0.0.1:3000', 'localhost:3000', '[::1]:3000']) {
    it(`caller › own page at ${host} › served`, async () => {
      await ehr.http
        .post('/ehr/api/session')
        .set({ Host: host, Origin: `http://${host}`, 'Sec-Fetch-Site': 'same-origin' })
        .send({ patient: 'over-89' })
        .expect(200);
    });
  }

  const bad: readonly { readonly path: string; readonly body: string; readonly status: number; readonly type?: string }[] = [
    { path: 'session', body: '{', status: 400 },
    { path: 'session', body: '{}', status: 400 },
    { path: 'session', body: '{"patient":["over-89"]}', status: 400 },
    { path: 'session', body: '{"patient":"nobody"}', status: 404 },
    { path: 'session', body: '{"patient":"__proto__"}', status: 404 },
    { path: 'session', body: 'patient=over-89', status: 415, type: 'application/x-www-form-urlencoded' },
    { path: 'session', body: JSON.stringify({ patient: 'x'.repeat(70_000) }), status: 413 },
    { path: 'cds-token', body: '{"aud":"javascript:alert(1)"}', status: 400 },
    { path: 'cds-token', body: '{"aud":7}', status: 400 },
    { path: 'launch', body: JSON.stringify({ patient: 'over-89', launchUrl: 'https://evil.example/launch' }), status: 400 },
    { path: 'launch', body: JSON.stringify({ patient: 'nobody', launchUrl }), status: 404 },
    { path: 'nothing', body: '{}', status: 404 },
  ];
  for (const { path, body, status, type } of bad) {
    it(`bad input › ${path} ${body.slice(0, 50)} › ${status}`, async () => {
      const response = await ehr.http
        .post(`/ehr/api/${path}`)
        .set('Content-Type', type ?? 'application/json')
        .send(body)
        .expect(status);
      assert.equal(response.body.resourceType, 'OperationOutcome');
    });
  }

  it('launch › by the call of the CDS Hooks Sandbox › needs a token of that patient', async () => {
    const ask = (token: string | undefined, patient: string, url = launchUrl) => {
      const request = ehr.http.post('/ehr/fhir/_services/smart/Launch');
      if (token !== undefined) request.set('Authorization', `Bearer ${token}`);
      return request.send({ launchUrl: url, parameters: { patient, smart_messaging_origin: '', appContext: 'from-a-card' } });
    };
    const token = await ehr.session('over-89');
    const { body } = await ask(token, 'over-89').expect(200);
    const { headers } = await ehr.authorize({ launch: body.launch_id });
    const code = new URL(headers['location'] ?? 'none:').searchParams.get('code') ?? '';
    const answer = await ehr.redeem(code);
    assert.equal(answer.body.patient, 'over-89');
    assert.equal(answer.body.appContext, 'from-a-card');
    await ask(undefined, 'over-89').expect(401);
    await ask(token, 'gap-colorectal').expect(403);
    await ask(token, 'over-89', 'https://evil.example').expect(400);
  });

  it('issueAccessToken › for the command › reads and does not write; unknown patient is refused', async () => {
    const { accessToken, scope } = await ehr.sandbox.issueAccessToken('over-89');
    assert.equal(scope, 'patient/*.rs');
    await ehr.get('Observation', accessToken).expect(200);
    await ehr.http.delete('/ehr/fhir/Condition/any').set('Authorization', `Bearer ${accessToken}`).expect(403);
    await assert.rejects(ehr.sandbox.issueAccessToken('nobody'), { code: 'not-found' });
  });
});
