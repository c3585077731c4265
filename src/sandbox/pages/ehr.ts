/** The EHR's own API, as its pages ask it: patients, sessions, tokens, launches, reset. Knows nothing of FHIR or of cards. */
import { callJson, postJson } from './call.js';
import { cdsToken, launched, type PatientRow, type Profile, patientRows, profileState, type Session, session } from './wire.js';

export interface Ehr {
  patients(): Promise<readonly PatientRow[]>;
  openSession(patient: string): Promise<Session>;
  /** A token for one call of one endpoint: CDS Hooks forbids to use one twice. */
  cdsToken(audience: string): Promise<string>;
  launch(patient: string, launchUrl: string, appContext: string | undefined): Promise<string>;
  reset(): Promise<void>;
  profile(): Promise<Profile>;
  setProfile(profile: string): Promise<Profile>;
}

export function createEhr(base: string): Ehr {
  return {
    patients: async () => patientRows.parse(await callJson(`${base}/patients`)),
    openSession: async (patient) => session.parse(await postJson(`${base}/session`, { patient })),
    cdsToken: async (aud) => cdsToken.parse(await postJson(`${base}/cds-token`, { aud })).token,
    async launch(patient, launchUrl, appContext) {
      const body = { patient, launchUrl, ...(appContext === undefined ? {} : { appContext }) };
      return launched.parse(await postJson(`${base}/launch`, body)).url;
    },
    profile: async () => profileState.parse(await callJson(`${base}/profile`)),
    setProfile: async (profile) => profileState.parse(await postJson(`${base}/profile`, { profile })),
    async reset() {
      await callJson(`${base}/reset`, { method: 'POST' });
    },
  };
}
