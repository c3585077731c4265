/** The trust file: what is read from it, and the one line that says what is wrong with it. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { exportJWK, generateKeyPair } from 'jose';
import { loadTrustFile } from '../../src/authenticate/trust-file.js';
import { StartError } from '../../src/errors.js';

let folder: string;
const { publicKey, privateKey } = await generateKeyPair('ES384', { extractable: true });
const jwk = await exportJWK(publicKey);
const privateJwk = await exportJWK(privateKey);
const jwks = { keys: [{ ...jwk, kid: 'a' }] };
const client = { id: 'ehr', issuer: 'https://ehr.example', fhirBases: ['https://ehr.example/fhir/'], jwks };

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whycard-trust-'));
});
after(() => rm(folder, { recursive: true }));

async function write(name: string, content: unknown): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

async function complaintOf(file: string): Promise<string> {
  const error: unknown = await loadTrustFile(file).catch((cause: unknown) => cause);
  assert.ok(error instanceof StartError, 'must be a StartError');
  assert.doesNotMatch(error.message, /\n/);
  return error.message;
}

describe('loadTrustFile', () => {
  it('file › with keys inside and keys beside it › both clients, bases without slash', async () => {
    await write('keys.json', jwks);
    const { jwks: _, ...bare } = client;
    const file = await write('both.json', {
      clients: [client, { ...bare, id: 'other', issuer: 'https://other.example', audiences: ['a'], jwksFile: 'keys.json' }],
    });
    const loaded = await loadTrustFile(file);
    assert.deepEqual(
      loaded.map(({ id, audiences, fhirBases, keys }) => [id, audiences, fhirBases, keys instanceof URL ? keys.href : keys.keys.length]),
      [
        ['ehr', [], ['https://ehr.example/fhir'], 1],
        ['other', ['a'], ['https://ehr.example/fhir'], 1],
      ],
    );
  });

  it('file › a key set by address, and the public sandbox outside of production › are taken', async () => {
    const { jwks: _, ...bare } = client;
    const file = await write('remote.json', {
      clients: [
        {
          ...bare,
          issuer: 'https://sandbox.cds-hooks.org',
          jwksUrl: 'https://ehr.example/keys',
          privateNetwork: true,
          jkus: ['https://ehr.example/keys'],
        },
      ],
    });
    const [loaded] = await loadTrustFile(file, { isProduction: false });
    assert.ok(loaded?.keys instanceof URL && loaded.keys.href === 'https://ehr.example/keys');
    assert.deepEqual([loaded.isPrivateNetwork, loaded.jkus], [true, ['https://ehr.example/keys']]);
  });

  it('CH-91 › docs/trust.md, its example › is taken in sandbox mode, and stops a production start for the public Sandbox', async () => {
    const page = await readFile('docs/trust.md', 'utf8');
    const example = /```json\n([\s\S]*?)```/.exec(page)?.[1];
    assert.ok(example !== undefined);
    const file = await write('example.json', JSON.parse(example));
    assert.equal((await loadTrustFile(file, { isProduction: false })).length, 3);
    assert.match(await complaintOf(file), /private keys of https:\/\/sandbox/);
  });

  it('file › is not there › is named', async () => {
    assert.match(await complaintOf(join(folder, 'nowhere.json')), /nowhere\.json cannot be read$/);
  });

  it('jwksFile › is not there › that file is named', async () => {
    const { jwks: _, ...bare } = client;
    assert.match(await complaintOf(await write('refers.json', { clients: [{ ...bare, jwksFile: 'lost.json' }] })), /lost\.json cannot be read$/);
  });

  const { jwks: _, ...keyless } = client;
  const withKey = (key: object) => ({ clients: [{ ...client, jwks: { keys: [key] } }] });
  const wrong: readonly (readonly [string, unknown, RegExp])[] = [
    ['no JSON', '{', /is not JSON$/],
    ['a list', [], /: Invalid input: expected object/],
    ['no clients', {}, /: clients /],
    ['an empty list of clients', { clients: [] }, /clients must name at least one EHR$/],
    ['a field that we do not know', { clients: [{ ...client, jku: 'x' }] }, /clients\.0 .*"jku"/],
    ['an id with a space', { clients: [{ ...client, id: 'my ehr' }] }, /clients\.0\.id must be lower-case/],
    ['no issuer', { clients: [{ ...client, issuer: '' }] }, /clients\.0\.issuer/],
    ['a base over http', { clients: [{ ...client, fhirBases: ['http://ehr.example'] }] }, /clients\.0\.fhirBases\.0 must be an https address$/],
    ['a base that is no address', { clients: [{ ...client, fhirBases: ['https://['] }] }, /clients\.0\.fhirBases\.0 must be an https address$/],
    ['a vendor that we do not know', { clients: [{ ...client, vendor: 'vax' }] }, /clients\.0\.vendor must be plain, epic or cerner$/],
    ['scopes of a version to come', { clients: [{ ...client, appScopes: 'v3' }] }, /clients\.0\.appScopes must be v1 or v2$/],
    ['neither jwks nor jwksFile', { clients: [keyless] }, /client ehr needs jwks, jwksFile or jwksUrl, one of them$/],
    ['jwks and jwksFile', { clients: [{ ...client, jwksFile: 'keys.json' }] }, /client ehr needs jwks, jwksFile or jwksUrl, one of them$/],
    ['an algorithm that is forbidden', { clients: [{ ...client, algorithms: ['HS256'] }] }, /algorithms\.0 must be one of ES384/],
    ['a key set over http', { clients: [{ ...keyless, jwksUrl: 'http://ehr.example/keys' }] }, /jwksUrl must be an https address$/],
    [
      'an issuer whose private keys are public',
      { clients: [{ ...client, issuer: 'https://sandbox.cds-hooks.org' }] },
      /private keys of https:\/\/sandbox\.cds-hooks\.org are public/,
    ],
    ['no key', { clients: [{ ...client, jwks: { keys: [] } }] }, /jwks\.keys must hold a key$/],
    ['a symmetric key', withKey({ kty: 'oct', k: 'c2VjcmV0' }), /jwks\.keys\.0\.kty must be EC or RSA: symmetric keys are forbidden$/],
    ['a private key', withKey(privateJwk), /jwks\.keys\.0 must not be a private key$/],
    ['half a key', withKey({ kty: 'EC', crv: 'P-384', x: jwk.x }), /jwks\.keys\.0 is no usable public key$/],
    ['a point that is not on the curve', withKey({ ...jwk, x: jwk.y, y: jwk.x }), /jwks\.keys\.0 is no usable public key$/],
    ['two clients of one issuer', { clients: [client, { ...client, id: 'b' }] }, /two clients have the same issuer$/],
    ['two clients of one id', { clients: [client, { ...client, issuer: 'https://b.example' }] }, /two clients have the same id$/],
  ];
  for (const [name, content, message] of wrong) {
    it(`file › with ${name} › stops the start in one line`, async () => {
      const complaint = await complaintOf(await write('wrong.json', content));
      assert.match(complaint, /wrong\.json/);
      assert.match(complaint, message);
      assert.doesNotMatch(complaint, /c2VjcmV0/);
    });
  }
});
