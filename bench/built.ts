/** The built service as a process of its own, for benchmarks. Knows how to start it and how large it is. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';

export interface Running {
  readonly url: string;
  readonly child: ChildProcess;
  readonly readyMs: number;
}

/** Starts the built service on a free port; ready is when /ready says so. */
export async function startBuilt(dataDir = 'memory'): Promise<Running> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['dist/main.js'], {
    env: { ...process.env, PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'error' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const found = /(http:\/\/[^/\s]+)\/cds-services/.exec(text)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`the service ended with ${code}`)));
  });
  const ready = await fetch(`${url}/ready`);
  if (!ready.ok) throw new Error(`/ready answered ${ready.status}`);
  return { url, child, readyMs: performance.now() - startedAt };
}

/** Resident memory of the service with the process that runs its model. */
export async function readMemoryMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8'))
    .trim()
    .split(/\s+/)
    .filter((child) => child !== '');
  const ofChildren = await Promise.all(children.map((child) => readMemoryMb(Number(child))));
  return ofChildren.reduce((sum, one) => sum + one, Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024);
}
