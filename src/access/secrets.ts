import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const secretBytes = 32;

/** 256 bits nobody can guess, in letters that fit a cookie and an address. */
export const newSecret = (): string => randomBytes(secretBytes).toString('base64url');
const hashed = (value: string): Buffer => createHash('sha256').update(value).digest();
/** What is kept of a secret: what is found by it says nothing about it. */
export const digestOf = (secret: string): string => hashed(secret).toString('hex');
/** Compares digests, so that neither length nor content shows in the time it takes. */
export const sameSecret = (given: string, wanted: string): boolean => timingSafeEqual(hashed(given), hashed(wanted));

/** Names a token without telling it: sessions made by another one are known by it. */
export const fingerprintOf = (token: string): string =>
  `shared:${digestOf(`muster fingerprint ${token}`).slice(0, 16)}`;

const tokenStart = 'muster_';
/** A person's token: known by how it begins, so that no other secret is looked up. */
export const newToken = (): string => `${tokenStart}${newSecret()}`;
export const looksLikeToken = (given: string): boolean => given.startsWith(tokenStart) && given.length < 200;
