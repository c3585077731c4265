/** The run that a card's link carries through the EHR as `appContext`. Knows its form, nothing of what a run says. */

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** EHRs pass the text on as it was, doubly encoded, or as an object already. Undefined: no run in it. */
export function readRun(appContext: unknown): string | undefined {
  const value = typeof appContext === 'string' ? parse(appContext) : appContext;
  if (typeof value === 'string' && value !== appContext) return readRun(value);
  if (typeof value !== 'object' || value === null || !('run' in value)) return undefined;
  return typeof value.run === 'string' && uuid.test(value.run) ? value.run : undefined;
}

function parse(text: string): unknown {
  for (const candidate of [text, decode(text)]) {
    try {
      return JSON.parse(candidate);
    } catch {
      // The next reading may be the right one.
    }
  }
  return undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
