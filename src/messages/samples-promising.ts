import type { ChannelValue, Person } from './values.js';
import { safeUrl } from './values.js';
import type { PromisingValues } from './values-promising.js';

const about = { number: 42, title: 'Registry: pushes fail', severity: 'sev1', drill: true } as const;
const ada: Person = { personId: 'ada', name: 'Ada' };
const at = Date.UTC(2026, 10, 21, 2, 11);
const minutes = (count: number): number => count * 60_000;
const zones = ['Europe/Berlin'];
const channel: ChannelValue = {
  channel: { to: 'incident', incidentId: 'i42' },
  label: 'inc-42-registry-pushes-fail',
};
const draft = 'Pushes fail; publishing is frozen.';

export const promisingSamples: PromisingValues = {
  'update-chased': {
    ...about,
    rungs: ['commander'],
    before: ['communications'],
    everybody: true,
    dueAt: at,
    lateMs: minutes(10),
    draft,
    channel,
  },
  'publish-due': { ...about, person: ada, dueAt: at + minutes(5), draft },
  published: {
    ...about,
    by: ada,
    headline: 'Publishing images fails',
    words: 'Some of you cannot publish images. We are working on it.',
    nextAt: at + minutes(30),
  },
  'public-update': {
    ...about,
    title: 'Publishing images fails',
    status: 'identified',
    words: 'Some of you cannot publish images. We are working on it.',
    nextAt: at + minutes(30),
    zones,
  },
  'executive-brief': {
    ...about,
    status: 'identified',
    impact: 'Nobody can publish images.',
    expectedAt: at + minutes(90),
    expectedWhy: 'the disk is being grown',
    decision: 'May we stop all builds until then?',
    zones,
    page: safeUrl('https://muster.example.com/incidents/42/status'),
  },
};
