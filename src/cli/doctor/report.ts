/** A diagnosis for a person at a terminal. Knows how it looks, not how it was found. */
import type { Diagnosis } from './examine.js';
import { type Finding, quote } from './findings.js';
import type { Registration } from './registration.js';
import type { ListReport, ServiceReport } from './services.js';
import { sources } from './vendors.js';

export function renderReport(diagnosis: Diagnosis): string {
  const parts = [
    head(diagnosis),
    section('Will it work?', verdictLines(diagnosis)),
    section('What is read', readLines(diagnosis.services)),
    section('Findings', findingLines(diagnosis.findings)),
    ...(diagnosis.known.length === 0 ? [] : [section(`Also known of ${diagnosis.vendor.name}`, knownLines(diagnosis))]),
    section(`Scopes to ask for, in the ${diagnosis.app.dialect} spelling: ${diagnosis.app.dialectWhy}`, scopeLines(diagnosis)),
    section('To register at the EHR', registerLines(diagnosis.register)),
    section('To register here: an entry of the TRUST_FILE (docs/trust.md)', JSON.stringify(diagnosis.trust, null, 2).split('\n')),
    'Whether this EHR fires hooks, and which prefetch it sends, is in no FHIR document: ask for it, and for one test call.',
  ];
  return `${parts.join('\n\n')}\n`;
}

function section(title: string, lines: readonly string[]): string {
  return [title, ...lines.map((line) => `  ${line}`)].join('\n');
}

function head({ fhir, server, vendor }: Diagnosis): string {
  const names = [server.software, server.publisher].filter((name) => name !== null);
  const taken = vendor.id === 'plain' ? 'no vendor in particular' : vendor.name;
  const guess = vendor.by === 'guess' ? ', by what it calls itself (else say --vendor)' : '';
  return `${fhir}\nFHIR ${quote(server.fhirVersion)}${names.length === 0 ? '' : ` · ${[...new Set(names)].join(' · ')}`} · taken as ${taken}${guess}`;
}

const verdictWidth = 14;

function verdictLines({ services, app }: Diagnosis): readonly string[] {
  const width = Math.max(...services.map(({ id }) => id.length), 'the app'.length) + 2;
  const line = (verdict: string, id: string, when: string): string => `${verdict.padEnd(verdictWidth)} ${id.padEnd(width)} ${when}`;
  return [...services.map(({ verdict, id, hook }) => line(verdict, id, hook)), line(app.verdict, 'the app', '"Why this card", from a card')];
}

/** Lists that two services read the same way are one line. */
function readLines(services: readonly ServiceReport[]): readonly string[] {
  const lines = services.flatMap(({ lists }) => lists.map((list) => ({ list: list.list, text: describeList(list) })));
  const unique = new Map(lines.map((line) => [line.text, line]));
  return [...unique.values()].map(({ list, text }) => `${list.padEnd(13)} ${text}`);
}

function describeList({ type, interaction, stated, parameters, scope }: ListReport): string {
  const parts = [`${interaction === 'read' ? 'read' : 'search'} ${stated}`, ...parameters.map((one) => `${one.name} ${one.stated}`)];
  return `${type.padEnd(19)} ${parts.join(', ')}${scope === 'not listed' ? '; no scope for it in scopes_supported' : ''}`;
}

const findingWidth = 9;

/** The worst first: what is good is read last. */
function findingLines(findings: readonly Finding[]): readonly string[] {
  const order = ['missing', 'degraded', 'good'] as const;
  return order
    .flatMap((level) => findings.filter((finding) => finding.level === level))
    .flatMap(({ level, about, text, todo }) => [
      `${level.padEnd(findingWidth)} ${about}: ${text}`,
      ...(todo === undefined ? [] : [`${' '.repeat(findingWidth)} → ${todo}`]),
    ]);
}

function knownLines({ known }: Diagnosis): readonly string[] {
  const cited = [...new Set(known.map(({ source }) => source))];
  return [
    ...known.map(({ text, source }) => `- ${text} [${cited.indexOf(source) + 1}]`),
    ...cited.map((source, index) => `[${index + 1}] ${sources[source].full}`),
  ];
}

function scopeLines({ register, app }: Diagnosis): readonly string[] {
  return [...register.services.map(({ id, scopes }) => `${id}: ${scopes[app.dialect]}`), `the app: ${register.app.scopes[app.dialect]}`];
}

function registerLines({ publicUrl, isPlaceholder, discovery, app, services }: Registration): readonly string[] {
  return [
    ...(isPlaceholder ? [`PLACEHOLDER: ${publicUrl} is nobody's address. Say where whycard will stand: --public-url https://…, or PUBLIC_URL.`] : []),
    `discovery      ${discovery}`,
    ...services.flatMap(({ hook, endpoint, feedback }) => [`${hook.padEnd(14)} ${endpoint}`, `  feedback     ${feedback}`]),
    `launch URL     ${app.launchUrl}`,
    ...app.redirectUris.map((uri) => `redirect URI   ${uri}`),
    `JWKS URL       ${app.jwksUrl ?? 'leave empty: the app holds no key (a public client, PKCE with S256)'}`,
    `client id      ${app.clientId} (or the one that the EHR assigns, as appClientId in the TRUST_FILE)`,
    `all of it      ${app.manifest}`,
  ];
}
