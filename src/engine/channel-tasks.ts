import { type ChannelHead, type ChatPlatform, DeliveryError } from '../chat/platform.js';
import type { Command } from '../incident/commands.js';
import type { Incident } from '../incident/state.js';
import { machine } from '../people/viewer.js';
import type { Delivery, Lease, Store, Task } from '../store/port.js';
import type { Clock } from './clock.js';
import type { Within } from './deadline.js';

type Kind = 'describe' | 'attach' | 'archive';
type Does = {
  [K in Kind]: (task: Extract<Task, { kind: K }>, turn: { lease: Lease; within: Within }) => Promise<void>;
};

/** Jobs about a channel itself. Where the platform cannot do it, or the channel is gone, there is nothing to do. */
export function channelTasks(parts: {
  store: Pick<Store, 'done' | 'delivery' | 'postmortem'>;
  clock: Pick<Clock, 'now'>;
  platformOf(name: string): ChatPlatform;
  incidentOf(id: string): Promise<Incident>;
  ask(incidentId: string, command: Command, lease: Lease): Promise<unknown>;
  head(incident: Incident): ChannelHead;
}): Does {
  const { store, clock } = parts;

  async function there(task: Extract<Task, { kind: Kind }>) {
    const platform = parts.platformOf(task.platform);
    const incident = await parts.incidentOf(task.incidentId);
    const kept = incident.channels[task.platform];
    return { platform, incident, channel: kept && !kept.archived ? kept.channel : null };
  }

  return {
    async describe(task, { lease, within }) {
      const { platform, incident, channel } = await there(task);
      if (channel !== null) await within(async () => besides(() => platform.describe?.(channel, parts.head(incident))));
      await store.done(lease);
    },

    async attach(task, { lease, within }) {
      const { incidentId, version } = task;
      const { platform, incident, channel } = await there(task);
      const draft = await store.postmortem(machine, incidentId, version);
      const given = channel === null || !draft || !platform.attach || (await store.delivery(lease.key));
      if (given) return void (await store.done(lease));
      const name = `inc-${incident.number}-postmortem-v${version}.md`;
      const title = `Postmortem of #${incident.number}, version ${version}`;
      const message = await within(async () =>
        besides(() => platform.attach?.({ channel, key: lease.key, name, title, text: draft.markdown })),
      );
      const delivery: Delivery | null =
        message === undefined
          ? null
          : { jobKey: lease.key, incidentId, platform: platform.name, channel, message, at: clock.now() };
      await store.done(lease, delivery ?? undefined);
    },

    async archive(task, { lease, within }) {
      const { platform, incident, channel } = await there(task);
      const afterMs = incident.policy.archiveAfterMs ?? null;
      const due = incident.status === 'closed' && incident.closedAt !== null && afterMs !== null;
      if (!due || channel === null || !platform.archive) return void (await store.done(lease));
      await within(async () => besides(() => platform.archive?.(channel)));
      await parts.ask(task.incidentId, { type: 'recordArchived', platform: task.platform, channel }, lease);
    },
  };
}

/** That one of these cannot be done says nothing of the channel: what is said there may well arrive. */
async function besides<T>(call: () => Promise<T> | undefined): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof DeliveryError && error.permanent)) throw error;
    throw new DeliveryError(error.message, { permanent: true, of: 'message', cause: error });
  }
}
