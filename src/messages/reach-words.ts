import type { Reach, Reached } from '../incident/reach.js';
import { literal } from './literal.js';

const namesTold = 3;
const nameKept = 40;

function named(services: readonly Reached[]): string {
  const shown = services.slice(0, namesTold).map(({ name }) => literal(name, nameKept));
  const more = services.length - shown.length;
  if (more > 0) return `${shown.join(', ')} and ${more} more`;
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}` : (shown[0] ?? '');
}
const verb = (services: readonly Reached[]): string => (services.length === 1 ? 'fires' : 'fire');

/** Whether it is local or systemic, in one sentence. */
export function reachSentence({ about, around }: Reach): string {
  const service = literal(about.name, nameKept);
  const above = around.filter(({ level }) => level > 0);
  const below = around.filter(({ level }) => level < 0);
  const up = above.filter(({ fires }) => fires);
  const down = below.filter(({ fires }) => fires);
  const depend =
    below.length === 1 ? 'the one service that depends on it' : `the ${below.length} services that depend on it`;
  const ofThem = below.length === 1 ? depend : `${down.length} of ${depend}`;
  if (!about.fires) {
    if (up.length + down.length === 0) return `Quiet: no alert of ${service} or of the services around it fires.`;
    const still = [...up, ...down];
    return `${service} is quiet now; ${named(still)} still ${verb(still)}.`;
  }
  if (up.length > 0) {
    const too = down.length > 0 ? `, and ${ofThem} ${verb(down)} too` : '';
    return `Systemic: ${service} fires, and so ${up.length === 1 ? 'does' : 'do'} ${named(up)}, which it depends on${too}.`;
  }
  if (down.length > 0) return `Systemic: ${service} and ${ofThem} fire.`;
  const quiet = above.length > 0 ? 'what it depends on' : below.length === 1 ? depend : 'what depends on it';
  return `Local: only ${service} shows alerts; ${quiet} is quiet.`;
}
