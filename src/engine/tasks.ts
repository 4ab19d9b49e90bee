import { type ChannelHead, type ChatPlatform, DeliveryError, type MessageRef } from '../chat/platform.js';
import type { Asked, Command } from '../incident/commands.js';
import type { PostTo } from '../incident/jobs.js';
import type { Incident } from '../incident/state.js';
import type { Card } from '../messages/card.js';
import { saidLate } from '../messages/late.js';
import { machine } from '../people/viewer.js';
import type { Delivery, Lease, Store, Task } from '../store/port.js';
import { type CatchUpCards, catchesUp } from './catch-up.js';
import { channelRequest } from './channel-request.js';
import { channelTasks } from './channel-tasks.js';
import type { Clock } from './clock.js';
import { deadline, type Within } from './deadline.js';
import type { Engine } from './engine.js';
import type { Passing } from './points.js';
import type { CarryOut } from './runner.js';

type Of<K extends Task['kind']> = Extract<Task, { kind: K }>;

export interface TaskParts {
  store: Store;
  engine: Engine;
  clock: Clock;
  pass: Passing;
  platforms: ReadonlyMap<string, ChatPlatform>;
  names: ReadonlyMap<string, string>;
  card(kind: Of<'card'>['card'], incident: Incident): Card | Promise<Card>;
  /** What stands at the head of its channels. */
  head(incident: Incident): ChannelHead;
  missed: CatchUpCards;
  /** Names of the channels that exist once, where they are not the built-in ones. */
  channelNames(): Partial<Record<keyof typeof namedChannels, string>>;
  /** Tells an audience outside chat, completion included. */
  notify(task: Of<'notify'>, lease: Lease, within: Within): Promise<void>;
  /** Tells somebody outside chat where an incident goes on, completion included. */
  wayIn(task: Of<'wayIn'>, lease: Lease, within: Within): Promise<void>;
  /** Calls somebody by the ways they have chosen, completion included. */
  page(task: Of<'page'>, lease: Lease, within: Within): Promise<void>;
  /** Leaves what was suggested for its playbooks as a patch. */
  keepSuggestions(incidentId: string): Promise<void>;
  draftPostmortem(incidentId: string): Promise<{ version: number; markdown: string; sha256: string }>;
  /** Reports the symptoms of an ended incident that still fire, as if their senders did. */
  settle(incidentId: string): Promise<void>;
  /** How long the calls of one job may take together. */
  callsWithinMs: number;
}

/** One job in hand, and the time its calls may take. */
interface Turn {
  lease: Lease;
  within: Within;
}

/**
 * Carries a job out in the world, then marks it done. The order is the promise: done is written only after the world
 * has answered, and what may have reached the world before is looked for first.
 */
