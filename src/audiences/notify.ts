import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import type { Preset } from '../config/config.js';
import { subscribers } from '../incident/audiences.js';
import type { Notice } from '../messages/notice.js';
import { machine } from '../people/viewer.js';
import { type Change, ConflictError, type Lease, type Store, type Task } from '../store/port.js';
import { version } from '../version.js';
import type { Audience, MailServer } from './audience.js';
import { handOver, mailBy } from './hand-over.js';
import { mailOf } from './mail.js';
import { inWords, jobsFor, subscribersOf } from './subscribers.js';
import { callWebhook, webhookBody, webhookId } from './webhook.js';

export type NotifyTask = Extract<Task, { kind: 'notify' }>;

/** Carries one notice out, its completion included. `within` bounds its calls together. */
export type Notify = (
  task: NotifyTask,
  lease: Lease,
  within: <T>(call: () => Promise<T>) => Promise<T>,
) => Promise<void>;

/** Whoever read that it is resolved learns nothing from a mail that it is closed. */
const isEndAgain = ({ kind, automatic }: Notice): boolean => kind === 'closed' && !automatic;

/** Audiences and mail server are asked for at each job: a changed configuration holds for what has not been sent. */
export function notifier(parts: {
  store: Pick<
    Store,
    'notice' | 'incident' | 'commit' | 'done' | 'person' | 'subscribedTo' | 'subscriptionsOf' | 'subscriptionBy'
  >;
  now(): number;
  audiences(): readonly Audience[];
  mailServer(): MailServer | null;
  /** Who gets mail without asking for it, and in which zone people are. */
  presets(): readonly Preset[];
  zoneOf(personId: string): string | null;
  /** Person ids by the ids of the configuration. */
  personIds(): ReadonlyMap<string, string>;
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
    // Whatever the rules were when it was written: everybody hears what was published, and nobody else does.
    if ((audience.kind === 'public') !== (notice.kind === 'published')) return 'it is not for this audience';
    const { reach } = audience;
    if (task.to !== undefined && !(reach.by === 'mail' && reach.to.includes(task.to)))
      return 'the address is not in the audience any more';
    if (reach.by === 'mail' && isEndAgain(notice)) return 'its end has been told';
    return (await overtaken(notice)) ? 'there is a newer update' : null;
  }

  return async (task, lease, within) => {
    const { incidentId, platform } = task;
    const notice = await store.notice(incidentId, task.seq);
    if (task.audience === subscribers) return toSubscriber(task, notice, lease, within);
    const audience = parts.audiences().find(({ name }) => name === task.audience);
    const not = await whyNot(task, notice, audience);
    if (not !== null || notice === null || audience === undefined) return endQuietly(lease, not ?? '');
    const { reach } = audience;
    if (reach.by === 'mail' && task.to === undefined) return oneJobEach(reach.to, task, lease);

    return handOver(parts, { lease, incidentId, platform, within }, async (signal) => {
      if (reach.by === 'webhook') {
        const id = webhookId(lease.key, notice.at);
        const body = JSON.stringify(webhookBody(notice, parts.publicUrl(), audience.kind));
        await callWebhook({ ...reach, id, body, now: now(), version }, signal);
        return { channel: audience.name, message: id };
      }
      const to = task.to as string;
      const about = { audience: audience.name, kind: audience.kind, publicUrl: parts.publicUrl(), now: now() };
      return mailBy(parts.mailServer(), (from) => mailOf(notice, to, { from, ...about }), to, signal);
    });
  };

  /** Of one notice to those who subscribed; `task.to` is the link of one subscription. */
  async function toSubscriber(
    task: NotifyTask,
    notice: Notice | null,
    lease: Lease,
    within: Parameters<Notify>[2],
  ): Promise<void> {
    const { incidentId, platform, seq, to: link } = task;
    if (notice === null) return endQuietly(lease, 'what it told has been erased');
    if (isEndAgain(notice)) return endQuietly(lease, 'its end has been told');
    if (link === undefined) {
      const going = await subscribersOf(parts, notice);
      return committed(jobsFor(going, { key: lease.key, dueAt: lease.dueAt, incidentId, seq }), lease);
    }
    const found = await store.subscriptionBy(link);
    const known = found && (await store.person(found.personId));
    const not =
      found === null || found.endedAt !== null
        ? 'it was unsubscribed'
        : !known || known.goneAt !== null || known.email === null
          ? 'nobody is reached by this subscription'
          : (await overtaken(notice))
            ? 'there is a newer update'
            : null;
    if (not !== null || !found || !known?.email) return endQuietly(lease, not ?? '');
    const { email } = known;
    const publicUrl = parts.publicUrl();
    const subscriber = {
      about: inWords(found.about, notice.number),
      unsubscribe: `${publicUrl}/unsubscribe/${link}`,
      zone: parts.zoneOf(found.personId),
    };
    const about = { audience: 'subscriptions', subscriber, publicUrl, now: now() };
    return handOver(parts, { lease, incidentId, platform, within }, (signal) =>
      mailBy(parts.mailServer(), (from) => mailOf(notice, email, { from, ...about }), email, signal),
    );
  }

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
    await committed(jobs, lease);
  }

  async function committed(jobs: NonNullable<Change['jobs']>, lease: Lease): Promise<void> {
    try {
      await store.commit([{ stream: null, events: [], incident: null, jobs, done: lease }]);
    } catch (error) {
      // Somebody else has done it.
      if (!(error instanceof ConflictError)) throw error;
    }
  }
}
