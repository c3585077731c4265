/** The settings: a table of what is taken and what is refused. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadConfig } from '../src/config.js';
import { StartError } from '../src/errors.js';

const production = { WHYCARD_MODE: 'production', PUBLIC_URL: 'https://cds.example.org/', TRUST_FILE: 'trust.json' };
type Env = Readonly<Record<string, string>>;

describe('config', () => {
  it('settings › none, or empty ones, and others’ variables › give the sandbox', () => {
    for (const env of [{}, { PORT: '', HOST: '', DATABASE_URL: '' }, { NODE_ENV: 'production', PATH: '/bin' }]) {
      assert.deepEqual(loadConfig(env, '/srv'), {
        mode: 'sandbox',
        host: '127.0.0.1',
        port: 3000,
        publicUrl: undefined,
        trustFile: undefined,
        databaseUrl: undefined,
        dataDir: '/srv/.whycard',
        reader: 'small-reader',
        deadlineMs: 450,
        logLevel: 'info',
        sandboxNow: undefined,
      });
    }
  });

  it('settings › production › listens everywhere, at its public address', () => {
    const config = loadConfig({ ...production, DATA_DIR: '/data', DATABASE_URL: 'postgresql://u@h/d' }, '/srv');
    assert.deepEqual(
      [config.mode, config.host, config.publicUrl, config.trustFile, config.dataDir],
      ['production', '0.0.0.0', 'https://cds.example.org', '/srv/trust.json', '/data'],
    );
  });

  const good: readonly Env[] = [
    { PORT: '0' },
    { PORT: '65535' },
    { HOST: '::1' },
    { HOST: 'localhost' },
    { DATA_DIR: 'memory' },
    { READER: 'none' },
    { DEADLINE_MS: '50' },
    { DEADLINE_MS: '5000' },
    { LOG_LEVEL: 'silent' },
    { SANDBOX_NOW: '2026-01-31T12:00:00Z' },
    { ...production, HOST: '10.0.0.1' },
  ];
  for (const env of good) it(`settings › ${JSON.stringify(env)} › are taken`, () => assert.doesNotThrow(() => loadConfig(env, '/srv')));

  const bad: readonly (readonly [Env, RegExp])[] = [
    [{ WHYCARD_MODE: 'test' }, /WHYCARD_MODE must be sandbox or production/],
    [{ PORT: '65536' }, /PORT .*65535/],
    [{ PORT: '-1' }, /PORT/],
    [{ PORT: '80a' }, /PORT/],
    [{ PORT: '1.5' }, /PORT/],
    [{ HOST: '0.0.0.0' }, /HOST must be one of 127\.0\.0\.1/],
    [{ HOST: 'example.org' }, /HOST/],
    [{ DEADLINE_MS: '49' }, /DEADLINE_MS .*50/],
    [{ DEADLINE_MS: '5001' }, /DEADLINE_MS .*5000/],
    [{ READER: 'remote' }, /READER must be small-reader or none/],
    [{ LOG_LEVEL: 'loud' }, /LOG_LEVEL .*silent/],
    [{ SANDBOX_NOW: '2026-01-31' }, /SANDBOX_NOW/],
    [{ SANDBOX_NOW: 'now' }, /SANDBOX_NOW/],
    [{ DATABASE_URL: 'mysql://h/d' }, /DATABASE_URL .*postgres/],
    [{ PUBLIC_URL: 'cds.example.org' }, /PUBLIC_URL/],
    [{ SITE_FILE: 'site.json' }, /SITE_FILE is not read by this version/],
    [{ CONTENT_DIR: 'x' }, /CONTENT_DIR is not read by this version/],
    [{ WHYCARD_PORT: '3000' }, /WHYCARD_PORT is unknown \(known: .*PORT/],
    [{ WHYCARD_MODE: 'production' }, /PUBLIC_URL .*TRUST_FILE/],
    [{ ...production, PUBLIC_URL: 'http://x.org' }, /PUBLIC_URL .*https/],
    [{ ...production, SANDBOX_NOW: '2026-01-31T12:00:00Z' }, /SANDBOX_NOW .*sandbox/],
    [{ PORT: 'x', LOG_LEVEL: 'y', WHYCARD_Z: '1' }, /(?=.*PORT)(?=.*LOG_LEVEL)(?=.*WHYCARD_Z)/],
  ];
  for (const [env, saying] of bad) {
    it(`settings › ${JSON.stringify(env)} › are refused in one line`, () => {
      assert.throws(
        () => loadConfig(env, '/srv'),
        (error) => error instanceof StartError && saying.test(error.message) && !error.message.includes('\n'),
      );
    });
  }

  it('settings › a bad database address › is named without its password', () => {
    assert.throws(
      () => loadConfig({ DATABASE_URL: 'mysql://u:hunter2@h/d' }, '/srv'),
      (error) => error instanceof StartError && !error.message.includes('hunter2'),
    );
  });
});
