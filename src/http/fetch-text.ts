const withinMs = 5_000;
const bytesAtMost = 64 * 1024;
const keptForMs = 24 * 3_600_000;
const keptAtMost = 64;
/** Whoever asks for more at once wants something else than a certificate. */
const underwayAtMost = 8;
const kept = new Map<string, { text: string; until: number }>();
const underway = new Map<string, Promise<string>>();

/**
 * The text at an https address whose host the caller has checked; kept for a day. No redirect is followed, and one
 * address is asked once at a time. @throws when it cannot be had within 5 s, is over 64 KiB, or too many are asked for.
 */
export async function fetchText(url: string): Promise<string> {
  const known = kept.get(url);
  if (known && known.until > Date.now()) return known.text;
  const { protocol, host } = new URL(url);
  if (protocol !== 'https:') throw new Error(`${protocol} is not https.`);
  const asked = underway.get(url);
  if (asked) return asked;
  if (underway.size >= underwayAtMost) throw new Error(`${underway.size} addresses are asked already, ${host} is not.`);
  const asking = ask(url, host).finally(() => underway.delete(url));
  underway.set(url, asking);
  return asking;
}

async function ask(url: string, host: string): Promise<string> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(withinMs) });
  if (!response.ok) throw new Error(`${host} answered ${response.status}.`);
  const bytes: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > bytesAtMost) throw new Error(`${host} answered more than ${bytesAtMost} bytes.`);
    bytes.push(chunk);
  }
  const text = Buffer.concat(bytes).toString('utf8');
  if (kept.size >= keptAtMost) kept.clear();
  kept.set(url, { text, until: Date.now() + keptForMs });
  return text;
}
