/**
 * The words of the domain, and what each means. Every stage speaks these and nothing of another stage.
 * Above the wall (`Chart` and its parts) data is identified and may name FHIR; below it nothing can.
 */
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import type { FhirResource, Patient } from 'fhir/r4.js';

/* ── Names ─────────────────────────────────────────────────────────────────────────────────────────────────── */

type Branded<Name extends string> = string & { readonly _: Name };
/** One folder of `cards/`, one CDS service. */
export type ServiceId = Branded<'ServiceId'>;
/**
 * Names a fact within one request. Given by `gather/` by position (`f12`, drafts `d0`), by `deidentify/` to what it derives
 * (`age`, `sex`, `f12.s3` for the third sentence of a note) and to absences (`none:<criterion or group>`). It never holds an id of the chart.
 */
export type FactId = Branded<'FactId'>;
export type CriterionId = Branded<'CriterionId'>;
export type CandidateId = Branded<'CandidateId'>;
export type RunId = Branded<'RunId'>;

/** The one clock: handed out by `wire.ts`, nothing else reads the system's. */
export type Clock = () => Date;

export type Hook = 'patient-view' | 'order-sign' | 'order-select';
export type Indicator = 'info' | 'warning' | 'critical';

/* ── Who calls, what was asked ─────────────────────────────────────────────────────────────────────────────── */

export interface Credentials {
  /** The value of the Authorization header, if any. Never logged, never stored. */
  readonly authorization: string | undefined;
  readonly isLoopback: boolean;
  /** The public URL of the endpoint that was invoked: what a token's `aud` must say (CDS Hooks 2.0, "Trusting CDS Clients"). */
  readonly endpoint: string;
}

/** The products whose ways we know; `plain` is the specification and nothing else. What each demands: `src/protocol/dialect.ts`. */
export type VendorName = 'plain' | 'epic' | 'cerner';

/** A verified EHR. `fhirBases` are the only servers that its requests may make us read; `'loopback'` = any server on this machine (sandbox). */
export interface Caller {
  readonly id: string;
  readonly fhirBases: readonly string[] | 'loopback';
  readonly vendor: VendorName;
}

export interface FhirAccess {
  readonly base: string;
  /** Transient: sent on each read, never stored, logged or put in an error. Absent: the server is read without one. */
  readonly accessToken: string | undefined;
  readonly scope: string;
}

/** What the EHR sent, parsed. {@link https://cds-hooks.hl7.org/2.0/#calling-a-cds-service} */
export interface HookRequest {
  readonly hook: Hook;
  readonly hookInstance: string;
  readonly patientId: string;
  readonly userId: string | undefined;
  readonly encounterId: string | undefined;
  readonly draftOrders: readonly FhirResource[];
  /** `Type/id` references into draftOrders; empty unless the hook is order-select. */
  readonly selections: readonly string[];
  /** Three states a key: missing = not satisfied, `null` = asked and empty, otherwise data or an OperationOutcome (CDS Hooks 2.0, "Prefetch"). */
  readonly prefetch: Readonly<Record<string, unknown>>;
  readonly fhir: FhirAccess | undefined;
}

/** `cards/<service>/service.json`, checked at start. */
export interface ServiceDefinition {
  readonly id: ServiceId;
  readonly hook: Hook;
  readonly title: string;
  readonly description: string;
  readonly usageRequirements: string;
  readonly prefetch: Readonly<Record<ListName, string>> | Readonly<Partial<Record<ListName, string>>>;
  /** Lists without which nothing can be said: not obtainable = 412. */
  readonly required: readonly ListName[];
  readonly scopes: readonly string[];
  /** The folder of `cards/` whose knowledge it runs. */
  readonly knowledge: string;
  /** Findings below this indicator are computed and recorded, not shown. */
  readonly showFrom: Indicator;
  readonly maxCards: number;
  /** Of these, at most so many for information; the rest of them is one line. */
  readonly maxInfoCards?: number | undefined;
}

/* ── The chart: identified, above the wall only ────────────────────────────────────────────────────────────── */

