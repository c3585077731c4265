/**
 * What one tab keeps of its launch, so that a reload shows the same patient. Knows no patient's data and no OAuth.
 * Sessions lie in sessionStorage under random keys, and which of them is this page's stands in its own history entry: where a framed EHR
 * shares one sessionStorage between its tabs (`smart.md` §2.1, §2.2), there is no well-known place where two patients could meet.
 */
import * as z from 'zod/mini';

const sessionSchema = z.readonly(
  z.object({ iss: z.string(), patient: z.string(), accessToken: z.string(), run: z.optional(z.string()), endsAt: z.number() }),
);

/** One token response, and nothing of any other: the banner and the run are both asked for with it. */
export type Session = z.output<typeof sessionSchema>;

/** The part of `Storage` that is used. */
export interface TabStorage {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** What this page's history entry holds. Never the token. */
export interface TabMark {
  readonly session: string;
}

const prefix = 'whycard.session.';
const markSchema = z.object({ session: z.string().check(z.startsWith(prefix)) });
/** Where the library keeps "the" session of the browser: what two tabs would overwrite for each other. */
const libraryKey = 'SMART_KEY';

export function keepSession(storage: TabStorage, session: Session, randomUuid: () => string): TabMark {
  const key = prefix + randomUuid();
  storage.setItem(key, JSON.stringify(session));
  return { session: key };
}

/** Undefined: this page has none, or it is over. */
export function findSession(storage: TabStorage, historyState: unknown, nowMs: number): Session | undefined {
  const mark = markSchema.safeParse(historyState);
  const session = mark.success ? readSession(storage, mark.data.session) : undefined;
  return session !== undefined && session.endsAt > nowMs ? session : undefined;
}

/** Removes what is over, and what the library left in its well-known place. Never the live session of another page. */
export function sweepSessions(storage: TabStorage, nowMs: number): void {
  storage.removeItem(libraryKey);
  const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index));
  for (const key of keys) {
    if (key?.startsWith(prefix) && !((readSession(storage, key)?.endsAt ?? 0) > nowMs)) storage.removeItem(key);
  }
}

function readSession(storage: TabStorage, key: string): Session | undefined {
  try {
    const parsed = sessionSchema.safeParse(JSON.parse(storage.getItem(key) ?? 'null'));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
