/** Reads a JSON body within limits. Knows nothing of what it means. */
import express, { type RequestHandler } from 'express';
import { ServiceError } from '../errors.js';

/** FHIR nests to about a dozen; more than this is an attack on whoever walks the value. */
const maxDepth = 64;

/** `maxBytes` counts after decompression, so a compressed bomb stops there. */
export function createJsonBody(maxBytes: number): readonly RequestHandler[] {
  return [
    function requireJson(request, _response, next) {
      const type = request.headers['content-type'] ?? '';
      if (!/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(type)) throw new ServiceError('media-type-unsupported');
      next();
    },
    express.text({ type: () => true, limit: maxBytes, defaultCharset: 'utf-8' }),
    function parseJson(request, _response, next) {
      const text: unknown = request.body;
      if (typeof text !== 'string' || text.trim() === '') throw new ServiceError('request-malformed');
      if (isDeeperThan(text, maxDepth)) throw new ServiceError('request-too-large');
      try {
        // A key `__proto__` in JSON makes an own property, and spreading it would not; dropping it ends the question. It may be written with escapes.
        request.body = /__proto__|\\u00/.test(text) ? JSON.parse(text, (key, value) => (key === '__proto__' ? undefined : value)) : JSON.parse(text);
      } catch {
        // The parser's message quotes the body.
        throw new ServiceError('request-malformed');
      }
      next();
    },
  ];
}

/** Counts brackets outside strings: one pass, no recursion, before anything is parsed. */
export function isDeeperThan(text: string, limit: number): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 34) {
      at = endOfString(text, at);
    } else if (code === 123 || code === 91) {
      depth += 1;
      if (depth > limit) return true;
    } else if (code === 125 || code === 93) {
      depth -= 1;
    }
  }
  return false;
}

/** Index of the quote that closes the string opened at `start`; the text's end when none does. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === 92) slashes += 1;
    if (slashes % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
  return text.length;
}
