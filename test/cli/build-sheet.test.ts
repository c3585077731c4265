/** The build sheet: every value that must be pasted stands on it, and every word about a vendor has its source. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { buildSheet } from '../../src/cli/build-sheet.js';
import { createRegistration, type Registration } from '../../src/cli/doctor/registration.js';
import { renderSheet } from '../../src/cli/doctor/sheet.js';
import { answerRows } from '../../src/cli/doctor/sheet-tables.js';
import { type Fact, guessVendor, sources, vendors } from '../../src/cli/doctor/vendors.js';
import { CommandError } from '../../src/cli/ehr.js';
import { StartError, statusOf } from '../../src/errors.js';
import { loadServices, loadTrust } from '../../src/wire.js';
import { whycard } from './doctor/command.js';

const publicUrl = 'https://cds.hospital.example';
const named = [vendors.epic, vendors.cerner] as const;
let folder: string;
let registration: Registration;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whycard-sheet-'));
  registration = createRegistration(publicUrl, await loadServices());
});
after(() => rm(folder, { recursive: true, force: true }));

const factsOf = (vendor: (typeof named)[number]): readonly Fact[] => Object.values(vendor.facts).flat();

/** The TRUST_FILE of a sheet, with what an analyst fills in. */
function trustOf(page: string, fill: (text: string) => string): string {
  const block = /```json\n([\s\S]+?)\n```/.exec(page)?.[1] ?? '';
  return block.replaceAll(/"FILL IN: [^"]+"/g, (text) => JSON.stringify(fill(text)));
}

