/** Opens what is opened once, at start: store, secret, knowledge, parameters, language model. Knows where each lies, not what it is for. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import type { Config } from './config.js';
import { loadQuietPeriods, type QuietPeriods } from './feedback/quiet-periods.js';
import { type Knowledge, loadKnowledge } from './judge/knowledge.js';
import { createSmallReader } from './read/small-reader.js';
import { openDatabase, type Store } from './record/database.js';
import { loadSecret } from './record/secret.js';
import { loadScoreParameters, type ScoreParameters } from './score/parameters.js';
import type { Clock, CriterionId, FactId, Pair, Reader } from './types.js';

/** The root of the package: `src/` and `dist/` both lie one level below it. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const noReader = 'none';

type ClosableReader = Reader & { close(): Promise<void> };

/** What a test may put in the place of a slow or outside part. */
export interface Replacements {
  readonly reader?: ClosableReader;
  readonly cardsDir?: string;
}

export interface Site {
  readonly config: Config;
  readonly log: Logger;
  readonly clock: Clock;
  readonly url: string;
  readonly replacements: Replacements;
  /** In the order in which a stop runs them. */
  readonly closers: (() => Promise<void>)[];
}

/** Everything that is opened once, at start. */
export interface Opened {
  readonly store: Store;
  readonly secret: Buffer;
  readonly knowledge: Knowledge;
  readonly parameters: ScoreParameters;
  readonly quietPeriods: QuietPeriods;
  readonly reader: Reader;
  readonly version: string;
}

export async function open(site: Site): Promise<Opened> {
  const { config, closers } = site;
  const cardsDir = site.replacements.cardsDir ?? join(root, 'cards');
  const parts = {
    secret: loadSecret(config.dataDir),
    store: openDatabase({ dataDir: config.dataDir, databaseUrl: config.databaseUrl, template: join(root, 'dist/database-template.tar.gz') }).then(
      (store) => {
        closers.push(() => store.close());
        return store;
      },
    ),
    knowledge: loadKnowledge(cardsDir),
    parameters: loadScoreParameters(join(cardsDir, 'score.json')),
    quietPeriods: loadQuietPeriods(join(cardsDir, 'override-reasons.json')),
    reader: openReader(site).then((reader) => {
      closers.splice(1, 0, () => reader.close());
      return reader;
    }),
    version: readVersion(),
  };
  // All of them end before a failed start closes what was opened.
  await Promise.allSettled(Object.values(parts));
  const [store, secret, knowledge, parameters, quietPeriods, reader, version] = await Promise.all([
    parts.store,
    parts.secret,
    parts.knowledge,
    parts.parameters,
    parts.quietPeriods,
    parts.reader,
    parts.version,
  ]);
  if (site.replacements.reader === undefined) warm(reader, knowledge);
  return { store, secret, knowledge, parameters, quietPeriods, reader, version };
}

/** The criteria are encoded once for good, in the background: the first chart need not wait for them. A reader that fails says so when it is asked. */
function warm(reader: Reader, { gaps }: Knowledge): void {
  const texts = [...gaps.values()].flatMap(({ criteria }) =>
    [...criteria.byId.values()].filter(({ byCodeOnly }) => byCodeOnly !== true).map(({ text }) => text),
  );
  reader
    .read(
      texts.map((criterionText) => ({ ...probe, criterionText })),
      AbortSignal.timeout(60_000),
    )
    .catch(() => undefined);
}

/** READER=none: every statement is counted as unread, every coded finding stays. */
async function openReader({ config, replacements }: Site): Promise<ClosableReader> {
  if (replacements.reader !== undefined) return replacements.reader;
  if (config.reader === 'small-reader') return createSmallReader({ modelDir: join(root, 'models/small-reader') });
  return { id: noReader, read: () => Promise.reject(new Error('no reader is set')), close: () => Promise.resolve() };
}

const probe: Pair = { fact: 'probe' as FactId, statement: 'Seen today.', criterion: 'probe' as CriterionId, criterionText: 'was seen' };

/** Whether the model answers now. A service that is set to run without one is ready without one. */
export async function isReading(reader: Reader): Promise<boolean> {
  if (reader.id === noReader) return true;
  return reader.read([probe], AbortSignal.timeout(1_000)).then(
    ({ length }) => length === 1,
    () => false,
  );
}

async function readVersion(): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest && typeof manifest.version === 'string'
    ? manifest.version
    : '0.0.0';
}
