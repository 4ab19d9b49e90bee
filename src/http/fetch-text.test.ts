import { afterEach, describe, expect, it, vi } from 'vitest';
import { fetchText } from './fetch-text.js';

afterEach(() => vi.unstubAllGlobals());

/** The network, answering what it is told. */
function answering(answer: () => Promise<Response> | Response) {
  const asked: [string, RequestInit][] = [];
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    asked.push([url, init]);
    return answer();
  });
  return asked;
}
let count = 0;
const fresh = (): string => `https://certificates.example/${++count}.pem`;

describe('text from elsewhere', () => {
  it('is asked for once, over https, and no redirect is followed', async () => {
    const asked = answering(() => new Response('a certificate'));
    const url = fresh();
    expect(await Promise.all([fetchText(url), fetchText(url)])).toEqual(['a certificate', 'a certificate']);
    expect(await fetchText(url)).toBe('a certificate');
    expect(asked.map(([to, { redirect }]) => [to, redirect])).toEqual([[url, 'error']]);
    await expect(fetchText('http://certificates.example/')).rejects.toThrow('not https');
    await expect(fetchText('file:///etc/passwd')).rejects.toThrow('not https');
    expect(asked).toHaveLength(1);
  });

  it('is not kept where it failed, or was too much', async () => {
    const url = fresh();
    answering(() => new Response('no', { status: 404 }));
    await expect(fetchText(url)).rejects.toThrow('answered 404');
    answering(() => new Response('x'.repeat(64 * 1024 + 1)));
    await expect(fetchText(url)).rejects.toThrow('more than');
    answering(() => new Response('now'));
    expect(await fetchText(url)).toBe('now');
  });

  it('is not asked for at many addresses at once', async () => {
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const asked = answering(() => held.then(() => new Response('late')));
    const eight = Array.from({ length: 8 }, () => fetchText(fresh()));
    await expect(fetchText(fresh())).rejects.toThrow('asked already');
    release();
    expect(await Promise.all(eight)).toEqual(Array(8).fill('late'));
    expect(asked).toHaveLength(8);
    expect(await fetchText(fresh())).toBe('late');
  });
});
