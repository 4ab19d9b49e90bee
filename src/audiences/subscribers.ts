import { createHash, randomBytes } from 'node:crypto';
import type { Preset } from '../config/config.js';
import { subscribers } from '../incident/audiences.js';
import type { Notice } from '../messages/notice.js';
import { type Change, ConflictError, type Store } from '../store/port.js';
import type { SubscribedTo, Subscription } from '../store/subscriptions-port.js';

/** Nobody guesses it, and it opens nothing: it only ends one subscription. */
export const newLink = (): string => randomBytes(18).toString('base64url');

/** What a notice is about, the nearest first. */
const aboutOf = ({ incidentId, services }: Pick<Notice, 'incidentId' | 'services'>): SubscribedTo[] => [
  `incident:${incidentId}`,
  ...services.map((service) => `service:${service}` as const),
  'everything',
];

/** In words, after *about*. */
export const inWords = (about: SubscribedTo, number: number | null): string =>
  about === 'everything'
    ? 'everything'
    : about.startsWith('service:')
      ? about.slice('service:'.length)
      : number === null
        ? 'an incident'
        : `#${number}`;

/**
 * Who is told of this by mail, each once, by what is nearest. Those the configuration names get a subscription of their
 * own the first time, so that they can end it.
 */
export async function subscribersOf(
  parts: {
    store: Pick<Store, 'subscribedTo' | 'commit' | 'subscriptionsOf'>;
    presets(): readonly Preset[];
    personIds(): ReadonlyMap<string, string>;
    now(): number;
  },
  notice: Pick<Notice, 'incidentId' | 'services'>,
): Promise<Subscription[]> {
  const about = aboutOf(notice);
  await makePresets(parts, about);
  const all = await parts.store.subscribedTo(about);
  const going = all.filter(({ endedAt }) => endedAt === null);
  const nearest = new Map<string, Subscription>();
  for (const each of going.sort((a, b) => about.indexOf(a.about) - about.indexOf(b.about)))
    if (!nearest.has(each.personId)) nearest.set(each.personId, each);
  return [...nearest.values()];
}

async function makePresets(
  { store, presets, personIds, now }: Parameters<typeof subscribersOf>[0],
  about: readonly SubscribedTo[],
): Promise<void> {
  const ids = personIds();
  for (const { people, services } of presets())
    for (const each of services === null
      ? ['everything' as const]
      : services.map((name) => `service:${name}` as const)) {
      if (!about.includes(each)) continue;
      for (const person of people) {
        const personId = ids.get(person) ?? person;
        const has = (await store.subscriptionsOf(personId)).some((one) => one.about === each);
        if (has) continue;
        const begin = { personId, about: each, link: newLink(), since: now() };
        await store.commit([{ stream: null, events: [], incident: null, subscriptions: [{ begin }] }]);
      }
    }
}

/** One job for each of them, so that one that cannot be reached holds up no other. */
export function jobsFor(
  to: readonly Subscription[],
  of: { key: string; dueAt: number; incidentId: string; seq: number },
): NonNullable<Change['jobs']> {
  return to.map(({ link, personId }) => {
    const place = createHash('sha256').update(personId).digest('hex').slice(0, 8);
    const platform = `audience/${subscribers}/${place}`;
    const { key, dueAt, incidentId, seq } = of;
    return {
      put: {
        key: `${key}/${place}`,
        lane: `${incidentId}/${platform}`,
        position: seq,
        dueAt,
        platform,
        incidentId,
        task: { kind: 'notify', incidentId, platform, audience: subscribers, seq, to: link },
      },
    };
  });
}

const triesAtMost = 5;

/** Ends one that goes on, by the link in a mail. */
export async function endByLink(
  { store, now }: { store: Pick<Store, 'commit' | 'systemPosition'>; now(): number },
  { personId, about }: Subscription,
): Promise<void> {
  for (let tries = 1; ; tries++) {
    const at = now();
    try {
      return await store.commit([
        {
          stream: await store.systemPosition(),
          events: [
            {
              type: 'unsubscribed',
              at,
              recordedAt: at,
              actor: { kind: 'person', personId },
              body: { personId, about, how: 'link' },
            },
          ],
          incident: null,
          subscriptions: [{ end: { personId, about }, at }],
        },
      ]);
    } catch (error) {
      if (!(error instanceof ConflictError) || tries === triesAtMost) throw error;
    }
  }
}
