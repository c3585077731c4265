/** A run as the service keeps it for the app: parsed, never cast. The form is `RunDocument` of src/types.ts. */
import * as z from 'zod/mini';

const indicator = z.enum(['info', 'warning', 'critical']);
const reason = z.object({
  fact: z.string(),
  criterion: z.string(),
  kind: z.string(),
  by: z.enum(['code', 'text']),
  contribution: z.number(),
  low: z.number(),
  high: z.number(),
  source: z.optional(z.string()),
});

const explanation = z.object({
  origin: z.enum(['code', 'text']),
  scorer: z.string(),
  reader: z.string(),
  support: z.number(),
  grade: z.enum(['established', 'likely', 'uncertain']),
  value: z.number(),
  baseline: z.number(),
  method: z.enum(['exact', 'sampled']),
  evaluations: z.number(),
  factsConsidered: z.number(),
  factsAvailable: z.number(),
  reasons: z.array(reason),
  missing: z.array(z.string()),
  unavailable: z.array(z.string()),
  unread: z.number(),
  counterfactual: z.optional(z.object({ without: z.string(), support: z.number() })),
});

const card = z.object({
  uuid: z.string(),
  summary: z.string(),
  indicator,
  rule: z.string(),
  source: z.object({ label: z.string(), url: z.string(), section: z.string() }),
  verified: z.enum(['read', 'recalled']),
  quotes: z.array(z.string()),
  suggestions: z.array(z.string()),
  explanation,
});

const document = z.object({ run: z.string(), service: z.object({ id: z.string(), title: z.string() }), at: z.string(), cards: z.array(card) });

export type RunView = z.output<typeof document>;
export type CardView = z.output<typeof card>;
export type ReasonView = z.output<typeof reason>;

/** Undefined: this is no run that this app understands. */
export function parseRun(value: unknown): RunView | undefined {
  const parsed = document.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}
