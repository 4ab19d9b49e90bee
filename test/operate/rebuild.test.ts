import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterEach, describe, expect, it } from 'vitest';
import { loadPlaybooks } from '../../src/playbooks/load.js';
import { command, machineFor } from './muster.js';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const { playbooks } = await loadPlaybooks(fileURLToPath(new URL('../../playbooks', import.meta.url)));
const playbook = playbooks.find(({ id }) => id === 'muster-rebuild-from-backup')!;

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** What the page runs besides Muster, as small programs of ours: the service manager and the vault. */
const programs = (folder: string, port: number): Record<string, string> => ({
  muster: `exec ${process.execPath} ${main} "$@"`,
  systemctl: `case "$*" in
    *start*|'enable --now muster') env MUSTER_PORT=${port} setsid ${process.execPath} ${main} serve >"${folder}/log" 2>&1 & echo $! >"${folder}/pid";;
    *stop*|'disable --now muster') [ ! -e "${folder}/pid" ] || kill "$(cat "${folder}/pid")"; rm -f "${folder}/pid";;
    is-active*) if [ -e "${folder}/pid" ]; then echo active; else echo inactive; exit 3; fi;;
  esac`,
  journalctl: `cat "${folder}/log"`,
  vault: 'echo "$*" | sha256sum | cut -c1-40',
  chown: 'true',
});

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });

async function place() {
  const folder = mkdtempSync(join(tmpdir(), 'muster-rebuild-'));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  const port = await freePort();
  mkdirSync(join(folder, 'bin'));
  for (const name of ['etc', 'backups', 'root']) mkdirSync(join(folder, name));
  for (const [name, text] of Object.entries(programs(folder, port))) {
    writeFileSync(join(folder, 'bin', name), `#!/bin/bash\n${text}\n`);
    chmodSync(join(folder, 'bin', name), 0o755);
  }
  ends.push(() => spawnSync(join(folder, 'bin', 'systemctl'), ['stop', 'muster']));
  /** The page's own commands, with its places where the test has them. */
  const here = (text: string): string =>
    text
      .replaceAll('/etc/muster', join(folder, 'etc'))
      .replaceAll('/var/lib/muster', join(folder, 'data'))
      .replaceAll('/srv/backups/muster', join(folder, 'backups'))
      .replaceAll('/root/', `${join(folder, 'root')}/`)
      .replaceAll('7370', String(port));
  return { folder, here };
}

const once = here(/^All commands run[\s\S]*?```sh\n([\s\S]*?)```/m);
function here(pattern: RegExp): string {
  return pattern.exec(playbook.text)?.[1] ?? '';
}

describe('the page that says how to rebuild Muster', () => {
  it('has commands that do it, in their order, from a real backup', async () => {
    const { folder, here } = await place();
    const key = await generateX25519Identity();
    writeFileSync(join(folder, 'etc', 'backup-identity.txt'), `# created: today\n${key}\n`);
    const old = await machineFor('SQLite', { file: 'open-on-loopback: true\npeople:\n  ada: { name: Ada }\n' });
    ends.push(() => old.end());
    old.now = Date.now();
    const bot = await old.open();
    await command(bot, '/incident declare Registry refuses pushes');
    await bot.runner.untilIdle();
    const { folderPlace } = await import('../../src/operate/folder-place.js');
    await old.backup({ recipients: [await identityToRecipient(key)], place: folderPlace(join(folder, 'backups')) });
    mkdirSync(join(folder, 'data'));
    writeFileSync(join(folder, 'data', 'muster.db'), 'what is left of it');

    const said: Record<string, string> = {};
    for (let at: number | null = 0; at !== null && at < playbook.steps.length; ) {
      const step: (typeof playbook.steps)[number] = playbook.steps[at]!;
      for (const part of step.body)
        if (part.kind === 'code' && part.language === 'sh')
          said[step.title] = execFileSync('bash', ['-euo', 'pipefail', '-c', here(`${once}\n${part.text}`)], {
            encoding: 'utf8',
            env: {
              PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
              HOME: join(folder, 'root'),
              LANG: 'C.UTF-8',
            },
            stdio: ['ignore', 'pipe', 'pipe'],
            timeout: 90_000,
          });
      at = step.thenTo ?? at + 1;
    }
    expect(once).toContain('MUSTER_DATA=');
    expect(said['Prove the newest backup']).toMatch(/^Whole, in/m);
    expect(said['Restore it']).toMatch(/^Restored .*1 incident \(1 open\).*Data-loss window.*^Held: \d+ jobs/ms);
    expect(said['Start it, held']).toMatch(/"status":"ok".*"held":[1-9]/);
    expect(said['Prove that it is what it was']).toMatch(/whole\.[\s\S]*held since the restore/);
    expect(said['Let it speak']).toMatch(/released\.[\s\S]*"held":0/);
    expect(said['Write down what was lost and how long it took']).toMatch(
      /Data-loss window[\s\S]*restored from muster-\d[\s\S]*what was held is released: \d/,
    );
    expect(existsSync(join(folder, 'etc', 'backup-identity.txt'))).toBe(false);
    expect(readFileSync(join(folder, 'etc', 'muster.yaml'), 'utf8')).toContain('name: Ada');
  }, 120_000);
});
