/** What the app asks for: the run from the service, the patient from the EHR. Both with the token of the same launch. */
import { type Banner, readBanner } from './patient.js';
import { parseRun, type RunView } from './run-document.js';
import type { Session } from './tab-session.js';

const timeoutMs = 15_000;

/** Undefined: there is none, it has expired, or it belongs to another patient. */
export async function loadRun({ iss, patient, accessToken, run }: Session): Promise<RunView | undefined> {
  const response = await fetch('/app/api/run', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` },
    body: JSON.stringify({ ...(run === undefined ? {} : { run }), iss, patient }),
    ...closed,
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (response.status === 404) return undefined;
  const document = response.ok ? parseRun(await response.json()) : undefined;
  if (document === undefined) throw new TypeError('no run in the answer');
  return run === undefined || document.run === run ? document : undefined;
}

/** Who the launch is about, as the EHR says: never from the run. Undefined: the EHR does not give this patient with this token. */
export async function loadBanner({ iss, patient, accessToken }: Session): Promise<Banner | undefined> {
  const response = await fetch(`${iss}/Patient/${encodeURIComponent(patient)}`, {
    headers: { accept: 'application/fhir+json', authorization: `Bearer ${accessToken}` },
    ...closed,
    signal: AbortSignal.timeout(timeoutMs),
  });
  return response.ok ? readBanner(await response.json(), patient, new Date()) : undefined;
}

/** No cookie goes along, nothing is kept by the browser, and no redirect carries the token away. */
const closed = { cache: 'no-store', credentials: 'omit', redirect: 'error' } as const;
