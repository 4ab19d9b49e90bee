import { part, text } from '../shapes.js';
import type { PassedOver } from '../source.js';

/** An entry of the activity log. */
export const activity = {
  correlationId: text,
  operationName: text,
  level: text,
  resourceId: text,
  eventTimestamp: text,
  description: text,
  status: text,
  properties: part({
    title: text,
    service: text,
    stage: text,
    trackingId: text,
    incidentType: text,
    currentHealthStatus: text,
  }),
};
type Text = string | null;
export interface Entry {
  level: Text;
  status: Text;
  correlationId: Text;
  operationName: Text;
  resourceId: Text;
  eventTimestamp: Text;
  description: Text;
  properties?: {
    title: Text;
    service: Text;
    stage: Text;
    trackingId: Text;
    incidentType: Text;
    currentHealthStatus: Text;
  } | null;
}

interface Health {
  key: string[];
  over: boolean;
  title: Text;
  service: Text;
  level: Text;
}

const over = /^(?:resolved|completed?|rca|available)$/i;
const levels: Readonly<Record<string, string>> = { 1: 'critical', 2: 'error', 3: 'warning', 4: 'informational' };

/**
 * Health of a service of Azure, or of one resource: told in several alerts that each have an id of their own. null: it
 * is another event.
 */
export function eventOf({ properties, level, status }: Entry, resource: Text): Health | PassedOver | null {
  if (!properties) return null;
  const { title, service, stage, trackingId, incidentType, currentHealthStatus: health } = properties;
  if (trackingId === null && (health === null || resource === null)) return null;
  if (/^maintenance$/i.test(incidentType ?? ''))
    return { name: title ?? 'maintenance', why: 'planned maintenance is no alert' };
  return {
    key: trackingId === null ? ['health', (resource ?? '').toLowerCase()] : ['activity', trackingId],
    over: [stage ?? health ?? status].some((word) => over.test(word ?? '')),
    title,
    service,
    level: level && (levels[level] ?? level.toLowerCase()),
  };
}
