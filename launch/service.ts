/** What the app asks for: the run from the service, the patient from the EHR. Both with the token of the same launch. */
import * as z from 'zod/mini';
import { readRun } from './app-context.js';
import { parseRun, type RunView } from './run-document.js';
import type { Session } from './smart.js';

/** Undefined: there is none, it has expired, or it belongs to another patient. */
export async function loadRun({ iss, patient, accessToken, appContext }: Session): Promise<RunView | undefined> {
  const run = readRun(appContext);
  if (run === undefined) return undefined;
  const response = await fetch('/app/api/run', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` },
    body: JSON.stringify({ run, iss, patient }),
  });
  return response.ok ? parseRun(await response.json()) : undefined;
}

export interface Banner {
  readonly name: string;
  readonly details: string;
}

const name = z.object({
  text: z.optional(z.string()),
  family: z.optional(z.string()),
  given: z.optional(z.array(z.string())),
  suffix: z.optional(z.array(z.string())),
});
const patientResource = z.object({
  resourceType: z.literal('Patient'),
  id: z.string(),
  name: z.optional(z.array(name)),
  gender: z.optional(z.string()),
  birthDate: z.optional(z.string()),
});

/** Who the launch is about, as the EHR says: never from the run. */
export async function loadBanner({ iss, patient, accessToken }: Session): Promise<Banner | undefined> {
  const response = await fetch(`${iss}/Patient/${encodeURIComponent(patient)}`, {
    headers: { accept: 'application/fhir+json', authorization: `Bearer ${accessToken}` },
  });
  const parsed = patientResource.safeParse(response.ok ? await response.json() : undefined);
  if (!parsed.success || parsed.data.id !== patient) return undefined;
  const [first] = parsed.data.name ?? [];
  const whole = first?.text ?? [...(first?.given ?? []), first?.family, ...(first?.suffix ?? [])].filter((part) => part !== undefined).join(' ');
  const details = [parsed.data.gender, parsed.data.birthDate === undefined ? undefined : `born ${parsed.data.birthDate}`]
    .filter((part) => part !== undefined)
    .join(', ');
  return { name: whole || 'Name not on record', details };
}
