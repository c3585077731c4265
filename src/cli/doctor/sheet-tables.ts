/** The tables of a build sheet: what an answer means, what is tested before go-live. The meanings are those of `docs/calling.md`. */
import type { Registration } from './registration.js';
import type { Vendor } from './vendors.js';

export interface AnswerRow {
  readonly status: number;
  readonly means: string;
  readonly todo: string;
  readonly whom: string;
}

const analyst = 'the EHR’s analyst';
const operator = 'who runs whycard';
const lead = 'the informatics lead';

export const answerRows: readonly AnswerRow[] = [
  { status: 200, means: 'cards; `{"cards":[]}` means that there is nothing to say', todo: 'nothing', whom: 'nobody' },
  {
    status: 400,
    means: 'not JSON, a field of the envelope missing or of the wrong type, or a hook that the service is not for',
    todo: 'the OperationOutcome names the field; compare hook and endpoint',
    whom: analyst,
  },
  {
    status: 401,
    means: 'the token cannot be verified; why is not said',
    todo: '`whycard explain-jwt`; the reason stands in the log as a code',
    whom: `${analyst}, with ${operator}`,
  },
  { status: 403, means: 'the caller may not do this', todo: 'compare the TRUST_FILE entry with what the call carries', whom: operator },
  { status: 404, means: 'there is no such service or page', todo: 'compare the endpoint, letter by letter', whom: analyst },
  { status: 405, means: 'wrong method', todo: 'services take POST, discovery takes GET', whom: analyst },
  {
    status: 412,
    means: 'the patient could not be obtained, or data are another patient’s',
    todo: 'the OperationOutcome names the list; look at the prefetch and the scopes of the token',
    whom: analyst,
  },
  { status: 413, means: 'the call is too large or too deep', todo: 'send less prefetch: what is missing is read', whom: analyst },
  { status: 415, means: 'not `application/json`', todo: 'set the content type', whom: analyst },
  { status: 422, means: 'the FHIR content cannot be used', todo: 'look whether the call comes in R4', whom: analyst },
  { status: 429, means: 'too many requests', todo: 'look what fires the hook so often', whom: analyst },
  { status: 500, means: 'a fault of whycard', todo: 'give the error id', whom: operator },
  { status: 503, means: 'whycard is not ready', todo: '`/ready` says which part', whom: operator },
];

export interface SymptomRow {
  readonly seen: string;
  readonly look: string;
  readonly whom: string;
}

export const symptomRows: readonly SymptomRow[] = [
  {
    seen: 'no card for anybody',
    look: 'does a call arrive (`/metrics`)? Its answer is in the table above. None arrives: the trigger and the endpoint',
    whom: analyst,
  },
  {
    seen: 'a card says that a list was not looked at',
    look: 'the scopes of the token for that list, and the prefetch; `whycard doctor --fhir BASE`',
    whom: analyst,
  },
  {
    seen: 'cards come late or not at all when the EHR is busy',
    look: 'the latency on `/metrics`; prefetch spares whycard the reads',
    whom: `${operator}, with ${analyst}`,
  },
  {
    seen: '"Why this card" does not open',
    look: 'is the launch URL registered, is the FHIR base in `fhirBases`, does the server state PKCE with S256',
    whom: analyst,
  },
  {
    seen: 'the app says that there is no explanation',
    look: 'it expired, or belongs to another patient',
    whom: `${analyst}, with ${operator}`,
  },
  {
    seen: 'a card is wrong about a patient',
    look: 'the facts on the card, then the rule: `whycard knowledge`. Report it also as a matter of patient safety, as your house does',
    whom: lead,
  },
];

/** In the order of a build: nothing is tested before what it stands on. */
export function goLiveTests(registration: Registration, vendor: Vendor): readonly string[] {
  const { publicUrl, services } = registration;
  const { id, fires } = vendor;
  const first = services[0];
  return [
    `\`npx whycard doctor --fhir BASE --vendor ${id} --public-url ${publicUrl}\`: every line that is not *good* is understood.`,
    `\`${publicUrl}/ready\` answers 200 from where the EHR stands.`,
    ...(first === undefined
      ? []
      : [`A call without a token is refused: \`curl -i -X POST -H 'content-type: application/json' -d '{}' ${first.endpoint}\` answers 401.`]),
    'One real token of the EHR passes `whycard explain-jwt` for each endpoint, and for its `/feedback`.',
    ...services.map(({ hook, id: service }) =>
      fires === undefined || fires.hooks.includes(hook)
        ? `\`${hook}\` fires for a test patient, \`${service}\` answers 200, and no card says that a list was not looked at.`
        : `\`${hook}\`: ask whether it is fired at all; if not, \`${service}\` is not built.`,
    ),
    'A test patient for whom something is due gets a card; one for whom nothing is due gets none.',
    'A patient whose token lacks one scope gets a card that names the list, and nothing is concluded from it.',
    appTest(registration, vendor),
    'Each suggestion can be accepted, and the order is the right one. Overriding offers the reasons.',
    'Acceptance and override arrive as feedback: `/feedback` of whycard shows them.',
    'With whycard stopped, charts open and orders are signed as before.',
    'Clinicians who will see the cards know what they are not: no medical device, no list of all that matters.',
  ];
}

function appTest({ app }: Registration, { assignsClientId, carriesAppContext }: Vendor): string {
  const named = assignsClientId === undefined ? '' : ' (with the `appClientId` that the console gave)';
  const shown =
    carriesAppContext?.is === false
      ? 'the latest explanation for that patient, because `appContext` does not come along'
      : 'the explanation of that card';
  return `"Why this card" opens ${app.launchUrl} in the frame${named}, shows the patient of the chart, and ${shown}.`;
}
