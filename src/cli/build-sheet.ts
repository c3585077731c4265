/** `whycard build-sheet`: the page for the analyst of a hospital, for one vendor. Knows where it goes, not what stands on it. */
import { writeFile } from 'node:fs/promises';
import { loadServices } from '../wire.js';
import { createRegistration } from './doctor/registration.js';
import { renderSheet } from './doctor/sheet.js';
import { vendorIds, vendors } from './doctor/vendors.js';
import { publicUrlSetting } from './doctor.js';
import { CommandError } from './ehr.js';

export interface BuildSheetOptions {
  readonly vendor: string;
  readonly publicUrl?: string;
  readonly out?: string;
}

export async function buildSheet(options: BuildSheetOptions): Promise<void> {
  const known = vendorIds.filter((id) => id !== 'plain');
  const id = known.find((one) => one === options.vendor);
  if (id === undefined) throw new CommandError(`--vendor must be one of ${known.join(', ')}.`);
  const page = renderSheet(vendors[id], createRegistration(options.publicUrl ?? publicUrlSetting(), await loadServices()));
  if (options.out === undefined) process.stdout.write(page);
  else await write(options.out, page);
}

const wordsOf: Readonly<Record<string, string>> = {
  EEXIST: 'is there already, and names may have been filled in: choose another file',
  ENOENT: 'cannot be written: there is no such folder',
  ENOTDIR: 'cannot be written: there is no such folder',
  EISDIR: 'is a folder',
  EACCES: 'may not be written',
  EROFS: 'may not be written',
};

async function write(file: string, page: string): Promise<void> {
  try {
    await writeFile(file, page, { flag: 'wx' });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    throw new CommandError(`${file} ${wordsOf[code] ?? 'cannot be written'}.`, { cause });
  }
  process.stderr.write(`${file} written\n`);
}
