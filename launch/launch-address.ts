/** What the address of a launch asks for, and whether we follow it. Knows the trusted EHRs, nothing of tokens. `smart.md` §1.4 */

export type Launch =
  | { readonly kind: 'ehr'; readonly iss: string; readonly launch: string }
  | { readonly kind: 'standalone'; readonly iss: string }
  | { readonly kind: 'choose' }
  | { readonly kind: 'refused'; readonly why: string };

/** The SMART library would obey these from anybody who writes a link: another server, another client, a patient of their choice. */
const forbidden = ['fhirServiceUrl', 'patientId', 'clientId', 'code', 'state'];
const maxLaunch = 4096;

export function readLaunch(search: string, issuers: readonly string[]): Launch {
  const params = new URLSearchParams(search);
  if (forbidden.some((name) => params.has(name)) || params.getAll('iss').length > 1 || params.getAll('launch').length > 1)
    return { kind: 'refused', why: 'This address is not one that an EHR launches.' };
  const [iss, launch] = [params.get('iss')?.replace(/\/+$/, ''), params.get('launch')];
  if (iss === undefined) return launch === null ? { kind: 'choose' } : { kind: 'refused', why: 'The launch does not say which EHR it comes from.' };
  if (!issuers.includes(iss)) return { kind: 'refused', why: 'The launch comes from an EHR that is not registered here.' };
  if (launch === null) return { kind: 'standalone', iss };
  if (launch === '' || launch.length > maxLaunch) return { kind: 'refused', why: 'The launch code cannot be used.' };
  return { kind: 'ehr', iss, launch };
}
