/** What becomes of an answer that fails, hangs or is no longer waited for. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ErrorCode, ServiceError, statusOf } from '../../src/errors.js';
import type { HookParts } from '../../src/http/hooks.js';
import type { Card } from '../../src/types.js';
import { assertProblem, secret, view, viewPath, withSite } from './site.js';

describe('hook routes with an answer that fails', () => {
  const codes: readonly ErrorCode[] = [
    'caller-forbidden',
    'data-unavailable',
    'patient-mismatch',
    'content-unusable',
    'too-many-requests',
    'overloaded',
  ];
  for (const code of codes) {
    it(`answer › throws ${code} › ${statusOf[code]}, observed under that code`, async () => {
      await withSite(
        { answer: () => Promise.reject(new ServiceError(code, { cause: new Error(secret), where: { list: 'conditions' } })) },
        async (own) => {
          const response = await own.post(viewPath, view);
          if (code === 'overloaded') assert.equal(response.headers.get('retry-after'), '2');
          const outcome = await assertProblem(response, code);
          assert.match(outcome.issue[0].details.text, /What is missing: conditions\.$/);
          assert.deepEqual(own.observed, [`hook test-patient-view ${code}`]);
          assert.doesNotMatch(own.logged.join(''), /Jane/);
        },
      );
    });
  }

  it('answer › throws caller-unverified › 401 with a challenge and not a word about why', async () => {
    await withSite({ answer: () => Promise.reject(new ServiceError('caller-unverified', { cause: new Error('expired') })) }, async (own) => {
      const response = await own.post(viewPath, view);
      assert.equal(response.status, 401);
      assert.equal(response.headers.get('www-authenticate'), 'Bearer');
      assert.equal(await response.text(), '');
    });
  });

  const bugs: readonly (readonly [string, HookParts['answer']])[] = [
    ['rejects with an error', () => Promise.reject(new TypeError(`${secret}\n    at ${secret}`))],
    [
      'throws at once',
      () => {
        throw new Error(secret);
      },
    ],
    ['rejects with a string', () => Promise.reject(secret)],
    ['rejects with nothing', () => Promise.reject(undefined)],
    ['gives what JSON cannot write', async () => [{ indicator: 'info', value: 1n } as unknown as Card]],
  ];
  for (const [name, answer] of bugs) {
    it(`answer › ${name} › 500 with an id and no stack, logged as an error without the message`, async () => {
      await withSite({ answer }, async (own) => {
        const outcome = await assertProblem(await own.post(viewPath, view), 'internal');
        const id = outcome.issue[0].diagnostics.replace('error ', '');
        const line = own.logged.find((one) => one.includes(id));
        assert.equal((JSON.parse(line ?? '{}') as { level: number }).level, 50);
        assert.doesNotMatch(own.logged.join(''), /Jane/);
        assert.equal((await own.post(viewPath, view)).status, 500, 'lives on');
      });
    });
  }

  it('deadline › passes › the signal says so', async () => {
    await withSite({ deadlineMs: 5, answer: (_service, _body, _credentials, signal) => aborted(signal) }, async (own) => {
      await assertProblem(await own.post(viewPath, view), 'data-unavailable');
    });
  });

  it('deadline › passes and the answer never comes › 503 all the same', async () => {
    await withSite({ deadlineMs: 5, answer: () => new Promise(() => undefined) }, async (own) => {
      await assertProblem(await own.post(viewPath, view), 'overloaded');
    });
  });

  it('client › hangs up › the signal says so', async () => {
    const client = new AbortController();
    let hungUp: Promise<unknown> = Promise.resolve();
    const answer: HookParts['answer'] = (_service, _body, _credentials, signal) => {
      hungUp = aborted(signal).catch(() => 'aborted');
      client.abort();
      return hungUp.then(() => []);
    };
    // No deadline of ours passes during a test.
    await withSite({ answer, deadlineMs: 500_000 }, async (own) => {
      await assert.rejects(
        fetch(`${own.url}${viewPath}`, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' }, signal: client.signal }),
      );
      assert.equal(await hungUp, 'aborted');
    });
  });
});

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new ServiceError('data-unavailable'))));
}
