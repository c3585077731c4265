/** The tables of the store, as queries name them and as they are created. Knows nothing of who writes which. */
import { bigserial, doublePrecision, integer, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** One card as the trail keeps it: which rule it stood for, and how loud it was. */
export interface ShownCard {
  readonly card: string;
  readonly candidate: string | null;
  readonly indicator: string;
}

/** Append-only: the database itself refuses a change (see `creation`). Patient and hook instance stand here as keyed hashes. */
export const trail = pgTable('trail', {
  id: bigserial('id', { mode: 'number' }).primaryKey(),
  at: instant('at').notNull(),
  service: text('service').notNull(),
  hook: text('hook').notNull(),
  hookInstanceHash: text('hook_instance_hash').notNull(),
  caller: text('caller').notNull(),
  patientHash: text('patient_hash').notNull(),
  run: text('run'),
  outcome: text('outcome').notNull(),
  reason: text('reason'),
  candidates: jsonb('candidates').$type<readonly ShownCard[]>().notNull(),
  findings: integer('findings').notNull(),
  unread: integer('unread').notNull(),
  reader: text('reader'),
  scorer: text('scorer'),
  durationMs: doublePrecision('duration_ms'),
});

/** Which card was issued for which rule, so that feedback can be told from invention. */
export const issuedCards = pgTable('issued_cards', {
  card: text('card').primaryKey(),
  run: text('run').notNull(),
  service: text('service').notNull(),
  caller: text('caller').notNull(),
  candidate: text('candidate'),
  at: instant('at').notNull(),
});

/** Runs for the app: encrypted, bound to one patient, of limited life. */
export const runs = pgTable('runs', {
  run: text('run').primaryKey(),
  patientHash: text('patient_hash').notNull(),
  expiresAt: instant('expires_at').notNull(),
  nonce: text('nonce').notNull(),
  ciphertext: text('ciphertext').notNull(),
  tag: text('tag').notNull(),
});

/** Verdicts of a reader under a keyed hash of what was read; the text is never here. */
export const readings = pgTable('readings', {
  key: text('key').primaryKey(),
  supports: doublePrecision('supports').notNull(),
  contradicts: doublePrecision('contradicts').notNull(),
  createdAt: instant('created_at').notNull(),
});

/** Tokens that were used, until they have expired. */
export const usedTokens = pgTable('jti', {
  jtiHash: text('jti_hash').primaryKey(),
  expiresAt: instant('expires_at').notNull(),
});

/**
 * Creates what is missing and changes nothing that is there. One text, so that Postgres runs it as one transaction; the advisory lock keeps replicas that
 * start together from creating a table twice, which `if not exists` alone does not.
 */
export const creation = `
select pg_advisory_xact_lock(7791402);
create table if not exists trail (
  id bigserial primary key, at timestamptz not null, service text not null, hook text not null, hook_instance_hash text not null, caller text not null,
  patient_hash text not null, run text, outcome text not null, reason text, candidates jsonb not null, findings integer not null, unread integer not null,
  reader text, scorer text, duration_ms double precision);
create or replace function whycard_append_only() returns trigger language plpgsql as $$ begin raise exception 'append-only'; end $$;
create or replace trigger trail_append_only before update or delete or truncate on trail for each statement execute function whycard_append_only();
create table if not exists issued_cards (
  card text primary key, run text not null, service text not null, caller text not null, candidate text, at timestamptz not null);
create index if not exists issued_cards_by_rule on issued_cards (service, candidate);
create table if not exists runs (
  run text primary key, patient_hash text not null, expires_at timestamptz not null, nonce text not null, ciphertext text not null, tag text not null);
create index if not exists runs_by_end on runs (expires_at);
create table if not exists readings (
  key text primary key, supports double precision not null, contradicts double precision not null, created_at timestamptz not null);
create table if not exists jti (jti_hash text primary key, expires_at timestamptz not null);
create index if not exists jti_by_end on jti (expires_at);
create table if not exists feedback (
  id bigserial primary key, card text not null, service text not null, caller text not null, outcome text not null, reason_code text,
  suggestions jsonb not null, outcome_at timestamptz, received_at timestamptz not null, normalised jsonb not null);
create index if not exists feedback_by_card on feedback (card, id);
`;
