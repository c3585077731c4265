/** Servers of which nothing can be said, and the sentence that says why. A new case is a new row. */
import type { RequestListener, ServerResponse } from 'node:http';
import { answer } from './server.js';
import { statement } from './statements.js';

export interface Failure {
  readonly name: string;
  readonly listener: RequestListener;
  readonly sentence: RegExp;
  readonly timeoutMs?: number;
}

const json = { 'content-type': 'application/fhir+json' } as const;
const outcome = (text: string): string =>
  JSON.stringify({ resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'login', details: { text } }] });
const always =
  (status: number, body: string, headers: Readonly<Record<string, string>> = json): RequestListener =>
  (_request, response) =>
    answer(response, status, body, headers);

/** Sends until nobody listens any more. */
function pour(response: ServerResponse): void {
  const piece = Buffer.alloc(1_000_000, 0x20);
  const more = (): void => {
    while (!response.destroyed) if (!response.write(piece)) return void response.once('drain', more);
  };
  response.writeHead(200, json);
  more();
}

export const failures: readonly Failure[] = [
  {
    name: 'DSTU2',
    listener: always(200, JSON.stringify({ resourceType: 'Conformance', fhirVersion: '1.0.2' })),
    sentence: /speaks FHIR DSTU2 \(1\.0\.2\), and whycard reads R4/,
  },
  { name: 'STU3', listener: always(200, JSON.stringify(statement({ fhirVersion: '3.0.1' }))), sentence: /speaks FHIR STU3 \(3\.0\.1\)/ },
  { name: 'R4B', listener: always(200, JSON.stringify(statement({ fhirVersion: '4.3.0' }))), sentence: /speaks FHIR R4B \(4\.3\.0\)/ },
  { name: 'R5', listener: always(200, JSON.stringify(statement({ fhirVersion: '5.0.0' }))), sentence: /speaks FHIR R5 \(5\.0\.0\)/ },
  {
    name: 'a version nobody knows',
    listener: always(200, JSON.stringify(statement({ fhirVersion: '\u001b[31m9' }))),
    sentence: /speaks FHIR version " \[31m9"/,
  },
  {
    name: 'no version',
    listener: always(200, JSON.stringify({ resourceType: 'CapabilityStatement' })),
    sentence: /does not say which version of FHIR/,
  },
  {
    name: 'a page',
    listener: always(200, '<!DOCTYPE html><p>Welcome', { 'content-type': 'text/html' }),
    sentence: /answered with an HTML page instead of JSON/,
  },
  { name: 'XML', listener: always(200, '<CapabilityStatement xmlns="http://hl7.org/fhir"/>', json), sentence: /answered with XML instead of JSON/ },
  { name: 'half an answer', listener: always(200, '{"resourceType":"CapabilityStat'), sentence: /answered with broken JSON/ },
  { name: 'nothing', listener: always(200, ''), sentence: /answered with nothing/ },
  { name: 'no object', listener: always(200, '[1,2]'), sentence: /JSON that is no FHIR resource instead of a CapabilityStatement/ },
  { name: 'null', listener: always(200, 'null'), sentence: /JSON that is no FHIR resource/ },
  {
    name: 'another resource',
    listener: always(200, '{"resourceType":"Patient"}'),
    sentence: /a resource of type Patient instead of a CapabilityStatement/,
  },
  {
    name: 'an OperationOutcome',
    listener: always(200, outcome('Under maintenance')),
    sentence: /answered with an OperationOutcome: "Under maintenance"/,
  },
  {
    name: '401',
    listener: always(401, outcome('Sign in first')),
    sentence: /answered 401: "Sign in first" \(it wants a token even for this; see --token\)/,
  },
  { name: '403 with a page', listener: always(403, '<html>no</html>', {}), sentence: /answered 403 \(it wants a token/ },
  { name: '404', listener: always(404, 'not here', {}), sentence: /answered 404\. Is this the FHIR base\?/ },
  { name: '500', listener: always(500, outcome('x'.repeat(5_000))), sentence: /answered 500: "x{160}…"\.$/ },
  {
    name: 'a redirect',
    listener: always(302, '', { location: 'https://elsewhere.example/fhir/metadata' }),
    sentence: /answered 302 and points to https:\/\/elsewhere\.example\/fhir\/metadata, which is not followed/,
  },
  { name: 'more than anybody wants', listener: (_request, response) => pour(response), sentence: /sent more than 20 MB, which is more than is read/ },
  { name: 'silence', listener: () => {}, timeoutMs: 100, sentence: /did not answer within 0\.1 s/ },
  {
    name: 'a beginning and then silence',
    listener: (_request, response) => void response.writeHead(200, json).write('{'),
    timeoutMs: 100,
    sentence: /did not answer within 0\.1 s/,
  },
  { name: 'a connection that is closed', listener: (request) => request.socket.destroy(), sentence: /closed the connection before/ },
  {
    name: 'a connection that is closed half-way',
    listener: (request, response) => {
      response.writeHead(200, { ...json, 'content-length': '1000' }).write('{', () => request.socket.destroy());
    },
    sentence: /closed the connection before/,
  },
  { name: 'what is not HTTP', listener: (request) => void request.socket.end('SSH-2.0-nothing\r\n'), sentence: /did not answer in proper HTTP/ },
  {
    name: 'what is not what it says it is packed as',
    listener: always(200, 'plain', { ...json, 'content-encoding': 'gzip' }),
    sentence: /sent an answer that cannot be unpacked/,
  },
];
