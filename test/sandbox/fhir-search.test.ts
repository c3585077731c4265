import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Response } from 'supertest';
import { createNothingWrong } from '../../src/sandbox/stories/gaps.js';
import { createTestEhr, fhirBase, idsOf, linkOf, type TestEhr } from './ehr.js';

let ehr: TestEhr;
let token: string;
before(async () => {
  ehr = await createTestEhr();
  token = await ehr.session('nothing-wrong');
});
after(() => ehr.close());

/** What the story holds, counted beside the server. */
const observations = createNothingWrong(new Date(Date.UTC(2026, 2, 31, 12))).resources.filter(({ resourceType }) => resourceType === 'Observation');
const laboratory = observations.filter((one) => JSON.stringify(one).includes('"laboratory"'));

/** The clock stands at 2026-03-31; the HbA1c values are 2 and 8 months old. */
const cases: readonly { readonly search: string; readonly total: number }[] = [
  { search: 'Observation?code=4548-4', total: 2 },
  { search: 'Observation?patient=nothing-wrong&code=4548-4', total: 2 },
  { search: 'Observation?patient=Patient/nothing-wrong&code=4548-4', total: 2 },
  { search: `Observation?subject=${encodeURIComponent(`${fhirBase}/Patient/nothing-wrong`)}&code=4548-4`, total: 2 },
  { search: 'Observation?subject:Patient=nothing-wrong&code=4548-4', total: 2 },
  { search: 'Observation?code=http://loinc.org|4548-4', total: 2 },
  { search: 'Observation?code=http://snomed.info/sct|4548-4', total: 0 },
  { search: 'Observation?code=|4548-4', total: 0 },
  { search: 'Observation?code=4548-4,13457-7', total: 3 },
  { search: 'Observation?code=http://loinc.org|4548-4,http://loinc.org|2160-0', total: 3 },
  { search: 'Observation?code=4548-4&code=13457-7', total: 0 },
  { search: 'Observation?category=laboratory', total: laboratory.length },
  { search: 'Observation?category=http://terminology.hl7.org/CodeSystem/observation-category|', total: observations.length },
  { search: 'Observation?code=4548-4&date=ge2025-12-01', total: 1 },
  { search: 'Observation?code=4548-4&date=lt2025-12-01', total: 1 },
  { search: 'Observation?code=4548-4&date=ge2025-01-01&date=le2025-12-31', total: 1 },
  { search: 'Observation?code=4548-4&date=2025,2026', total: 2 },
  { search: 'Observation?code=4548-4&date=2026', total: 1 },
  { search: 'Observation?code=4548-4&date=ne2026', total: 1 },
  { search: 'Observation?code=4548-4&date=gt2026', total: 0 },
  { search: 'Observation?code=4548-4&date=eb2026', total: 1 },
  { search: 'Observation?code=4548-4&date=sa2025', total: 1 },
  { search: 'Observation?status=final', total: observations.length },
  { search: 'Observation?status=preliminary,amended', total: 0 },
  { search: 'Condition?clinical-status=active', total: 2 },
  { search: 'Condition?clinical-status=resolved', total: 0 },
  { search: 'Condition?code=http://snomed.info/sct|44054006', total: 1 },
  { search: 'MedicationRequest?status=active&intent=order', total: 3 },
  { search: 'MedicationRequest?code=6809', total: 1 },
  { search: 'Procedure?code=73761001,71651007&status=completed', total: 2 },
  { search: 'AllergyIntolerance?patient=nothing-wrong', total: 1 },
  { search: 'DocumentReference?date=ge2026-01-01&category=clinical-note', total: 1 },
  { search: 'Encounter?class=AMB&date=ge2025', total: 3 },
  { search: 'Patient?_id=nothing-wrong', total: 1 },
  { search: 'Patient?name=imani', total: 1 },
  { search: 'Patient?_id=gap-colorectal', total: 0 },
  { search: 'Patient?_id=%00', total: 0 },
  { search: 'Consent?patient=nothing-wrong', total: 0 },
  { search: 'Observation?code=', total: observations.length },
  { search: 'Observation?code=4548-4&_count=0', total: 2 },
];

const refusals: readonly { readonly search: string; readonly status: number; readonly prefer?: string }[] = [
  { search: 'Observation?date=yesterday', status: 400 },
  { search: 'Observation?date=2026-02-31', status: 400 },
  { search: 'Observation?date=ap2026', status: 400 },
  { search: 'Observation?code:in=http://example.org/set', status: 400 },
  { search: 'Observation?_count=many', status: 400 },
  { search: 'Observation?_count=-1', status: 400 },
  { search: 'Observation?_cursor=forged', status: 400 },
  { search: 'Observation?colour=red', status: 400, prefer: 'handling=strict' },
  { search: 'Observation?patient=gap-colorectal', status: 403 },
  { search: 'Observation?patient=nothing-wrong,gap-colorectal', status: 403 },
  { search: 'Observation?patient=http://elsewhere.example/Patient/nothing-wrong', status: 403 },
  { search: 'Starship', status: 404 },
  { search: 'constructor', status: 404 },
  { search: '%E0%A4%A', status: 400 },
  { search: 'Observation?_format=xml', status: 406 },
];

