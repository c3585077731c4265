/** The doctor: what it says of servers of several kinds, and that it always says something. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import pino from 'pino';
import { readCapability } from '../../src/cli/doctor/capability.js';
import { type Diagnosis, examine } from '../../src/cli/doctor/examine.js';
import { quote } from '../../src/cli/doctor/findings.js';
import { cleanAddress, createRegistration } from '../../src/cli/doctor/registration.js';
import { renderReport } from '../../src/cli/doctor/report.js';
import type { VendorId } from '../../src/cli/doctor/vendors.js';
import { consult, type DoctorOptions } from '../../src/cli/doctor.js';
import { CommandError } from '../../src/cli/ehr.js';
import { loadConfig } from '../../src/config.js';
import type { ServiceDefinition } from '../../src/types.js';
import { loadServices, type Service, startService } from '../../src/wire.js';
import { whycard } from './doctor/command.js';
import { failures } from './doctor/failures.js';
import { kinds } from './doctor/kinds.js';
import { answer, anyOrigin, type FakeServer, openFhirServer, openServer } from './doctor/server.js';
import { everyType, smart, statement } from './doctor/statements.js';

const publicUrl = 'https://cds.hospital.example';
let services: readonly ServiceDefinition[];
before(async () => {
  services = await loadServices();
});

interface Asked {
  readonly vendor?: VendorId | undefined;
  readonly token?: string;
  readonly timeoutMs?: number;
}

async function ask(server: FakeServer, { vendor, token, timeoutMs = 20_000 }: Asked = {}): Promise<Diagnosis> {
  try {
    return await examine({ base: server.base, services, registration: createRegistration(publicUrl, services), vendor, token, timeoutMs });
  } finally {
    await server.close();
  }
}

const linesOf = ({ findings }: Diagnosis): readonly string[] => findings.map(({ level, about, text }) => `${level} ${about}: ${text}`);
const verdictsOf = ({ services: judged, app }: Diagnosis): readonly string[] => [...judged.map(({ verdict }) => verdict), app.verdict];

describe('doctor › what it says of', () => {
  for (const { name, documents, vendor, expected } of kinds) {
    it(name, async () => {
      const diagnosis = await ask(await openFhirServer(documents), { vendor });
      const lines = linesOf(diagnosis);
      assert.deepEqual(verdictsOf(diagnosis), expected.verdicts, lines.join('\n'));
      if (expected.vendor !== undefined) assert.equal(diagnosis.vendor.id, expected.vendor);
      if (expected.dialect !== undefined) assert.equal(diagnosis.app.dialect, expected.dialect);
      for (const wanted of expected.findings ?? [])
        assert.ok(
          lines.some((line) => wanted.test(line)),
          `${wanted}\n${lines.join('\n')}`,
        );
      for (const unwanted of expected.silent ?? [])
        assert.deepEqual(
          lines.filter((line) => unwanted.test(line)),
          [],
        );
      assert.equal(
        diagnosis.verdict === 'works',
        expected.verdicts.every((verdict) => verdict === 'works'),
      );
    });
  }

  it('a byte order mark before the statement › is passed over', async () => {
    const server = await openServer((_request, response) => answer(response, 200, `\ufeff${JSON.stringify(statement({ resources: everyType }))}`));
    assert.equal((await ask(server)).services[0]?.verdict, 'works');
  });

  const scopeCases: readonly (readonly [unknown, string])[] = [
    [undefined, 'not stated'],
    [['openid', 'launch'], 'not stated'],
    [['patient/Condition.r'], 'not listed'],
    [['user/Condition.s'], 'listed'],
    [['patient/*.read'], 'listed'],
  ];
  for (const [scopes, expected] of scopeCases) {
    it(`scopes_supported ${JSON.stringify(scopes)} › a scope to search conditions is ${expected}`, async () => {
      const diagnosis = await ask(
        await openFhirServer({ metadata: statement({ resources: everyType }), smart: { ...smart, scopes_supported: scopes } }),
      );
      assert.equal(diagnosis.services.flatMap(({ lists }) => lists).find(({ list }) => list === 'conditions')?.scope, expected);
    });
  }

  it('every kind › what is not good says what to do, and a verdict says why', async () => {
    for (const { documents, vendor } of kinds) {
      const diagnosis = await ask(await openFhirServer(documents), { vendor });
      for (const { level, text, todo } of diagnosis.findings) assert.equal(todo === undefined, level === 'good', text);
      for (const { verdict, why } of [...diagnosis.services, diagnosis.app]) assert.equal(why.length === 0, verdict === 'works');
      const report = renderReport(diagnosis);
      assert.doesNotMatch(report, /undefined|\[object|NaN/);
      assert.deepEqual(JSON.parse(JSON.stringify(diagnosis)), diagnosis);
    }
  });
});

describe('doctor › nothing can be said', () => {
  for (const { name, listener, sentence, timeoutMs } of failures) {
    it(`${name} › one sentence`, async () => {
      const server = await openServer(listener);
      await assert.rejects(ask(server, timeoutMs === undefined ? {} : { timeoutMs }), (error: Error) => {
        assert.ok(error instanceof CommandError, String(error.stack));
        assert.match(error.message, sentence);
        assert.ok(error.message.startsWith(`${server.base}/metadata `));
        assert.doesNotMatch(error.message, /[\p{Cc}]/u);
        return true;
      });
    });
  }

  it('a smart-configuration that fails in any of these ways › the services are judged all the same, and it is said', async () => {
    for (const { name, listener, timeoutMs } of failures) {
      const server = await openServer((request, response) => {
        if (request.url === '/fhir/metadata') answer(response, 200, JSON.stringify(statement({ resources: everyType })), anyOrigin);
        else listener(request, response);
      });
      const diagnosis = await ask(server, timeoutMs === undefined ? {} : { timeoutMs });
      assert.deepEqual(verdictsOf(diagnosis), ['works', 'works', 'works', 'will not work'], name);
    }
  });
});

describe('doctor › a server’s words', () => {
  it('control characters, direction marks and length › do not reach the terminal', async () => {
    const software = `Evil\u001b]0;title\u0007\r\n\u202eFHIR ${'long '.repeat(200)}`;
    const diagnosis = await ask(await openFhirServer({ metadata: statement({ software, url: 'http://x/\u001b[2J', resources: everyType }), smart }));
    const report = renderReport(diagnosis);
    assert.doesNotMatch(report.replaceAll('\n', ''), /[\p{Cc}\p{Cf}]/u);
    assert.ok(report.split('\n').every((line) => line.length < 500));
    assert.equal(quote('\u0000a\u0000 \u0000b\u0000'), 'a b');
  });

  it('any JSON › is read as a statement or refused, and never fails', () => {
    const anything = fc.record({
      resourceType: fc.constantFrom('CapabilityStatement', 'Conformance', 'Patient'),
      fhirVersion: fc.oneof(fc.constant('4.0.1'), fc.jsonValue()),
      rest: fc.oneof(
        fc.jsonValue(),
        fc.array(fc.record({ mode: fc.constant('server'), resource: fc.jsonValue(), security: fc.jsonValue(), searchParam: fc.jsonValue() })),
      ),
      software: fc.jsonValue(),
    });
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), anything), (value) => {
        assert.ok(['capability', 'other-version', 'not-a-capability'].includes(readCapability(value).kind));
      }),
    );
  });
});

describe('doctor › a token', () => {
  it('is sent to the two documents, follows no redirect, and stands in no word of the diagnosis', async () => {
    const elsewhere = await openServer((_request, response) => answer(response, 200, '{}'));
    const server = await openServer((request, response) => {
      if (request.headers.authorization !== 'Bearer s3cret-token') answer(response, 401, '');
      else if (request.url === '/fhir/metadata') answer(response, 200, JSON.stringify(statement({ resources: everyType })), anyOrigin);
      else answer(response, 307, '', { location: `${elsewhere.base}/x` });
    });
    const diagnosis = await ask(server, { token: 's3cret-token' });
    assert.equal(server.asked.length, 2);
    assert.equal(elsewhere.asked.length, 0);
    assert.ok(server.asked.every(({ headers }) => headers.origin === publicUrl));
    await elsewhere.close();
    assert.doesNotMatch(JSON.stringify(diagnosis) + renderReport(diagnosis), /s3cret/);
    assert.ok(linesOf(diagnosis).some((line) => /answered 307 and points to http:\/\/127/.test(line)));
  });
});

describe('doctor › values to paste', () => {
  it('stand below the public address, one endpoint and one feedback address a service, scopes in both spellings', () => {
    const { app, services: registered, isPlaceholder } = createRegistration(`${publicUrl}/whycard/`, services);
    assert.equal(isPlaceholder, false);
    assert.equal(app.launchUrl, `${publicUrl}/whycard/launch`);
    assert.deepEqual(app.redirectUris, [`${publicUrl}/whycard/app/`]);
    assert.equal(app.jwksUrl, null);
    assert.deepEqual(
      registered.map(({ id, endpoint, feedback }) => [id, endpoint, feedback]),
      ['care-gaps', 'order-safety', 'order-safety-draft'].map((id) => {
        const endpoint = `${publicUrl}/whycard/cds-services/${id}`;
        return [id, endpoint, `${endpoint}/feedback`];
      }),
    );
    for (const { scopes } of registered) {
      assert.match(scopes.v2, /^(patient\/[A-Za-z]+\.rs ?)+$/);
      assert.equal(scopes.v1, scopes.v2.replaceAll('.rs', '.read'));
    }
  });

  it('no public address › a placeholder, and the report says so', async () => {
    const registration = createRegistration(undefined, services);
    assert.equal(registration.isPlaceholder, true);
    const server = await openFhirServer({ metadata: statement({ resources: everyType }), smart });
    const diagnosis = await examine({ base: server.base, services, registration, vendor: undefined, token: undefined, timeoutMs: 20_000 });
    await server.close();
    assert.match(renderReport(diagnosis), /PLACEHOLDER: https:\/\/your\.whycard\.example is nobody's address/);
  });

  it('a public address without TLS › is said to be no good in production', async () => {
    const server = await openFhirServer({ metadata: statement({ resources: everyType }), smart });
    const registration = createRegistration('http://cds.hospital.example', services);
    const diagnosis = await examine({ base: server.base, services, registration, vendor: undefined, token: undefined, timeoutMs: 20_000 });
    await server.close();
    assert.ok(linesOf(diagnosis).some((line) => /^degraded whycard: .*does not start in production without https/.test(line)));
  });

  const addresses = [
    '',
    'localhost',
    'ftp://a.example',
    'https://',
    'https://u:p@a.example',
    'https://u@a.example',
    'https://a.example/?x',
    'https://a.example/?',
    'https://a.example/#x',
    'https://a.example/\n',
    ' https://a.example',
  ];
  for (const text of addresses) {
    it(`${JSON.stringify(text)} as an address › one sentence, without a password`, () => {
      assert.throws(
        () => cleanAddress(text, 'an address'),
        (error: Error) => error instanceof CommandError && !/u:p|\n/.test(error.message),
      );
    });
  }
});

describe('whycard doctor', () => {
  let service: Service;
  before(async () => {
    service = await startService(
      loadConfig({ PORT: '0', DATA_DIR: 'memory', LOG_LEVEL: 'silent', READER: 'none' }, process.cwd()),
      pino({ level: 'silent' }),
    );
  });
  after(() => service.close());

  it('the embedded EHR › exit 0, everything works, every value to paste', async () => {
    const { code, out, err } = await whycard(['doctor', '--fhir', `${service.url}/ehr/fhir/metadata`, '--public-url', publicUrl]);
    assert.equal(code, 0, err);
    assert.equal(out.match(/^ {2}works /gm)?.length, 4);
    assert.doesNotMatch(out, /^ {2}(degraded|missing) /m);
    for (const { endpoint, feedback } of createRegistration(publicUrl, services).services)
      assert.ok(out.includes(endpoint) && out.includes(feedback));
    for (const value of [`${publicUrl}/launch`, `${publicUrl}/app/`, `${publicUrl}/cds-services`]) assert.ok(out.includes(`${value}\n`));
  });

  it('the embedded EHR, --json and PUBLIC_URL › the diagnosis', async () => {
    const { code, out } = await whycard(['doctor', '--fhir', `${service.url}/ehr/fhir/`, '--json'], '', { PUBLIC_URL: publicUrl });
    assert.equal(code, 0);
    const diagnosis = JSON.parse(out) as Diagnosis;
    assert.equal(diagnosis.verdict, 'works');
    assert.equal(diagnosis.register.publicUrl, publicUrl);
    assert.deepEqual(diagnosis.server, { fhirVersion: '4.0.1', software: 'whycard sandbox EHR', publisher: null });
  });

  it('the embedded EHR as Epic › every service works, and the client id has its place', async () => {
    const { code, out } = await whycard(['doctor', '--fhir', `${service.url}/ehr/fhir`, '--vendor', 'epic']);
    assert.equal(code, 0);
    assert.match(out, /appClientId/);
  });

  it('--token › the first line of standard input is sent', async () => {
    const closed = await openServer((request, response) => {
      const isKnown = request.headers.authorization === 'Bearer t0ken';
      answer(response, isKnown ? 200 : 401, isKnown ? JSON.stringify(statement({ resources: everyType })) : '');
    });
    const { code, out, err } = await whycard(['doctor', '--fhir', closed.base, '--token'], 't0ken\n');
    const refused = await whycard(['doctor', '--fhir', closed.base, '--token'], '\n');
    await closed.close();
    assert.equal(code, 1, err);
    assert.doesNotMatch(out + err, /t0ken/);
    assert.deepEqual([refused.code, refused.err], [2, '--token: the first line of standard input is no access token.\n']);
  });

  it('a mistake on the command line › exit 2 and one line, or the help; no stack', async () => {
    for (const [args, message] of [
      [[], /--fhir <url>' not specified/],
      [['--fhir', 'localhost:3000'], /^"localhost:3000" is no http\(s\) address: the FHIR base of a server is wanted\.\n$/],
    ] as const) {
      const { code, out, err } = await whycard(['doctor', ...args]);
      assert.deepEqual([code, out], [2, '']);
      assert.match(err, message);
      assert.doesNotMatch(err, /\n {4}at /);
    }
  });

  const mistakes: readonly (readonly [string, Partial<DoctorOptions>, RegExp])[] = [
    ['a port where nothing listens', {}, /^http:\/\/127\.0\.0\.1:\d+\/fhir\/metadata refused the connection: nothing listens there\.$/],
    ['a vendor that is not known', { vendor: 'constructor' }, /^--vendor must be one of plain, epic, cerner\.$/],
    ['no time', { timeout: '0' }, /^--timeout must be seconds/],
    ['more time than anybody has', { timeout: '1e9' }, /^--timeout must be seconds/],
    ['a public address that is none', { publicUrl: 'here' }, /^"here" is no http\(s\) address: the public address/],
  ];
  for (const [name, options, message] of mistakes) {
    it(`${name} › one sentence`, async () => {
      const gone = await openServer(() => {});
      await gone.close();
      await assert.rejects(consult({ fhir: gone.base, timeout: '20', ...options }), (error: Error) => {
        assert.ok(error instanceof CommandError);
        assert.match(error.message, message);
        return true;
      });
    });
  }
});
