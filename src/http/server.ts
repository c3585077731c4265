/** Listens. Knows addresses and time limits of sockets, nothing of routes. */
import { createServer, type RequestListener } from 'node:http';
import { StartError } from '../errors.js';

export interface Listening {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** @throws StartError when the port is taken or may not be used */
export async function listen(handler: RequestListener, { host, port }: { readonly host: string; readonly port: number }): Promise<Listening> {
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 65_000, maxHeaderSize: 32_768 }, handler);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(new StartError(explain(cause, host, port), { cause })));
    server.listen(port, host, resolve);
  });
  const address = server.address();
  const actual = typeof address === 'object' && address !== null ? address.port : port;
  return {
    port: actual,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        // Calls under way have a deadline of half a second; a socket that is still open after this holds nothing.
        setTimeout(() => server.closeAllConnections(), 1_000).unref();
      }),
  };
}

function explain(cause: NodeJS.ErrnoException, host: string, port: number): string {
  if (cause.code === 'EADDRINUSE') return `port ${port} is taken; stop what uses it, or set PORT to another (0 takes any free one)`;
  if (cause.code === 'EACCES') return `port ${port} may not be used by this user; set PORT to one above 1023`;
  if (cause.code === 'EADDRNOTAVAIL' || cause.code === 'ENOTFOUND') return `HOST ${host} is no address of this machine`;
  return `cannot listen on ${host}:${port} (${cause.code ?? 'unknown'})`;
}

/** Takes connections before the service is there; until then it says so. */
export function createFront(): { readonly handle: RequestListener; serve(handler: RequestListener): void } {
  let current: RequestListener | undefined;
  return {
    handle(request, response) {
      if (current === undefined) response.writeHead(503, { 'Retry-After': '1' }).end();
      else current(request, response);
    },
    serve(handler) {
      current = handler;
    },
  };
}
