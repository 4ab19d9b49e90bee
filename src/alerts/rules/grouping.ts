import type { Alert } from '../alert.js';
import { groupKeyOf } from '../group.js';
import { hash } from '../hash.js';
import type { GroupBy, Grouping } from './rule.js';

type Grouped = Pick<Alert, 'service' | 'source' | 'groupHint' | 'host' | 'name' | 'labels'>;

const longest = 300;

function valueBy(alert: Grouped, key: GroupBy): string | null {
  if (key === 'service' || key === 'source' || key === 'host' || key === 'name') return alert[key];
  const label = key.slice('label:'.length);
  return Object.hasOwn(alert.labels, label) ? (alert.labels[label] ?? null) : null;
}

/** Where an alert says nothing of what it is to be grouped by, it is grouped as usual. */
export function keyBy(alert: Grouped, { keys }: Pick<Grouping, 'keys'>): string {
  const parts = keys.map((key) => ({ key, value: valueBy(alert, key) }));
  if (parts.every(({ value }) => value === null || value === '')) return groupKeyOf(alert);
  // As usual where it is the same, so that incidents that are open go on.
  if (keys.length === 1 && keys[0] === 'service') return groupKeyOf(alert);
  const whole = parts
    .map(({ key, value }) => `${key}:${(value ?? '').replace(/[%\s:]/g, encodeURIComponent)}`)
    .join(' ');
  return whole.length <= longest ? whole : `${whole.slice(0, longest / 2)}… ${hash([whole])}`;
}
