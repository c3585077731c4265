/** What the EHR answered in the address that it redirects to. Knows the forms of RFC 6749 §4.1.2, nothing of tokens. */

export type Callback =
  | { readonly kind: 'code'; readonly code: string; readonly state: string }
  | { readonly kind: 'refused'; readonly why: string }
  /** No answer in the address: a reload, or opened by hand. */
  | { readonly kind: 'none' };

/** Only what we made ourselves may name a place in the tab's storage. */
const stateForm = /^whycard\.launch\.[0-9a-f-]{73}$/;
const maxCode = 16_384;

/** `randomUUID` twice: 244 random bits, where the library's own state is 16 characters of Math.random (`smart.md` §1.4). */
export function createState(randomUuid: () => string): string {
  return `whycard.launch.${randomUuid()}-${randomUuid()}`;
}

/** A map: the EHR's word never reaches what every object has. */
const reasons: ReadonlyMap<string, string> = new Map([
  ['access_denied', 'The EHR did not give access to this patient.'],
  ['invalid_request', 'The EHR did not accept this launch; it may have been used before or waited too long.'],
  ['invalid_scope', 'The EHR does not let this app read the patient; it is not registered there as it needs to be.'],
  ['unauthorized_client', 'This app is not registered in the EHR as it needs to be.'],
  ['server_error', 'The EHR could not complete the launch.'],
  ['temporarily_unavailable', 'The EHR cannot complete the launch at the moment.'],
]);
const again = 'Please open it from the card again.';

export function readCallback(search: string): Callback {
  const params = new URLSearchParams(search);
  if (['code', 'state', 'error'].some((name) => params.getAll(name).length > 1)) return refuse('This address is not one that an EHR answers with.');
  const error = params.get('error');
  // What the EHR writes about it may hold an address or an id: only the closed set of codes is put in words.
  if (error !== null) return refuse(reasons.get(error) ?? 'The EHR did not complete the launch.');
  const [code, state] = [params.get('code'), params.get('state')];
  if (code === null && state === null) return { kind: 'none' };
  if (code === null || code === '' || code.length > maxCode || state === null || !stateForm.test(state))
    return refuse('This page was not reached through a launch of this app.');
  return { kind: 'code', code, state };
}

function refuse(why: string): Callback {
  return { kind: 'refused', why: `${why} ${again}` };
}
