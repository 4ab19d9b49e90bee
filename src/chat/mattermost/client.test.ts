import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, expect, it, vi } from 'vitest';
import { connect, Silent } from './client.js';

afterEach(() => vi.unstubAllGlobals());

const collectGarbage = (): void => {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
};

it('keeps nothing of a request that has ended, for as long as it may still be closed', async () => {
  const closing = new AbortController();
  const signals: WeakRef<AbortSignal>[] = [];
  vi.stubGlobal('fetch', async (_: string, { signal }: { signal: AbortSignal }) => {
    signals.push(new WeakRef(signal));
    signal.addEventListener('abort', () => {});
    return Response.json({ id: 'bot' });
  });
  const client = connect({ url: 'http://127.0.0.1:1', token: 't' }, { closing: closing.signal, deadlineMs: 20 });
  for (let n = 0; n < 200; n++) await client.getMe();
  await vi.waitFor(() => {
    collectGarbage();
    expect(signals.filter((signal) => signal.deref() !== undefined).length).toBeLessThan(20);
  });
});

it('ends what is under way, and begins nothing, once it is closed', async () => {
  const closing = new AbortController();
  vi.stubGlobal('fetch', (_: string, { signal }: { signal: AbortSignal }) => {
    const { promise, reject } = withReject();
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason));
    return promise;
  });
  const client = connect({ url: 'http://127.0.0.1:1', token: 't' }, { closing: closing.signal });
  const underWay = client.getMe();
  closing.abort();
  await expect(underWay).rejects.toBeInstanceOf(Silent);
  await expect(client.getMe()).rejects.toBeInstanceOf(Silent);
});

function withReject(): { promise: Promise<never>; reject(reason: unknown): void } {
  let reject: (reason: unknown) => void = () => {};
  const promise = new Promise<never>((_, no) => {
    reject = no;
  });
  return { promise, reject };
}
