/** `whycard explain-jwt`: what is wrong with a client's token. Knows how to read and print, not what a token must hold. Sends nothing anywhere. */

import { explainToken, loadTrust, systemClock } from '../wire.js';
import { CommandError } from './ehr.js';
import { inputLines } from './lines.js';

export interface ExplainOptions {
  readonly aud?: string;
  readonly trust?: string;
  readonly json?: boolean;
}

/** Without an argument the token comes from standard input: what stands on a command line is seen by every process of the machine. */
export async function explainJwt(argument: string | undefined, options: ExplainOptions): Promise<void> {
  const token = argument ?? (await firstLine());
  if (token.trim() === '') throw new CommandError('There is no token: give it as an argument, or on standard input.');
  const trust = options.trust === undefined ? [] : await loadTrust(options.trust);
  const findings = await explainToken(token, { trust, audience: options.aud, now: systemClock() });
  const faults = findings.filter((finding) => !finding.ok).length;
  if (options.json === true) process.stdout.write(`${JSON.stringify(findings, null, 2)}\n`);
  else {
    for (const { ok, text } of findings) process.stdout.write(`${ok ? 'good ' : 'WRONG'}  ${text}\n`);
    process.stdout.write(
      faults === 0 ? 'Nothing is wrong with what could be looked at.\n' : `${faults} thing${faults === 1 ? ' is' : 's are'} wrong.\n`,
    );
  }
  if (faults > 0) process.exitCode = 1;
}

async function firstLine(): Promise<string> {
  for await (const line of inputLines()) return line;
  return '';
}
