/** Who may call: loopback in the sandbox, clients with a token that holds in every respect, nobody else. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { createVerifyCaller, type VerifyCallerOptions } from '../../src/authenticate/caller.js';
import { ServiceError } from '../../src/errors.js';
import type { Caller } from '../../src/types.js';
import { claimsOf, clock, createFakeReplay, createTestClient, endpoint, fhirBases, issuer, now, type TestClient, writeToken } from './tokens.js';

let client: TestClient;
let other: TestClient;
let rsa: TestClient;

before(async () => {
  [client, other, rsa] = await Promise.all([createTestClient(), createTestClient(), createTestClient('RS384', 'rsa')]);
});

type Verify = (authorization: string | undefined, isLoopback?: boolean) => Promise<Caller>;

function createVerify(options: Partial<VerifyCallerOptions> = {}): Verify {
  const verifyCaller = createVerifyCaller({ trust: [client.trusted], isSandbox: false, clock, replay: createFakeReplay(), ...options });
  return (authorization, isLoopback = false) => verifyCaller({ authorization, isLoopback, endpoint });
}

/** Refused, and the error of which a part may reach the caller or the log holds nothing of the token. */
async function refused(call: Promise<Caller>, cause?: string): Promise<void> {
  await assert.rejects(call, (error: unknown) => {
    assert.ok(error instanceof ServiceError, String(error));
    assert.equal(error.code, 'caller-unverified');
    assert.equal(error.where, undefined);
    if (cause !== undefined) assert.equal(error.cause instanceof Error && 'code' in error.cause ? error.cause.code : undefined, cause);
    return true;
  });
}

