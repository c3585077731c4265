/** The page by which an analyst builds the integration, as Markdown. Knows the order of a build, no fact of a vendor: those stand in `vendors.ts`. */
import { dialects } from '../../wire.js';
import { createTrustEntry, isPlainHttp, type Registration, type ServiceRegistration } from './registration.js';
import { answerRows, goLiveTests, symptomRows } from './sheet-tables.js';
import { type Fact, type FactGroup, type SourceId, sources, type Vendor } from './vendors.js';

/** Numbers sources in the order in which they are cited. */
interface Citations {
  cite(source: SourceId): string;
  list(): readonly string[];
}

export function renderSheet(vendor: Vendor, registration: Registration): string {
  const citations = createCitations();
  const facts = (group: FactGroup): readonly string[] => vendor.facts[group].map((fact) => bullet(fact, citations));
  const parts: readonly (readonly string[])[] = [
    opening(vendor, registration),
    offered(vendor, registration, citations),
    ['## 2. The app, in the vendor’s console', '', ...appTable(registration), '', `What is known of ${vendor.name}:`, '', ...facts('app')],
    [
      '## 3. The CDS services',
      '',
      `What is known of ${vendor.name}:`,
      '',
      ...facts('cds'),
      ...registration.services.flatMap((service) => serviceSection(service, vendor)),
    ],
    ['## 4. Who may call', '', ...trustSection(vendor, registration), '', `What is known of ${vendor.name}:`, '', ...facts('tokens')],
    [
      '## 5. What to expect of cards and reads',
      '',
      ...limits(vendor),
      '',
      `What is known of ${vendor.name}:`,
      '',
      ...facts('cards'),
      ...facts('reads'),
    ],
    [
      '## 6. Before go-live',
      '',
      ...goLiveTests(registration, vendor).map((test) => `- [ ] ${test}`),
      '',
      `What is known of ${vendor.name}:`,
      '',
      ...facts('tests'),
    ],
    troubles(registration),
  ];
  const body = parts.map((lines) => lines.join('\n')).join('\n\n');
  return `${body}\n\n## Sources\n\n${citations.list().join('\n')}\n`;
}

function createCitations(): Citations {
  const cited: SourceId[] = [];
  return {
    cite(source) {
      if (!cited.includes(source)) cited.push(source);
      return `[${cited.indexOf(source) + 1}]`;
    },
    list: () => cited.map((source, index) => `${index + 1}. ${sources[source].full}`),
  };
}

const bullet = ({ text, source }: Fact, citations: Citations): string => `- ${text} ${citations.cite(source)}`;

function opening({ name }: Vendor, { publicUrl, isPlaceholder }: Registration): readonly string[] {
  return [
    `# Build sheet: whycard with ${name}`,
    '',
    ...(isPlaceholder
      ? [
          `> **PLACEHOLDER.** \`${publicUrl}\` is nobody's address. Make this page again with \`--public-url https://…\` before a value is pasted.`,
          '',
        ]
      : []),
    ...(isPlainHttp(publicUrl) ? [`> \`${publicUrl}\` is no https address: whycard does not start in production with it.`, ''] : []),
    `For the analyst who builds it. Values in \`code\` are to be pasted to the letter. What is said of ${name} carries the number of the page it was read on (at the end); it was not checked against your installation. What carries no number is about whycard itself.`,
    '',
    'whycard is clinical decision support that says why. It is no medical device. Which rules stand in it, each with its source: `npx whycard knowledge`.',
  ];
}

function offered({ name, fires }: Vendor, { services }: Registration, citations: Citations): readonly string[] {
  const says = ({ hook }: ServiceRegistration): string => {
    if (fires === undefined) return 'ask';
    return `${fires.hooks.includes(hook) ? 'yes' : '**not described: ask before building**'} ${citations.cite(fires.source)}`;
  };
  return [
    '## 1. What there is',
    '',
    `| service | hook | what it does | fired by ${name}? |`,
    '| --- | --- | --- | --- |',
    ...services.map((service) => `| \`${service.id}\` | \`${service.hook}\` | ${service.title} | ${says(service)} |`),
    '| the app | from a card | "Why this card": the whole explanation, in the frame of the EHR | as a SMART link |',
  ];
}

