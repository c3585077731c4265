/** FHIR servers in this process, on ports of their own, that say what a test wants them to say. */
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { Json } from './statements.js';

export interface FakeServer {
  readonly base: string;
  readonly asked: readonly IncomingMessage[];
  close(): Promise<void>;
}

export async function openServer(listener: RequestListener): Promise<FakeServer> {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    base: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/fhir`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export interface Documents {
  readonly metadata: Json;
  /** Absent: 404. */
  readonly smart?: Json;
  readonly headers?: Readonly<Record<string, string>>;
}

export const anyOrigin = { 'access-control-allow-origin': '*' } as const;

export function openFhirServer({ metadata, smart, headers = anyOrigin }: Documents): Promise<FakeServer> {
  const documents: Readonly<Record<string, Json | undefined>> = { '/fhir/metadata': metadata, '/fhir/.well-known/smart-configuration': smart };
  return openServer((request, response) => {
    const document = documents[request.url ?? ''];
    if (document === undefined) response.writeHead(404).end();
    else answer(response, 200, JSON.stringify(document), { 'content-type': 'application/json', ...headers });
  });
}

export function answer(response: ServerResponse, status: number, body: string, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, headers).end(body);
}
