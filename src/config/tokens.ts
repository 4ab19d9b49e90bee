import type { NamedSource } from './config.js';
import { isLoopback } from './loopback.js';
import { type ConfigProblem, type Env, isSet, tokenMaker } from './secrets.js';

interface Doors {
  host: string;
  apiToken: string | null;
  alertsToken: string | null;
  sources: readonly NamedSource[];
  /** The file that does not leave Muster open; null: nothing but where it listens decides. */
  closedBy: string | null;
}

/** Without tokens everybody who can reach Muster commands it: only this machine may, and only where that is wanted. */
export function doorProblems(env: Env, { host, apiToken, alertsToken, sources, closedBy }: Doors): ConfigProblem[] {
  const missing = ['MUSTER_API_TOKEN', 'MUSTER_ALERTS_TOKEN'].filter((name) => !isSet(env, name));
  const fix = `Set ${missing.join(' and ')} (or ${missing.map((name) => `${name}_FILE`).join(' and ')}), for example ${missing.map((name) => `${name}=$(${tokenMaker})`).join(' ')}`;
  if (missing.length > 0 && !isLoopback(host)) {
    return [
      {
        where: 'MUSTER_HOST',
        what: `Muster would listen on ${host}, where others can reach it, and ask nobody who they are.`,
        fix: `${fix}, or leave MUSTER_HOST at 127.0.0.1.`,
      },
    ];
  }
  if (missing.length === 1)
    return [
      {
        where: missing[0] as string,
        what: 'One token is set and the other is not: half of Muster would be open.',
        fix: `${fix}.`,
      },
    ];
  if (missing.length > 0 && closedBy !== null)
    return [
      {
        where: closedBy,
        what: 'Muster would ask nobody who they are, and this file does not say that it may.',
        fix: `${fix}; or, while only this machine uses Muster, write open-on-loopback: true into the file.`,
      },
    ];
  return sameTokens(apiToken, alertsToken, sources);
}

function sameTokens(
  apiToken: string | null,
  alertsToken: string | null,
  sources: readonly NamedSource[],
): ConfigProblem[] {
  if (apiToken === null) return [];
  const fix = `Give each its own, for example from \`${tokenMaker}\`.`;
  const problem = (where: string): ConfigProblem => ({
    where,
    what: `${where === 'MUSTER_ALERTS_TOKEN' ? 'It is' : 'One of its tokens is'} the same as MUSTER_API_TOKEN: whoever sends alerts could command incidents.`,
    fix,
  });
  if (alertsToken === apiToken) return [problem('MUSTER_ALERTS_TOKEN')];
  return sources
    .filter(({ tokens }) => tokens.some(({ secret }) => secret === apiToken))
    .map(({ name }) => problem(`sources.${name}`));
}
