import { type ChatPlatform, DeliveryError } from '../chat/platform.js';
import { cardJob } from '../incident/jobs.js';
import type { Incident } from '../incident/state.js';
import type { Card } from '../messages/card.js';
import type { Lease, Store } from '../store/port.js';
import { channelRequest } from './channel-request.js';
import type { Clock } from './clock.js';
import { deadline } from './deadline.js';
import type { Engine } from './engine.js';

/** The channel an incident has for itself may go while its platform stays: archived, deleted, Muster thrown out. */
export interface OwnChannels {
  /**
   * A job is to be given up. True: its incident goes on elsewhere, and what was left to do at home is forgotten.
   */
  gone(lease: Lease, error: DeliveryError): Promise<boolean>;
  /** Goes back to the channel of this incident when it can be used again; asks it ever more slowly. */
  again(incident: Incident): Promise<void>;
}

const firstMs = 60_000;
const mostMs = 10 * 60_000;
/** Lost again this soon after it was used again, it was no good: each such return puts off the next. */
const soonMs = 60 * 60_000;
const returnMs = 5 * 60_000;

export function ownChannels(parts: {
  engine: Pick<Engine, 'handle'>;
  store: Pick<Store, 'delivery'>;
  clock: Pick<Clock, 'now'>;
  platforms: ReadonlyMap<string, ChatPlatform>;
  standIn: string;
  situation(incident: Incident): Card;
  /** How long the calls that ask a channel may take together. */
  callsWithinMs: number;
}): OwnChannels {
  const { engine, store, clock } = parts;
  const asked = new Map<string, { tries: number; returns: number; at: number }>();

  async function works(incident: Incident, platform: ChatPlatform): Promise<boolean> {
    const { id } = incident;
    const channel = incident.channels[platform.name]?.channel;
    const within = deadline(parts.callsWithinMs);
    try {
      if (channel === undefined) await within(() => platform.openChannel(channelRequest(incident)));
      else {
        // Writing has to work there: what is archived can often still be read.
        const { key } = cardJob(id, platform.name, 'situation');
        const message = (await store.delivery(key))?.message ?? (await within(() => platform.find(channel, key)));
        const card = parts.situation(incident);
        if (message !== null) await within(() => platform.edit({ channel, message, card, key }));
      }
      return true;
    } catch (error) {
      if (error instanceof DeliveryError) return false;
      throw error;
    }
  }

  const ask = (incidentId: string, command: Parameters<Engine['handle']>[0]['asked']['command']) =>
    engine.handle({
      incidentId,
      asked: { command, actor: { kind: 'machine', name: 'muster' }, at: clock.now() },
      commandId: null,
      answer: null,
    });

  return {
    async gone({ task }, error) {
      if (!('platform' in task)) return false;
      const { incidentId, platform } = task;
      const known = parts.platforms.has(platform);
      // Of a platform that is not set up any more everything is gone, also what people are told directly.
      if (known ? !isOwn(task, error) : !homeless.has(task.kind)) return false;
      const since = clock.now();
      const why = error.message;
      const of = known ? 'channel' : 'platform';
      const { standIn } = parts;
      const outcome = await ask(incidentId, { type: 'losePlatform', platform, standIn, since, of, why });
      if (outcome.refusal) return false;
      return outcome.events.length > 0 || (!known && outcome.incident.away?.platform === platform);
    },

    async again(incident) {
      const { id, away } = incident;
      const platform = away && parts.platforms.get(away.platform);
      const now = clock.now();
      for (const [each, { at }] of asked) if (now - at > soonMs) asked.delete(each);
      const { tries, returns, at } = asked.get(id) ?? { tries: 0, returns: 0, at: (away?.since ?? now) + firstMs };
      if (!platform || now < at) return;
      if (await works(incident, platform)) {
        asked.set(id, { tries: 0, returns: returns + 1, at: now + Math.min(soonMs, returnMs * 2 ** returns) });
        await ask(id, { type: 'regainPlatform', platform: platform.name });
      } else asked.set(id, { tries: tries + 1, returns, at: now + Math.min(mostMs, firstMs * 2 ** (tries + 1)) });
    },
  };
}

/** Jobs that are done on a chat platform. */
const homeless: ReadonlySet<Lease['task']['kind']> = new Set([
  'openChannel',
  'describe',
  'attach',
  'archive',
  'invite',
  'post',
  'card',
]);

/** It is about the incident's own channel and nothing else. */
function isOwn(task: Lease['task'], { of }: DeliveryError): boolean {
  if (task.kind === 'openChannel') return true;
  if (of !== 'channel') return false;
  if (task.kind === 'invite' || task.kind === 'describe' || task.kind === 'attach') return true;
  return 'to' in task && typeof task.to === 'object' && task.to.to === 'incident';
}
