/**
 * `node --import tsx bench/fuzz.ts [COUNT] [SEED]`: fuzzed requests against the built service, a process of its own. Prints the statuses, the slowest answer and how memory grew;
 * exits 1 on a 5xx other than 503, an answer that takes more than 2 s, or growth over 5 % after the warm-up. 100,000 is the long run; `test/fuzz.test.ts` does 2,000.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { readMemoryMb, startBuilt } from './built.js';
import { fuzzedRequest } from './fuzz-grammar.js';

const [count, seed] = [Number(process.argv[2] ?? 100_000), Number(process.argv[3] ?? 1)];
// In a folder: in memory the store itself would grow with every trail entry.
const dataDir = await mkdtemp(join(tmpdir(), 'whycard-fuzz-'));
const running = await startBuilt(dataDir);
const statuses = new Map<number, number>();
let [slowest, done] = [0, 0];
const faults: string[] = [];
const portion = 500;

const residentMb = (): Promise<number> => readMemoryMb(running.child.pid ?? 0);
/** Memory is compared from a third of the way on: caches and the store's own pages have filled by then. */
let warm = 0;
for (let start = 0; start < count; start += portion) {
  for (const request of fc.sample(fuzzedRequest, { numRuns: Math.min(portion, count - start), seed: seed + start })) {
    const startedAt = performance.now();
    const response = await fetch(`${running.url}${request.path}`, {
      method: request.method,
      headers: request.headers,
      ...(request.method === 'GET' ? {} : { body: request.body }),
    });
    await response.text();
    const ms = performance.now() - startedAt;
    slowest = Math.max(slowest, ms);
    statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
    if ((response.status >= 500 && response.status !== 503) || ms > 2000)
      faults.push(`${response.status} after ${ms.toFixed(0)} ms: ${String(request.body).slice(0, 2000)}`);
    done += 1;
  }
  if (warm === 0 && done >= count / 3) warm = await residentMb();
  if (start % 10_000 === 0) process.stderr.write(`${done} of ${count}, ${(await residentMb()).toFixed(0)} MB\n`);
}
const [before, after] = [warm, await residentMb()];
const growth = (100 * (after - before)) / before;
console.log(
  `${done} requests, seed ${seed}: ${[...statuses]
    .sort((a, b) => a[0] - b[0])
    .map(([status, times]) => `${status} × ${times}`)
    .join(', ')}`,
);
console.log(
  `slowest ${slowest.toFixed(0)} ms (goal ≤ 2000), memory ${before.toFixed(0)} → ${after.toFixed(0)} MB (${growth.toFixed(1)} %, goal ≤ 5 %), faults ${faults.length} (goal 0)`,
);
for (const fault of faults.slice(0, 10)) console.log(fault);
const ended = new Promise((resolve) => running.child.once('exit', resolve));
running.child.kill('SIGTERM');
await ended;
await rm(dataDir, { recursive: true, force: true });
process.exit(faults.length > 0 || growth > 5 ? 1 : 0);
