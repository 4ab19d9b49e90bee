import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { type Bot, openBot } from '../../src/bot.js';
import { readConfig } from '../../src/config/read.js';
import { createLog } from '../../src/http/log.js';
import { type Program, program, run } from '../fakes/program.js';
import { until } from '../faults/process.js';

const api = 'the-api-token-of-this-test';
const alerts = 'the-alerts-token-of-this-test';
const nginx = program('nginx', { from: 'nginx', variable: 'NGINX' });
const caddy = program('caddy', { from: 'caddy', variable: 'CADDY' });
const name = 'muster.example.com';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });

function folderFor(of: string): string {
  const folder = mkdtempSync(join(tmpdir(), `muster-${of}-`));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Every piece must be there once: an example that changed is noticed. */
const replaced = (text: string, by: [string, string][]): string =>
  by.reduce((whole, [from, to]) => {
    if (whole.split(from).length !== 2) throw new Error(`The example does not have ${from} exactly once.`);
    return whole.replace(from, to);
  }, text);

/** Our own examples, with other ports and a certificate of their own. */
const proxies: { of: Program; called: string; start(port: number, upstream: number): Promise<void> }[] = [
  {
    of: nginx,
    called: 'nginx',
    async start(port, upstream) {
      const folder = folderFor('nginx');
      execFileSync(
        'openssl',
        [
          ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', `/CN=${name}`],
          ...['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')],
        ],
        { stdio: 'ignore' },
      );
      const site = replaced(readFileSync('examples/nginx/muster.conf', 'utf8'), [
        ['listen 443 ssl', `listen 127.0.0.1:${port} ssl`],
        ['listen 80;', `listen 127.0.0.1:${await freePort()};`],
        ['/etc/letsencrypt/live/muster.example.com/fullchain.pem', join(folder, 'cert.pem')],
        ['/etc/letsencrypt/live/muster.example.com/privkey.pem', join(folder, 'key.pem')],
        ['proxy_pass http://127.0.0.1:7370', `proxy_pass http://127.0.0.1:${upstream}`],
      ]);
      const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
        (each) => `${each}_temp_path ${join(folder, each)};`,
      );
      writeFileSync(
        join(folder, 'nginx.conf'),
        `daemon off; master_process off; pid ${join(folder, 'pid')}; error_log ${join(folder, 'error.log')};
         events {} http { access_log off; ${temp.join(' ')} ${site} }`,
      );
      const { code, said } = await run(nginx, ['-t', '-p', folder, '-c', join(folder, 'nginx.conf')]);
      expect(code, said).toBe(0);
      keep(nginx, ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')]);
    },
  },
  {
    of: caddy,
    called: 'Caddy',
    async start(port, upstream) {
      const folder = folderFor('caddy');
      const site = replaced(readFileSync('examples/caddy/Caddyfile', 'utf8'), [
        ['muster.example.com {', `https://${name}:${port} {\n\tbind 127.0.0.1\n\ttls internal`],
        ['reverse_proxy 127.0.0.1:7370', `reverse_proxy 127.0.0.1:${upstream}`],
      ]);
      const globals = '{\n\tadmin off\n\tauto_https disable_redirects\n\tskip_install_trust\n}\n';
      writeFileSync(join(folder, 'Caddyfile'), `${globals}${site}`);
      mkdirSync(join(folder, 'home'));
      keep(caddy, ['run', '--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile'], {
        HOME: join(folder, 'home'),
        XDG_DATA_HOME: folder,
        XDG_CONFIG_HOME: folder,
      });
    },
  },
];

function keep({ path }: Program, args: string[], env: Record<string, string> = {}): void {
  const child = spawn(path as string, args, { stdio: 'ignore', env: { ...process.env, ...env } });
  const dead = once(child, 'exit');
  ends.push(async () => {
    child.kill('SIGKILL');
    await dead;
  });
}

interface Answer {
  status: number;
  headers: Record<string, unknown>;
  text: string;
}

/** Over TLS to the proxy, by its public name, from another address of this machine. */
function ask(
  port: number,
  path: string,
  { body, ...more }: RequestOptions & { body?: string } = {},
  onText?: (text: string) => void,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      {
        host: '127.0.0.1',
        port,
        path,
        localAddress: '127.0.0.2',
        servername: name,
        rejectUnauthorized: false,
        ...more,
        headers: { host: name, ...(more.headers as object) },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
          onText?.(text);
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
        response.on('error', reject);
      },
    );
    request.on('error', reject);
    ends.push(() => request.destroy());
    request.end(body);
  });
}

