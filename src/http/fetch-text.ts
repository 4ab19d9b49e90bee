const withinMs = 5_000;
const bytesAtMost = 64 * 1024;
const keptForMs = 24 * 3_600_000;
const keptAtMost = 64;
const kept = new Map<string, { text: string; until: number }>();

/**
 * The text at an https address whose host the caller has checked; kept for a day. No redirect is followed. @throws when
 * it cannot be had within 5 s, or is over 64 KiB.
 */
export async function fetchText(url: string): Promise<string> {
  const known = kept.get(url);
  if (known && known.until > Date.now()) return known.text;
  const { protocol } = new URL(url);
  if (protocol !== 'https:') throw new Error(`${protocol} is not https.`);
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(withinMs) });
  if (!response.ok) throw new Error(`${new URL(url).host} answered ${response.status}.`);
  const bytes: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > bytesAtMost) throw new Error(`${new URL(url).host} answered more than ${bytesAtMost} bytes.`);
    bytes.push(chunk);
  }
  const text = Buffer.concat(bytes).toString('utf8');
  if (kept.size >= keptAtMost) kept.clear();
  kept.set(url, { text, until: Date.now() + keptForMs });
  return text;
}
