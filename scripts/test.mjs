// Runs the test files below test/ (or those named) with Node's own runner. Node 20 takes no glob for --test, and shells differ in theirs.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

const [suffix = '.test.ts', ...named] = process.argv.slice(2);
const found = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith(suffix))
  .map((name) => join('test', name))
  .sort();
const files = named.length > 0 ? named : found;
// An empty suite is green for Node; for us it is a fault.
if (files.length === 0) {
  console.error(`no test files end with ${suffix}`);
  process.exit(1);
}
const browser = suffix.includes('browser');
// Node leaves one core free by default: of two it would use one.
const concurrency = browser ? 1 : Math.max(2, availableParallelism());
const args = ['--import', 'tsx', '--test', `--test-concurrency=${concurrency}`, ...files];
const result = spawnSync(process.execPath, args, { stdio: 'inherit' });
process.exit(result.status ?? 1);