export function carriesOut(parts: TaskParts): CarryOut {
  const { store, engine, clock, pass } = parts;
  const catchUp = catchesUp({ store, clock, cards: parts.missed });

  const platformOf = (name: string): ChatPlatform => {
    const platform = parts.platforms.get(name);
    if (platform) return platform;
    throw new DeliveryError(`The chat platform ${name} is not set up any more.`, {
      permanent: true,
      of: 'channel',
    });
  };

  const incidentOf = async (id: string): Promise<Incident> => {
    const incident = await store.incident(machine, { id });
    if (!incident) throw new DeliveryError(`Incident ${id} does not exist.`, { permanent: true });
    return incident;
  };

  const ask = (
    incidentId: string,
    command: Command,
    lease: Lease,
    more: Partial<Parameters<Engine['handle']>[0]> = {},
  ) => {
    const asked: Asked = { command, actor: { kind: 'machine', name: 'muster' }, at: clock.now() };
    return engine.handle({ incidentId, asked, commandId: null, answer: null, done: lease, ...more });
  };

  const hasLeft = async (personId: string): Promise<boolean> =>
    ((await store.person(personId))?.goneAt ?? null) !== null;

  const channelOf = async (platform: ChatPlatform, to: PostTo, within: Within): Promise<string> => {
    if (to.to === 'incident') {
      const channel = (await incidentOf(to.incidentId)).channels[platform.name]?.channel;
      if (channel) return channel;
      throw new DeliveryError('The incident has no channel on this platform.', { permanent: true });
    }
    if (to.to === 'person') {
      if (await hasLeft(to.personId))
        throw new DeliveryError('This person has left, and is told nothing any more.', { permanent: true });
      return within(() =>
        platform.directChannel({ personId: to.personId, name: parts.names.get(to.personId) ?? to.personId }),
      );
    }
    const channel = namedChannels[to.name];
    return within(() => platform.openChannel({ ...channel, name: parts.channelNames()[to.name] ?? channel.name }));
  };

  /** An earlier try may have got through without our hearing of it. */
  const sent = (platform: ChatPlatform, channel: string, { lease, within }: Turn): Promise<MessageRef | null> =>
    lease.attempt > 1 ? within(() => platform.find(channel, lease.key)) : Promise.resolve(null);

  const finish = async (lease: Lease, delivery: Omit<Delivery, 'jobKey' | 'at'>): Promise<void> => {
    await store.done(lease, { ...delivery, jobKey: lease.key, at: clock.now() });
  };

  const does: { [K in Task['kind']]: (task: Of<K>, turn: Turn) => Promise<void> } = {
    ...channelTasks({ store, clock, platformOf, incidentOf, ask, head: parts.head }),

    async openChannel({ incidentId, platform: name, again }, { lease, within }) {
      const platform = platformOf(name);
      const incident = await incidentOf(incidentId);
      const request = channelRequest(incident, again);
      const channel = await within(() => platform.openChannel(request));
      pass('channel:opened');
      await ask(incidentId, { type: 'recordChannel', platform: name, channel, name: request.name }, lease);
      pass('channel:recorded');
    },

    async invite({ incidentId, platform: name, people }, { lease, within }) {
      const platform = platformOf(name);
      const channel = await channelOf(platform, { to: 'incident', incidentId }, within);
      const left = new Set<string>();
      for (const personId of people) if (await hasLeft(personId)) left.add(personId);
      const here = people.filter((personId) => !left.has(personId));
      const { unknown } = await within(() =>
        platform.invite(
          channel,
          here.map((personId) => ({ personId, name: parts.names.get(personId) ?? personId })),
        ),
      );
      await ask(
        incidentId,
        { type: 'recordInvite', platform: name, people: here, unknown: [...unknown, ...left] },
        lease,
      );
    },

    async post({ incidentId, platform: name, to, card: said, revises }, turn) {
      const { lease, within } = turn;
      const platform = platformOf(name);
      const channel = await channelOf(platform, to, within);
      const card = saidLate(said, { at: lease.dueAt, now: clock.now() });
      pass('post:before');
      const earlier = revises ? await store.delivery(lease.key) : null;
      const known = earlier?.message ?? (await sent(platform, channel, turn));
      const edit = () => within(() => platform.edit({ channel, message: known as string, card, key: lease.key }));
      const stands = known !== null && (!revises || (await worked(edit)));
      const message = stands ? known : await within(() => platform.post({ channel, card, key: lease.key }));
      pass('post:sent');
      await finish(lease, { incidentId, platform: name, channel, message });
      pass('post:done');
    },

    async catchUp(task, turn) {
      const platform = platformOf(task.platform);
      const channel = await channelOf(platform, task.to, turn.within);
      await catchUp(task, { ...turn, platform, channel, incident: await incidentOf(task.incidentId) });
      pass('card:sent');
    },

    async card({ incidentId, platform: name, to, card: kind }, turn) {
      const { lease, within } = turn;
      const platform = platformOf(name);
      const channel = await channelOf(platform, to, within);
      const earlier = await store.delivery(lease.key);
      const card = await parts.card(kind, await incidentOf(incidentId));
      const known = earlier?.message ?? (await sent(platform, channel, turn));
      const edit = () => within(() => platform.edit({ channel, message: known as string, card, key: lease.key }));
      const message =
        known !== null && (await worked(edit))
          ? known
          : await within(() => platform.post({ channel, card, key: lease.key, pin: kind === 'situation' }));
      pass('card:sent');
      await finish(lease, { incidentId, platform: name, channel, message });
    },

    notify: (task, { lease, within }) =>
      parts.notify(task, lease, async (call) => {
        pass('notify:before');
        const answer = await within(call);
        pass('notify:sent');
        return answer;
      }),

    wayIn: (task, { lease, within }) => parts.wayIn(task, lease, within),

    page: (task, { lease, within }) => parts.page(task, lease, within),

    async ask({ incidentId, command }, { lease }) {
      pass('update:due');
      await ask(incidentId, command, lease);
    },

    async settle({ incidentId }, { lease }) {
      await parts.settle(incidentId);
      await store.done(lease);
    },

    async keepSuggestions({ incidentId }, { lease }) {
      await parts.keepSuggestions(incidentId);
      await store.done(lease);
    },

    async draftPostmortem({ incidentId }, { lease }) {
      const draft = await parts.draftPostmortem(incidentId);
      pass('postmortem:written');
      const { version, sha256, markdown } = draft;
      const postmortem = { incidentId, version, at: clock.now(), markdown, sha256 };
      await ask(incidentId, { type: 'recordPostmortem', version, sha256 }, lease, { postmortem });
    },
  };

  return (lease) => {
    const turn: Turn = { lease, within: deadline(parts.callsWithinMs) };
    return (does[lease.task.kind] as (task: Task, turn: Turn) => Promise<void>)(lease.task, turn);
  };
}

/** Channels that exist once, opened when first written to. */
export const namedChannels = {
  stakeholders: {
    key: 'named/stakeholders',
    name: 'stakeholders',
    title: 'Stakeholders',
    purpose: 'Announcements and status updates of every incident, nothing else.',
    private: false,
  },
  triage: {
    key: 'named/triage',
    name: 'triage',
    title: 'Triage queue',
    purpose: 'Alerts that did not open an incident: declare, snooze or dismiss.',
    private: false,
  },
  operators: {
    key: 'named/operators',
    name: 'operators',
    title: 'Operators of Muster',
    purpose: 'What Muster itself has trouble with.',
    private: false,
  },
} as const;

/** False when it can never work: somebody has removed the message, so it needs another. */
async function worked(call: () => Promise<void>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    if (error instanceof DeliveryError && error.permanent) return false;
    throw error;
  }
}
