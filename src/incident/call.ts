import type { Incident } from './state.js';

const shownAtMost = 3;

/** Where people talk: the severity's own call first, then those of its services; http(s) only. */
export function callLinks({ policy, severity, services }: Incident): string[] {
  const own = policy.severities[severity].callLink;
  const links = own ? [own] : services.flatMap((service) => policy.services?.[service]?.callLink ?? []);
  return [...new Set(links)].filter((href) => /^https?:\/\//.test(href)).slice(0, shownAtMost);
}
