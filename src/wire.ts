/** Puts the parts together: the only place where a stage meets another. Knows no rule of any of them. */
import { randomUUID } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { type AnswerSoFar, createAnswer, type Stages } from './answer.js';
import { createAttribute } from './attribute/attribute.js';
import { createVerifyCaller, type TrustedClient } from './authenticate/caller.js';
import { createOpensPatient } from './authenticate/patient-access.js';
import { loadTrustFile } from './authenticate/trust-file.js';
import { baseOf, privateHostsOf, toAppEhrs, trustOf } from './clients.js';
import { createComposeCards } from './compose/compose.js';
import type { Config } from './config.js';
import { createAskConsent } from './consent/consent.js';
import { createExtractFacts } from './deidentify/facts.js';
import { StartError } from './errors.js';
import { createFeedbackStore } from './feedback/feedback.js';
import { createOverrideMemory } from './feedback/overrides.js';
import { readRuleRates } from './feedback/rates.js';
import { createReadChart } from './gather/gather.js';
import { createSafeFetch } from './gather/safe-fetch.js';
import { createApp } from './http/app.js';
import { createFront, listen } from './http/server.js';
import { appScopes, createSmartManifest } from './http/smart-manifest.js';
import type { Recognise } from './judge/drugs/recognise.js';
import { createJudge } from './judge/judge.js';
import { loadKnowledge, type Rule } from './judge/knowledge.js';
import { createMetrics, type Metrics } from './monitor/metrics.js';
import { isReading, type Opened, open, type Replacements, root, type Site } from './open.js';
import { checkCards } from './protocol/card.js';
import { speak } from './protocol/dialect.js';
import { discover, lintPrefetch } from './protocol/discovery.js';
import { parseFeedback } from './protocol/feedback.js';
import { describeOpenApi } from './protocol/openapi.js';
import { parseRequest } from './protocol/request.js';
import { createReadFacts, type ReadFacts } from './read/read-facts.js';
import { readTexts } from './read/read-statements.js';
import { createSmallReader } from './read/small-reader.js';
import { createRecallOverrides } from './recall.js';
import { createReadingCache } from './record/reading-cache.js';
import { createReplayStore } from './record/replay.js';
import { createRunArchive, type RunArchive } from './record/runs.js';
import { createTrail, type Trail } from './record/trail.js';
import { createSandbox } from './sandbox/sandbox.js';
import { createScore } from './score/score.js';
import type { Caller, Clock, Composed, HookRequest, ServiceDefinition } from './types.js';

const maxBodyBytes = 10_000_000;
/** Of a request's deadline, reading the EHR may take this share: the rest is for judging and reading. */
const gatherShare = 0.7;
/** Of a request's deadline, reading may take this share; what is left is read in the background, for the next call and the app. */
const readShare = 0.45;

export interface Service {
  readonly url: string;
  /** Stops taking calls, ends the model's worker, closes the database. */
  close(): Promise<void>;
}

/** @throws StartError, one line, for what must stop the start */
export async function startService(config: Config, log: Logger, replacements: Replacements = {}): Promise<Service> {
  const front = createFront();
  // The port comes first: addresses stand in tokens and links, and a taken port is said before anything is loaded.
  const server = await listen(front.handle, { host: config.host, port: config.port });
  const closers: (() => Promise<void>)[] = [() => server.close()];
  const url = config.publicUrl ?? server.url;
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0)) await closer();
  };
  try {
    front.serve(await createHandler({ config, log, clock: createClock(config.sandboxNow), url, replacements, closers }));
  } catch (error) {
    await close();
    throw error;
  }
  return { url, close };
}

/** The system's clock: what commands run on that start no service. */
export const systemClock: Clock = () => new Date();

/** For `explain-jwt`: the rules and the file that a service would judge a token by. */
export { explainToken } from './authenticate/explain-token.js';

export async function loadTrust(file: string): Promise<readonly TrustedClient[]> {
  return loadTrustFile(file, { isProduction: false });
}

export { appClientId } from './clients.js';
/** For `doctor` and `build-sheet`: what the service publishes about itself, and what it would read with a scope. */
export { permissionOf } from './gather/scopes.js';
/** For `build-sheet`: how each vendor is spoken to. */
export { dialects } from './protocol/dialect.js';

