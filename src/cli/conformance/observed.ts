/** What was seen on the wire: the only thing that a check may look at. Knows nothing of how it was asked for. */
import { isObject, type Json } from './json.js';

export interface Answer {
  readonly kind: 'answer';
  readonly method: string;
  readonly url: string;
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** Undefined where the body is no JSON. */
  readonly json: unknown;
  readonly ms: number;
}

/** Nothing came back that could be read. */
export interface Silence {
  readonly kind: 'silence';
  readonly method: string;
  readonly url: string;
  readonly reason: string;
  readonly ms: number;
}

export type Exchange = Answer | Silence;

/** One exchange and what it was about: the name of the probe and, where it was one's turn, the service. */
export interface Sighting {
  readonly probe: string;
  readonly service: string | undefined;
  readonly exchange: Exchange;
}

export interface Observed {
  /** Without `/cds-services`. */
  readonly base: string;
  readonly discovery: Exchange;
  /** As discovery lists them, whatever they are. */
  readonly services: readonly unknown[];
  readonly sightings: readonly Sighting[];
  /** The service wants a token, or the person who runs this says that it must. */
  readonly isTokenWanted: boolean;
  /** Tokens of ours can be right: a trusted key was given. */
  readonly isKeyTrusted: boolean;
  /** Strings that we sent as secrets and that nothing may repeat. */
  readonly secrets: readonly string[];
}

/** Calls that a service must be able to answer: well formed, each with its whole prefetch. */
export const wellFormed: readonly string[] = ['call', 'call-again', 'call-extension', 'call-unknown-fields', 'call-charset', 'call-marked-up'];

export function sightingsOf(seen: Observed, ...probes: readonly string[]): readonly Sighting[] {
  return seen.sightings.filter(({ probe }) => probes.includes(probe));
}

export function statusOf(exchange: Exchange): number {
  return exchange.kind === 'answer' ? exchange.status : 0;
}

export function isSuccess(exchange: Exchange): boolean {
  return statusOf(exchange) >= 200 && statusOf(exchange) < 300;
}

/** No token, or none that the service takes: what it would have said to the request itself stays unknown. */
export function isLockedOut(exchange: Exchange): boolean {
  return statusOf(exchange) === 401 || statusOf(exchange) === 403;
}

/** Not the answer to the request but to whoever sent it, or to how often. */
export function isWithheld(exchange: Exchange): boolean {
  return isLockedOut(exchange) || statusOf(exchange) === 429;
}

export function isClientError(exchange: Exchange): boolean {
  return statusOf(exchange) >= 400 && statusOf(exchange) < 500;
}

/** Says that there is nothing at this address: a feedback endpoint may be left out. */
export function isAbsent(exchange: Exchange): boolean {
  return [404, 405, 501].includes(statusOf(exchange));
}

export function describeExchange(exchange: Exchange): string {
  if (exchange.kind === 'silence') return exchange.reason;
  const location = exchange.status >= 300 && exchange.status < 400 ? exchange.headers['location'] : undefined;
  return `answered ${exchange.status}${location === undefined ? '' : ` and points to ${location}`}`;
}

/** `application/json` and the types built on it (RFC 8259, RFC 6839). */
export function isJsonType(answer: Answer): boolean {
  return /^application\/([\w.-]+\+)?json\s*(;|$)/i.test(answer.headers['content-type'] ?? '');
}

export interface Placed<T> {
  /** `service-id: cards[0].links[1]` */
  readonly where: string;
  readonly value: T;
}

/** The bodies of well-formed calls that were answered with 200 and an object. */
export function answersOf(seen: Observed): readonly Placed<Json>[] {
  return sightingsOf(seen, ...wellFormed).flatMap(({ service, exchange }) =>
    exchange.kind === 'answer' && exchange.status === 200 && isObject(exchange.json) ? [{ where: `${service ?? ''}: `, value: exchange.json }] : [],
  );
}

export function cardsOf(seen: Observed): readonly Placed<Json>[] {
  return answersOf(seen).flatMap((answer) => childrenOf(answer, 'cards'));
}

/** The objects of a list; what is no list or no object is left to the rule about that. */
export function childrenOf({ where, value }: Placed<Json>, field: string): readonly Placed<Json>[] {
  const list = value[field];
  if (!Array.isArray(list)) return [];
  const prefix = where.endsWith(': ') ? where : `${where}.`;
  return list.flatMap((child: unknown, index) => (isObject(child) ? [{ where: `${prefix}${field}[${index}]`, value: child }] : []));
}
