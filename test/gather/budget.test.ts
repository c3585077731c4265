/** One budget of pages and bytes for all that a request reads, and a server that asks to wait. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createPageReader } from '../../src/gather/reader.js';

const forever = new AbortController().signal;
const json = { 'content-type': 'application/fhir+json' };

function serve(...answers: readonly (() => Response)[]): { readonly fetch: typeof globalThis.fetch; readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    fetch: async (url) => {
      asked.push(String(url));
      return (answers[Math.min(asked.length, answers.length) - 1] ?? (() => new Response(null, { status: 500 })))();
    },
  };
}

const page =
  (bytes = 2): (() => Response) =>
  () =>
    new Response(JSON.stringify({ x: 'x'.repeat(bytes) }), { headers: json });
const busy = (status: number, after: string | undefined) => () =>
  new Response('', { status, headers: after === undefined ? {} : { 'retry-after': after } });

describe('budget', () => {
  it('pages › more than there are › the rest is not asked for', async () => {
    const server = serve(page());
    const read = createPageReader(server.fetch, undefined, { maxPages: 2, maxBytes: 1000, budgetMs: 300 });
    const results = [await read('https://a/1', forever), await read('https://b/1', forever), await read('https://a/2', forever)];
    assert.deepEqual(
      results.map(({ ok }) => ok),
      [true, true, false],
    );
    assert.equal(server.asked.length, 2);
  });

  it('bytes › of all lists together › the list that goes over is named as read in part', async () => {
    const read = createPageReader(serve(page(600)).fetch, undefined, { maxPages: 9, maxBytes: 1000, budgetMs: 300 });
    assert.equal((await read('https://a/1', forever)).ok, true);
    assert.deepEqual(await read('https://b/1', forever), { ok: false, why: 'only the first part was read' });
  });

  const cases: readonly (readonly [string, number, string | undefined, number, boolean])[] = [
    ['429, at once', 429, '0', 2, true],
    ['503, at once', 503, '0', 2, true],
    ['429, longer than there is', 429, '60', 1, false],
    ['429, no word how long', 429, undefined, 1, false],
    ['429, a date', 429, 'Wed, 21 Oct 2026 07:28:00 GMT', 1, false],
  ];
  for (const [name, status, after, requests, isRead] of cases) {
    it(`busy › ${name} › ${isRead ? 'is asked once more' : 'is named'}`, async () => {
      const server = serve(busy(status, after), page());
      const result = await createPageReader(server.fetch, undefined, { maxPages: 9, maxBytes: 1000, budgetMs: 300 })('https://a/1', forever);
      assert.equal(server.asked.length, requests);
      assert.deepEqual(result.ok ? 'read' : result.why, isRead ? 'read' : 'the server asked to wait');
    });
  }

  it('busy › twice › is not asked a third time', async () => {
    const server = serve(busy(429, '0'));
    const result = await createPageReader(server.fetch, undefined, { maxPages: 9, maxBytes: 1000, budgetMs: 300 })('https://a/1', forever);
    assert.deepEqual(result, { ok: false, why: 'the server asked to wait' });
    assert.equal(server.asked.length, 2);
  });
});