export function describeApp(url: string): object {
  return createSmartManifest(url, '');
}

export async function loadServices(): Promise<readonly ServiceDefinition[]> {
  const { services } = await loadKnowledge(join(root, 'cards'));
  lintPrefetch(services);
  return services;
}

/** For `evaluate`: one published case through the stages, without a service. */
export { createEvaluateCase } from './evaluation.js';

export async function loadRules(): Promise<readonly Rule[]> {
  return (await loadKnowledge(join(root, 'cards'))).rules;
}

export async function loadRecognise(): Promise<Recognise> {
  const { orders } = await loadKnowledge(join(root, 'cards'));
  const [first] = orders.values();
  if (first === undefined) throw new StartError('cards/ holds no knowledge of drugs');
  return first.recognise;
}

/** For `read --service`: what statements are read against, by service. Services about orders make their criteria from the order: none beforehand. */
export async function loadReadCriteria(): Promise<ReadonlyMap<string, readonly { readonly id: string; readonly text: string }[]>> {
  const { services, gaps } = await loadKnowledge(join(root, 'cards'));
  return new Map(
    services.map(({ id, knowledge }) => [
      id,
      [...(gaps.get(knowledge)?.criteria.byId.values() ?? [])]
        .filter(({ byCodeOnly }) => byCodeOnly !== true)
        .map((one) => ({ id: one.id, text: one.text })),
    ]),
  );
}

export async function openDefaultReader() {
  const reader = await createSmallReader({ modelDir: join(root, 'models/small-reader') });
  return {
    readAgainst: (statement: string, criteria: readonly string[]) =>
      readTexts(
        { reader },
        criteria.map((criterionText) => ({ statement, criterionText })),
      ),
    close: () => reader.close(),
  };
}

async function createHandler(site: Site): Promise<RequestListener> {
  const { config, log, clock, url } = site;
  const opened = await open(site);
  const { secret, knowledge, version } = opened;
  const { db } = opened.store;
  lintPrefetch(knowledge.services);
  const sandbox =
    config.mode === 'sandbox'
      ? await createSandbox({ db, clock, baseUrl: `${url}/ehr`, pagesDir: join(root, 'dist/ehr'), appUrls: [url] })
      : undefined;
  const trust = await trustOf(config, sandbox);
  const issuers = trust.flatMap((client) => client.fhirBases);
  const fetch = createSafeFetch({ privateHosts: privateHostsOf(trust), mayReachLoopback: config.mode === 'sandbox' });
  const verifyCaller = createVerifyCaller({
    trust,
    isSandbox: config.mode === 'sandbox',
    clock,
    fetch,
    replay: createReplayStore({ db, clock, secret }),
  });
  const metrics = createMetrics({ version, services: knowledge.services.map((service) => service.id) });
  const runs = createRunArchive({ db, secret, clock });
  const trail = createTrail({ db, secret, clock });
  const feedback = await createFeedbackStore({ db, secret, clock });
  const readFacts = createReadFacts({
    reader: opened.reader,
    cache: createReadingCache({ db, clock }),
    secret,
    onFailure: (part) => log.error({ part }, 'reading failed'),
  });
  // After the server, before the reader and the store: what is being read is written before they close.
  site.closers.splice(1, 0, () => readFacts.idle());
  const patientKey = (caller: Caller, request: HookRequest): string => `${baseOf(caller, request, sandbox?.fhirBase)}|${request.patientId}`;
  const record = createRecord({ log, metrics, runs, trail, patientKey });
  const memory = createOverrideMemory({ db, secret, clock, periods: opened.quietPeriods });
  const recallOverrides = createRecallOverrides({ memory, log, patientKey });
  const answer = createAnswer(createStages({ site, opened, fetch, verifyCaller, readFacts, recallOverrides, record }));
  const opensPatient = createOpensPatient({ fetch, issuers });
  return createApp({
    services: knowledge.services,
    discover,
    answer,
    verifyCaller,
    parseFeedback,
    storeFeedback: (service, caller, lines) => feedback.store(service, caller, lines),
    metrics,
    readRates: () => readRuleRates(db),
    publicUrl: url,
    deadlineMs: config.deadlineMs,
    maxBodyBytes,
    clock,
    log,
    isReady: async () => ({ store: await opened.store.answers(), reader: await isReading(opened.reader) }),
    appDir: join(root, 'dist/launch'),
    app: {
      config: { ehrs: trust.flatMap(toAppEhrs), redirectUri: `${url}/app/`, scopes: appScopes },
      async openRun(access) {
        if (!(await opensPatient(access))) return undefined;
        const patient = `${access.iss}|${access.patient}`;
        // An EHR that does not carry `appContext`, and a launch from the menu: what was last said of this patient.
        return access.run === undefined ? runs.latest(patient) : runs.get(access.run, patient);
      },
    },
    manifest: createSmartManifest(url, version),
    description: describeOpenApi(knowledge.services, { url, version }),
    sandbox: sandbox?.router,
  });
}

