/** Puts the parts together: the only place where a stage meets another. Knows no rule of any of them. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RequestListener } from 'node:http';
import type { Logger } from 'pino';
import { type AnswerSoFar, createAnswer } from './answer.js';
import { createAttribute } from './attribute/attribute.js';
import { createVerifyCaller } from './authenticate/caller.js';
import { loadTrustFile } from './authenticate/trust-file.js';
import { createComposeCards } from './compose/compose.js';
import type { Config } from './config.js';
import { createAskConsent } from './consent/consent.js';
import { createExtractFacts } from './deidentify/facts.js';
import { createFeedbackStore } from './feedback/feedback.js';
import { createReadChart } from './gather/gather.js';
import { createApp } from './http/app.js';
import { listen } from './http/server.js';
import { createJudge } from './judge/judge.js';
import { loadKnowledge } from './judge/knowledge.js';
import { createMetrics } from './monitor/metrics.js';
import { checkCards } from './protocol/card.js';
import { discover, lintPrefetch } from './protocol/discovery.js';
import { parseFeedback } from './protocol/feedback.js';
import { parseRequest } from './protocol/request.js';
import { createReadFacts } from './read/read-facts.js';
import { createSmallReader } from './read/small-reader.js';
import { openDatabase } from './record/database.js';
import { createReadingCache } from './record/reading-cache.js';
import { createReplayStore } from './record/replay.js';
import { createRunArchive } from './record/runs.js';
import { loadSecret } from './record/secret.js';
import { createTrail } from './record/trail.js';
import { createSandbox } from './sandbox/sandbox.js';
import { createScore } from './score/score.js';
import { loadScoreParameters } from './score/parameters.js';
import type { Caller, Clock, Composed, FhirAccess, HookRequest, Reader, RunDocument } from './types.js';

/** The root of the package: `src/` and `dist/` both lie one level below it. */
const root = join(dirname(fileURLToPath(import.meta.url)), '..');

export interface Service {
  readonly url: string;
  /** Stops taking calls, ends the model's worker, closes the database. */
  close(): Promise<void>;
}

/** What a test may put in the place of a slow or outside part. */
export interface Replacements {
  readonly reader?: Reader & { close(): Promise<void> };
  readonly cardsDir?: string;
}

export async function startService(config: Config, log: Logger, replacements: Replacements = {}): Promise<Service> {
  const clock = createClock(config.sandboxNow);
  // The port comes first: addresses stand in tokens and links, and a taken port is said before anything is loaded.
  const front = createFront();
  const server = await listen(front.handle, { host: config.host, port: config.port });
  const closers: (() => Promise<void>)[] = [() => server.close()];
  const close = async (): Promise<void> => {
    for (const closer of closers) await closer();
  };
  try {
    front.serve(await createHandler({ config, log, clock, url: config.publicUrl ?? server.url, replacements, closers }));
  } catch (error) {
    await close();
    throw error;
  }
  return { url: config.publicUrl ?? server.url, close };
}

interface Site {
  readonly config: Config;
  readonly log: Logger;
  readonly clock: Clock;
  readonly url: string;
  readonly replacements: Replacements;
  readonly closers: (() => Promise<void>)[];
}

async function createHandler(site: Site): Promise<RequestListener> {
  const { config, clock, url, closers } = site;
  const cardsDir = site.replacements.cardsDir ?? join(root, 'cards');
  const [secret, store, knowledge, parameters, reader, version] = await Promise.all([
    loadSecret(config.dataDir),
    openDatabase({ dataDir: config.dataDir, databaseUrl: config.databaseUrl }),
    loadKnowledge(cardsDir),
    loadScoreParameters(join(cardsDir, 'score.json')),
    openReader(site),
    readVersion(),
  ]);
  closers.push(() => reader.close(), () => store.close());
  lintPrefetch(knowledge.services);
  const { db } = store;
  const metrics = createMetrics({ version });
  const runs = createRunArchive({ db, secret, clock });
  const feedback = createFeedbackStore({ db, secret, clock });
  const sandbox =
    config.mode === 'sandbox' ? await createSandbox({ db, clock, baseUrl: `${url}/ehr`, pagesDir: join(root, 'dist/ehr'), appUrls: [url] }) : undefined;
  const trust = [
    ...(config.trustFile === undefined ? [] : await loadTrustFile(config.trustFile)),
    ...(sandbox === undefined ? [] : [{ id: 'sandbox', issuer: sandbox.issuer, audiences: [], keys: sandbox.jwks, fhirBases: [sandbox.fhirBase] }]),
  ];
  const replay = createReplayStore({ db, clock, secret });
  const verifyCaller = createVerifyCaller({ trust, isSandbox: config.mode === 'sandbox', clock, replay });
  const readFacts = createReadFacts({ reader, cache: createReadingCache({ db, clock }), secret });
  closers.unshift(() => readFacts.idle());
  const trail = createTrail({ db, secret, clock, onFailure: (code) => site.log.error({ code }, 'trail not written') });
  const patientKey = (caller: Caller, request: HookRequest): string => `${baseOf(caller, request.fhir, sandbox?.fhirBase)}|${request.patientId}`;

  const answer = createAnswer({
    verifyCaller,
    parseRequest,
    readChart: createReadChart({ fetch, clock }),
    askConsent: createAskConsent(),
    judge: createJudge(knowledge),
    extractFacts: createExtractFacts(),
    readFacts,
    score: createScore(parameters),
    attribute: createAttribute(),
    composeCards: createComposeCards({ publicUrl: url, clock, randomId: randomUUID, launchUrl: `${url}/launch` }),
    record: {
      async answered(soFar, composed) {
        checkCards(composed.cards);
        measure(metrics, soFar);
        const patient = patientKey(soFar.caller, soFar.request);
        const kept = await Promise.allSettled([
          composed.cards.length === 0 ? undefined : runs.put(composed.document, patient),
          trail.answered(toTrailEntry(soFar, composed, patient)),
        ]);
        // A store that fails must not cost the clinician the cards: it is logged by its code alone.
        if (kept.some((result) => result.status === 'rejected')) site.log.error({ code: 'record-failed', service: soFar.service.id }, 'run not kept');
      },
      withheld: (service, caller, request, reason) =>
        trail.withheld({ service: service.id, hook: request.hook, hookInstance: request.hookInstance, caller: caller.id, patient: patientKey(caller, request), reason }),
    },
  });
  return createApp({});
}

