/** `whycard read`: statements against one criterion. Knows how to print, not how a model reads. */
import { openDefaultReader } from '../wire.js';
import { CommandError } from './ehr.js';
import { inputLines } from './lines.js';

export async function readLines(options: { readonly criterion: string; readonly json?: boolean }): Promise<void> {
  if (options.criterion.trim() === '') throw new CommandError('--criterion must be a sentence, such as "had a colonoscopy".');
  const reader = await openDefaultReader();
  try {
    // One after the other: the answer to a line comes as soon as the line is read.
    for await (const statement of inputLines()) {
      const [reading] = await reader.readStatements(options.criterion, [statement]);
      const { supports, contradicts } = reading ?? { supports: 0, contradicts: 0 };
      process.stdout.write(
        options.json === true ? `${JSON.stringify({ supports, contradicts })}\n` : `${describe(supports, contradicts).padEnd(22)} ${statement}\n`,
      );
    }
  } finally {
    await reader.close();
  }
}

function describe(supports: number, contradicts: number): string {
  if (supports > contradicts && supports >= 1 - supports - contradicts) return `supports     ${supports.toFixed(2)}`;
  if (contradicts >= 1 - supports - contradicts) return `contradicts  ${contradicts.toFixed(2)}`;
  return `says nothing ${(1 - supports - contradicts).toFixed(2)}`;
}