interface StageParts {
  readonly site: Site;
  readonly opened: Opened;
  readonly fetch: typeof globalThis.fetch;
  readonly verifyCaller: Stages['verifyCaller'];
  readonly readFacts: ReadFacts;
  readonly recallOverrides: Stages['recallOverrides'];
  readonly record: Stages['record'];
}

function createStages({ site: { config, clock, url }, opened, fetch, verifyCaller, readFacts, recallOverrides, record }: StageParts): Stages {
  const composeCards = createComposeCards({ publicUrl: url, clock, randomId: randomUUID, launchUrl: `${url}/launch` });
  return {
    verifyCaller,
    parseRequest,
    readChart: createReadChart({
      fetch,
      clock,
      limits: { maxPages: 60, maxBytes: 20_000_000, budgetMs: Math.round(config.deadlineMs * gatherShare) },
    }),
    askConsent: createAskConsent(),
    judge: createJudge(opened.knowledge),
    extractFacts: createExtractFacts(),
    readFacts: (judgement, facts, signal) =>
      readFacts(judgement, facts, AbortSignal.any([signal, AbortSignal.timeout(Math.round(config.deadlineMs * readShare))])),
    recallOverrides,
    score: createScore(opened.parameters),
    attribute: createAttribute(),
    composeCards(answer) {
      const composed = composeCards(answer);
      return { ...composed, cards: speak(composed.cards, answer.caller.vendor) };
    },
    record,
  };
}

interface RecordParts {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly runs: RunArchive;
  readonly trail: Trail;
  readonly patientKey: (caller: Caller, request: HookRequest) => string;
}

function createRecord({ log, metrics, runs, trail, patientKey }: RecordParts): Stages['record'] {
  return {
    async answered(soFar, composed) {
      checkCards(composed.cards);
      for (const { quiet } of composed.shown) if (quiet !== undefined) metrics.observeQuiet(soFar.service.id, quiet);
      metrics.observeUnread(soFar.read.unread);
      for (const text of soFar.judgement.unavailable) metrics.observeUnavailable(text.split(':')[0] ?? '');
      const patient = patientKey(soFar.caller, soFar.request);
      const kept = await Promise.allSettled([
        composed.document.cards.length === 0 ? undefined : runs.put(composed.document, patient),
        trail.answered(toTrailEntry(soFar, composed, patient)),
      ]);
      // A store that fails must not cost the clinician the cards: it is logged by its code alone.
      if (kept.some((result) => result.status === 'rejected')) log.error({ code: 'record-failed', service: soFar.service.id }, 'run not kept');
    },
    withheld: (service, caller, request, reason) =>
      trail.withheld({
        service: service.id,
        hook: request.hook,
        hookInstance: request.hookInstance,
        caller: caller.id,
        patient: patientKey(caller, request),
        reason,
      }),
  };
}

function toTrailEntry(
  { service, request, caller, scored, read, recalled: { keys } }: AnswerSoFar,
  { run, shown }: Composed,
  patient: string,
): Parameters<Trail['answered']>[0] {
  const asked = { service: service.id, hook: request.hook, hookInstance: request.hookInstance, caller: caller.id, patient };
  return { ...asked, run, shown, keys, findings: scored.findings.length, unread: read.unread, reader: read.reader, scorer: scored.scorer.id };
}

/** The one clock. `SANDBOX_NOW` replays a recorded case: time stands still. */
function createClock(fixed: Date | undefined): Clock {
  return fixed === undefined ? systemClock : () => new Date(fixed);
}
