import type { Sent } from '../audiences/hand-over.js';
import { type ChatPlatform, DeliveryError } from '../chat/platform.js';
import type { Incident } from '../incident/state.js';
import { pageCard, pageOverCard } from '../messages/page-cards.js';
import type { Person } from '../messages/values.js';
import type { Lease, Store } from '../store/port.js';

type Within = <T>(call: () => Promise<T>) => Promise<T>;

/** A direct message. What may have arrived before is looked for first. */
export async function byChat(
  platform: ChatPlatform,
  page: { incident: Incident; to: Person; because: string | null; lease: Lease; within: Within },
): Promise<Sent> {
  const { incident, to, because, lease, within } = page;
  const { personId, name } = to;
  const channel = await within(() => platform.directChannel({ personId, name }));
  const known = lease.attempt > 1 ? await within(() => platform.find(channel, lease.key)) : null;
  const card = pageCard(incident, because);
  const message = known ?? (await within(() => platform.post({ channel, card, key: lease.key })));
  return { channel, message };
}

/** Every message that called this person says how it stands by now; nothing new is posted. */
export async function tellChat(
  { store, platforms }: { store: Pick<Store, 'deliveries'>; platforms: ReadonlyMap<string, ChatPlatform> },
  about: { incident: Incident; personId: string; way: string; by: Person | null; rings: boolean; within: Within },
): Promise<void> {
  const { incident, personId, way, by, rings, within } = about;
  const end = `/${personId}/${way}`;
  const card = rings ? pageCard(incident, null) : pageOverCard(incident, by, personId);
  for (const { jobKey, platform: name, channel, message } of await store.deliveries(incident.id)) {
    const platform = platforms.get(name);
    if (!platform || !jobKey.startsWith(`page/${incident.id}/`) || !jobKey.endsWith(end)) continue;
    try {
      await within(() => platform.edit({ channel, message, card, key: jobKey }));
    } catch (error) {
      // Somebody has removed it: then nobody reads that they are called.
      if (!(error instanceof DeliveryError && error.permanent)) throw error;
    }
  }
}
