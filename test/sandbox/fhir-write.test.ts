import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createTestEhr, fhirBase, idsOf, type TestEhr } from './ehr.js';

let ehr: TestEhr;
let token: string;
before(async () => {
  ehr = await createTestEhr();
  token = await ehr.session('gap-colorectal');
});
after(() => ehr.close());

const order = (patient = 'gap-colorectal') => ({
  resourceType: 'ServiceRequest',
  status: 'draft',
  intent: 'order',
  code: { coding: [{ system: 'http://snomed.info/sct', code: '73761001' }] },
  subject: { reference: `Patient/${patient}` },
});

const send = (method: 'post' | 'put' | 'delete', path: string) => ehr.http[method](`/ehr/fhir/${path}`).set('Authorization', `Bearer ${token}`);
const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

describe('fhir write', () => {
  it('create › an order › 201 with an id of the server, then read, found, changed, deleted, gone', async () => {
    const created = await send('post', 'ServiceRequest')
      .type('application/fhir+json')
      .send(JSON.stringify({ ...order(), id: 'mine' }))
      .expect(201);
    const id = String(created.body.id);
    assert.notEqual(id, 'mine');
    assert.equal(created.headers['location'], `${fhirBase}/ServiceRequest/${id}`);
    assert.equal(created.body.meta.versionId, '1');
    assert.equal((await ehr.get('ServiceRequest?status=draft', token)).body.total, 1);

    const updated = await send('put', `ServiceRequest/${id}`)
      .set('If-Match', 'W/"1"')
      .send({ ...order(), id, status: 'active' })
      .expect(200);
    assert.equal(updated.headers['etag'], 'W/"2"');
    assert.equal((await ehr.get('ServiceRequest?status=draft', token)).body.total, 0);
    await send('put', `ServiceRequest/${id}`)
      .set('If-Match', 'W/"1"')
      .send({ ...order(), id })
      .expect(412);

    await send('delete', `ServiceRequest/${id}`).expect(204);
    await ehr.get(`ServiceRequest/${id}`, token).expect(410);
    assert.equal((await ehr.get('ServiceRequest', token)).body.total, 0);
    await send('put', `ServiceRequest/${id}`)
      .send({ ...order(), id })
      .expect(201);
    await ehr.get(`ServiceRequest/${id}`, token).expect(200);
  });

  it('create › a null character and a lone surrogate in a text › kept as sent', async () => {
    const text = 'before\u0000after \ud800';
    const created = await send('post', 'ServiceRequest')
      .send({ ...order(), note: [{ text }] })
      .expect(201);
    assert.equal((await ehr.get(`ServiceRequest/${created.body.id}`, token)).body.note[0].text, text);
  });

  const refusals: readonly {
    readonly what: string;
    readonly status: number;
    readonly path?: string;
    readonly body: string;
    readonly type?: string;
    readonly header?: readonly [string, string];
  }[] = [
    { what: 'broken JSON', status: 400, body: '{"resourceType":' },
    { what: 'an array', status: 400, body: '[]' },
    { what: 'a bare string', status: 400, body: '"ServiceRequest"' },
    { what: 'an empty body', status: 400, body: '' },
    { what: 'another type than the address', status: 400, body: JSON.stringify({ ...order(), resourceType: 'Observation' }) },
    { what: 'no subject', status: 422, body: JSON.stringify({ resourceType: 'ServiceRequest', status: 'draft' }) },
    { what: 'a subject that is no reference', status: 422, body: JSON.stringify({ ...order(), subject: { reference: 7 } }) },
    { what: "another patient's resource", status: 403, body: JSON.stringify(order('over-89')) },
    {
      what: "another server's patient",
      status: 422,
      body: JSON.stringify({ ...order(), subject: { reference: 'http://elsewhere.example/Patient/gap-colorectal' } }),
    },
    { what: 'a body of more than 1 MB', status: 413, body: JSON.stringify({ ...order(), note: 'x'.repeat(1_100_000) }) },
    { what: 'a body nested 100,000 deep', status: 413, body: `{"resourceType":"ServiceRequest","a":${deep(100_000)}}` },
    { what: 'plain text', status: 415, body: 'hello', type: 'text/plain' },
    { what: 'XML', status: 415, body: '<ServiceRequest/>', type: 'application/fhir+xml' },
    { what: 'a conditional create', status: 412, body: JSON.stringify(order()), header: ['If-None-Exist', 'code=1'] },
    { what: 'a patient', status: 405, path: 'Patient', body: JSON.stringify({ resourceType: 'Patient' }) },
    { what: 'an unknown type', status: 404, path: 'Starship', body: '{}' },
    { what: 'an encoding that is none', status: 415, body: JSON.stringify(order()), header: ['Content-Encoding', 'rot13'] },
  ];
  for (const { what, status, path, body, type, header } of refusals) {
    it(`create › ${what} › ${status} with an OperationOutcome that repeats nothing`, async () => {
      const request = send('post', path ?? 'ServiceRequest').set('Content-Type', type ?? 'application/fhir+json');
      if (header !== undefined) request.set(...header);
      const response = await request.send(body);
      assert.equal(response.status, status, response.text);
      assert.equal(response.body.resourceType, 'OperationOutcome');
      assert.doesNotMatch(response.text, /over-89|gap-colorectal|sandbox\/|node_modules/);
    });
  }

  it('update › ids that disagree, ids that are none, the resource of another patient › refused', async () => {
    await send('put', 'ServiceRequest/one')
      .send({ ...order(), id: 'two' })
      .expect(400);
    await send('put', 'ServiceRequest/a%00b')
      .send({ ...order(), id: 'a\u0000b' })
      .expect(400);
    const [foreign = ''] = idsOf(await ehr.get('Condition', await ehr.session('over-89')));
    const stolen = { resourceType: 'Condition', id: foreign.split('/')[1], subject: { reference: 'Patient/gap-colorectal' } };
    await send('put', foreign).send(stolen).expect(403);
    await send('delete', foreign).expect(403);
    assert.equal((await ehr.get('Condition', await ehr.session('over-89'))).body.total, 1);
  });

  it('delete › what is not there, by search, of the chart itself › refused', async () => {
    await send('delete', 'ServiceRequest/none').expect(404);
    await send('delete', 'ServiceRequest?status=draft').expect(405);
    await send('delete', 'Patient/gap-colorectal').expect(405);
    await ehr.http.post('/ehr/fhir').set('Authorization', `Bearer ${token}`).send({ resourceType: 'Bundle', type: 'batch' }).expect(405);
  });

  it('reset › after writes › the stories stand as at first', async () => {
    await send('post', 'ServiceRequest').send(order()).expect(201);
    await ehr.http.post('/ehr/api/reset').expect(204);
    assert.equal((await ehr.get('ServiceRequest', token)).body.total, 0);
    assert.equal((await ehr.get('Patient/gap-colorectal', token)).status, 200);
  });

  it('restart › on the same database › keeps what was written; seeds anew when the dates have grown old', async () => {
    await send('post', 'ServiceRequest').send(order()).expect(201);
    const again = await ehr.restart();
    assert.equal((await again.get('ServiceRequest', await again.session('gap-colorectal'))).body.total, 1);
    again.pass(40 * 86_400);
    const later = await again.restart();
    assert.equal((await later.get('ServiceRequest', await later.session('gap-colorectal'))).body.total, 0);
  });
});
