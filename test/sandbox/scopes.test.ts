import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { grantScopes } from '../../src/sandbox/scopes.js';
import { createTestEhr, idsOf, type TestEhr } from './ehr.js';

let ehr: TestEhr;
before(async () => {
  ehr = await createTestEhr();
});
after(() => ehr.close());

const laboratory = 'patient/Observation.rs?category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory';

describe('scopes', () => {
  const granted: readonly { readonly asked: string; readonly given: readonly string[] }[] = [
    { asked: 'patient/*.read patient/Observation.rs', given: ['patient/*.read', 'patient/Observation.rs'] },
    { asked: 'patient/Observation.sr patient/Observation.rr patient/Observation.', given: [] },
    { asked: 'patient/Observation.read?category=laboratory', given: [] },
    { asked: 'patient/Starship.read patient/constructor.read user/*.read system/*.rs', given: [] },
    { asked: 'patient/Observation.rs?_id=1 patient/Patient.rs?category=x', given: [] },
    { asked: 'openid  openid launch fhirUser patient/*.constructor', given: ['openid', 'launch', 'fhirUser'] },
    { asked: laboratory, given: [laboratory] },
  ];
  for (const { asked, given } of granted) {
    it(`grant › ${asked} › ${given.length} given`, () => assert.deepEqual(grantScopes(asked), given));
  }

  const condition = { resourceType: 'Condition', subject: { reference: 'Patient/gap-colorectal' } };
  const cases: readonly { readonly scope: string; readonly read: number; readonly search: number; readonly create: number }[] = [
    { scope: 'patient/*.read', read: 200, search: 200, create: 403 },
    { scope: 'patient/Condition.read', read: 200, search: 200, create: 403 },
    { scope: 'patient/Condition.write', read: 403, search: 403, create: 201 },
    { scope: 'patient/Condition.*', read: 200, search: 200, create: 201 },
    { scope: 'patient/*.rs', read: 200, search: 200, create: 403 },
    { scope: 'patient/Condition.r', read: 200, search: 403, create: 403 },
    { scope: 'patient/Condition.s', read: 403, search: 200, create: 403 },
    { scope: 'patient/Condition.c', read: 403, search: 403, create: 201 },
    { scope: 'patient/Condition.cruds', read: 200, search: 200, create: 201 },
    { scope: 'patient/Observation.rs', read: 403, search: 403, create: 403 },
    { scope: 'patient/Condition.rs?category=encounter-diagnosis', read: 403, search: 200, create: 403 },
    { scope: 'openid fhirUser', read: 403, search: 403, create: 403 },
  ];
  for (const { scope, read, search, create } of cases) {
    it(`enforce › ${scope} › read ${read}, search ${search}, create ${create}`, async () => {
      const [id] = idsOf(await ehr.get('Condition', await ehr.session('gap-colorectal')));
      const token = await ehr.tokenFor(scope);
      assert.equal((await ehr.get(id ?? '', token)).status, read);
      assert.equal((await ehr.get('Condition', token)).status, search);
      assert.equal((await ehr.http.post('/ehr/fhir/Condition').set('Authorization', `Bearer ${token}`).send(condition)).status, create);
    });
  }

  it('enforce › ?category= › only what is in the category is found, read, written', async () => {
    const all = idsOf(await ehr.get('Observation?category=vital-signs', await ehr.session('gap-colorectal')));
    const token = await ehr.tokenFor(laboratory);
    const found = await ehr.get('Observation', token).expect(200);
    assert.ok(found.body.total > 0);
    assert.ok(idsOf(found).every((id) => !all.includes(id)));
    assert.equal((await ehr.get('Observation?category=vital-signs', token)).body.total, 0);
    await ehr.get(idsOf(found)[0] ?? '', token).expect(200);
    await ehr.get(all[0] ?? '', token).expect(403);
  });

  it('enforce › a wildcard without some types › $everything leaves out what no scope covers', async () => {
    const token = await ehr.tokenFor('patient/Patient.r patient/Condition.rs');
    const types = new Set(idsOf(await ehr.get('Patient/gap-colorectal/$everything', token).expect(200)).map((id) => id.split('/')[0]));
    assert.deepEqual([...types].toSorted(), ['Condition', 'Patient']);
  });

  const credentials: readonly (readonly [string, string | undefined])[] = [
    ['no header', undefined],
    ['another scheme', 'Basic YTpi'],
    ['an empty token', 'Bearer '],
    ['a guess', 'Bearer guessed'],
    ['two tokens', 'Bearer a, Bearer b'],
  ];
  for (const [what, header] of credentials) {
    it(`token › ${what} › 401 on read, search, $everything and create`, async () => {
      for (const path of ['Patient/gap-colorectal', 'Observation', 'Patient/gap-colorectal/$everything']) {
        const request = ehr.get(path);
        if (header !== undefined) request.set('Authorization', header);
        const response = await request.expect(401);
        assert.match(response.headers['www-authenticate'] ?? '', /^Bearer/);
        assert.equal(response.body.resourceType, 'OperationOutcome');
      }
      const create = ehr.http.post('/ehr/fhir/Condition');
      if (header !== undefined) create.set('Authorization', header);
      assert.equal((await create.send(condition)).status, 401);
    });
  }
});
