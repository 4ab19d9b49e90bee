import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freshPostgres } from './postgres.js';

/** Somebody on the server, and what they show it. */
export interface Account {
  id: string;
  username: string;
  email: string;
  token: string;
}

/** A Mattermost with a team in it; of the real server and of ours that stands in for it. */
export interface Mattermost {
  /** No trailing slash. */
  url: string;
  team: { id: string; name: string };
  admin: Account;
  /** The bot Muster is; a member of the team. */
  bot: Account;
  /** Members of the team. */
  ada: Account;
  bob: Account;
  /** Has an account, and is in no team. */
  carol: Account;
}

export interface MattermostServer extends Mattermost {
  /** As the server says it. */
  version: string;
  /** A request as somebody; anything but 2xx throws. */
  as<T = unknown>(who: Pick<Account, 'token'>, method: string, path: string, body?: unknown): Promise<T>;
  /** SIGKILL: what it has not told anybody about may be stored. */
  kill(): Promise<void>;
  /** The same port and database; what it kept in memory is gone. `settings` are added to those before. */
  restart(settings?: Record<string, string>): Promise<void>;
  stop(): Promise<void>;
}

/**
 * A real server of its own, on a database and ports of its own, for loopback only, that asks nobody outside anything.
 * The environment names its folder in MUSTER_MATTERMOST_SERVER: `bin/mattermost` is the program; `src/` beside it has
 * what the program reads when it starts: `i18n`, `templates`, `fonts`.
 */
