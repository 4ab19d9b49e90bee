/** What tokens and keys of known makers begin with. */
const marked =
  /-----BEGIN |\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bgh[opsur]_[A-Za-z0-9]{20}|\bgithub_pat_|\bgl[a-z]{2,5}-[\w-]{16}|\bxox[a-z]-|\bxapp-|\bhv[sbr]\.[\w-]{16}|\beyJ[\w-]{8,}\.|AGE-SECRET-KEY-1|\bsk_live_|\bdop_v1_|\bnpm_[A-Za-z0-9]{30}/;
/** `https://user:word@host`. */
const inAddress = /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:[^\s/@]+@/i;
/** `password: Hunter22!`; a place has a slash, is several words, or is a name in lower case. */
const spoken = /(?:passw(?:or)?d|passphrase|pwd|pin|secret|token|key|credential)s?\s*(?:[:=]|\bis\b)\s*(\S+)$/i;
const lowerName = /^[a-z]+(?:[-.][a-z0-9]+)*$/;
const longestName = 24;

/**
 * Whether a line that should say where a credential is holds the credential itself. By shape alone: a plain word used
 * as a password is not seen.
 */
export function looksLikeSecret(line: string): boolean {
  if (marked.test(line) || inAddress.test(line)) return true;
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
