/** Says in one line, in our words, why the store cannot be opened. Knows the codes of Node and Postgres, never their messages. */
import { StartError } from '../errors.js';

/** The first machine code along the causes of an error: a SQLSTATE or an errno name. Messages of drivers carry SQL, values and URLs, so they are never used. */
export function codeOf(error: unknown): string {
  let current: unknown = error;
  for (let depth = 0; depth < 8 && typeof current === 'object' && current !== null; depth++) {
    if ('code' in current && typeof current.code === 'string' && /^[A-Z0-9_]{3,40}$/.test(current.code)) return current.code;
    current = 'cause' in current ? current.cause : undefined;
  }
  return 'unknown';
}

const full = new Set(['ENOSPC', 'EDQUOT', '53100']);
const notWritable = new Set(['EACCES', 'EPERM', 'EROFS']);

export function folderError(dataDir: string, error: unknown): StartError {
  if (error instanceof StartError) return error;
  const code = codeOf(error);
  const folder = `the data folder ${JSON.stringify(dataDir)} (DATA_DIR)`;
  if (full.has(code)) return new StartError(`${folder} is on a disk that is full`, { cause: error });
  if (notWritable.has(code)) return new StartError(`${folder} cannot be written (${code})`, { cause: error });
  if (code === 'ENOTDIR' || code === 'EEXIST') return new StartError(`${folder} is not a folder`, { cause: error });
  return new StartError(`${folder} cannot be used (${code})`, { cause: error });
}

/** The embedded database ends with "aborted" for a full disk and for damage alike; the free space tells which. */
export function embeddedError(dataDir: string, error: unknown, freeBytes: number): StartError {
  if (error instanceof StartError) return error;
  const code = codeOf(error);
  if (full.has(code) || notWritable.has(code)) return folderError(dataDir, error);
  if (freeBytes < 32 * 1024 * 1024) return folderError(dataDir, { code: 'ENOSPC', cause: error });
  return damagedError(dataDir, error);
}

export function damagedError(dataDir: string, cause?: unknown): StartError {
  return new StartError(
    `the database in the data folder ${JSON.stringify(dataDir)} (DATA_DIR) is damaged; restore it from a copy, or move its folder "store" away to begin an empty one`,
    { cause },
  );
}

const loginCodes = new Set(['28P01', '28000']);

/** The URL holds a password: it is not named. */
export function postgresError(error: unknown): StartError {
  const code = codeOf(error);
  const subject = 'the database of DATABASE_URL';
  if (loginCodes.has(code)) return new StartError(`${subject} refused the login (${code})`, { cause: error });
  if (code === '3D000') return new StartError(`${subject} does not exist on that server (${code})`, { cause: error });
  if (code === '42501') return new StartError(`${subject} does not let this login create tables (${code})`, { cause: error });
  if (full.has(code)) return new StartError(`${subject} has a full disk (${code})`, { cause: error });
  return new StartError(`${subject} cannot be reached${code === 'unknown' ? '' : ` (${code})`}`, { cause: error });
}