/** The lists of a chart; also the prefetch keys. */
export type ListName =
  | 'patient'
  | 'conditions'
  | 'observations'
  | 'medications'
  | 'procedures'
  | 'allergies'
  | 'encounters'
  | 'immunizations'
  | 'orders'
  | 'notes';

/**
 * How well a list could be looked at. An absence counts as *no* only over a `complete` list; over any other it is *unknown*.
 * `why` is one of a closed set of plain phrases ("refused by the server"), never a server's words.
 */
export type ListState =
  | { readonly state: 'complete' }
  | { readonly state: 'partial'; readonly why: string }
  | { readonly state: 'unavailable'; readonly why: string };

export interface ChartEntry {
  readonly fact: FactId;
  readonly list: ListName | 'drafts';
  readonly resource: FhirResource;
}

/** The patient's data as read: identified. Nothing below the wall may receive it. */
export interface Chart {
  readonly patient: Patient;
  /** All resources but the Patient, each once, without those entered in error; drafts last (`list: 'drafts'`). */
  readonly entries: readonly ChartEntry[];
  readonly lists: Readonly<Partial<Record<ListName, ListState>>>;
  /** Facts of the drafts that the hook asks about: all of them, or for order-select the selected ones. */
  readonly selected: readonly FactId[];
  /** The instant all windows are relative to. */
  readonly now: Date;
}

/** Consent to use the chart for decision support. A refusal is not an error: 200 with no cards, and a trail entry that says so. */
export type Consent = { readonly isPermitted: true } | { readonly isPermitted: false; readonly reason: string };

/* ── Knowledge ─────────────────────────────────────────────────────────────────────────────────────────────── */

/**
 * One thing that can be true of a patient ("had a colonoscopy"). `text` is what a language model reads statements against.
 * `absence`: what silence of the record over a complete list means. 'says-no': not on record counts as evidence against;
 * 'says-nothing' (default): silence leaves it unknown.
 */
export interface Criterion {
  readonly id: CriterionId;
  readonly text: string;
  readonly withinMonths?: number;
  readonly absence?: 'says-no' | 'says-nothing';
  /** Age, sex, comparisons of values: what code does well. No statement is read against it. */
  readonly byCodeOnly?: boolean;
}

/** A tree over criteria, read-once: no criterion stands in it twice. */
export type Logic = { readonly all: readonly Logic[] } | { readonly any: readonly Logic[] } | { readonly none: readonly Logic[] } | CriterionId;

/** One thing we may suggest: for whom, not exempt, not yet done. */
export interface Candidate {
  readonly id: CandidateId;
  readonly text: string;
  readonly logic: Logic;
}

/** A coding as CDS Hooks and FHIR write it. */
export interface Code {
  readonly system: string;
  readonly code: string;
  readonly display: string;
}

/** A change that a card offers, before it is FHIR. */
export type Proposal =
  | {
      readonly kind: 'order';
      readonly label: string;
      readonly code: Code;
      readonly reason: string;
      readonly text: string;
      /** What is ordered: a service (default), a medicine, or a visit to be arranged. */
      readonly as?: 'service' | 'medicine' | 'visit' | undefined;
      /** In how many days it should be done; 90 without it. */
      readonly withinDays?: number | undefined;
    }
  | { readonly kind: 'remove-draft'; readonly label: string; readonly draft: FactId }
  | { readonly kind: 'replace-draft'; readonly label: string; readonly draft: FactId; readonly code: Code }
  | {
      readonly kind: 'change-dose';
      readonly label: string;
      readonly draft: FactId;
      /** As a person would write it ("500 mg twice daily"): the text of the new dosage. */
      readonly text: string;
      /** What a dosage can hold, where the knowledge says it. */
      readonly dose?: { readonly value: number; readonly unit: string } | undefined;
      readonly timesPerDay?: number | undefined;
    };

