/** Keys by address: one refetch for a new key, no flood, no address from a token; and which algorithms a client may use. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { createVerifyCaller, type TrustedClient } from '../../src/authenticate/caller.js';
import { ServiceError } from '../../src/errors.js';
import type { Caller } from '../../src/types.js';
import { clock, createFakeReplay, createTestClient, endpoint, type TestClient } from './tokens.js';

const address = 'https://ehr.example/jwks.json';
let first: TestClient;
let second: TestClient;
let rsa256: TestClient;
before(async () => {
  [first, second, rsa256] = await Promise.all([createTestClient('ES384', 'one'), createTestClient('ES384', 'two'), createTestClient('RS256', 'rsa')]);
});

interface FakeKeySet {
  readonly fetch: typeof globalThis.fetch;
  readonly asked: string[];
  keys: readonly TestClient[];
  isDown: boolean;
}

function serve(...keys: readonly TestClient[]): FakeKeySet {
  const set: FakeKeySet = {
    asked: [],
    keys,
    isDown: false,
    fetch: async (input) => {
      set.asked.push(String(input));
      return set.isDown ? new Response('', { status: 503 }) : Response.json({ keys: set.keys.map((client) => client.publicJwk) });
    },
  };
  return set;
}

const remote = (change: Partial<TrustedClient> = {}): TrustedClient => ({ ...first.trusted, keys: new URL(address), ...change });

function createVerify(trusted: TrustedClient, fetch: typeof globalThis.fetch): (token: string) => Promise<Caller> {
  const verify = createVerifyCaller({ trust: [trusted], isSandbox: false, clock, replay: createFakeReplay(), fetch });
  return (token) => verify({ authorization: `Bearer ${token}`, isLoopback: false, endpoint });
}

const isRefused = (error: unknown): boolean => error instanceof ServiceError && error.code === 'caller-unverified';
const isRefusedFor =
  (code: string) =>
  (error: unknown): boolean =>
    isRefused(error) && error instanceof Error && error.cause instanceof Error && 'code' in error.cause && error.cause.code === code;

describe('key sets', () => {
  it('address › several tokens › is read once, and only that address', async () => {
    const set = serve(first);
    const verify = createVerify(remote(), set.fetch);
    for (let call = 0; call < 3; call += 1) assert.equal((await verify(await first.sign())).id, 'test-ehr');
    assert.deepEqual(set.asked, [address]);
  });

  it('rotation › a key that is not in the set yet › costs one more read at most, however many tokens name made-up keys', async () => {
    const set = serve(first);
    const verify = createVerify(remote(), set.fetch);
    await verify(await first.sign());
    for (let call = 0; call < 5; call += 1) await assert.rejects(verify(await second.sign()), isRefused);
    assert.ok(set.asked.length <= 2, `${set.asked.length} reads`);
  });

  it('rotation › the key is in the set when it is first asked for › is taken', async () => {
    const set = serve(second, first);
    assert.equal((await createVerify(remote(), set.fetch)(await second.sign())).id, 'test-ehr');
  });

  it('key set › that cannot be read › refuses, and is asked again later', async () => {
    const set = serve(first);
    set.isDown = true;
    const verify = createVerify(remote(), set.fetch);
    await assert.rejects(verify(await first.sign()), isRefused);
    set.isDown = false;
    assert.equal((await verify(await first.sign())).id, 'test-ehr');
  });

  it('jku › that the site has listed, or that is the key set › is taken', async () => {
    const set = serve(first);
    const listed = 'https://keys.ehr.example/set.json';
    const verify = createVerify(remote({ jkus: [listed] }), set.fetch);
    await verify(await first.sign({}, { jku: address }));
    await verify(await first.sign({}, { jku: listed }));
    assert.deepEqual(set.asked, [address], 'what a token names is compared, never fetched');
  });

  for (const jku of ['https://evil.example/keys', `${address}?x`, `${address}/../evil`, 'http://169.254.169.254/', '']) {
    it(`jku › ${jku || 'empty'} › is refused, and nothing is fetched`, async () => {
      const set = serve(first);
      await assert.rejects(createVerify(remote(), set.fetch)(await first.sign({}, { jku })), isRefusedFor('JKU_UNLISTED'));
      assert.deepEqual(set.asked, []);
    });
  }

  it('algorithm › beyond ES384 and RS384 › only where the site allows it for that client', async () => {
    const keys = { keys: [rsa256.publicJwk] };
    const token = (): Promise<string> => rsa256.sign();
    await assert.rejects(createVerify({ ...rsa256.trusted, keys }, serve().fetch)(await token()), isRefusedFor('ERR_JOSE_ALG_NOT_ALLOWED'));
    assert.equal((await createVerify({ ...rsa256.trusted, keys, algorithms: ['RS256'] }, serve().fetch)(await token())).id, 'test-ehr');
  });
});
