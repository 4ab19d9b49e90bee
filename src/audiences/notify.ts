import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import type { Notice } from '../messages/notice.js';
import { machine } from '../people/viewer.js';
import { type Change, ConflictError, type Lease, type Store, type Task } from '../store/port.js';
import { version } from '../version.js';
import type { Audience, MailServer } from './audience.js';
import { handOver, mailBy } from './hand-over.js';
import { mailOf } from './mail.js';
import { callWebhook, webhookBody, webhookId } from './webhook.js';

export type NotifyTask = Extract<Task, { kind: 'notify' }>;

/** Carries one notice out, its completion included. `within` bounds its calls together. */
export type Notify = (
  task: NotifyTask,
  lease: Lease,
  within: <T>(call: () => Promise<T>) => Promise<T>,
) => Promise<void>;

/** Audiences and mail server are asked for at each job: a changed configuration holds for what has not been sent. */
export function notifier(parts: {
  store: Pick<Store, 'notice' | 'incident' | 'commit' | 'done'>;
  now(): number;
  audiences(): readonly Audience[];
  mailServer(): MailServer | null;
  publicUrl(): string;
  log: Pick<Logger, 'info'>;
}): Notify {
  const { store, now, log } = parts;

  /** Nothing is sent, and that is no failure. */
  async function endQuietly(lease: Lease, why: string): Promise<void> {
    log.info({ job: lease.key, why }, 'a notice is not sent');
    await store.done(lease);
  }

  /** An automatic update that waited until there was a newer one tells nothing any more. */
  async function overtaken({ incidentId, kind, automatic, update }: Notice): Promise<boolean> {
    if (kind !== 'update' || !automatic || update === null) return false;
    const incident = await store.incident(machine, { id: incidentId });
    return incident !== null && incident.updates.count > update.number;
  }

  async function whyNot(task: NotifyTask, notice: Notice | null, audience: Audience | undefined) {
    if (notice === null) return 'what it told has been erased';
    if (audience === undefined) return 'the audience is not in the configuration any more';
    const { reach } = audience;
    if (task.to !== undefined && !(reach.by === 'mail' && reach.to.includes(task.to)))
      return 'the address is not in the audience any more';
    // Whoever read that it is resolved learns nothing from a mail that it is closed.
    if (reach.by === 'mail' && notice.kind === 'closed' && !notice.automatic) return 'its end has been told';
    return (await overtaken(notice)) ? 'there is a newer update' : null;
  }

  return async (task, lease, within) => {
    const { incidentId, platform } = task;
    const notice = await store.notice(incidentId, task.seq);
    const audience = parts.audiences().find(({ name }) => name === task.audience);
    const not = await whyNot(task, notice, audience);
    if (not !== null || notice === null || audience === undefined) return endQuietly(lease, not ?? '');
    const { reach } = audience;
    if (reach.by === 'mail' && task.to === undefined) return oneJobEach(reach.to, task, lease);

    return handOver(parts, { lease, incidentId, platform, within }, async (signal) => {
      if (reach.by === 'webhook') {
        const id = webhookId(lease.key, notice.at);
        const body = JSON.stringify(webhookBody(notice, parts.publicUrl()));
        await callWebhook({ ...reach, id, body, now: now(), version }, signal);
        return { channel: audience.name, message: id };
      }
      const to = task.to as string;
      const about = { audience: audience.name, publicUrl: parts.publicUrl(), now: now() };
      return mailBy(parts.mailServer(), (from) => mailOf(notice, to, { from, ...about }), to, signal);
    });
  };

  /** So that one address that is refused or deferred holds up no other, and nobody reads who else is told. */
  async function oneJobEach(addresses: readonly string[], task: NotifyTask, lease: Lease): Promise<void> {
    const jobs: NonNullable<Change['jobs']> = addresses.map((to) => {
      const place = createHash('sha256').update(to).digest('hex').slice(0, 8);
      const platform = `${task.platform}/${place}`;
      return {
        put: {
          key: `${lease.key}/${place}`,
          lane: `${task.incidentId}/${platform}`,
          position: task.seq,
          dueAt: lease.dueAt,
          platform,
          incidentId: task.incidentId,
          task: { ...task, platform, to },
        },
      };
    });
    try {
      await store.commit([{ stream: null, events: [], incident: null, jobs, done: lease }]);
    } catch (error) {
      // Somebody else has done it.
      if (!(error instanceof ConflictError)) throw error;
    }
  }
}
