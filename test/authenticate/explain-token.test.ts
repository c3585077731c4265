/** Each fault is found, named in words, and nothing else is. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { explainToken } from '../../src/authenticate/explain-token.js';
import { claimsOf, clock, createTestClient, endpoint, now, type TestClient, writeToken } from './tokens.js';

let client: TestClient;
let other: TestClient;
before(async () => {
  [client, other] = await Promise.all([createTestClient(), createTestClient()]);
});

const faultsOf = async (token: string, audience: string | undefined = endpoint): Promise<readonly string[]> =>
  (await explainToken(token, { trust: [client.trusted], audience, now: clock() })).filter(({ ok }) => !ok).map(({ text }) => text);

describe('explainToken', () => {
  it('a good token › with or without "Bearer" › no fault, and the signature was looked at', async () => {
    const token = await client.sign();
    assert.deepEqual(await faultsOf(token), []);
    assert.deepEqual(await faultsOf(`Bearer ${token}\n`), []);
    const findings = await explainToken(token, { trust: [client.trusted], audience: endpoint, now: clock() });
    assert.ok(findings.some(({ text }) => text === 'the signature is good'));
  });

  const faults: readonly (readonly [string, () => Promise<string> | string, RegExp])[] = [
    ['two parts', () => 'a.b', /three parts/],
    ['no JSON', () => 'a.b.c', /base64url of a JSON object/],
    ['alg none', () => writeToken({ alg: 'none', typ: 'JWT', kid: 'k+1/=' }, claimsOf({})), /alg is none; CDS Hooks forbids it/],
    ['alg HS256', () => writeToken({ alg: 'HS256', typ: 'JWT', kid: 'k+1/=' }, claimsOf({}), 'AAAA'), /alg is HS256; CDS Hooks forbids it/],
    ['alg RS256', () => writeToken({ alg: 'RS256', typ: 'JWT', kid: 'k+1/=' }, claimsOf({}), 'AAAA'), /allowed for this client: ES384, RS384/],
    ['no kid', () => client.sign({}, { kid: undefined }), /kid is missing/],
    ['another issuer', () => client.sign({ iss: 'https://ehr.example/' }), /a slash at the end included/],
    [
      'another audience',
      () => client.sign({ aud: 'https://whycard.example' }),
      /aud is not https:\/\/whycard\.example\/cds-services\/care-gaps nor typed-by-hand/,
    ],
    ['expired', () => client.sign({ iat: now - 600, exp: now - 300 }), /exp was 300 s ago/],
    ['from the future', () => client.sign({ iat: now + 300, exp: now + 600 }), /iat is 300 s in the future: compare the clocks/],
    ['not yet valid', () => client.sign({ nbf: now + 120 }), /nbf is 120 s/],
    ['living a day', () => client.sign({ exp: now + 86_400 }), /lives 86400 s; at most 3600/],
    ['no times', () => client.sign({ exp: undefined }), /exp and iat must both be there/],
    ['no jti', () => client.sign({ jti: undefined }), /jti is missing/],
    ['an unlisted jku', () => client.sign({}, { jku: 'https://evil.example' }), /jku is not listed/],
    ['a kid that is not in the set', () => client.sign({}, { kid: 'unknown' }), /no key of the client has this kid/],
    ['another key', () => other.sign(), /does not fit the key/],
  ];
  for (const [name, make, message] of faults) {
    it(`a token with ${name} › is named in words`, async () => {
      const found = await faultsOf(await make());
      assert.ok(
        found.some((text) => message.test(text)),
        found.join(' | '),
      );
    });
  }

  it('no trust file, no audience › what hangs on them is said not to have been looked at', async () => {
    const findings = await explainToken(await client.sign(), { trust: [], audience: undefined, now: clock() });
    assert.ok(findings.every(({ ok }) => ok));
    assert.equal(findings.filter(({ text }) => /not looked at/.test(text)).length, 2);
  });

  it('words › hold nothing of the token but what was asked about › no jti, no subject', async () => {
    const findings = await explainToken(await client.sign({ jti: 'secret-jti', sub: 'secret-sub' }), {
      trust: [client.trusted],
      audience: endpoint,
      now: clock(),
    });
    assert.doesNotMatch(JSON.stringify(findings), /secret/);
  });
});
