import type { Config } from './config.js';
import type { ConfigFile } from './file.js';
import { type ConfigProblem, type Env, readSecret } from './secrets.js';

const urlName = 'MUSTER_HEARTBEAT_URL';
const usuallyMs = 60_000;

/** Whom to tell that Muster lives: whoever knows the address can silence the alarm, so it may be a secret. */
export function readHeartbeat(env: Env, file: ConfigFile | null, problems: ConfigProblem[]): Config['heartbeat'] {
  const secret = readSecret(env, urlName, problems);
  if (secret !== null && !/^https?:$/.test(URL.canParse(secret) ? new URL(secret).protocol : '')) {
    problems.push({
      where: urlName,
      what: 'It is not an http or https address.',
      fix: 'Give the whole address that the other side shows, like https://hc.example.com/ping/<id>.',
    });
    return null;
  }
  const url = secret ?? file?.heartbeat?.url ?? null;
  return url === null ? null : { url: url.replace(/\/+$/, ''), everyMs: file?.heartbeat?.every ?? usuallyMs };
}
