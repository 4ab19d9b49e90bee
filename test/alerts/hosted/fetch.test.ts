import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { fetchText } from '../../../src/http/fetch-text.js';
import { selfMade } from './certificate.js';

const asked: string[] = [];
let server: Server;
let url: string;

beforeAll(async () => {
  // Nobody vouches for the server of a test.
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  const { pem, key } = selfMade(Date.now() - 3_600_000, Date.now() + 3_600_000);
  server = createServer({ cert: pem, key: key.export({ type: 'pkcs8', format: 'pem' }) }, (request, reply) => {
    asked.push(request.url ?? '');
    if (request.url === '/moved') reply.writeHead(302, { location: '/secret' }).end();
    else if (request.url === '/long') reply.end('x'.repeat(70_000));
    else if (request.url === '/gone') reply.writeHead(410).end();
    else reply.end(`text ${asked.length}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
});

test('a text is fetched once and kept; nobody is followed elsewhere, and nothing too long, refused or unsealed is taken', async () => {
  expect(await fetchText(`${url}/cert`)).toBe('text 1');
  expect(await fetchText(`${url}/cert`)).toBe('text 1');
  await expect(fetchText(`${url}/moved`)).rejects.toThrow();
  await expect(fetchText(`${url}/long`)).rejects.toThrow(/more than/);
  await expect(fetchText(`${url}/gone`)).rejects.toThrow(/410/);
  await expect(fetchText(url.replace('https', 'http'))).rejects.toThrow(/not https/);
  expect(asked).toEqual(['/cert', '/moved', '/long', '/gone']);
});