async function started(): Promise<{ bot: Bot; upstream: number; lines: string[] }> {
  const folder = folderFor('proxied');
  const env = {
    MUSTER_DATA: folder,
    MUSTER_PORT: '0',
    MUSTER_PUBLIC_URL: `https://${name}`,
    MUSTER_API_TOKEN: api,
    MUSTER_ALERTS_TOKEN: alerts,
  };
  const config = readConfig(env, folder);
  if (Array.isArray(config)) throw new Error(JSON.stringify(config));
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const bot = await openBot(config, { log: createLog('debug', stream) });
  ends.push(() => bot.close());
  return { bot, upstream: (bot.app.server.address() as { port: number }).port, lines };
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}`, 'content-type': 'application/json' });

describe.each(proxies)('Muster behind $called', ({ of, start, called }) => {
  it.skipIf(of.missing !== null)(
    `answers through ${called} as the example has it: stream, size, caller${of.missing ? ` (${of.missing})` : ''}`,
    async () => {
      const { upstream, lines } = await started();
      const port = await freePort();
      await start(port, upstream);
      await until(
        `${called} answers`,
        async () => (await ask(port, '/healthz').catch(() => null))?.status === 200,
        20_000,
      );

      const page = await ask(port, '/', { headers: { accept: 'text/html' } });
      expect([page.status, String(page.headers.location)]).toEqual([303, expect.stringMatching(/^\/sign-in/)]);
      expect(page.headers['strict-transport-security']).toMatch(/max-age/);

      const stranger = await ask(port, '/api/commands', {
        method: 'POST',
        headers: { ...bearer(api), origin: 'https://evil.example' },
        body: '{"text":"/incident list"}',
      });
      expect(stranger.status).toBe(403);
      const own = await ask(port, '/api/commands', {
        method: 'POST',
        headers: { ...bearer(api), origin: `https://${name}` },
        body: '{"text":"/incident list","user":"ada"}',
      });
      expect(own.status).toBe(200);

      let heard = '';
      void ask(
        port,
        '/chat/web/stream?channel=&after=0',
        { headers: { ...bearer(api), accept: 'text/event-stream' } },
        (text) => {
          heard = text;
        },
      ).catch(() => undefined);
      await until('the stream has begun', () => heard.includes('retry:'));
      const before = heard.length;
      const taken = await ask(port, '/alerts/generic', {
        method: 'POST',
        headers: bearer(alerts),
        body: '{"title":"Pushes fail","service":"registry","severity":"critical"}',
      });
      expect(taken.status).toBe(202);
      await until('the stream tells of it', () => heard.length > before && heard.includes('event: '), 5_000);

      const large = await ask(port, '/alerts/generic', {
        method: 'POST',
        headers: bearer(alerts),
        body: JSON.stringify({ title: 'x'.repeat(2_000_000) }),
      });
      expect([large.status, JSON.parse(large.text)]).toEqual([
        413,
        { error: expect.any(String), hint: expect.any(String) },
      ]);
      expect((await ask(port, '/metrics', { headers: bearer(alerts) })).status).toBe(404);

      await ask(port, '/alerts/generic', {
        method: 'POST',
        headers: { ...bearer('wrong'), 'x-forwarded-for': '203.0.113.7' },
        body: '{}',
      });
      await until('the log has it', () => lines.some((line) => line.includes('"status":401')));
      const line = lines.find((each) => each.includes('"status":401')) ?? '';
      expect(JSON.parse(line).req.from).toBe('127.0.0.2');
    },
    60_000,
  );
});

it('takes nobody’s word on who calls who is not a proxy it was told of', async () => {
  const { bot, lines } = await started();
  const { port } = bot.app.server.address() as { port: number };
  await new Promise<void>((resolve) =>
    httpRequest(
      { port, host: '127.0.0.1', path: '/nothing', headers: { 'x-forwarded-for': '198.51.100.1, 203.0.113.7' } },
      (response) => {
        response.resume().on('end', () => resolve());
      },
    ).end(),
  );
  await until('the log has it', () => lines.some((line) => line.includes('/nothing')));
  // From loopback it is taken; of what was said only the last, which the nearest proxy wrote.
  expect(lines.find((line) => line.includes('/nothing'))).toContain('"from":"203.0.113.7"');
});

it('is told of proxies elsewhere by address or network, and of nothing else', () => {
  const folder = folderFor('addresses');
  const env = { MUSTER_CONFIG: join(folder, 'muster.yaml') };
  const read = (list: string) => {
    writeFileSync(env.MUSTER_CONFIG, `open-on-loopback: true\ntrusted-proxies: [${list}]\n`);
    return readConfig(env, folder);
  };
  expect(read('10.0.0.5, 172.16.0.0/12, "fd00::/8"')).toMatchObject({
    trustedProxies: ['10.0.0.5', '172.16.0.0/12', 'fd00::/8'],
  });
  expect(read('proxy.local, 10.0.0.0/99, 10.0.0.0/8/8')).toMatchObject(
    ['proxy.local', '10.0.0.0/99', '10.0.0.0/8/8'].map((each) => ({
      what: expect.stringContaining(`"${each}" is not an address`),
    })),
  );
});
