/** `whycard read`: statements against one criterion, or against all criteria of a service. Knows how to print, not how a model reads. */
import { loadReadCriteria, openDefaultReader } from '../wire.js';
import { CommandError } from './ehr.js';
import { inputLines } from './lines.js';

export interface ReadOptions {
  readonly criterion?: string;
  readonly service?: string;
  readonly json?: boolean;
}

interface Answer {
  readonly supports: number;
  readonly contradicts: number;
}

interface Named extends Answer {
  readonly criterion: string;
  readonly text: string;
}

/** A model reads the beginning only; somebody who sends a whole note on one line should hear of it. */
const longLine = 400;
/** Of a service, in words: the rest says nothing. */
const maxShown = 8;

export async function readLines(options: ReadOptions): Promise<void> {
  const criteria = await criteriaOf(options);
  const reader = await openDefaultReader();
  try {
    let line = 0;
    // One after the other: the answer to a line comes as soon as the line is read.
    for await (const statement of inputLines()) {
      line += 1;
      if (statement.length > longLine) process.stderr.write(`line ${line} has ${statement.length} characters; only its beginning is read\n`);
      const answers = await reader.readAgainst(
        statement,
        criteria.map(({ text }) => text),
      );
      process.stdout.write(
        options.service === undefined ? writeOne(statement, answers[0], options.json) : writeAll(statement, criteria, answers, options.json),
      );
    }
    if (line === 0) process.stderr.write('no statement on standard input: one a line is read\n');
  } finally {
    await reader.close();
  }
}

/** @throws CommandError unless exactly one of the two is asked for, and it exists */
async function criteriaOf({ criterion, service }: ReadOptions): Promise<readonly { readonly id: string; readonly text: string }[]> {
  if (criterion !== undefined && service !== undefined) throw new CommandError('Say --criterion or --service, not both.');
  if (service === undefined) {
    if (criterion === undefined) throw new CommandError('Say what to read against: --criterion "had a colonoscopy", or --service care-gaps.');
    if (criterion.trim() === '') throw new CommandError('--criterion must be a sentence, such as "had a colonoscopy".');
    return [{ id: 'criterion', text: criterion }];
  }
  const all = await loadReadCriteria();
  const found = all.get(service);
  if (found === undefined) throw new CommandError(`There is no service ${service}; there are ${[...all.keys()].join(', ')}.`);
  if (found.length === 0)
    throw new CommandError(`The criteria of ${service} are made from the orders of a request; none stands before. Say --criterion "takes warfarin".`);
  return found;
}

const nothing: Answer = { supports: 0, contradicts: 0 };

function writeOne(statement: string, answer: Answer | undefined, isJson = false): string {
  const { supports, contradicts } = answer ?? nothing;
  return isJson ? `${JSON.stringify({ supports, contradicts })}\n` : `${describe({ supports, contradicts }).padEnd(22)} ${statement}\n`;
}

/** Sorted by how much a statement says of a criterion, either way. */
function writeAll(
  statement: string,
  criteria: readonly { readonly id: string; readonly text: string }[],
  answers: readonly Answer[],
  isJson = false,
): string {
  const readings: readonly Named[] = criteria
    .map(({ id, text }, at) => ({ criterion: id, text, supports: answers[at]?.supports ?? 0, contradicts: answers[at]?.contradicts ?? 0 }))
    .sort((a, b) => said(b) - said(a));
  if (isJson) return `${JSON.stringify({ readings })}\n`;
  const shown = readings.filter((reading) => said(reading) >= 0.01).slice(0, maxShown);
  const lines = shown.map((reading) => `  ${describe(reading).padEnd(22)} ${reading.text}`);
  return [statement, ...lines, `  says nothing of the other ${readings.length - shown.length}`, ''].join('\n');
}

const said = ({ supports, contradicts }: Answer): number => Math.max(supports, contradicts);

function describe({ supports, contradicts }: Answer): string {
  const none = 1 - supports - contradicts;
  if (supports > contradicts && supports >= none) return `supports     ${supports.toFixed(2)}`;
  if (contradicts >= none) return `contradicts  ${contradicts.toFixed(2)}`;
  return `says nothing ${none.toFixed(2)}`;
}
