import { findSecrets } from '../secrets/find.js';

/** `password: Hunter22!`; a place has a slash, is several words, or is a name in lower case. */
const spoken = /(?:passw(?:or)?d|passphrase|pwd|pin|secret|token|key|credential)s?\s*(?:[:=]|\bis\b)\s*(\S+)$/i;
const lowerName = /^[a-z]+(?:[-.][a-z0-9]+)*$/;
const longestName = 24;

/**
 * Whether a line that should say where a credential is holds the credential itself. By shape alone: a plain word used
 * as a password is not seen.
 */
export function looksLikeSecret(line: string): boolean {
  if (findSecrets(line).length > 0 || line.includes('-----BEGIN ')) return true;
  const said = spoken.exec(line.trim())?.[1];
  if (said !== undefined && said.length >= 8 && !said.includes('/') && !lowerName.test(said) && /\d/.test(said))
    return true;
  return line.split(/[\s/"'`,;:=()]+/).some(isRandom);
}

/** A long run of letters and digits, in both cases or hexadecimal. */
const isRandom = (word: string): boolean =>
  /^[A-Za-z0-9+_-]+$/.test(word) &&
  ((word.length >= longestName && /[a-z]/.test(word) && /[A-Z]/.test(word) && (word.match(/\d/g) ?? []).length > 1) ||
    /^(?=.*\d)(?=.*[a-f])[0-9a-f]{32,}$/i.test(word));