export async function startMattermost(settings: Record<string, string> = {}): Promise<MattermostServer> {
  const home = process.env.MUSTER_MATTERMOST_SERVER;
  if (!home) throw new Error('MUSTER_MATTERMOST_SERVER does not name the folder of a Mattermost server.');
  const bin = path.join(home, 'bin', 'mattermost');
  const database = await freshPostgres();
  const folder = await mkdtemp(path.join(tmpdir(), 'muster-mattermost-'));
  for (const name of ['i18n', 'templates', 'fonts'])
    await symlink(path.join(home, 'src', name), path.join(folder, name));
  for (const name of ['client', 'config', 'data', 'logs']) await mkdir(path.join(folder, name));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = { ...settingsFor(url, port, `${database.url}?sslmode=disable`), ...settings };

  let running: Running | null = null;
  const stop = async (): Promise<void> => {
    await running?.end();
    await database.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    running = await launch(bin, folder, url, env);
    return {
      url,
      ...(await furnish(url)),
      as: (who, method, route, body) => ask(url, who.token, method, route, body),
      kill: async () => running?.end(),
      async restart(more = {}) {
        await running?.end();
        Object.assign(env, more);
        running = await launch(bin, folder, url, env);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

const settingsFor = (url: string, port: number, database: string): Record<string, string> => ({
  MM_SQLSETTINGS_DRIVERNAME: 'postgres',
  MM_SQLSETTINGS_DATASOURCE: database,
  MM_SERVICESETTINGS_SITEURL: url,
  MM_SERVICESETTINGS_LISTENADDRESS: `127.0.0.1:${port}`,
  MM_SERVICESETTINGS_ENABLEBOTACCOUNTCREATION: 'true',
  MM_SERVICESETTINGS_ENABLEUSERACCESSTOKENS: 'true',
  MM_SERVICESETTINGS_ENABLEPOSTUSERNAMEOVERRIDE: 'true',
  MM_SERVICESETTINGS_ENABLEPOSTICONOVERRIDE: 'true',
  MM_SERVICESETTINGS_ENABLECOMMANDS: 'true',
  MM_SERVICESETTINGS_ALLOWEDUNTRUSTEDINTERNALCONNECTIONS: '127.0.0.1 localhost',
  MM_SERVICESETTINGS_ENABLESECURITYFIXALERT: 'false',
  MM_SERVICESETTINGS_ENABLELOCALMODE: 'false',
  MM_SERVICESETTINGS_ENABLELINKPREVIEWS: 'false',
  MM_SERVICESETTINGS_ENABLETUTORIAL: 'false',
  MM_TEAMSETTINGS_ENABLEOPENSERVER: 'false',
  MM_TEAMSETTINGS_MAXUSERSPERTEAM: '1000',
  MM_TEAMSETTINGS_MAXCHANNELSPERTEAM: '100000',
  MM_RATELIMITSETTINGS_ENABLE: 'false',
  MM_PLUGINSETTINGS_ENABLE: 'false',
  MM_EMAILSETTINGS_SENDEMAILNOTIFICATIONS: 'false',
  MM_EMAILSETTINGS_SENDPUSHNOTIFICATIONS: 'false',
  MM_EMAILSETTINGS_ENABLEPREVIEWMODEBANNER: 'false',
  MM_LOGSETTINGS_ENABLEDIAGNOSTICS: 'false',
  MM_LOGSETTINGS_ENABLEFILE: 'false',
  MM_LOGSETTINGS_CONSOLELEVEL: 'ERROR',
  MM_ANNOUNCEMENTSETTINGS_ADMINNOTICESENABLED: 'false',
  MM_ANNOUNCEMENTSETTINGS_USERNOTICESENABLED: 'false',
});

interface Running {
  /** Resolves when nothing of it is left. */
  end(): Promise<void>;
}

async function launch(bin: string, folder: string, url: string, env: Record<string, string>): Promise<Running> {
  // The shell outlives us by a moment: its stdin closes when this process is gone, even after SIGKILL.
  const script = `"$@" >>log 2>&1 & server=$!; cat >/dev/null; kill -KILL $server; wait $server`;
  const child = spawn('sh', ['-c', script, 'sh', bin, 'server'], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', HOME: folder, TZ: 'UTC', ...env },
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const end = async (): Promise<void> => {
    child.stdin.end();
    await gone;
  };
  const givenUpAt = Date.now() + 60_000;
  for (;;) {
    const ready = await fetch(`${url}/api/v4/system/ping`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) break;
    if (Date.now() > givenUpAt) {
      await end();
      throw new Error(
        `The Mattermost server did not start: ${(await readFile(path.join(folder, 'log'), 'utf8')).slice(-2000)}`,
      );
    }
    await sleep(100);
  }
  child.unref();
  (child.stdin as unknown as { unref(): void }).unref();
  return { end };
}

async function ask<T>(url: string, token: string | null, method: string, route: string, body?: unknown): Promise<T> {
  const response = await fetch(`${url}/api/v4${route}`, {
    method,
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${route} was answered ${response.status}: ${text}`);
  return JSON.parse(text) as T;
}

const password = 'Right-horse-4';

/** A system admin, a team, people and a bot. */
async function furnish(url: string): Promise<Omit<Mattermost, 'url'> & { version: string }> {
  const person = async (username: string, by: string | null): Promise<Account> => {
    const email = `${username}@example.com`;
    const { id } = await ask<{ id: string }>(url, by, 'POST', '/users', { username, email, password });
    const response = await fetch(`${url}/api/v4/users/login`, {
      method: 'POST',
      body: JSON.stringify({ login_id: username, password }),
    });
    const token = response.headers.get('token');
    if (token === null) throw new Error(`${username} cannot sign in: ${response.status}`);
    return { id, username, email, token };
  };
  // The first becomes the system admin.
  const admin = await person('root-admin', null);
  const [ada, bob, carol] = await Promise.all([
    person('ada', admin.token),
    person('bob', admin.token),
    person('carol', admin.token),
  ]);
  const as = <T>(method: string, route: string, body?: unknown) => ask<T>(url, admin.token, method, route, body);
  const made = await as<{ id: string; name: string }>('POST', '/teams', {
    name: 'ops',
    display_name: 'Operations',
    type: 'O',
  });
  const { user_id } = await as<{ user_id: string }>('POST', '/bots', { username: 'muster', display_name: 'Muster' });
  const { token } = await as<{ token: string }>('POST', `/users/${user_id}/tokens`, { description: 'tests' });
  for (const id of [ada.id, bob.id, user_id])
    await as('POST', `/teams/${made.id}/members`, { team_id: made.id, user_id: id });
  const config = await as<{ Version: string }>('GET', '/config/client?format=old');
  return {
    version: config.Version,
    team: { id: made.id, name: made.name },
    admin,
    ada,
    bob,
    carol,
    bot: { id: user_id, username: 'muster', email: 'muster@localhost', token },
  };
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
