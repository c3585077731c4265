/** What may not be reached from a request: private, link-local and loopback addresses, in every spelling and behind every name. */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { createSafeFetch, kindOfAddress, type Resolve } from '../../src/gather/safe-fetch.js';

let server: Server;
const at = { port: 0, hits: 0 };
before(async () => {
  server = createServer((_request, response) => {
    at.hits += 1;
    response.end('{"reached":true}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  at.port = typeof address === 'object' && address !== null ? address.port : 0;
});
after(() => void server.close());

const resolveTo =
  (...addresses: readonly string[]): Resolve =>
  (_hostname, done) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
const nobody: ReadonlySet<string> = new Set();
const causedBy =
  (code: string) =>
  (error: unknown): boolean =>
    error instanceof Error && error.cause instanceof Error && 'code' in error.cause && error.cause.code === code;
const refused = causedBy('ADDRESS_REFUSED');

describe('safe fetch', () => {
  const kinds: readonly (readonly [string, ReturnType<typeof kindOfAddress>])[] = [
    ['8.8.8.8', 'public'],
    ['2606:4700::1', 'public'],
    ['172.15.255.255', 'public'],
    ['172.32.0.1', 'public'],
    ['127.0.0.1', 'loopback'],
    ['127.9.9.9', 'loopback'],
    ['::1', 'loopback'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['10.0.0.1', 'private'],
    ['172.16.0.1', 'private'],
    ['192.168.1.1', 'private'],
    ['169.254.169.254', 'private'],
    ['100.64.0.1', 'private'],
    ['0.0.0.0', 'private'],
    ['::', 'private'],
    ['fe80::1', 'private'],
    ['fd00::1', 'private'],
    ['::ffff:10.0.0.1', 'private'],
    ['::ffff:a9fe:a9fe', 'private'],
    ['64:ff9b::7f00:1', 'private'],
    ['2002:7f00:1::', 'private'],
    ['224.0.0.1', 'private'],
    ['255.255.255.255', 'private'],
    ['not an address', 'private'],
  ];
  for (const [address, kind] of kinds) {
    it(`address › ${address} › ${kind}`, () => {
      assert.equal(kindOfAddress(address), kind);
    });
  }

  const spellings = [
    '127.0.0.1',
    '0x7f.1',
    '2130706433',
    '0177.0.0.1',
    '127.1',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[0:0:0:0:0:ffff:7f00:1]',
    '169.254.169.254',
    '10.1.2.3',
    '0.0.0.0',
  ];
  for (const host of spellings) {
    it(`literal › ${host} › is refused before anything is sent`, async () => {
      const before = at.hits;
      const safe = createSafeFetch({ privateHosts: nobody, mayReachLoopback: false });
      await assert.rejects(safe(`http://${host}:${at.port}/`), { code: 'ADDRESS_REFUSED' });
      assert.equal(at.hits, before);
    });
  }

  it('name › that leads to this machine › is refused when the connection is made', async () => {
    const before = at.hits;
    const safe = createSafeFetch({ privateHosts: nobody, mayReachLoopback: false, resolve: resolveTo('127.0.0.1') });
    await assert.rejects(safe(`http://ehr.example:${at.port}/`), refused);
    assert.equal(at.hits, before);
  });

  it('name › with a public and a private address › is refused', async () => {
    const safe = createSafeFetch({ privateHosts: nobody, mayReachLoopback: false, resolve: resolveTo('8.8.8.8', '10.0.0.1') });
    await assert.rejects(safe(`http://ehr.example:${at.port}/`), refused);
  });

  it('name › public at first, then this machine › the address that is connected to is the one that was checked', async () => {
    let asked = 0;
    const rebinding: Resolve = (hostname, done) => {
      asked += 1;
      resolveTo(asked === 1 ? '127.0.0.1' : '8.8.8.8')(hostname, done);
    };
    const safe = createSafeFetch({ privateHosts: nobody, mayReachLoopback: false, resolve: rebinding });
    await assert.rejects(safe(`http://ehr.example:${at.port}/`), refused);
  });

  it('configured › a host of the site, and loopback in the sandbox › are reached', async () => {
    const own = createSafeFetch({ privateHosts: new Set(['ehr.example']), mayReachLoopback: false, resolve: resolveTo('127.0.0.1') });
    assert.deepEqual(await (await own(`http://ehr.example:${at.port}/`)).json(), { reached: true });
    const sandbox = createSafeFetch({ privateHosts: nobody, mayReachLoopback: true });
    assert.equal((await sandbox(`http://127.0.0.1:${at.port}/`)).status, 200);
    await assert.rejects(sandbox('http://10.0.0.1/'), { code: 'ADDRESS_REFUSED' });
  });

  it('name › that nobody knows › fails as unknown', async () => {
    const unknown: Resolve = (_hostname, done) => done(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }), []);
    const safe = createSafeFetch({ privateHosts: nobody, mayReachLoopback: false, resolve: unknown });
    await assert.rejects(safe('http://nowhere.example/'), causedBy('ENOTFOUND'));
  });
});
