/**
 * A fetch that does not reach into the network behind us: addresses are checked when the connection is made, after the name was resolved, so that a name that
 * answers differently the second time (DNS rebinding) gains nothing. Knows addresses, nothing of FHIR.
 */
import { type LookupAddress, lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { Agent, fetch as undiciFetch } from 'undici';

export type Resolve = (hostname: string, done: (error: NodeJS.ErrnoException | null, addresses: readonly LookupAddress[]) => void) => void;

export interface SafeFetchOptions {
  /** Hosts that the site has configured itself, as in `URL.hostname`: these may lie in its own network. */
  readonly privateHosts: ReadonlySet<string>;
  /** The sandbox reads the EHR on its own machine. */
  readonly mayReachLoopback: boolean;
  /** For tests: how a name becomes addresses. */
  readonly resolve?: Resolve;
}

/** Not for the public internet: IANA special-purpose registries (RFC 6890) and multicast. */
const ranges: readonly (readonly ['ipv4' | 'ipv6', string, number])[] = [
  ['ipv4', '0.0.0.0', 8],
  ['ipv4', '10.0.0.0', 8],
  ['ipv4', '100.64.0.0', 10],
  ['ipv4', '169.254.0.0', 16],
  ['ipv4', '172.16.0.0', 12],
  ['ipv4', '192.0.0.0', 24],
  ['ipv4', '192.0.2.0', 24],
  ['ipv4', '192.88.99.0', 24],
  ['ipv4', '192.168.0.0', 16],
  ['ipv4', '198.18.0.0', 15],
  ['ipv4', '198.51.100.0', 24],
  ['ipv4', '203.0.113.0', 24],
  ['ipv4', '224.0.0.0', 4],
  ['ipv4', '240.0.0.0', 4],
  ['ipv6', '::', 128],
  ['ipv6', '64:ff9b::', 96],
  ['ipv6', '64:ff9b:1::', 48],
  ['ipv6', '100::', 64],
  ['ipv6', '2001::', 23],
  ['ipv6', '2001:db8::', 32],
  ['ipv6', '2002::', 16],
  ['ipv6', 'fc00::', 7],
  ['ipv6', 'fe80::', 10],
  ['ipv6', 'fec0::', 10],
  ['ipv6', 'ff00::', 8],
];
const special = new BlockList();
for (const [family, address, prefix] of ranges) special.addSubnet(address, prefix, family);
const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** An IPv4 address that is written as IPv6 is judged as what it is: BlockList knows `::ffff:0:0/96`. */
export function kindOfAddress(address: string): 'public' | 'private' | 'loopback' {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(address) === 0) return 'private';
  if (loopback.check(address, family)) return 'loopback';
  return special.check(address, family) ? 'private' : 'public';
}

export function createSafeFetch({ privateHosts, mayReachLoopback, resolve = resolveAll }: SafeFetchOptions): typeof globalThis.fetch {
  const isAllowed = (hostname: string, address: string): boolean => {
    const kind = kindOfAddress(address);
    return kind === 'public' || privateHosts.has(hostname) || (kind === 'loopback' && mayReachLoopback);
  };
  const checkedLookup: LookupFunction = (hostname, options, done) => {
    resolve(hostname, (error, addresses) => {
      const refused = error ?? (addresses.length > 0 && addresses.every(({ address }) => isAllowed(hostname, address)) ? null : refusal());
      const [first] = addresses;
      if (refused !== null || first === undefined) done(refused ?? refusal(), []);
      else if (options.all === true) done(null, [...addresses]);
      else done(null, first.address, first.family);
    });
  };
  const dispatcher = new Agent({ connect: { lookup: checkedLookup } });
  const safeFetch = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const { hostname } = new URL(input instanceof Request ? input.url : input);
    const literal = hostname.replace(/^\[(.*)\]$/, '$1');
    // An address in the place of a name is never looked up. URL has already made `0x7f.1` and `2130706433` what they are.
    if (isIP(literal) !== 0 && !isAllowed(hostname, literal)) throw refusal();
    const response: unknown = await undiciFetch(String(input instanceof Request ? input.url : input), { ...(init as object), dispatcher });
    // Two packages declare the same web standard; this is the runtime's own Response by shape.
    return response as Response;
  };
  return safeFetch;
}

function resolveAll(hostname: string, done: Parameters<Resolve>[1]): void {
  lookup(hostname, { all: true }, done);
}

function refusal(): NodeJS.ErrnoException {
  return Object.assign(new Error('this address may not be reached'), { code: 'ADDRESS_REFUSED' });
}
