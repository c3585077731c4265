/** Reads form bodies and query strings as they were sent, duplicates included. Knows nothing of what the fields mean. */
import type express from 'express';
import { Refusal } from './refusal.js';

export function readQuery(request: express.Request): URLSearchParams {
  const start = request.originalUrl.indexOf('?');
  return new URLSearchParams(start === -1 ? '' : request.originalUrl.slice(start + 1));
}

/** The body must have been read by `express.text`; an empty one is an empty form, another media type is refused. */
export function readForm(request: express.Request): URLSearchParams {
  const body: unknown = request.body;
  if (typeof body === 'string') return new URLSearchParams(body);
  if (request.is('application/x-www-form-urlencoded') === false) throw new Refusal(415, 'not-supported', 'This address takes a form.');
  return new URLSearchParams();
}
