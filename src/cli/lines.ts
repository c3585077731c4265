/** Standard input as lines. Knows nothing of what they say. */
import { createInterface } from 'node:readline';

/** Yields each line without its line end; an empty line is a line, so that answers stay aligned with questions. */
export async function* inputLines(): AsyncGenerator<string> {
  if (process.stdin.isTTY) process.stderr.write('Type one text per line; end with Ctrl-D.\n');
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) yield line;
}
