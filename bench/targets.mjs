import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const main = here('../dist/main.js');
const startWithinMs = 20_000;
const stopWithinMs = 10_000;

/** What is measured: how it is started, and which body it is sent where. */
export const targets = {
  bare: { name: 'bare HTTP', path: '/', shape: 'webhook', start: (folder) => floor('bare', folder) },
  groupCommit: { name: 'group commit', path: '/', shape: 'webhook', start: (folder) => floor('group-commit', folder) },
  muster: { name: 'Muster', path: '/alerts/alertmanager', shape: 'webhook', start: muster },
  alertmanager: { name: 'Alertmanager', path: '/api/v2/alerts', shape: 'api', start: alertmanager },
};

const alertmanagerNames = ['prometheus-alertmanager', 'alertmanager'];

/** The installed Alertmanager; null: there is none. */
export function alertmanagerVersion() {
  for (const command of alertmanagerNames) {
    const { error, stdout, stderr } = spawnSync(command, ['--version'], { encoding: 'utf8' });
    if (!error) return { command, version: /version (\S+?),? /.exec(stdout + stderr)?.[1] ?? 'unknown' };
  }
  return null;
}

/** Starts one in a folder of its own, with what stands in its muster.yaml; `stop` ends it and removes the folder. */
export async function startTarget(kind, config = null) {
  const folder = mkdtempSync(join(tmpdir(), 'muster-bench-'));
  if (config !== null) writeFileSync(join(folder, 'muster.yaml'), config);
  const { child, port } = await targets[kind].start(folder);
  return {
    port,
    folder,
    pid: child.pid,
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
      if (child.exitCode === null && child.signalCode === null)
        await new Promise((resolve) => child.once('exit', resolve));
      clearTimeout(timer);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Resident memory in bytes. */
export const memoryOf = (pid) =>
  Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1024;

/** The most it ever had resident, in bytes; null where there is no /proc. */
export function peakMemoryOf(pid) {
  if (!existsSync(`/proc/${pid}/status`)) return null;
  const kilobytes = /^VmHWM:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}

/** CPU time used so far in ms, of all its threads; null where there is no /proc. */
export function cpuOf(pid) {
  if (!existsSync(`/proc/${pid}/stat`)) return null;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Runs until `portIn` finds the port in what it prints. */
function listening(command, args, { cwd, env = process.env }, portIn) {
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  return new Promise((resolve, reject) => {
    let said = '';
    const fail = (why) => {
      child.kill('SIGKILL');
      reject(new Error(`${command} ${args[0]} ${why}:\n${said}`));
    };
    const timer = setTimeout(() => fail('did not start in time'), startWithinMs);
    const read = (chunk) => {
      if (said.length < 100_000) said += chunk;
      const port = portIn(said);
      if (!port) return;
      clearTimeout(timer);
      child.removeListener('exit', died);
      for (const stream of [child.stdout, child.stderr]) stream.removeListener('data', read).resume();
      resolve({ child, port });
    };
    const died = (code) => {
      clearTimeout(timer);
      fail(`ended with ${code}`);
    };
    child.once('exit', died);
    child.stdout.on('data', read);
    child.stderr.on('data', read);
  });
}

const floor = (kind, folder) =>
  listening(process.execPath, [here('./floor.mjs'), kind, folder], {}, (said) => Number(/^(\d+)\n/.exec(said)?.[1]));

function muster(folder) {
  if (!existsSync(main)) throw new Error('Muster is not built: run npm install or npm run build first.');
  const ours = Object.entries(process.env).filter(([key]) => !/^(MUSTER_|DATABASE_URL)/.test(key));
  const env = { ...Object.fromEntries(ours), MUSTER_PORT: '0', MUSTER_DATA: join(folder, 'data') };
  const flags = process.env.MUSTER_BENCH_NODE_FLAGS?.split(' ') ?? [];
  return listening(process.execPath, [...flags, main, 'serve'], { cwd: folder, env }, (said) =>
    Number(/"url":"http:\/\/127\.0\.0\.1:(\d+)"/.exec(said)?.[1]),
  );
}

async function alertmanager(folder) {
  const { command } = alertmanagerVersion();
  const port = await freePort();
  mkdirSync(join(folder, 'data'));
  writeFileSync(join(folder, 'config.yml'), 'route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n');
  const args = [
    `--config.file=${join(folder, 'config.yml')}`,
    `--storage.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--cluster.listen-address=',
  ];
  return listening(command, args, { cwd: folder }, (said) => (/Listening on|msg=Listening/.test(said) ? port : 0));
}

/** It cannot be told to choose one itself and say which. */
function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