describe('fhir search', () => {
  for (const { search, total } of cases) {
    it(`GET and POST › ${search} › ${total}`, async () => {
      const byGet = await ehr
        .get(search, token)
        .expect(200)
        .expect('Content-Type', /^application\/fhir\+json/);
      const [type, query] = search.split('?');
      const byPost = await ehr.http
        .post(`/ehr/fhir/${type}/_search`)
        .set('Authorization', `Bearer ${token}`)
        .type('form')
        .send(query ?? '')
        .expect(200);
      assert.equal(byGet.body.total, total);
      assert.deepEqual(byPost.body, byGet.body);
      assert.equal(byGet.body.type, 'searchset');
    });
  }

  for (const { search, status, prefer } of refusals) {
    it(`refusal › ${search} › ${status} with an OperationOutcome`, async () => {
      const response = await ehr
        .get(search, token)
        .set('Prefer', prefer ?? 'handling=lenient')
        .expect(status);
      assert.equal(response.body.resourceType, 'OperationOutcome');
    });
  }

  it('unknown parameter › lenient › ignored and absent from the self link', async () => {
    const response = await ehr.get('Observation?code=4548-4&colour=red', token).expect(200);
    assert.equal(linkOf(response, 'self'), 'Observation?code=4548-4');
  });

  it('paging › followed to the end › every resource once, in order, total on each page', async () => {
    const seen: string[] = [];
    let path: string | undefined = 'Observation?patient=nothing-wrong&_count=6&_sort=-date';
    const dates: string[] = [];
    for (let pages = 0; path !== undefined; pages += 1) {
      assert.ok(pages < 5, 'paging ends');
      const page: Response = await ehr.get(path, token).expect(200);
      assert.equal(page.body.total, observations.length);
      seen.push(...idsOf(page));
      for (const entry of page.body.entry) dates.push(entry.resource.effectiveDateTime);
      path = linkOf(page, 'next');
    }
    assert.equal(seen.length, observations.length);
    assert.equal(new Set(seen).size, observations.length);
    assert.deepEqual(dates, dates.toSorted().toReversed());
  });

  it('paging › the next link with the token of another patient › gives nothing of the first', async () => {
    const next = linkOf(await ehr.get('Observation?_count=4', token), 'next') ?? '';
    const other = await ehr.get(next, await ehr.session('empty-chart')).expect(200);
    assert.deepEqual(idsOf(other), []);
  });

  it('everything › in pages › the whole compartment of the patient, and of nobody else', async () => {
    const ids: string[] = [];
    for (let path: string | undefined = 'Patient/nothing-wrong/$everything?_count=20'; path !== undefined; ) {
      const page: Response = await ehr.get(path, token).expect(200);
      ids.push(...idsOf(page));
      path = linkOf(page, 'next');
    }
    assert.ok(ids.includes('Patient/nothing-wrong'));
    assert.ok(ids.length > 25);
    assert.ok(ids.every((id) => id.includes('nothing-wrong') || id.startsWith('Practitioner/')));
    await ehr.get('Patient/gap-colorectal/$everything', token).expect(403);
  });

  it('search form › another media type › 415', async () => {
    await ehr.http.post('/ehr/fhir/Observation/_search').set('Authorization', `Bearer ${token}`).send({ code: '4548-4' }).expect(415);
  });

  it('metadata › without a token › names every parameter that is served and the authorization server', async () => {
    const { body } = await ehr.get('metadata').expect(200);
    assert.equal(body.fhirVersion, '4.0.1');
    const observation = body.rest[0].resource.find((resource: { type: string }) => resource.type === 'Observation');
    const names = observation.searchParam.map((parameter: { name: string }) => parameter.name);
    for (const name of ['_id', 'patient', 'code', 'category', 'date', 'status']) assert.ok(names.includes(name), name);
    assert.ok(JSON.stringify(body.rest[0].security).includes('/ehr/auth/token'));
  });

  it('preflight › from another origin › allowed without a token', async () => {
    const response = await ehr.http.options('/ehr/fhir/Observation').set('Origin', 'https://app.example').expect(204);
    assert.equal(response.headers['access-control-allow-origin'], '*');
    assert.match(response.headers['access-control-allow-headers'] ?? '', /Authorization/);
  });
});
