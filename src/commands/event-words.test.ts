import { expect, it } from 'vitest';
import { past, registryOutage, said } from '../../test/fakes/registry-outage.js';
import type { TimelineEvent } from '../incident/events.js';
import type { Inline } from '../messages/card.js';
import { formatTime } from '../messages/zones.js';
import { describe as inWriting } from '../reports/timeline-words.js';
import { eventInWords } from './event-words.js';

const names = new Map([['p-ada', 'Ada']]);
const ada = { kind: 'person', personId: 'p-ada' } as const;
const muster = { kind: 'machine', name: 'muster' } as const;

function plain(node: Inline): string {
  if (node.kind === 'time') return formatTime(node.at, 'UTC', node.style === 'date' ? 'date' : 'clock');
  if (node.kind === 'person') return node.name;
  if (node.kind === 'strong' || node.kind === 'emphasis') return node.children.map(plain).join('');
  return node.kind === 'channel' ? node.label : node.text;
}
const inChat = (event: TimelineEvent): string => eventInWords(event, names).map(plain).join('');
const event = (...given: Parameters<typeof said>): TimelineEvent => ({ ...said(...given), seq: 1 }) as TimelineEvent;

it('says in chat what stands in the postmortem', () => {
  for (const each of registryOutage()) expect(inChat(each)).toBe(inWriting(each, names));
});

it.each([
  ['Ada joined', event(1, 'responderJoined', ada, { personId: 'p-ada' })],
  ['Ada brought in p-bob', event(1, 'responderJoined', ada, { personId: 'p-bob' })],
  ['Dismissed by itself, because it cleared', event(1, 'dismissed', muster, { reason: 'it cleared', automatic: true })],
  ['Ada dismissed it, because noise', event(1, 'dismissed', ada, { reason: 'noise', automatic: false })],
  [
    'Ada snoozed it until 21 Nov 03:10 UTC, because later',
    event(1, 'snoozed', ada, { until: past(60), reason: 'later' }),
  ],
  [
    'Muster invited Ada, p-bob on web; not known there: p-cy',
    event(1, 'invited', muster, { platform: 'web', people: ['p-ada', 'p-bob'], unknown: ['p-cy'] }),
  ],
  ['Muster invited nobody on web', event(1, 'invited', muster, { platform: 'web', people: [], unknown: [] })],
  ['Ada, noted: [redacted]', { ...event(1, 'noted', ada, { text: 'hunter2' }), redacted: true } as TimelineEvent],
])('says: %s', (words, given) => {
  expect([inChat(given), inWriting(given, names)]).toEqual([words, words]);
});

it('shows only the beginning of long words in chat, and names many people by a number', () => {
  const long = event(1, 'noted', ada, { text: 'x'.repeat(5_000) });
  expect(inChat(long).length).toBeLessThan(250);
  const people = Array.from({ length: 14 }, (_, n) => `p${n}`);
  expect(inChat(event(1, 'invited', muster, { platform: 'web', people, unknown: [] }))).toMatch(
    /, p9 and 4 more on web$/,
  );
});
