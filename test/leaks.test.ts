/** Plants identifiers in every string of a chart, calls the service, and looks for them in logs, the database, errors, metrics and behind the wall. All invented. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { describe, it } from 'node:test';
import { sql } from 'drizzle-orm';
import pino from 'pino';
import { makeThreeGapPrefetch } from '../bench/chart.js';
import { loadConfig } from '../src/config.js';
import { openDatabase } from '../src/record/database.js';
import type { Pair, Reader } from '../src/types.js';
import { startService } from '../src/wire.js';

const plants = ['Xylophia', 'Quizzenbury', 'MRN8842107', '555-0142', 'zq77-patient', 'xq@plants.example', 'Plantington', '12 Quagmire Lane'];
const patientId = 'zq77-patient';

/** The three-gap chart with the patient's identifiers in every string that a careless system could have put them in. */
function plantedPrefetch(): Record<string, unknown> {
  const text = JSON.stringify(makeThreeGapPrefetch(120, new Date()))
    .replaceAll('Patient/bench', `Patient/${patientId}`)
    .replaceAll('"id":"bench"', `"id":"${patientId}"`);
  const prefetch = JSON.parse(text) as Record<string, { entry?: { resource: Record<string, unknown> }[] } & Record<string, unknown>>;
  const patient = prefetch['patient'] ?? {};
  patient['name'] = [{ family: 'Quizzenbury', given: ['Xylophia'], text: 'Xylophia Quizzenbury' }];
  patient['identifier'] = [{ system: 'urn:mrn', value: 'MRN8842107' }];
  patient['telecom'] = [
    { system: 'phone', value: '555-0142' },
    { system: 'email', value: 'xq@plants.example' },
  ];
  patient['address'] = [{ line: ['12 Quagmire Lane'], city: 'Plantington' }];
  const everything = 'Xylophia Quizzenbury (MRN8842107), 555-0142, xq@plants.example, 12 Quagmire Lane, Plantington';
  for (const list of Object.values(prefetch)) {
    for (const { resource } of list.entry ?? []) {
      const code = resource['code'] as { text?: string } | undefined;
      if (code !== undefined) code.text = `${code.text ?? ''} ${everything}`;
      resource['note'] = [{ text: `Spoke to ${everything}. Never had a colonoscopy.` }];
      resource['performer'] = [{ display: 'Xylophia Quizzenbury' }];
      resource['dosageInstruction'] = [{ text: `for ${everything}` }];
    }
  }
  const note = prefetch['notes']?.entry?.[0]?.resource;
  if (note !== undefined) {
    note['description'] = everything;
    note['content'] = [
      {
        attachment: {
          contentType: 'text/plain',
          title: everything,
          data: Buffer.from(`${everything}. Ms. Quizzenbury had no colonoscopy. Call 555-0142.`).toString('base64'),
        },
      },
    ];
  }
  return prefetch;
}

function findPlants(place: string, text: string): readonly string[] {
  return plants.filter((plant) => text.toLowerCase().includes(plant.toLowerCase())).map((plant) => `${plant} in ${place}`);
}

describe('leaks', () => {
  it('identifiers planted in every string › a call, a refusal, feedback and an app access › none behind the wall, in logs, database, errors, metrics', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'whycard-leaks-'));
    const logged: string[] = [];
    const log = pino(
      { level: 'trace' },
      new Writable({
        write(chunk, _encoding, done) {
          logged.push(String(chunk));
          done();
        },
      }),
    );
    const seen: Pair[] = [];
    const reader: Reader & { close(): Promise<void> } = {
      id: 'spy',
      read: async (pairs) => {
        seen.push(...pairs);
        return pairs.map(({ fact, criterion }) => ({ fact, criterion, supports: 0, contradicts: 0 }));
      },
      close: async () => {},
    };
    const service = await startService(loadConfig({ PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'trace', DEADLINE_MS: '5000' }, process.cwd()), log, {
      reader,
    });
    const post = (path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
      fetch(`${service.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
    const envelope = {
      hook: 'patient-view',
      hookInstance: crypto.randomUUID(),
      context: { userId: 'Practitioner/Quizzenbury', patientId },
      prefetch: plantedPrefetch(),
    };
    const leaks: string[] = [];
    try {
      const answer = await post('/cds-services/care-gaps', envelope);
      assert.equal(answer.status, 200);
      const { cards } = (await answer.json()) as { cards: { uuid: string; extension: unknown }[] };
      assert.ok(cards.length > 0, 'the planted chart has cards');
      assert.ok(seen.length > 0, 'the reader was asked');
      leaks.push(...findPlants('what the model reads', JSON.stringify(seen)));
      const failures = [
        await post('/cds-services/care-gaps', JSON.stringify(envelope).slice(0, -40)),
        await post('/cds-services/Quizzenbury', envelope),
        await post('/cds-services/care-gaps', { ...envelope, context: { ...envelope.context, patientId: 'Xylophia' } }),
        await post('/cds-services/care-gaps', { ...envelope, hook: 'Quizzenbury' }),
        await post('/cds-services/care-gaps', envelope, { authorization: 'Bearer Quizzenbury.MRN8842107.x' }),
        await post(
          '/app/api/run',
          { run: 'Quizzenbury', iss: 'http://127.0.0.1:1/Quizzenbury', patient: patientId },
          { authorization: 'Bearer Quizzenbury' },
        ),
      ];
      for (const failure of failures) {
        assert.ok(failure.status >= 400, `${failure.url} ${failure.status}`);
        leaks.push(...findPlants(`an error (${failure.status})`, await failure.text()));
      }
      await post('/cds-services/care-gaps/feedback', {
        feedback: [
          {
            card: cards[0]?.uuid,
            outcome: 'overridden',
            outcomeTimestamp: '2026-01-01T00:00:00Z',
            overrideReason: { reason: { system: 'urn:x', code: 'other' }, userComment: 'Xylophia Quizzenbury said no' },
          },
        ],
      });
      leaks.push(...findPlants('metrics', await (await fetch(`${service.url}/metrics`)).text()));
    } finally {
      await service.close();
    }
    leaks.push(...findPlants('logs', logged.join('\n')));
    leaks.push(...findPlants('the database', await dumpOwnTables(dataDir)));
    await rm(dataDir, { recursive: true, force: true });
    assert.deepEqual(leaks, []);
  });
});

/** Every row of every table as text, but the sandbox EHR's own charts: those are the EHR, not the service. */
async function dumpOwnTables(dataDir: string): Promise<string> {
  const { db, close } = await openDatabase({ dataDir, databaseUrl: undefined });
  const rowsOf = async (query: ReturnType<typeof sql>): Promise<readonly Record<string, unknown>[]> => {
    const result = (await db.execute(query)) as unknown as { readonly rows: readonly Record<string, unknown>[] };
    return result.rows;
  };
  const tables = await rowsOf(sql`select table_name from information_schema.tables where table_schema = 'public'`);
  const names = tables.map((table) => String(table['table_name']));
  assert.ok(names.length >= 4, 'the tables were found');
  let text = '';
  for (const name of names.filter((table) => !table.startsWith('sandbox') && !table.startsWith('fhir'))) {
    text += JSON.stringify(await rowsOf(sql`select t::text as row from ${sql.identifier(name)} t`));
  }
  await close();
  assert.ok(text.length > 200, 'rows were dumped');
  return text;
}
