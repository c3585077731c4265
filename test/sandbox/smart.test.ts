import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { authorizeDefaults, codeOf, createTestEhr, fhirBase, launchUrl, origin, redirectOf, redirectUri, type TestEhr } from './ehr.js';

let ehr: TestEhr;
before(async () => {
  ehr = await createTestEhr();
});
after(() => ehr.close());

describe('smart authorization', () => {
  it('discovery › without a token, from another origin › endpoints and capabilities', async () => {
    const { body, headers } = await ehr.get('.well-known/smart-configuration').set('Origin', 'https://app.example').expect(200);
    assert.equal(headers['access-control-allow-origin'], '*');
    assert.equal(body.token_endpoint, `${origin}/ehr/auth/token`);
    assert.deepEqual(body.code_challenge_methods_supported, ['S256']);
    for (const name of [
      'launch-ehr',
      'launch-standalone',
      'client-public',
      'context-ehr-patient',
      'permission-v1',
      'permission-v2',
      'authorize-post',
    ]) {
      assert.ok(body.capabilities.includes(name), name);
    }
  });

  it('EHR launch › with appContext › token of that patient, appContext, id_token signed for the app', async () => {
    const redirect = await ehr.authorize({ nonce: 'n-1' }, 'note-says-never', '{"v":1,"run":"r-1"}');
    assert.equal(redirect.status, 302);
    assert.ok(redirect.headers['location']?.startsWith(redirectUri));
    assert.equal(redirectOf(redirect).get('state'), 'state-of-the-app');
    const { body, headers } = await ehr.redeem(codeOf(redirect));
    assert.equal(headers['cache-control'], 'no-store');
    assert.equal(headers['access-control-allow-origin'], '*');
    assert.equal(body.token_type, 'Bearer');
    assert.equal(body.patient, 'note-says-never');
    assert.equal(body.appContext, '{"v":1,"run":"r-1"}');
    assert.equal(body.scope, 'launch openid fhirUser patient/*.rs');
    assert.equal(body.refresh_token, undefined);
    const { payload } = await jwtVerify(body.id_token, createLocalJWKSet(ehr.sandbox.jwks), {
      issuer: ehr.sandbox.issuer,
      audience: 'whycard-app',
      algorithms: ['ES384'],
      currentDate: new Date(Date.UTC(2026, 2, 31, 12)),
    });
    assert.equal(payload['nonce'], 'n-1');
    assert.equal(payload['fhirUser'], `${fhirBase}/Practitioner/sandbox-clinician`);
    assert.equal((await ehr.get('Practitioner/sandbox-clinician', body.access_token)).status, 200);
    assert.equal((await ehr.get('Patient/note-says-never', body.access_token)).status, 200);
    assert.equal((await ehr.get('Patient/gap-colorectal', body.access_token)).status, 403);
  });

  it('EHR launch › by POST form › the same redirect', async () => {
    const { body } = await ehr.http.post('/ehr/api/launch').send({ patient: 'over-89', launchUrl });
    const launch = new URL(body.url).searchParams.get('launch');
    const answer = await ehr.http
      .post('/ehr/auth/authorize')
      .type('form')
      .send({ ...authorizeDefaults, launch });
    assert.equal(answer.status, 303);
    assert.equal((await ehr.redeem(codeOf(answer))).body.patient, 'over-89');
  });

  const pages: readonly { readonly what: string; readonly change: Readonly<Record<string, string | undefined>> }[] = [
    { what: 'unknown client', change: { client_id: 'somebody' } },
    { what: 'no client', change: { client_id: undefined } },
    { what: 'redirect to elsewhere', change: { redirect_uri: 'https://evil.example/' } },
    { what: 'redirect with a longer path', change: { redirect_uri: `${redirectUri}x` } },
    { what: 'redirect with a query', change: { redirect_uri: `${redirectUri}?next=https://evil.example` } },
    { what: 'no redirect', change: { redirect_uri: undefined } },
  ];
  for (const { what, change } of pages) {
    it(`authorize › ${what} › a page, never a redirect`, async () => {
      const response = await ehr.authorize(change);
      assert.equal(response.status, 400);
      assert.equal(response.headers['location'], undefined);
      assert.match(response.text, /cannot be opened/);
      assert.doesNotMatch(response.text, /evil/);
    });
  }

  const errors: readonly { readonly what: string; readonly change: Readonly<Record<string, string | undefined>>; readonly error: string }[] = [
    { what: 'response_type token', change: { response_type: 'token' }, error: 'unsupported_response_type' },
    { what: 'no state', change: { state: undefined }, error: 'invalid_request' },
    { what: 'aud with a trailing slash', change: { aud: `${fhirBase}/` }, error: 'invalid_request' },
    { what: 'aud of another server', change: { aud: 'https://evil.example/fhir' }, error: 'invalid_request' },
    { what: 'no aud', change: { aud: undefined }, error: 'invalid_request' },
    { what: 'no PKCE', change: { code_challenge: undefined, code_challenge_method: undefined }, error: 'invalid_request' },
    { what: 'PKCE plain', change: { code_challenge_method: 'plain' }, error: 'invalid_request' },
    { what: 'a challenge that is no SHA-256', change: { code_challenge: 'short' }, error: 'invalid_request' },
    { what: 'an unknown launch', change: { launch: 'guessed' }, error: 'invalid_request' },
    { what: 'scopes that are not given', change: { scope: 'system/*.rs user/*.read nonsense' }, error: 'invalid_scope' },
    { what: 'no scope', change: { scope: undefined }, error: 'invalid_scope' },
  ];
  for (const { what, change, error } of errors) {
    it(`authorize › ${what} › ${error} by redirect`, async () => {
      const response = await ehr.authorize(change);
      assert.equal(response.status, 302);
      assert.ok(response.headers['location']?.startsWith(redirectUri));
      assert.equal(redirectOf(response).get('error'), error);
      assert.equal(redirectOf(response).get('code'), null);
      assert.equal(redirectOf(response).get('state'), 'state' in change ? null : 'state-of-the-app');
    });
  }

  it('authorize › a parameter twice › refused, by a page where it is the redirect address', async () => {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(authorizeDefaults)) query.append(name, value ?? '');
    const twice = await ehr.http.get(`/ehr/auth/authorize?${query}&aud=${encodeURIComponent(fhirBase)}`);
    assert.equal(redirectOf(twice).get('error'), 'invalid_request');
    assert.equal((await ehr.http.get(`/ehr/auth/authorize?${query}&redirect_uri=https://evil.example`)).status, 400);
  });

  it('authorize › the launch used a second time, or after five minutes › refused', async () => {
    const { body } = await ehr.http.post('/ehr/api/launch').send({ patient: 'over-89', launchUrl });
    const launch = new URL(body.url).searchParams.get('launch') ?? '';
    assert.notEqual(codeOf(await ehr.authorize({ launch })), '');
    assert.equal(redirectOf(await ehr.authorize({ launch })).get('error'), 'invalid_request');
    const late = await ehr.http.post('/ehr/api/launch').send({ patient: 'over-89', launchUrl });
    ehr.pass(301);
    assert.equal(
      redirectOf(await ehr.authorize({ launch: new URL(late.body.url).searchParams.get('launch') ?? '' })).get('error'),
      'invalid_request',
    );
  });

  const tokenErrors: readonly {
    readonly what: string;
    readonly change: Readonly<Record<string, string>>;
    readonly status: number;
    readonly error: string;
  }[] = [
    { what: 'wrong verifier', change: { code_verifier: 'w'.repeat(64) }, status: 400, error: 'invalid_grant' },
    { what: 'short verifier', change: { code_verifier: 'v' }, status: 400, error: 'invalid_grant' },
    { what: 'no verifier', change: { code_verifier: '' }, status: 400, error: 'invalid_grant' },
    { what: 'another redirect_uri', change: { redirect_uri: launchUrl }, status: 400, error: 'invalid_grant' },
    { what: 'another client', change: { client_id: 'somebody' }, status: 401, error: 'invalid_client' },
    { what: 'unknown code', change: { code: 'guessed' }, status: 400, error: 'invalid_grant' },
    { what: 'password grant', change: { grant_type: 'password' }, status: 400, error: 'unsupported_grant_type' },
  ];
  for (const { what, change, status, error } of tokenErrors) {
    it(`token › ${what} › ${error}`, async () => {
      const response = await ehr.redeem(codeOf(await ehr.authorize()), change);
      assert.equal(response.status, status);
      assert.equal(response.body.error, error);
      assert.equal(response.body.access_token, undefined);
    });
  }

  it('token › a code after 60 seconds, or after a failed attempt › refused', async () => {
    const late = codeOf(await ehr.authorize());
    ehr.pass(61);
    assert.equal((await ehr.redeem(late)).body.error, 'invalid_grant');
    const burnt = codeOf(await ehr.authorize());
    await ehr.redeem(burnt, { code_verifier: 'w'.repeat(64) });
    assert.equal((await ehr.redeem(burnt)).body.error, 'invalid_grant');
  });

  it('token › a code used twice › refused, and the first token is revoked', async () => {
    const code = codeOf(await ehr.authorize());
    const first = String((await ehr.redeem(code)).body.access_token);
    await ehr.get('Patient/gap-colorectal', first).expect(200);
    assert.equal((await ehr.redeem(code)).body.error, 'invalid_grant');
    await ehr.get('Patient/gap-colorectal', first).expect(401);
  });

  it('token › JSON instead of a form, a client secret, a parameter twice › refused', async () => {
    assert.equal((await ehr.http.post('/ehr/auth/token').send({ grant_type: 'authorization_code' })).status, 415);
    const form = 'grant_type=authorization_code&client_id=whycard-app';
    const secret = await ehr.http.post('/ehr/auth/token').type('form').set('Authorization', 'Basic YTpi').send(form);
    assert.equal(secret.body.error, 'invalid_client');
    assert.equal((await ehr.http.post('/ehr/auth/token').type('form').send(`${form}&client_id=whycard-app`)).body.error, 'invalid_request');
    assert.equal(
      (
        await ehr.http
          .post('/ehr/auth/token')
          .type('form')
          .send(`${form}&x=${'y'.repeat(70_000)}`)
      ).status,
      413,
    );
  });

  it('refresh › online_access › rotates; the old one used again revokes all', async () => {
    const refresh = (refresh_token: string, more: Readonly<Record<string, string>> = {}) =>
      ehr.http
        .post('/ehr/auth/token')
        .type('form')
        .send({ grant_type: 'refresh_token', client_id: 'whycard-app', refresh_token, ...more });
    const first = (await ehr.redeem(codeOf(await ehr.authorize({ scope: 'launch online_access patient/*.rs' })))).body;
    const second = (await refresh(first.refresh_token)).body;
    assert.notEqual(second.refresh_token, first.refresh_token);
    assert.equal(second.patient, 'gap-colorectal');
    await ehr.get('Patient/gap-colorectal', second.access_token).expect(200);
    assert.equal((await refresh(first.refresh_token)).body.error, 'invalid_grant');
    await ehr.get('Patient/gap-colorectal', second.access_token).expect(401);
    const third = (await ehr.redeem(codeOf(await ehr.authorize({ scope: 'launch online_access patient/Patient.r' })))).body;
    assert.equal((await refresh(third.refresh_token, { scope: 'patient/*.cruds' })).body.error, 'invalid_scope');
  });

  it('standalone › a patient is picked › token of that patient without appContext; the choice counts once', async () => {
    const picker = await ehr.authorize({ launch: undefined, scope: 'launch/patient patient/*.read' });
    assert.equal(picker.status, 200);
    assert.match(picker.headers['content-security-policy'] ?? '', /default-src 'none'.*form-action 'self' http:\/\/127\.0\.0\.1:3000/);
    const request = /name="request" value="([^"]+)"/.exec(picker.text)?.[1] ?? '';
    const choice = await ehr.http.post('/ehr/auth/choose').type('form').send({ request, patient: 'over-89' });
    assert.equal(choice.status, 303);
    const { body } = await ehr.redeem(codeOf(choice));
    assert.equal(body.patient, 'over-89');
    assert.equal('appContext' in body, false);
    assert.equal((await ehr.http.post('/ehr/auth/choose').type('form').send({ request, patient: 'over-89' })).status, 400);
  });

  it('standalone › nobody known is picked › access_denied', async () => {
    const picker = await ehr.authorize({ launch: undefined });
    const request = /name="request" value="([^"]+)"/.exec(picker.text)?.[1] ?? '';
    const choice = await ehr.http.post('/ehr/auth/choose').type('form').send({ request, patient: 'nobody' });
    assert.equal(redirectOf(choice).get('error'), 'access_denied');
  });

  it('token › after an hour › 401 with a challenge', async () => {
    const token = await ehr.tokenFor('patient/*.rs');
    ehr.pass(3_601);
    const response = await ehr.get('Patient/gap-colorectal', token).expect(401);
    assert.match(response.headers['www-authenticate'] ?? '', /invalid_token/);
  });
});
