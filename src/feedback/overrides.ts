/**
 * Overrides that are remembered: what was overridden with a reason does not interrupt again for this patient until its evidence changes.
 * Knows keyed hashes, reasons and days; no patient, no evidence.
 */
import { createHmac } from 'node:crypto';
import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import { pgTable, text } from 'drizzle-orm/pg-core';
import type { CandidateId, CardKey, Clock, Database, Indicator, Override, Recalled } from '../types.js';
import { feedback } from './feedback.js';
import type { QuietPeriods } from './quiet-periods.js';

/** A finding as it is remembered: whose, what, and a text that is the same while the same evidence decides. */
export interface FindingOfPatient {
  readonly candidate: CandidateId;
  readonly indicator: Indicator;
  readonly evidence: string;
}

export interface OverrideMemory {
  /** `patient` is `base|id`; `knowledge` the folder of `cards/`, so that an override while ordering holds at signing. */
  recall(patient: string, knowledge: string, findings: readonly FindingOfPatient[]): Promise<Recalled>;
}

/** The part of the trail's table of issued cards that is looked up; `record/` owns it. */
const issued = pgTable('issued_cards', { card: text('card').primaryKey(), subject: text('subject'), evidence: text('evidence') });

const dayMs = 86_400_000;

interface Deps {
  readonly db: Database;
  readonly secret: Buffer;
  readonly clock: Clock;
  readonly periods: QuietPeriods;
}

export function createOverrideMemory({ db, secret, clock, periods }: Deps): OverrideMemory {
  const hash = (domain: string, parts: readonly string[]): string =>
    createHmac('sha256', secret).update(`${domain}\0`).update(JSON.stringify(parts)).digest('hex');
  return {
    async recall(patient, knowledge, findings) {
      const keys = new Map(
        findings.map(({ candidate, evidence }): readonly [CandidateId, CardKey] => [
          candidate,
          { subject: hash('override-subject', [patient, knowledge, candidate]), evidence: hash('override-evidence', [patient, candidate, evidence]) },
        ]),
      );
      const lastWords = await readLastWords(
        db,
        [...keys.values()].map((key) => key.subject),
      );
      const quiet = new Map<CandidateId, Override>();
      const again = new Map<CandidateId, Override & { readonly why: 'evidence-changed' | 'long-ago' | 'critical' }>();
      for (const { candidate, indicator } of findings) {
        const key = keys.get(candidate);
        const word = lastWords.get(key?.subject ?? '');
        if (key === undefined || word === undefined || !isOverrideWithReason(word)) continue;
        const { display, days } = periods.of({ system: word.reasonSystem ?? undefined, code: word.reasonCode ?? undefined });
        const override = { reason: display, at: word.receivedAt };
        // A contraindication is said each time, whatever was said about it before.
        if (indicator === 'critical') again.set(candidate, { ...override, why: 'critical' });
        else if (word.evidence !== key.evidence) again.set(candidate, { ...override, why: 'evidence-changed' });
        else if (clock().getTime() - word.receivedAt.getTime() >= days * dayMs) again.set(candidate, { ...override, why: 'long-ago' });
        else quiet.set(candidate, override);
      }
      return { keys, quiet, again };
    },
  };
}

type LastWord = Awaited<ReturnType<typeof readWords>>[number];

/** A dismissal without a reason says nothing about the patient: it is not remembered. */
function isOverrideWithReason({ outcome, reasonCode, hasComment }: LastWord): boolean {
  return outcome === 'overridden' && (reasonCode !== null || hasComment);
}

/** The last word on a recommendation counts, on whichever of its cards it was said: a change of mind takes an override back. */
async function readLastWords(db: Database, subjects: readonly string[]): Promise<ReadonlyMap<string, LastWord>> {
  if (subjects.length === 0) return new Map();
  const words = await readWords(db, subjects);
  // Newest first: the first of a subject stays.
  return new Map(words.map((word): readonly [string, LastWord] => [word.subject ?? '', word]).reverse());
}

/** Only words of the caller that the card was issued to. */
function readWords(db: Database, subjects: readonly string[]) {
  return db
    .select({
      subject: issued.subject,
      evidence: issued.evidence,
      outcome: feedback.outcome,
      reasonSystem: feedback.reasonSystem,
      reasonCode: feedback.reasonCode,
      hasComment: feedback.hasComment,
      receivedAt: feedback.receivedAt,
    })
    .from(issued)
    .innerJoin(feedback, eq(feedback.card, issued.card))
    .where(and(inArray(issued.subject, [...subjects]), eq(feedback.isKnown, true)))
    .orderBy(desc(feedback.receivedAt), desc(sql`coalesce(${feedback.at}, '')`));
}
