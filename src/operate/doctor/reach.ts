import type { Config } from '../../config/config.js';
import { type Finding, type Look, ok, problem, warning, wordsOf } from './finding.js';

const answersWithinMs = 5_000;
const skewAtMostMs = 30_000;

interface Answer {
  status: number;
  body: Record<string, unknown>;
  /** What its clock said, ms since the epoch. */
  date: number | null;
}

async function ask(base: string, path: string): Promise<Answer> {
  const response = await fetch(new URL(path, base), {
    signal: AbortSignal.timeout(answersWithinMs),
    redirect: 'manual',
  });
  const text = await response.text();
  let body: unknown = null;
  try {
    body = JSON.parse(text);
  } catch {
    // Whatever it is, it is not Muster; the caller sees that from what is missing.
  }
  const date = Date.parse(response.headers.get('date') ?? '');
  return {
    status: response.status,
    body: typeof body === 'object' && body !== null ? (body as Answer['body']) : {},
    date: Number.isNaN(date) ? null : date,
  };
}

function localUrl({ host, port }: Pick<Config, 'host' | 'port'>): string {
  const at = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${at.includes(':') ? `[${at}]` : at}:${port}`;
}

/** Whether the Muster that runs here hears people on this platform. */
export async function heard(config: Pick<Config, 'host' | 'port'>, platform: string): Promise<Finding[]> {
  const about = 'way in';
  try {
    const { status, body } = await ask(localUrl(config), `/readyz/chat/${platform}`);
    if (status === 200) return [ok(about, 'The Muster that runs here hears people there.')];
    const error = typeof body.error === 'string' ? body.error : null;
    const hint = typeof body.hint === 'string' ? body.hint : 'Look at its log.';
    return [
      error === null || status === 404
        ? warning(
            about,
            'What runs here does not know the platform.',
            'Restart Muster: platforms are connected at the start.',
          )
        : problem(about, error, hint),
    ];
  } catch (error) {
    return [
      warning(about, `Muster does not run here, so nobody is heard: ${wordsOf(error)}`, 'Start it, then look again.'),
    ];
  }
}

/** Whether Muster answers here, whether it is ready, and whether its public address leads to this one. */
export const reach: Look = async ({ config, now }) => {
  const { publicUrl } = config;
  const local = localUrl(config);
  const findings: Finding[] = [];
  let here: string | null = null;
  try {
    const { body } = await ask(local, '/healthz');
    if (typeof body.instance === 'string') {
      here = body.instance;
      findings.push(ok('running', `Muster answers at ${local}.`), ...(await readiness(local)));
    } else
      findings.push(
        problem(
          'running',
          `Something else than Muster listens at ${local}.`,
          'Stop it, or set MUSTER_PORT to a free one.',
        ),
      );
  } catch (error) {
    findings.push(
      warning(
        'running',
        `Nothing answers at ${local}: ${wordsOf(error)}`,
        'Start it: systemctl start muster, or muster serve.',
      ),
    );
  }
  if (here !== null && publicUrl !== local) findings.push(...(await publicly(publicUrl, here, now)));
  return findings;
};

async function readiness(local: string): Promise<Finding[]> {
  const { status, body } = await ask(local, '/readyz');
  if (status === 200) return [ok('ready', 'It stores, has room and runs its jobs.')];
  return [
    problem('ready', String(body.error ?? `/readyz answers ${status}.`), String(body.hint ?? 'Look at the log.')),
  ];
}

async function publicly(publicUrl: string, here: string, now: () => number): Promise<Finding[]> {
  const about = 'public-url';
  try {
    const { status, body, date } = await ask(publicUrl, '/healthz');
    const findings: Finding[] = [];
    if (typeof body.instance !== 'string')
      findings.push(
        problem(
          about,
          `What answers at ${publicUrl} is not Muster (${status}).`,
          'Look at the proxy, or at public-url.',
        ),
      );
    else if (body.instance !== here)
      findings.push(
        warning(
          about,
          `${publicUrl} leads to another Muster than this one.`,
          'Fine with several replicas; else look at public-url.',
        ),
      );
    else findings.push(ok(about, `${publicUrl} leads here.`));
    if (date !== null && Math.abs(date - now()) > skewAtMostMs)
      findings.push(
        warning(
          'clock',
          `${publicUrl} says another time, ${Math.round(Math.abs(date - now()) / 1_000)} s away.`,
          'Run NTP.',
        ),
      );
    return findings;
  } catch (error) {
    return [
      problem(
        about,
        `${publicUrl} does not answer: ${wordsOf(error)}`,
        'People and senders cannot come in: look at DNS, the proxy and its certificate.',
      ),
    ];
  }
}
