/** Whether an EHR's access token opens a patient: proof that whoever asks may see what we keep about them. Knows the EHRs that are trusted, nothing of runs. */

export interface PatientAccess {
  /** FHIR base that the app was launched from. */
  readonly iss: string;
  readonly patient: string;
  readonly accessToken: string;
}

const patientId = /^(?!\.{1,2}$)[A-Za-z0-9\-.]{1,64}$/;
const timeoutMs = 5_000;
const maxBytes = 1_000_000;

/** Reads `Patient/{id}` from the EHR with the token. Any other answer than that very patient is a no: the reason is nobody's business. */
export function createOpensPatient({
  fetch,
  issuers,
}: {
  readonly fetch: typeof globalThis.fetch;
  readonly issuers: readonly string[];
}): (access: PatientAccess) => Promise<boolean> {
  return async function opensPatient({ iss, patient, accessToken }) {
    if (!issuers.includes(iss) || !patientId.test(patient)) return false;
    try {
      const response = await fetch(`${iss}/Patient/${patient}`, {
        headers: { accept: 'application/fhir+json', authorization: `Bearer ${accessToken}` },
        // A redirect would carry the token away.
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (!response.ok || Number(response.headers.get('content-length') ?? 0) > maxBytes) return false;
      const found: unknown = await response.json();
      return (
        typeof found === 'object' &&
        found !== null &&
        'resourceType' in found &&
        found.resourceType === 'Patient' &&
        'id' in found &&
        found.id === patient
      );
    } catch {
      return false;
    }
  };
}
