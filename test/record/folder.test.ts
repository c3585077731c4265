/** The data folder: lock, damage, secret. Each test has a folder of its own. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { sql } from 'drizzle-orm';
import { StartError } from '../../src/errors.js';
import { openDatabase } from '../../src/record/database.js';
import { loadSecret } from '../../src/record/secret.js';
import { rowsOf } from './rows.js';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'whycard-store-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

/** A start that cannot be, in one line that says what `saying` says. */
function startError(saying: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof StartError, String(error));
    assert.match(error.message, saying);
    assert.ok(!error.message.includes('\n'), 'one line');
    return true;
  };
}
const open = () => openDatabase({ dataDir, databaseUrl: undefined });

describe('record/folder', () => {
  it('data folder › closed and opened again › keeps its rows; while open it is refused to others; a dead holder is not one', async () => {
    const first = await open();
    await first.db.execute(sql`insert into readings values ('kept', 0.5, 0.5, '2026-03-01')`);
    await assert.rejects(open(), startError(new RegExp(`used by another whycard .*${process.pid}`)));
    await first.close();
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    for (const stale of [String(dead), '', 'nonsense']) {
      await writeFile(join(dataDir, 'lock'), stale);
      const again = await open();
      assert.equal((await rowsOf(again.db, sql`select key from readings`)).length, 1, stale);
      await again.close();
    }
  });

  for (const [what, write] of [
    ['a version file alone', async (folder: string) => writeFile(join(folder, 'PG_VERSION'), '18')],
    ['a foreign version', async (folder: string) => writeFile(join(folder, 'PG_VERSION'), '9')],
  ] as const) {
    it(`data folder › damaged: ${what} › is said in one line and the lock is given back`, async () => {
      await mkdir(join(dataDir, 'database'));
      await write(join(dataDir, 'database'));
      await assert.rejects(open(), startError(/damaged/));
      await assert.rejects(stat(join(dataDir, 'lock')));
    });
  }

  it('data folder › a file in its place › is said in one line', async () => {
    const file = join(dataDir, 'file');
    await writeFile(file, '');
    await assert.rejects(openDatabase({ dataDir: file, databaseUrl: undefined }), startError(/data folder/));
    await assert.rejects(loadSecret(file), startError(/data folder/));
  });

  it('data folder › not writable › is said in one line', async (test) => {
    if (process.getuid?.() === 0) return test.skip('the superuser may write everywhere');
    await chmod(dataDir, 0o500);
    await assert.rejects(open(), startError(/cannot be written/));
    await chmod(dataDir, 0o700);
  });

  it('database server › unreachable › is said in one line without the password', async () => {
    await assert.rejects(openDatabase({ dataDir: 'memory', databaseUrl: 'postgres://user:hunter2@127.0.0.1:1/x' }), (error) => {
      assert.ok(error instanceof StartError && !error.message.includes('hunter2'));
      return startError(/DATABASE_URL/)(error);
    });
  });

  it('database server › named by the tester › takes the same tables', async (test) => {
    const databaseUrl = process.env['WHYCARD_TEST_POSTGRES'];
    if (databaseUrl === undefined) return test.skip('set WHYCARD_TEST_POSTGRES to the URL of an empty Postgres database');
    for (let round = 0; round < 2; round += 1) {
      const { db, close } = await openDatabase({ dataDir: 'memory', databaseUrl });
      assert.ok((await rowsOf(db, sql`select count(*) from trail`)).length === 1);
      await close();
    }
  });

  it('secret › asked twice › is the same 32 bytes, for its owner only; damaged is said; memory is new each time', async () => {
    const secret = await loadSecret(dataDir);
    assert.equal(secret.length, 32);
    assert.deepEqual(await loadSecret(dataDir), secret);
    assert.equal((await stat(join(dataDir, 'secret'))).mode & 0o777, 0o600);
    assert.deepEqual(await readFile(join(dataDir, 'secret')), secret);
    await writeFile(join(dataDir, 'secret'), 'short');
    await assert.rejects(loadSecret(dataDir), startError(/damaged/));
    assert.notDeepEqual(await loadSecret('memory'), await loadSecret('memory'));
  });
});