/** What the knowledge says about a candidate: words and sources for its card. All from `cards/`, nothing of the patient. */
export interface Advice {
  readonly candidate: CandidateId;
  /** < 140 characters, names the gap or the drugs. */
  readonly summary: string;
  /** The rule in one sentence. */
  readonly rule: string;
  readonly source: { readonly label: string; readonly url: string; readonly section: string };
  /** Stable code of this kind of card (alphanumeric and `-`), for `source.topic`. */
  readonly topic: string;
  readonly verified: 'read' | 'recalled';
  readonly reviewed: string;
  readonly proposals: readonly Proposal[];
  readonly overrideReasons: readonly Code[];
}

/* ── Judging by code ───────────────────────────────────────────────────────────────────────────────────────── */

/**
 * Kleene's three values. *Unknown* means: the data in hand do not decide it, because a list could not be looked at completely or because silence
 * says nothing about this criterion. It is never a weak *no*: an exemption that is unknown does not exempt, a requirement that is unknown does not fire,
 * and what would decide it is listed under `missing`.
 */
export type Truth = 'yes' | 'no' | 'unknown';

/** A coded datum meets (`holds`) or rules out (`!holds`) a criterion: certain up to the reliability of its kind of record. */
export interface Match {
  readonly fact: FactId;
  readonly criterion: CriterionId;
  readonly holds: boolean;
}

/** Looked for over complete lists and not found. Becomes one fact `none:<id>`; a group ("none of its 11 exemptions") is one fact, one player. */
export interface Absence {
  readonly fact: FactId;
  readonly criteria: readonly CriterionId[];
  /** From the knowledge: 'no colonoscopy within 10 years on record'. */
  readonly text: string;
}

export interface Finding {
  readonly candidate: CandidateId;
  readonly indicator: Indicator;
  readonly evidence: readonly FactId[];
  /** `code`: established by coded data, always shown. `text`: a reading made it pass the published threshold. */
  readonly origin: 'code' | 'text';
  readonly unavailable: readonly string[];
}

/** What the record shows of the thing that is due, beyond that it is due. Positions, no dates: those stand in the chart. */
export interface GapStanding {
  readonly candidate: CandidateId;
  /** The newest event of each thing that closes it, in its window or before: 'colonoscopy', 120 months. */
  readonly history: readonly { readonly fact: FactId; readonly name: string; readonly withinMonths?: number | undefined }[];
  /** Things close it, all were looked for over complete lists, and none was ever found. */
  readonly isNeverDone: boolean;
  /** An order for it that is open. Recent: the gap does not interrupt. */
  readonly order?: { readonly fact: FactId; readonly isRecent: boolean } | undefined;
  /** Records of an exemption that do not exempt, and why. */
  readonly almost: readonly { readonly fact: FactId; readonly name: string; readonly why: 'ruled-out' | 'too-long-ago' | 'over' }[];
}

/** What `judge/` found. Holds no datum of the patient but positions (FactId); may pass the wall. */
export interface Judgement {
  /** Those not ruled out by code: established ones (with a finding) and those that hang on something unknown. */
  readonly candidates: readonly Candidate[];
  readonly criteria: readonly Criterion[];
  readonly findings: readonly Finding[];
  readonly matches: readonly Match[];
  readonly absences: readonly Absence[];
  /** Per candidate: the criteria in words that are unknown and would decide. */
  readonly missing: readonly { readonly candidate: CandidateId; readonly text: string }[];
  readonly advice: readonly Advice[];
  readonly standings?: readonly GapStanding[];
  /** 'allergies: refused by the server': what was not checked, for the whole service. */
  readonly unavailable: readonly string[];
}

/* ── Below the wall: no identifier, no FHIR type ───────────────────────────────────────────────────────────── */

export type FactKind =
  | 'age'
  | 'sex'
  | 'condition'
  | 'lab'
  | 'vital'
  | 'observation'
  | 'medication'
  | 'order'
  | 'procedure'
  | 'allergy'
  | 'visit'
  | 'immunization'
  | 'absence'
  | 'note';

/** A de-identified statement in plain clinical English, phrased once by `deidentify/`. */
export interface Fact {
  readonly id: FactId;
  readonly kind: FactKind;
  /** Empty where a fact is counted and was not told: a statement too many or in another language, a coded fact that no criterion asked for. */
  readonly text: string;
  /** How long ago, as a range in whole months; absent: undated. An undated statement never closes a criterion that has a window. */
  readonly ageMonths?: { readonly min: number; readonly max: number };
  /** True where no usable code stands behind it: only these are read by a language model. */
  readonly isFreeText: boolean;
}