describe('verifyCaller', () => {
  const anonymous: readonly (readonly [boolean, boolean, boolean])[] = [
    [true, true, true],
    [true, false, false],
    [false, true, false],
    [false, false, false],
  ];
  for (const [isSandbox, isLoopback, isLetIn] of anonymous) {
    it(`no token › ${isSandbox ? 'sandbox' : 'production'}, from ${isLoopback ? 'this machine' : 'elsewhere'} › ${isLetIn ? 'reads this machine at most' : 'is refused'}`, async () => {
      const call = createVerify({ isSandbox })(undefined, isLoopback);
      if (isLetIn) assert.deepEqual(await call, { id: 'anonymous-loopback', fhirBases: 'loopback', vendor: 'plain' });
      else await refused(call);
    });
  }

  const headers: readonly string[] = [
    '',
    'Bearer',
    'Bearer ',
    'Bearer a.b',
    'Bearer a.b.c',
    'Bearer ..',
    'Basic YTpi',
    'Bearer a.b.c d',
    `Bearer ${'a'.repeat(30_000)}.b.c`,
  ];
  for (const header of headers) {
    it(`header › "${header.slice(0, 20)}", sandbox, this machine › is refused, not taken for anonymous`, async () => {
      await refused(createVerify({ isSandbox: true })(header, true));
    });
  }

  const good: readonly (readonly [string, Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>])[] = [
    ['all claims', {}, {}],
    ['aud a list', { aud: ['https://elsewhere.example', endpoint] }, {}],
    ['aud as typed by hand', { aud: 'typed-by-hand' }, {}],
    ['jti no UUID', { jti: 'f'.repeat(64) }, {}],
    ['claims of vendors', { sub: 'x', nbf: now - 300, tenant: 't' }, {}],
    ['no kid and one key', {}, { kid: undefined }],
    ['59 s past its end', { iat: now - 300, exp: now - 59 }, {}],
    ['59 s before its start', { iat: now + 59, exp: now + 300 }, {}],
    ['a life of an hour', { exp: now + 3600 }, {}],
  ];
  for (const [name, claims, header] of good) {
    it(`token › with ${name} › is the client with its servers`, async () => {
      assert.deepEqual(await createVerify()(`Bearer ${await client.sign(claims, header)}`), { id: 'test-ehr', fhirBases, vendor: 'plain' });
    });
  }

  it('token › signed RS384 › is the client', async () => {
    assert.equal((await createVerify({ trust: [rsa.trusted] })(`bearer ${await rsa.sign()}`)).id, 'test-ehr');
  });

  const bad: readonly (readonly [string, Readonly<Record<string, unknown>>, string | undefined])[] = [
    ['the aud of another service', { aud: 'https://whycard.example/cds-services/order-safety' }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['an aud that only begins like ours', { aud: `${endpoint}/feedback` }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['no aud', { aud: undefined }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['an end 61 s ago', { iat: now - 300, exp: now - 61 }, 'ERR_JWT_EXPIRED'],
    ['no exp', { exp: undefined }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['an exp in words', { exp: 'never' }, undefined],
    ['a start in 61 s', { iat: now + 61 }, 'TOKEN_FROM_FUTURE'],
    ['an nbf in 61 s', { nbf: now + 61 }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['no iat', { iat: undefined }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['a life of more than an hour', { exp: now + 3601 }, 'TOKEN_LIVES_TOO_LONG'],
    ['no jti', { jti: undefined }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['an empty jti', { jti: '' }, 'JTI_UNUSABLE'],
    ['a jti of 513 characters', { jti: 'x'.repeat(513) }, 'JTI_UNUSABLE'],
    ['a jti that is an object', { jti: {} }, 'JTI_UNUSABLE'],
    ['a jti null', { jti: null }, undefined],
    ['an unknown iss', { iss: 'https://other.example' }, 'ISSUER_UNKNOWN'],
    ['an iss with a slash more', { iss: `${issuer}/` }, 'ISSUER_UNKNOWN'],
    ['no iss', { iss: undefined }, 'ISSUER_UNKNOWN'],
    ['an iss that is a list', { iss: [issuer] }, 'ISSUER_UNKNOWN'],
    ['more than 8 kB', { padding: 'x'.repeat(8_192) }, undefined],
  ];
  for (const [name, claims, cause] of bad) {
    it(`token › with ${name} › is refused`, async () => {
      await refused(createVerify()(`Bearer ${await client.sign(claims)}`), cause);
    });
  }

  const forged: readonly (readonly [string, () => string | Promise<string>])[] = [
    ['signed by another key under the same kid', () => other.sign()],
    ['with an unknown kid', () => client.sign({}, { kid: 'unknown' })],
    [
      'with claims changed after the signature',
      async () =>
        `${(await client.sign()).split('.')[0]}.${writeToken({}, claimsOf({ sub: 'x' })).split('.')[1]}.${(await client.sign()).split('.')[2]}`,
    ],
    ['alg none', () => writeToken({ alg: 'none', typ: 'JWT' }, claimsOf({}))],
    ['alg none with something for a signature', () => writeToken({ alg: 'none', typ: 'JWT' }, claimsOf({}), 'AAAA')],
    ['HMAC keyed with the public key', () => signHmac(JSON.stringify(client.publicJwk))],
    ['HMAC keyed with x', () => signHmac(Buffer.from(String(client.publicJwk.x), 'base64url'))],
    ['with its own key in the header', () => other.sign({}, { jwk: other.publicJwk })],
    ['with a jku of its own', () => other.sign({}, { jku: 'https://attacker.example/jwks.json' })],
    ['with a critical extension that we do not know', () => writeToken({ alg: 'ES384', kid: 'k+1/=', crit: ['x'], x: 1 }, claimsOf({}), 'AAAA')],
    ['whose payload is no JSON', () => 'eyJhbGciOiJFUzM4NCJ9.bm90IGpzb24.AAAA'],
    ['whose payload is null', () => `eyJhbGciOiJFUzM4NCJ9.${Buffer.from('null').toString('base64url')}.AAAA`],
  ];
  for (const [name, write] of forged) {
    it(`token › ${name} › is refused`, async () => {
      await refused(createVerify()(`Bearer ${await write()}`));
    });
  }

  it('token › used a second time › is refused, and remembered until it has expired everywhere', async () => {
    const replay = createFakeReplay();
    const verify = createVerify({ replay });
    const token = await client.sign({ jti: 'once' });
    await verify(`Bearer ${token}`);
    await refused(verify(`Bearer ${token}`), 'TOKEN_REPLAYED');
    assert.deepEqual([...replay.kept], [[`${issuer} once`, new Date((now + 300 + 60) * 1000)]]);
  });

  it('token › forged with the jti of another › does not use that up', async () => {
    const replay = createFakeReplay();
    await refused(createVerify({ replay })(`Bearer ${await other.sign({ jti: 'mine' })}`));
    assert.equal(replay.kept.size, 0);
  });

  it('token › while the store of used tokens fails › is our error, not a 401', async () => {
    const failure = new Error('store');
    const verify = createVerify({ replay: { seen: () => Promise.reject(failure) } });
    await assert.rejects(verify(`Bearer ${await client.sign()}`), failure);
  });
});

function signHmac(key: string | Buffer): string {
  const unsigned = writeToken({ alg: 'HS384', kid: 'k+1/=', typ: 'JWT' }, claimsOf({})).slice(0, -1);
  return `${unsigned}.${createHmac('sha384', key).update(unsigned).digest('base64url')}`;
}
