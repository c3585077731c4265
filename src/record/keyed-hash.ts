/** Turns an identifier into a keyed hash that cannot be turned back or compared across purposes. Knows nothing of what it hashes. */
import { createHmac } from 'node:crypto';

export type HashPurpose = 'patient' | 'hook-instance' | 'token';
export type KeyedHash = (purpose: HashPurpose, ...parts: readonly string[]) => string;

/** A plain hash of a record number is found by trying all numbers; HMAC-SHA256 needs the site's secret. The purpose separates the domains. */
export function createKeyedHash(secret: Uint8Array): KeyedHash {
  // JSON keeps the parts apart: ('ab', 'c') and ('a', 'bc') are not the same.
  return (purpose, ...parts) =>
    createHmac('sha256', secret)
      .update(JSON.stringify(['whycard', purpose, ...parts]))
      .digest('hex');
}
