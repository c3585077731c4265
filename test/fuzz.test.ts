/** 2,000 fuzzed requests: no 5xx, no hang, and the service lives on. The long run is `bench/fuzz.ts`. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import pino from 'pino';
import { fuzzedRequest } from '../bench/fuzz-grammar.js';
import { loadConfig } from '../src/config.js';
import { type Service, startService } from '../src/wire.js';

let service: Service;
before(async () => {
  service = await startService(loadConfig({ PORT: '0', DATA_DIR: 'memory', LOG_LEVEL: 'silent' }, process.cwd()), pino({ level: 'silent' }));
});
after(() => service.close());

describe('fuzz', () => {
  it('2,000 requests › from a grammar over envelope, context, prefetch and headers › no 5xx but 503, none over 2 s, some get through', async () => {
    const statuses = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(fuzzedRequest, async ({ path, method, headers, body }) => {
        const startedAt = performance.now();
        const response = await fetch(`${service.url}${path}`, { method, headers, ...(method === 'GET' ? {} : { body }) });
        const text = await response.text();
        statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
        assert.ok(response.status < 500 || response.status === 503, `${response.status} ${text}`);
        assert.ok(performance.now() - startedAt < 2000, 'in time');
        assert.doesNotMatch(text, /\n\s+at |node_modules|\/src\//, 'no stack trace');
      }),
      { numRuns: 2000, endOnFailure: true },
    );
    assert.ok((statuses.get(200) ?? 0) > 200, `${statuses.get(200)} got through`);
    assert.equal((await fetch(`${service.url}/ready`)).status, 200);
  });
});