describe('build sheet', () => {
  for (const vendor of named) {
    describe(vendor.id, () => {
      const render = (): string => renderSheet(vendor, registration);

      it('every endpoint, feedback address, prefetch template and scope stands on it, to the letter', () => {
        const page = render();
        assert.ok(registration.services.length >= 3);
        for (const { endpoint, feedback, prefetch, scopes, hook } of registration.services) {
          for (const value of [endpoint, feedback, scopes.v1, scopes.v2, hook, ...Object.values(prefetch)])
            assert.ok(page.includes(`\`${value}\``), value);
        }
        for (const value of [registration.app.launchUrl, ...registration.app.redirectUris, registration.app.manifest])
          assert.ok(page.includes(`\`${value}\``), value);
        assert.doesNotMatch(page, /undefined|\[object|PLACEHOLDER|your\.whycard/);
      });

      it('every fact of the vendor stands on it with a number, every number has its source, and no other source is listed', () => {
        const page = render();
        const list = page.split('## Sources\n\n')[1]?.trimEnd().split('\n') ?? [];
        for (const { text, source } of factsOf(vendor)) {
          const number = list.findIndex((line) => line.endsWith(sources[source].full)) + 1;
          assert.ok(number > 0 && page.includes(`- ${text} [${number}]\n`), text);
        }
        const cited = new Set([...page.matchAll(/ \[(\d+)\]/g)].map((match) => Number(match[1])));
        assert.deepEqual(
          [...cited].sort((a, b) => a - b),
          list.map((_line, index) => index + 1),
        );
      });

      it('its tables › have as many cells in each row as in their head', () => {
        for (const table of render().matchAll(/(?:^\|.*\n)+/gm)) {
          const widths = table[0]
            .trimEnd()
            .split('\n')
            .map((row) => row.split('|').length);
          assert.equal(new Set(widths).size, 1, table[0]);
        }
      });

      it('its TRUST_FILE › as it is stops a start, filled in is taken', async () => {
        const file = join(folder, `${vendor.id}.json`);
        await writeFile(
          file,
          trustOf(render(), (text) => text.slice(1, -1)),
        );
        await assert.rejects(
          loadTrust(file),
          (error: Error) => error instanceof StartError && /jwksUrl must be an https address/.test(error.message),
        );
        await writeFile(
          file,
          trustOf(render(), () => 'https://ehr.hospital.example/api/FHIR/R4'),
        );
        const [client] = await loadTrust(file);
        assert.deepEqual(client?.fhirBases, ['https://ehr.hospital.example/api/FHIR/R4']);
        assert.deepEqual(client.audiences, [publicUrl]);
        assert.equal(client.issuer, vendor.issuer ?? 'https://ehr.hospital.example/api/FHIR/R4');
      });
    });
  }

  it('a hook that the vendor does not describe › is marked in the list, at its values and in the tests', () => {
    const page = renderSheet(vendors.cerner, registration);
    for (const hook of ['order-sign', 'order-select']) {
      assert.match(page, new RegExp(`\\| \`${hook}\` \\|.*not described: ask before building`));
      assert.match(page, new RegExp(`\`${hook}\`: ask whether it is fired at all`));
    }
    assert.equal(page.match(/does not describe this hook\./g)?.length, 2);
    assert.doesNotMatch(renderSheet(vendors.epic, registration), /not described|does not describe/);
  });

  it('the table of answers › has each status that whycard can answer with, once', () => {
    const statuses = answerRows.map(({ status }) => status);
    assert.deepEqual(
      statuses,
      [200, ...new Set(Object.values(statusOf))].sort((a, b) => a - b),
    );
  });

  it('no public address › a placeholder, said at the top; one without TLS › said too', async () => {
    const services = await loadServices();
    assert.match(
      renderSheet(vendors.epic, createRegistration(undefined, services)).split('## 1.')[0] ?? '',
      /\*\*PLACEHOLDER\.\*\* `https:\/\/your\.whycard\.example`/,
    );
    assert.match(renderSheet(vendors.epic, createRegistration('http://cds.hospital.example', services)), /no https address/);
  });

  it('--out › writes the page once, and never over another', async () => {
    const out = join(folder, 'sheet.md');
    await buildSheet({ vendor: 'epic', publicUrl, out });
    assert.equal(await readFile(out, 'utf8'), renderSheet(vendors.epic, registration));
    const refusals: readonly (readonly [string, RegExp])[] = [
      [out, /is there already/],
      [folder, /is there already|is a folder/],
      [join(folder, 'no', 'sheet.md'), /no such folder/],
      [join(out, 'sheet.md'), /no such folder/],
    ];
    for (const [file, words] of refusals)
      await assert.rejects(
        buildSheet({ vendor: 'cerner', publicUrl, out: file }),
        (error: Error) => error instanceof CommandError && words.test(error.message),
      );
    assert.match(await readFile(out, 'utf8'), /^# Build sheet: whycard with Epic\n/);
  });

  it('a vendor that is none › one sentence', async () => {
    for (const vendor of ['plain', 'acme', 'constructor', ''])
      await assert.rejects(buildSheet({ vendor }), (error: Error) => error instanceof CommandError && /epic, cerner/.test(error.message));
  });

  it('whycard build-sheet › the page on standard output; a mistake is one line', async () => {
    const written = await whycard(['build-sheet', '--vendor', 'cerner', '--public-url', publicUrl]);
    assert.deepEqual([written.code, written.err], [0, '']);
    assert.equal(written.out, renderSheet(vendors.cerner, registration));
    const refused = await whycard(['build-sheet', '--vendor', 'epic', '--public-url', 'here']);
    assert.deepEqual([refused.code, refused.out], [1, '']);
    assert.equal(refused.err, '"here" is no http(s) address: the public address of whycard is wanted.\n');
  });
});

describe('vendors › a guess', () => {
  const cases: readonly (readonly [string | undefined, string | undefined, string])[] = [
    ['Epic', undefined, 'epic'],
    [undefined, 'Epic Systems Corporation', 'epic'],
    ['Cerner Millennium', 'x', 'cerner'],
    [undefined, 'Oracle Health', 'cerner'],
    ['Epicure FHIR', 'Concerner', 'plain'],
    ['HAPI FHIR Server', 'Not provided', 'plain'],
    [undefined, undefined, 'plain'],
  ];
  for (const [software, publisher, id] of cases) {
    it(`${software ?? '-'} / ${publisher ?? '-'} › ${id}`, () => assert.equal(guessVendor({ software, publisher }).id, id));
  }
});
