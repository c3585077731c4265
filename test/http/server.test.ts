/** Listening: the address it says, what stops it, and how it ends. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StartError } from '../../src/errors.js';
import { isDeeperThan } from '../../src/http/body.js';
import { listen } from '../../src/http/server.js';
import { createSmartManifest } from '../../src/http/smart-manifest.js';

const host = '127.0.0.1';

describe('listen', () => {
  it('port › 0 › any free one, and the address leads there', async () => {
    const server = await listen((_request, response) => void response.end('here'), { host, port: 0 });
    assert.equal(await (await fetch(server.url)).text(), 'here');
    assert.equal(server.url, `http://${host}:${server.port}`);
    await server.close();
    await assert.rejects(fetch(server.url));
  });

  it('port › taken › one line that names it and the cure', async () => {
    const first = await listen((_request, response) => void response.end(), { host, port: 0 });
    await assert.rejects(
      listen((_request, response) => void response.end(), { host, port: first.port }),
      (error: unknown) => {
        assert.ok(error instanceof StartError);
        assert.equal(error.message, `port ${first.port} is taken; stop what uses it, or set PORT to another (0 takes any free one)`);
        return true;
      },
    );
    await first.close();
  });

  it('host › of another machine › one line that names the setting', async () => {
    await assert.rejects(
      listen((_request, response) => void response.end(), { host: '192.0.2.1', port: 0 }),
      (error: unknown) => {
        assert.ok(error instanceof StartError);
        assert.match(error.message, /^HOST 192\.0\.2\.1 is no address of this machine$/);
        return true;
      },
    );
  });
});

describe('isDeeperThan', () => {
  const texts: readonly (readonly [string, boolean])[] = [
    ['', false],
    ['[[]]', false],
    ['[[[]]]', true],
    ['{"a":{"b":{}}}', true],
    ['[][][][]', false],
    ['["[[[["]', false],
    ['["\\"[[[["]', false],
    ['["\\\\",[["]', true],
    ['"[[[[', false],
    ['"a\\', false],
    [']]][[[', false],
    [']]][[[[[[[', true],
  ];
  for (const [text, expected] of texts) {
    it(`text › ${text} › ${expected ? 'deeper' : 'not deeper'} than 2`, () => {
      assert.equal(isDeeperThan(text, 2), expected);
    });
  }
});

describe('createSmartManifest', () => {
  it('address › given › every address is below it', () => {
    const text = JSON.stringify(createSmartManifest('https://whycard.example', '1.2.3'));
    assert.deepEqual(
      [...text.matchAll(/https?:\/\/[^"]+/g)].map(([url]) => new URL(url).origin).filter((origin) => origin !== 'https://whycard.example'),
      [],
    );
    assert.match(text, /"redirect_uris":\["https:\/\/whycard\.example\/app\/"\]/);
  });
});