function appTable({ app, publicUrl }: Registration): readonly string[] {
  return [
    '| field | value |',
    '| --- | --- |',
    `| launch URL | \`${app.launchUrl}\` |`,
    ...app.redirectUris.map((uri) => `| redirect URI | \`${uri}\` |`),
    `| kind of client | public, PKCE with S256 (\`token_endpoint_auth_method\`: \`${app.authMethod}\`) |`,
    `| JWKS URL | ${app.jwksUrl === null ? 'leave empty: the app holds no key and no secret' : `\`${app.jwksUrl}\``} |`,
    `| client id | \`${app.clientId}\`. Where the console assigns an id of its own, it goes into the TRUST_FILE as \`appClientId\`. |`,
    '| FHIR version | R4 |',
    `| scopes, SMART v2 | \`${app.scopes.v2}\` |`,
    `| scopes, SMART v1 | \`${app.scopes.v1}\` (asked for where the server does not state permission-v2, or \`appScopes\` of the TRUST_FILE says v1) |`,
    `| origin of the page (CORS) | \`${new URL(publicUrl).origin}\` reads discovery, the token endpoint and the patient from a browser |`,
    `| all of it as a file | \`${app.manifest}\` |`,
  ];
}

function serviceSection({ id, hook, title, endpoint, feedback, prefetch, scopes }: ServiceRegistration, { name, fires }: Vendor): readonly string[] {
  const isDescribed = fires === undefined || fires.hooks.includes(hook);
  return [
    '',
    `### ${title}: \`${hook}\``,
    '',
    ...(isDescribed ? [] : [`**${name} does not describe this hook.** Ask before building; the values are here in case it has come since.`, '']),
    '| field | value |',
    '| --- | --- |',
    `| service | \`${id}\` |`,
    `| endpoint | \`${endpoint}\` (to the letter, no slash at the end) |`,
    `| feedback | \`${feedback}\` |`,
    `| scopes, SMART v2 | \`${scopes.v2}\` |`,
    `| scopes, SMART v1 | \`${scopes.v1}\` |`,
    '',
    'Prefetch. Every key may be left out if the call carries `fhirServer` and `fhirAuthorization`: what is missing is read from there.',
    '',
    '| key | template |',
    '| --- | --- |',
    ...Object.entries(prefetch).map(([key, template]) => `| \`${key}\` | \`${template}\` |`),
  ];
}

function trustSection(vendor: Vendor, registration: Registration): readonly string[] {
  return [
    'In production whycard answers only who stands in its `TRUST_FILE` (docs/trust.md). The entry for this EHR; a service does not start as long as a FILL IN stands where an address belongs:',
    '',
    '```json',
    JSON.stringify({ clients: [createTrustEntry(vendor, registration, undefined)] }, null, 2),
    '```',
    '',
    `- \`aud\` of the tokens: the address of the endpoint that is called, or \`${registration.publicUrl}\` for all of them, which the entry accepts. For feedback the endpoint is the one that ends in \`/feedback\`.`,
    '- `fhirBases`: what stands as `fhirServer` in a call and as `iss` in a launch. Nothing else is read, and the app opens from nowhere else.',
    '- ES384 and RS384 are accepted without a word; `algorithms` adds others. `"privateNetwork": true` where these servers lie in the site’s own network.',
    '- Is something wrong with a token? `npx whycard explain-jwt --aud ENDPOINT --trust trust.json < token.txt` says what, and sends it nowhere.',
  ];
}

/** What this version does that an analyst would otherwise find out by a call for help. */
const limits = ({ id }: Vendor): readonly string[] => [
  '- A list that cannot be read is named on the card, and nothing is concluded from its silence. Reading the EHR may take 70 % of `DEADLINE_MS` (450 ms); what is not there by then is named too.',
  '- Notes are read where their text stands in the DocumentReference itself (`attachment.data`). Text behind an address is not fetched.',
  `- With \`"vendor": "${id}"\` in the TRUST_FILE suggestions come with \`selectionBehavior\` \`${dialects[id].selectionBehavior}\`, each with one action.`,
  '- Pages are followed on the same server and below the same base only; redirects are not followed.',
];

function troubles({ publicUrl }: Registration): readonly string[] {
  return [
    '## 7. When something is wrong',
    '',
    'What whycard answers:',
    '',
    '| answer | what it means | what to do | whom to call |',
    '| --- | --- | --- | --- |',
    ...answerRows.map(({ status, means, todo, whom }) => `| ${status} | ${means} | ${todo} | ${whom} |`),
    '',
    `An answer other than 401 carries an OperationOutcome with an error id: the same id stands in whycard's log. Is it up? \`${publicUrl}/ready\`. Have calls come? \`${publicUrl}/metrics\`.`,
    '',
    'What people see:',
    '',
    '| seen | look at | whom to call |',
    '| --- | --- | --- |',
    ...symptomRows.map(({ seen, look, whom }) => `| ${seen} | ${look} | ${whom} |`),
    '',
    'Fill in:',
    '',
    '| who | name | reached at |',
    '| --- | --- | --- |',
    '| the EHR’s analyst | | |',
    '| who runs whycard | | |',
    '| the vendor’s support | | |',
    '| the informatics lead (what a card says) | | |',
  ];
}
