/** The proof that a token opens a patient: only that very patient, read from a trusted server, counts. Patients here are invented. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createOpensPatient } from '../../src/authenticate/patient-access.js';

const iss = 'https://ehr.example/fhir';
const access = { iss, patient: 'invented-1', accessToken: 'opaque' };
const json = (value: unknown, init?: ResponseInit): Response => new Response(JSON.stringify(value), init);
const patient = { resourceType: 'Patient', id: 'invented-1' };

describe('opensPatient', () => {
  const answers: readonly (readonly [string, () => Response | Promise<Response>, boolean])[] = [
    ['the patient', () => json(patient), true],
    ['another patient', () => json({ ...patient, id: 'invented-2' }), false],
    ['another resource of that id', () => json({ ...patient, resourceType: 'Practitioner' }), false],
    ['an OperationOutcome', () => json({ resourceType: 'OperationOutcome' }), false],
    ['null', () => json(null), false],
    ['the patient and 403', () => json(patient, { status: 403 }), false],
    ['a page of HTML', () => new Response('<html>'), false],
    ['more than a megabyte', () => json(patient, { headers: { 'content-length': '1000001' } }), false],
    ['nothing', () => Promise.reject(new TypeError('fetch failed')), false],
  ];
  for (const [name, answer, expected] of answers) {
    it(`server › answers ${name} › ${expected ? 'opens' : 'does not open'}`, async () => {
      assert.equal(await createOpensPatient({ fetch: async () => answer(), issuers: [iss] })(access), expected);
    });
  }

  const unasked: readonly (readonly [string, Partial<typeof access>])[] = [
    ['an issuer that is not trusted', { iss: 'https://attacker.example' }],
    ['a trusted issuer with more behind it', { iss: `${iss}/x` }],
    ['a patient with a path', { patient: '../Practitioner/1' }],
    ['a patient that is a step up', { patient: '..' }],
    ['an empty patient', { patient: '' }],
  ];
  for (const [name, changes] of unasked) {
    it(`access › with ${name} › no server is asked`, async () => {
      const fetch = (): Promise<Response> => assert.fail('asked');
      assert.equal(await createOpensPatient({ fetch, issuers: [iss] })({ ...access, ...changes }), false);
    });
  }

  it('request › to the server › carries the token to that address and follows no redirect', async () => {
    const seen: unknown[] = [];
    const fetch: typeof globalThis.fetch = async (url, init) => {
      seen.push(url, init?.redirect, new Headers(init?.headers).get('authorization'), init?.signal instanceof AbortSignal);
      return json(patient);
    };
    await createOpensPatient({ fetch, issuers: [iss] })(access);
    assert.deepEqual(seen, [`${iss}/Patient/invented-1`, 'error', 'Bearer opaque', true]);
  });
});