export interface Pair {
  readonly fact: FactId;
  readonly statement: string;
  readonly criterion: CriterionId;
  readonly criterionText: string;
}

/** A model's calibrated answer to "does this statement meet this criterion?"; the rest to one is *says nothing*. */
export interface Reading {
  readonly fact: FactId;
  readonly criterion: CriterionId;
  readonly supports: number;
  readonly contradicts: number;
}

/** The port that every language model stands behind: one reading for each pair, in order. Rejects when it cannot. */
export interface Reader {
  readonly id: string;
  read(pairs: readonly Pair[], signal: AbortSignal): Promise<readonly Reading[]>;
}

/** What came of reading: `unread` statements were not read: not in time, too many, not in English, or by a failed reader. */
export interface ReadResult {
  readonly reader: string;
  readonly readings: readonly Reading[];
  readonly unread: number;
}

/**
 * A player of the Shapley game: the facts that speak for (or against) one criterion of a candidate, known or unknown together.
 * `fact` is the one that counts, the strongest (ties: the later). Facts that touch no criterion are no players: their contribution is exactly zero.
 */
export interface Player {
  readonly fact: FactId;
  readonly facts: readonly FactId[];
  readonly criterion: CriterionId;
  readonly by: 'code' | 'text';
  readonly direction: 'supports' | 'contradicts';
}

/** Bit i set: the facts of player i are known. */
export type Coalition = number;

/**
 * Support: how strongly the evidence on record says that a recommendation applies, in log-odds. Not a risk, not a probability of an outcome, and no text may
 * read like one. It is a function of which facts are known, which is what makes its Shapley values exact.
 */
export interface Scorer {
  readonly id: string;
  players(candidate: CandidateId): readonly Player[];
  value(candidate: CandidateId, coalition: Coalition): number;
}

/** Words for a support: published thresholds, see `docs/score.md`. */
export type Grade = 'established' | 'likely' | 'uncertain';

export interface Score {
  readonly candidate: CandidateId;
  /** Log-odds with all facts known. */
  readonly value: number;
  /** logistic(value). */
  readonly support: number;
  readonly grade: Grade;
  /** A reading took it below the fold threshold: in care gaps the card becomes `info` and quotes the sentence; never in order safety. */
  readonly isFolded: boolean;
}

export interface Scored {
  readonly scorer: Scorer;
  readonly scores: readonly Score[];
  /** Findings of code with those of text added. */
  readonly findings: readonly Finding[];
}

/** `contribution` in log-odds, with its interval (equal when exact). */
export interface Reason {
  readonly fact: FactId;
  readonly criterion: CriterionId;
  readonly by: 'code' | 'text';
  readonly contribution: number;
  readonly low: number;
  readonly high: number;
}

/** Contributions add up to `value - baseline` within 1e-5. */
export interface Explanation {
  readonly candidate: CandidateId;
  readonly baseline: number;
  readonly value: number;
  readonly method: 'exact' | 'sampled';
  readonly evaluations: number;
  readonly reasons: readonly Reason[];
  /** Support if the fact that carries most were not known. */
  readonly counterfactual: { readonly fact: FactId; readonly support: number } | undefined;
}

/* ── Overrides that are remembered ─────────────────────────────────────────────────────────────────────────────── */

/** Keyed hashes under which a card is kept: of the patient with the recommendation, and of the evidence that decided. */
export interface CardKey {
  readonly subject: string;
  readonly evidence: string;
}

/** The last word on this recommendation for this patient was an override with a reason. */
export interface Override {
  /** 'Patient declined'. */
  readonly reason: string;
  readonly at: Date;
}

