import { existsSync } from 'node:fs';
import type { Episode } from '../alerts/alert.js';
import type { Config } from '../config/config.js';
import { storeLocation } from '../config/locations.js';
import { literal } from '../messages/literal.js';
import { matchPlaybook } from '../playbooks/match.js';
import type { Playbook } from '../playbooks/playbook.js';
import { openStore } from '../store/open.js';

const lookedBackMs = 30 * 86_400_000;
const episodesAtMost = 20_000;

/** What was seen and nobody has prepared for. */
export interface Unprepared {
  /** Alerts that no playbook matches and whose service nobody owns, each once. */
  alerts: { name: string; service: string | null; source: string; lastSeenAt: number }[];
  /** Services of alerts that the catalogue does not have. */
  services: { name: string; alerts: number; tier: number | null }[];
}

/** The alerts of the last 30 days, the newest 20,000; null: there is no database yet. @throws when it cannot be read. */
export async function recentAlerts(config: Config, now: number): Promise<Episode[] | null> {
  const location = storeLocation(config);
  if (location.kind === 'sqlite' && !existsSync(location.file)) return null;
  const store = await openStore(location, { mode: 'read' });
  try {
    return await store.episodesSince(now - lookedBackMs, episodesAtMost);
  } finally {
    await store.close();
  }
}

export function unprepared(
  episodes: readonly Episode[],
  { services, ladder }: Pick<Config, 'services' | 'ladder'>,
  playbooks: readonly Playbook[],
): Unprepared {
  const owned = new Set(services.flatMap(({ owners, name, aliases }) => (owners.length > 0 ? [name, ...aliases] : [])));
  const catalogue = new Set(services.flatMap(({ name, aliases }) => [name, ...aliases]));
  const alerts = new Map<string, Unprepared['alerts'][number]>();
  const unknown = new Map<string, number>();
  for (const { name, service, labels, source, lastSeenAt } of episodes) {
    if (service !== null && !catalogue.has(service)) unknown.set(service, (unknown.get(service) ?? 0) + 1);
    if (service !== null && owned.has(service)) continue;
    const key = `${name}\n${service ?? ''}`;
    if (alerts.has(key)) continue;
    const facts = { services: service === null ? [] : [service], alerts: [{ name, labels }] };
    if (matchPlaybook(playbooks, facts) === null) alerts.set(key, { name, service, source, lastSeenAt });
  }
  return {
    alerts: [...alerts.values()].sort((a, b) => order(a.service ?? '', b.service ?? '') || order(a.name, b.name)),
    services: [...unknown]
      .sort((a, b) => b[1] - a[1] || order(a[0], b[0]))
      .map(([name, count]) => ({
        name,
        alerts: count,
        tier: Object.hasOwn(ladder.tiers, name) ? (ladder.tiers[name] ?? null) : null,
      })),
  };
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const isName = /^[a-z0-9][a-z0-9._-]{0,62}$/;

/** The lines to paste into `services:`. A name the file would not take becomes the alias of one it does. */
export function adoption(services: Unprepared['services']): string[] {
  return services.flatMap(({ name, tier }) => {
    const key = isName.test(name) ? name : nameOf(name);
    return [
      `  ${/^(\d|true$|false$|null$)/.test(key) ? JSON.stringify(key) : key}:`,
      ...(key === name ? [] : [`    aliases: [${JSON.stringify(literal(name))}]`]),
      `    tier: ${tier ?? 3}`,
      '    # owner: who looks after it',
      '    # second-owner: who does when they are away',
    ];
  });
}

function nameOf(name: string): string {
  const cleaned = name
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+|-+$/g, '')
    .slice(0, 63);
  return cleaned === '' ? 'unnamed' : cleaned;
}
