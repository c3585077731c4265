/** Starts the service and says where to look. Knows nothing of its parts: `wire.ts` does. */
import pino from 'pino';
import { loadConfig } from './config.js';
import { StartError } from './errors.js';
import { startService } from './wire.js';

async function main(): Promise<void> {
  const startedAt = performance.now();
  const config = loadConfig(process.env, process.cwd());
  const log = pino({ level: config.logLevel });
  const service = await startService(config, log);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stdout.write(`${welcome(service.url, config.mode, seconds)}\n`);
  const stop = async (): Promise<void> => {
    await service.close();
    process.exit(0);
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

function welcome(url: string, mode: string, seconds: string): string {
  const lines = [`whycard is ready after ${seconds} s (${mode})`, ''];
  if (mode === 'sandbox') {
    lines.push(`  the sandbox EHR and its patients   ${url}/ehr/`, `  its FHIR R4 server                 ${url}/ehr/fhir/metadata`);
  }
  lines.push(`  the CDS services                   ${url}/cds-services`, `  health, metrics                    ${url}/ready  ${url}/metrics`, '');
  if (mode === 'sandbox') lines.push('In a second terminal, type:', '', `  npx whycard try --patient gap-colorectal --url ${url}`, '');
  return lines.join('\n');
}

try {
  await main();
} catch (error) {
  // A start that cannot be is one line; anything else is our bug and shows where.
  process.stderr.write(
    error instanceof StartError ? `whycard cannot start: ${error.message}\n` : `whycard cannot start: ${String((error as Error).stack)}\n`,
  );
  process.exit(1);
}
