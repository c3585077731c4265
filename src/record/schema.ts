/** The tables of the store. Knows no patient: what could name one is a keyed hash or ciphertext by the time it gets here. */
import { sql } from 'drizzle-orm';
import { customType, doublePrecision, index, integer, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import type { Composed, Database } from '../types.js';

const bytes = customType<{ data: Uint8Array }>({ dataType: () => 'bytea' });
const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** Append-only: who asked, which rules ran, what was shown. */
export const trail = pgTable('trail', {
  id: text('id').primaryKey(),
  at: instant('at').notNull(),
  outcome: text('outcome').$type<'answered' | 'withheld'>().notNull(),
  reason: text('reason'),
  service: text('service').notNull(),
  hook: text('hook').notNull(),
  hookInstanceHash: text('hook_instance_hash').notNull(),
  caller: text('caller').notNull(),
  patientHash: text('patient_hash').notNull(),
  run: text('run'),
  shown: jsonb('shown').$type<Composed['shown']>().notNull(),
  findings: integer('findings').notNull(),
  unread: integer('unread').notNull(),
  reader: text('reader').notNull(),
  scorer: text('scorer').notNull(),
});

/** Which rule each card stood for, so that feedback finds it. */
export const issuedCards = pgTable(
  'issued_cards',
  {
    card: text('card').primaryKey(),
    run: text('run').notNull(),
    service: text('service').notNull(),
    candidate: text('candidate'),
    caller: text('caller').notNull(),
    at: instant('at').notNull(),
    /** Keyed hashes of patient and recommendation, and of the evidence: by them an override is remembered. */
    subject: text('subject'),
    evidence: text('evidence'),
  },
  (table) => [index('issued_cards_run').on(table.run), index('issued_cards_subject').on(table.subject)],
);

export const runs = pgTable('runs', {
  run: text('run').primaryKey(),
  patientHash: text('patient_hash').notNull(),
  expiresAt: instant('expires_at').notNull(),
  sealed: bytes('sealed').notNull(),
});

export const readings = pgTable('readings', {
  key: text('key').primaryKey(),
  supports: doublePrecision('supports').notNull(),
  contradicts: doublePrecision('contradicts').notNull(),
  at: instant('at').notNull(),
});

export const usedTokens = pgTable('used_tokens', { tokenHash: text('token_hash').primaryKey(), expiresAt: instant('expires_at').notNull() });

/** Idempotent; the same in the embedded database and in Postgres. */
export async function createTables(db: Database): Promise<void> {
  for (const statement of statements) await db.execute(statement);
}

const statements = [
  sql`create table if not exists trail (
    id text primary key, at timestamptz not null, outcome text not null, reason text, service text not null, hook text not null,
    hook_instance_hash text not null, caller text not null, patient_hash text not null, run text, shown jsonb not null,
    findings integer not null, unread integer not null, reader text not null, scorer text not null)`,
  sql`create table if not exists issued_cards (
    card text primary key, run text not null, service text not null, candidate text, caller text not null, at timestamptz not null)`,
  sql`create index if not exists issued_cards_run on issued_cards (run)`,
  sql`alter table issued_cards add column if not exists subject text, add column if not exists evidence text`,
  sql`create index if not exists issued_cards_subject on issued_cards (subject)`,
  sql`create table if not exists runs (run text primary key, patient_hash text not null, expires_at timestamptz not null, sealed bytea not null)`,
  sql`create table if not exists readings (key text primary key, supports double precision not null, contradicts double precision not null, at timestamptz not null)`,
  sql`create table if not exists used_tokens (token_hash text primary key, expires_at timestamptz not null)`,
];
