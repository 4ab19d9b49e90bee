import { callLinks } from '../incident/call.js';
import type { Incident } from '../incident/state.js';
import { literal } from './literal.js';

const nameKept = 60;

/** What stands at the head of an incident's channel: short, and without what changes every few minutes. */
export function channelHead(
  incident: Incident,
  { names, publicUrl }: { names: ReadonlyMap<string, string>; publicUrl: string },
): { topic: string; links: { label: string; href: string }[] } {
  const { commander } = incident.roles;
  const led =
    commander === undefined ? 'nobody commands' : `${literal(names.get(commander) ?? commander, nameKept)} commands`;
  const ended = incident.status === 'closed' || incident.status === 'resolved';
  const calls = ended ? [] : callLinks(incident);
  const page = `${publicUrl.replace(/\/+$/, '')}/incidents/${incident.number}`;
  return {
    topic: [...(incident.drill ? ['DRILL'] : []), incident.severity, incident.status, ...(ended ? [] : [led])].join(
      ' · ',
    ),
    links: [
      ...calls.map((href, index) => ({ label: index === 0 ? 'Call' : `Call ${index + 1}`, href })),
      ...(/^https?:\/\//.test(page) ? [{ label: `Incident #${incident.number}`, href: page }] : []),
    ],
  };
}
