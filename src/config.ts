/** The settings: the only reading of the environment, checked whole before anything starts. Knows nothing of what they are used for. */
import { resolve } from 'node:path';
import { z } from 'zod';
import { StartError } from './errors.js';

const loopbackHosts = ['127.0.0.1', '::1', 'localhost'];
const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const schema = z.object({
  WHYCARD_MODE: z.enum(['sandbox', 'production'], 'must be sandbox or production').default('sandbox'),
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a number from 0 (any free port) to 65535')
    .transform(Number)
    .pipe(z.number().max(65535, 'must be at most 65535'))
    .default(3000),
  HOST: z.string().min(1).optional(),
  PUBLIC_URL: z
    .string()
    .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), 'must be an absolute http(s) URL')
    .optional(),
  TRUST_FILE: z.string().min(1, 'must be a path').optional(),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must start with postgres://')
    .optional(),
  DATA_DIR: z.string().min(1, 'must be a folder, or memory').default('.whycard'),
  READER: z.enum(['small-reader', 'none'], 'must be small-reader or none').default('small-reader'),
  DEADLINE_MS: z
    .string()
    .regex(/^\d+$/, 'must be milliseconds, 50 to 5000')
    .transform(Number)
    .pipe(z.number().min(50, 'must be at least 50').max(5000, 'must be at most 5000'))
    .default(450),
  LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(', ')}`).default('info'),
  SANDBOX_NOW: z
    .string()
    .refine((text) => /^\d{4}-\d{2}-\d{2}T/.test(text) && !Number.isNaN(Date.parse(text)), 'must be an instant such as 2026-01-31T12:00:00Z')
    .optional(),
  CONTENT_DIR: z.undefined('is not read by this version').optional(),
  SITE_FILE: z.undefined('is not read by this version').optional(),
});

export interface Config {
  readonly mode: 'sandbox' | 'production';
  readonly host: string;
  readonly port: number;
  /** Absent: the address that is listened on. Without a slash at its end. */
  readonly publicUrl: string | undefined;
  readonly trustFile: string | undefined;
  readonly databaseUrl: string | undefined;
  /** An absolute path, or `memory`: nothing outlives the process. */
  readonly dataDir: string;
  readonly reader: 'small-reader' | 'none';
  readonly deadlineMs: number;
  readonly logLevel: (typeof logLevels)[number];
  readonly sandboxNow: Date | undefined;
}

/** @throws StartError naming every bad or unknown setting, with what is allowed. */
export function loadConfig(env: Readonly<Record<string, string | undefined>>, cwd: string): Config {
  // An empty variable is an unset one: compose files and shells write both.
  const given = Object.fromEntries(Object.entries(env).filter(([name, value]) => name in schema.shape && value !== undefined && value !== ''));
  const unknown = Object.keys(env).filter((name) => name.startsWith('WHYCARD_') && !(name in schema.shape));
  const parsed = schema.safeParse(given);
  const problems = unknown.map((name) => `${name} is unknown (known: ${Object.keys(schema.shape).join(', ')})`);
  if (!parsed.success) {
    problems.push(...parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`));
    throw new StartError(problems.join('; '));
  }
  const settings = parsed.data;
  problems.push(...(settings.WHYCARD_MODE === 'production' ? productionProblems(settings) : sandboxProblems(settings)));
  if (problems.length > 0) throw new StartError(problems.join('; '));
  return {
    mode: settings.WHYCARD_MODE,
    host: settings.HOST ?? (settings.WHYCARD_MODE === 'production' ? '0.0.0.0' : '127.0.0.1'),
    port: settings.PORT,
    publicUrl: settings.PUBLIC_URL?.replace(/\/+$/, ''),
    trustFile: settings.TRUST_FILE === undefined ? undefined : resolve(cwd, settings.TRUST_FILE),
    databaseUrl: settings.DATABASE_URL,
    dataDir: settings.DATA_DIR === 'memory' ? 'memory' : resolve(cwd, settings.DATA_DIR),
    reader: settings.READER,
    deadlineMs: settings.DEADLINE_MS,
    logLevel: settings.LOG_LEVEL,
    sandboxNow: settings.SANDBOX_NOW === undefined ? undefined : new Date(settings.SANDBOX_NOW),
  };
}

type Settings = z.output<typeof schema>;

function productionProblems(settings: Settings): readonly string[] {
  const problems: string[] = [];
  if (settings.PUBLIC_URL === undefined || !settings.PUBLIC_URL.startsWith('https://'))
    problems.push('PUBLIC_URL must be set to an https address in production');
  if (settings.TRUST_FILE === undefined) problems.push('TRUST_FILE must be set in production');
  if (settings.SANDBOX_NOW !== undefined) problems.push('SANDBOX_NOW is allowed in sandbox mode only');
  return problems;
}

function sandboxProblems(settings: Settings): readonly string[] {
  // The sandbox hands out tokens to whoever asks: it must not be reachable from another machine.
  const isLoopback = settings.HOST === undefined || loopbackHosts.includes(settings.HOST);
  return isLoopback ? [] : [`HOST must be one of ${loopbackHosts.join(', ')} in sandbox mode`];
}
