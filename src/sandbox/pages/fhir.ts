/** Reads and writes one patient's chart over FHIR with the session's token. Knows nothing of what the resources mean. */
import { isRecord, textAt, valuesAt } from '../json-value.js';
import { CallError, callJson } from './call.js';
import { fhirResource, type Resource, type Session } from './wire.js';

export interface Fhir {
  session(): Promise<Session>;
  /** A relative read or search, as JSON. */
  get(path: string): Promise<unknown>;
  search(path: string): Promise<readonly Resource[]>;
  create(resource: Resource): Promise<Resource>;
  update(resource: Resource): Promise<Resource>;
  remove(type: string, id: string): Promise<void>;
}

/** A chart of the sandbox has two pages at most; a server that links in a circle must not hang the page. */
const maxPages = 20;

export function createFhir(openSession: () => Promise<Session>): Fhir {
  let current: Promise<Session> | undefined;

  function session(): Promise<Session> {
    current ??= openSession().catch((error: unknown) => {
      current = undefined;
      throw error;
    });
    return current;
  }

  async function call(path: string, init: RequestInit = {}): Promise<unknown> {
    try {
      return await callOnce(path, init);
    } catch (error) {
      if (!(error instanceof CallError) || error.status !== 401) throw error;
      // The token ran out, or the EHR was restarted and forgot it.
      current = undefined;
      return callOnce(path, init);
    }
  }

  async function callOnce(path: string, init: RequestInit): Promise<unknown> {
    const { accessToken, fhirBase } = await session();
    const headers = { Authorization: `Bearer ${accessToken}`, Accept: 'application/fhir+json', 'Content-Type': 'application/fhir+json' };
    return callJson(`${ownPath(fhirBase)}/${path}`, { ...init, headers });
  }

  async function search(path: string): Promise<readonly Resource[]> {
    const { fhirBase } = await session();
    const found: Resource[] = [];
    let next: string | undefined = path;
    for (let page = 0; next !== undefined && page < maxPages; page += 1) {
      const bundle = await call(next);
      found.push(...valuesAt(bundle, 'entry.resource').flatMap((resource) => (isRecord(resource) ? [fhirResource.parse(resource)] : [])));
      const link = valuesAt(bundle, 'link').find((one) => textAt(one, 'relation') === 'next');
      const url = textAt(link, 'url');
      next = url?.startsWith(`${fhirBase}/`) ? url.slice(fhirBase.length + 1) : undefined;
    }
    return found;
  }

  return {
    session,
    get: (path) => call(path),
    search,
    create: async (resource) => fhirResource.parse(await call(resource.resourceType, { method: 'POST', body: JSON.stringify(resource) })),
    update: async (resource) =>
      fhirResource.parse(
        await call(`${resource.resourceType}/${encodeURIComponent(resource.id ?? '')}`, { method: 'PUT', body: JSON.stringify(resource) }),
      ),
    async remove(type, id) {
      await call(`${encodeURIComponent(type)}/${encodeURIComponent(id)}`, { method: 'DELETE' });
    },
  };
}

/** The pages may have been opened as `localhost`, while the EHR calls itself `127.0.0.1`: the path is the same. */
function ownPath(url: string): string {
  return new URL(url).pathname.replace(/\/+$/, '');
}