/** What clinicians said before about the findings of this answer. */
export interface Recalled {
  readonly keys: ReadonlyMap<CandidateId, CardKey>;
  /** Overridden on the same evidence, not too long ago, nothing critical: does not interrupt, is named in one line. */
  readonly quiet: ReadonlyMap<CandidateId, Override>;
  /** Overridden before and shown all the same; the card says why. */
  readonly again: ReadonlyMap<CandidateId, Override & { readonly why: 'evidence-changed' | 'long-ago' | 'critical' }>;
}

/* ── The answer ────────────────────────────────────────────────────────────────────────────────────────────── */

/** {@link https://cds-hooks.hl7.org/2.0/#card-attributes} */
export interface Card {
  readonly uuid: string;
  readonly summary: string;
  readonly detail: string;
  readonly indicator: Indicator;
  readonly source: { readonly label: string; readonly url?: string; readonly topic: Code };
  readonly suggestions?: readonly Suggestion[];
  readonly selectionBehavior?: 'at-most-one' | 'any';
  readonly overrideReasons?: readonly Code[];
  readonly links?: readonly Link[];
  readonly extension?: Readonly<Record<string, unknown>>;
}

export interface Suggestion {
  readonly uuid: string;
  readonly label: string;
  readonly isRecommended?: boolean;
  readonly actions: readonly Action[];
}

export type Action =
  | { readonly type: 'create' | 'update'; readonly description: string; readonly resource: FhirResource }
  | { readonly type: 'delete'; readonly description: string; readonly resourceId: string };

export interface Link {
  readonly label: string;
  readonly url: string;
  readonly type: 'absolute' | 'smart';
  readonly appContext?: string;
}

/** What compose made: the cards to show, and which rule each stands for (also those folded or silent). */
export interface Composed {
  readonly run: RunId;
  readonly cards: readonly Card[];
  readonly shown: readonly {
    readonly card: string;
    readonly candidate: CandidateId | undefined;
    readonly indicator: Indicator;
    /** Why it is not shown as a card of its own: overridden with a reason before, or ordered already. */
    readonly quiet?: 'dismissed' | 'ordered';
  }[];
  /** What the app shows of this run; kept encrypted, bound to the patient. */
  readonly document: RunDocument;
}

/** `card.extension["org.whycard.explanation"]`: public, see architecture §7. `value`, `baseline`, `contribution` are log-odds. */
export interface ExplanationView {
  readonly run: RunId;
  readonly candidate: CandidateId;
  readonly origin: 'code' | 'text';
  readonly scorer: string;
  readonly reader: string;
  readonly support: number;
  readonly grade: Grade;
  readonly value: number;
  readonly baseline: number;
  readonly method: 'exact' | 'sampled';
  readonly evaluations: number;
  readonly factsConsidered: number;
  readonly factsAvailable: number;
  readonly reasons: readonly ReasonView[];
  readonly missing: readonly string[];
  readonly unavailable: readonly string[];
  readonly unread: number;
  readonly counterfactual?: { readonly without: string; readonly support: number };
}

export interface ReasonView {
  readonly fact: string;
  readonly criterion: string;
  readonly kind: FactKind;
  readonly by: 'code' | 'text';
  readonly contribution: number;
  readonly low: number;
  readonly high: number;
  /** FHIR reference of the datum (`Observation/123`); absent for absences and derived facts. */
  readonly source?: string;
}

/** A run as the app shows it. */
export interface RunDocument {
  readonly run: RunId;
  readonly service: { readonly id: ServiceId; readonly title: string };
  /** ISO instant. */
  readonly at: string;
  readonly cards: readonly RunCard[];
}

export interface RunCard {
  readonly uuid: string;
  readonly summary: string;
  readonly indicator: Indicator;
  readonly rule: string;
  readonly source: { readonly label: string; readonly url: string; readonly section: string };
  readonly verified: 'read' | 'recalled';
  /** Sentences (de-identified) that decided by a reading. */
  readonly quotes: readonly string[];
  readonly suggestions: readonly string[];
  readonly explanation: ExplanationView;
}

/* ── The store ─────────────────────────────────────────────────────────────────────────────────────────────── */

/** One SQL dialect over PGlite (embedded) or Postgres. */
export type Database = PgDatabase<PgQueryResultHKT, Record<string, never>>;
