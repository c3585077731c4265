/** How long an override with a reason keeps its card quiet, from `cards/override-reasons.json`. Knows reasons and days; why so long stands in `docs/overrides.md`. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { StartError } from '../errors.js';

const days = z.int().min(1).max(3650);
const schema = z.looseObject({
  system: z.string(),
  /** For a reason without days of its own, and for one from an EHR's own list. */
  quietDays: days,
  reasons: z.array(z.looseObject({ code: z.string(), display: z.string(), quietDays: days.optional() })),
});

export interface QuietPeriods {
  /** What a reason is called, and how long it keeps a card quiet. */
  of(reason: { readonly system: string | undefined; readonly code: string | undefined }): { readonly display: string; readonly days: number };
}

/** @throws StartError naming the field that is wrong */
export async function loadQuietPeriods(file: string): Promise<QuietPeriods> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new StartError('override-reasons.json cannot be read', { cause });
  });
  return parseQuietPeriods(text);
}

export function parseQuietPeriods(text: string): QuietPeriods {
  const parsed = schema.safeParse(toJson(text));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new StartError(`override-reasons.json: ${issue?.path.join('.') || 'the file'} ${issue?.message ?? 'is wrong'}`);
  }
  const { system: ours, quietDays, reasons } = parsed.data;
  const known = new Map(reasons.map((reason) => [reason.code, reason]));
  return {
    of({ system, code }) {
      // EHRs often send our code back without its system.
      const reason = code === undefined || (system !== undefined && system !== ours) ? undefined : known.get(code);
      return { display: reason?.display ?? 'a reason of the EHR’s own list', days: reason?.quietDays ?? quietDays };
    },
  };
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new StartError('override-reasons.json is not JSON', { cause });
  }
}
