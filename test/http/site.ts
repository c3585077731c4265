/** The app on a port of its own with fakes behind it. Patients named here are invented. */
import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import pino from 'pino';
import { type ErrorCode, statusOf } from '../../src/errors.js';
import { type AppParts, createApp } from '../../src/http/app.js';
import { listen } from '../../src/http/server.js';
import { discover } from '../../src/protocol/discovery.js';
import { parseFeedback } from '../../src/protocol/feedback.js';
import { parseRequest } from '../../src/protocol/request.js';
import type { Caller, Card } from '../../src/types.js';
import { makeRequest, makeService } from '../protocol/service.js';

export const services = [makeService('patient-view'), makeService('order-sign'), makeService('order-select')];
export const view = makeRequest('patient-view');
export const viewPath = '/cds-services/test-patient-view';
export const anonymous: Caller = { id: 'anonymous', fhirBases: 'loopback', vendor: 'plain' };
/** Stands for whatever a message of others could hold. */
export const secret = 'Jane Roe MRN8842107';

export interface Site {
  readonly url: string;
  /** Each line that was logged. */
  readonly logged: readonly string[];
  /** What the metrics were told: `hook <service> <outcome>`, … */
  readonly observed: readonly string[];
  readonly stored: readonly unknown[];
  readonly appDir: string;
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>;
  close(): Promise<void>;
}

/** Two pages and one asset, as Vite would leave them. */
async function writePages(appDir: string): Promise<void> {
  await mkdir(join(appDir, 'assets'));
  await Promise.all([
    writeFile(join(appDir, 'launch.html'), '<p>launch</p>'),
    writeFile(join(appDir, 'index.html'), '<p>app</p>'),
    writeFile(join(appDir, 'assets/a.js'), '1'),
    writeFile(join(appDir, 'outside.txt'), secret),
  ]);
}

export async function openSite(changes: Partial<AppParts> = {}): Promise<Site> {
  const logged: string[] = [];
  const observed: string[] = [];
  const stored: unknown[] = [];
  const appDir = mkdtempSync(join(tmpdir(), 'whycard-site-'));
  await writePages(appDir);
  const keep = new Writable({
    write(chunk, _encoding, done) {
      logged.push(String(chunk));
      done();
    },
  });
  const parts: AppParts = {
    services,
    discover,
    async answer(service, body): Promise<readonly Card[]> {
      parseRequest(service, body);
      return [];
    },
    verifyCaller: async () => anonymous,
    parseFeedback,
    storeFeedback: async (service, caller, lines) => stored.push([service, caller, lines]),
    metrics: {
      observeHook: (service, outcome) => void observed.push(`hook ${service} ${outcome}`),
      observeCards: (service, indicators) => void observed.push(`cards ${service} ${indicators.length}`),
      observeFeedback: (outcome, count) => void observed.push(`feedback ${outcome} ${count}`),
      contentType: 'text/plain; version=0.0.4; charset=utf-8',
      text: async (rates) => `cds_rates ${rates.length}\n`,
    },
    readRates: async () => [],
    publicUrl: 'https://whycard.example',
    deadlineMs: 10_000,
    maxBodyBytes: 200_000,
    clock: () => new Date(0),
    log: pino({ level: 'trace' }, keep),
    isReady: async () => ({ store: true, reader: true }),
    appDir,
    app: { config: { clientId: 'app' }, openRun: async () => undefined },
    manifest: { client_name: 'whycard' },
    description: { openapi: '3.1.0' },
    sandbox: undefined,
    ...changes,
  };
  const server = await listen(createApp(parts), { host: '127.0.0.1', port: 0 });
  return {
    url: server.url,
    logged,
    observed,
    stored,
    appDir,
    post: (path, body, headers = {}) =>
      fetch(`${server.url}${path}`, {
        method: 'POST',
        body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
        headers: { 'content-type': 'application/json', ...headers },
      }),
    async close() {
      await server.close();
      await rm(appDir, { recursive: true });
    },
  };
}

export interface Outcome {
  readonly resourceType: string;
  readonly issue: readonly [
    {
      readonly severity: string;
      readonly code: string;
      readonly details: { readonly text: string; readonly coding: readonly [{ readonly code: string }] };
      readonly diagnostics: string;
      readonly expression?: readonly string[];
    },
  ];
}

export async function withSite(changes: Parameters<typeof openSite>[0], use: (site: Site) => Promise<void>): Promise<void> {
  const own = await openSite(changes);
  try {
    await use(own);
  } finally {
    await own.close();
  }
}

/** An error's body: the code, no stack, nothing of the patient. */
export async function assertProblem(response: Response, code: ErrorCode): Promise<Outcome> {
  const text = await response.text();
  assert.equal(response.status, statusOf[code], text);
  assert.match(response.headers.get('content-type') ?? '', /^application\/json/);
  assert.doesNotMatch(text, /Jane|MRN|\.[tj]s:|node_modules|invented-1/);
  const outcome = JSON.parse(text) as Outcome;
  assert.equal(outcome.resourceType, 'OperationOutcome');
  assert.equal(outcome.issue[0].details.coding[0].code, code);
  return outcome;
}
