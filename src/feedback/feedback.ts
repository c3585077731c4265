/** What clinicians did with the cards: stored once each, history kept. Knows no comment: that is free text about a patient and is dropped before. */
import { createHmac } from 'node:crypto';
import { inArray, sql } from 'drizzle-orm';
import { boolean, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import type { Clock, Database } from '../types.js';

export interface FeedbackEntry {
  readonly card: string;
  readonly outcome: 'accepted' | 'overridden';
  readonly outcomeTimestamp: string | undefined;
  readonly acceptedSuggestions: readonly string[];
  readonly overrideReason: { readonly system?: string; readonly code: string } | undefined;
  readonly hasComment: boolean;
}

export interface FeedbackStore {
  /** `unknown` counts entries whose card this service never issued to this caller: stored all the same, a batch must not fail for one. */
  store(service: string, caller: string, entries: readonly FeedbackEntry[]): Promise<{ readonly stored: number; readonly unknown: number }>;
}

export const feedback = pgTable('feedback', {
  /** Keyed hash of everything the entry says: the same entry twice is one row. */
  id: text('id').primaryKey(),
  service: text('service').notNull(),
  caller: text('caller').notNull(),
  card: text('card').notNull(),
  outcome: text('outcome').notNull(),
  at: text('at'),
  acceptedSuggestions: jsonb('accepted_suggestions').$type<readonly string[]>().notNull(),
  reasonSystem: text('reason_system'),
  reasonCode: text('reason_code'),
  hasComment: boolean('has_comment').notNull(),
  isKnown: boolean('is_known').notNull(),
  receivedAt: timestamp('received_at', { withTimezone: true, mode: 'date' }).notNull(),
});

/** The part of the trail's table of issued cards that feedback looks up; `record/` owns it. */
const issued = pgTable('issued_cards', { card: text('card').primaryKey(), caller: text('caller').notNull() });

export async function createFeedbackStore({
  db,
  secret,
  clock,
}: {
  readonly db: Database;
  readonly secret: Buffer;
  readonly clock: Clock;
}): Promise<FeedbackStore> {
  await db.execute(sql`create table if not exists feedback (
    id text primary key, service text not null, caller text not null, card text not null, outcome text not null, at text,
    accepted_suggestions jsonb not null, reason_system text, reason_code text, has_comment boolean not null, is_known boolean not null,
    received_at timestamptz not null)`);
  await db.execute(sql`create index if not exists feedback_card on feedback (card)`);
  return {
    async store(service, caller, entries) {
      if (entries.length === 0) return { stored: 0, unknown: 0 };
      const cards = await db
        .select()
        .from(issued)
        .where(
          inArray(
            issued.card,
            entries.map((entry) => entry.card),
          ),
        );
      const known = new Set(cards.filter((row) => row.caller === caller).map((row) => row.card));
      const receivedAt = clock();
      const rows = entries.map((entry) => ({
        id: createHmac('sha256', secret)
          .update('feedback\0')
          .update(JSON.stringify([service, caller, entry]))
          .digest('hex'),
        service,
        caller,
        card: entry.card,
        outcome: entry.outcome,
        at: entry.outcomeTimestamp ?? null,
        acceptedSuggestions: entry.acceptedSuggestions,
        reasonSystem: entry.overrideReason?.system ?? null,
        reasonCode: entry.overrideReason?.code ?? null,
        hasComment: entry.hasComment,
        isKnown: known.has(entry.card),
        receivedAt,
      }));
      const stored = await db.insert(feedback).values(rows).onConflictDoNothing().returning({ id: feedback.id });
      return { stored: stored.length, unknown: rows.filter((row) => !row.isKnown).length };
    },
  };
}
