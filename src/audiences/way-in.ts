import { makeLink, wayInLastsMs } from '../access/links.js';
import { DeliveryError } from '../chat/platform.js';
import type { Config } from '../config/config.js';
import type { Incident } from '../incident/state.js';
import { type Card, type Inline, paragraph, text } from '../messages/card.js';
import { literal } from '../messages/literal.js';
import { machine } from '../people/viewer.js';
import { type Change, ConflictError, type Lease, type Store, type Task } from '../store/port.js';
import { version } from '../version.js';
import { handOver, mailBy } from './hand-over.js';
import { isTitled } from './titled.js';
import { type WayIn, wayInMail, wayInPush } from './way-in-words.js';
import { callWebhook, webhookId } from './webhook.js';

export type WayInTask = Extract<Task, { kind: 'wayIn' }>;

/** Whoever has got a way in needs no other so soon: a platform that comes and goes is one outage to people. */
const quietForMs = 30 * 60_000;

/** Carries one out, its completion included. `within` bounds its calls together. */
export type ShowWayIn = (
  task: WayInTask,
  lease: Lease,
  within: <T>(call: () => Promise<T>) => Promise<T>,
) => Promise<void>;

/** Addresses are asked for at each job: a changed configuration holds for what has not been sent. */
export function showsWayIn(parts: {
  store: Pick<Store, 'incident' | 'person' | 'delivery' | 'access' | 'commit' | 'done' | 'heldCount'>;
  now(): number;
  config(): Pick<Config, 'people' | 'services' | 'mailServer'>;
  /** Person ids by the ids of the configuration. */
  personIds(): ReadonlyMap<string, string>;
  publicUrl(): string;
  /** Nobody signs in here. */
  open: boolean;
}): ShowWayIn {
  const { store, now } = parts;

  async function reachOf(personId: string) {
    const { people, mailServer } = parts.config();
    const ids = parts.personIds();
    const named = people.find(({ id }) => (ids.get(id) ?? id) === personId);
    const known = await store.person(personId);
    const here = known?.goneAt === null;
    return {
      name: known?.name ?? named?.name ?? personId,
      mail: here && mailServer ? (known.email ?? named?.email ?? null) : null,
      push: here ? (named?.push ?? null) : null,
    };
  }

  /** One job for each person and each way to reach them, so that none holds up another. */
  async function oneJobEach(task: WayInTask, incident: Incident, lease: Lease): Promise<void> {
    const { incidentId } = task;
    const dueAt = lease.dueAt;
    const jobs: NonNullable<Change['jobs']> = [];
    const nowhere: string[] = [];
    for (const personId of task.people) {
      const { mail, push } = await reachOf(personId);
      if (mail === null && push === null) nowhere.push(personId);
      for (const by of [...(mail ? (['mail'] as const) : []), ...(push ? (['push'] as const) : [])]) {
        const platform = `way-in/${personId}/${by}`;
        jobs.push({
          put: {
            key: `way-in/${incidentId}/${personId}/${by}`,
            lane: `way-in:${personId}/${by}`,
            position: dueAt,
            dueAt,
            platform,
            incidentId,
            task: { kind: 'wayIn', incidentId, platform, people: [personId], by },
          },
        });
      }
    }
    const platform = incident.away?.standIn;
    if (nowhere.length > 0 && platform !== undefined) {
      const card = notReached(incident, await Promise.all(nowhere.map(named)));
      jobs.push({
        put: {
          key: `say/${lease.key}/operators`,
          lane: `${incidentId}/${platform}`,
          position: dueAt,
          dueAt,
          platform,
          incidentId,
          task: { kind: 'post', incidentId, platform, to: { to: 'named', name: 'operators' }, card },
        },
      });
    }
    try {
      await store.commit([{ stream: null, events: [], incident: null, jobs, done: lease }]);
    } catch (error) {
      // Somebody else has done it.
      if (!(error instanceof ConflictError)) throw error;
    }
  }

  const named = async (personId: string) => ({ personId, name: (await reachOf(personId)).name });

  async function linkFor(personId: string, incident: Incident): Promise<string> {
    const leadsTo = `/incidents/${incident.number}`;
    if (parts.open) return `${parts.publicUrl()}${leadsTo}`;
    const secret = await makeLink(store, { personId, leadsTo, now: now(), lastsMs: wayInLastsMs });
    return `${parts.publicUrl()}/sign-in/${secret}`;
  }

  return async (task, lease, within) => {
    const { incidentId, platform, by } = task;
    const incident = await store.incident(machine, { id: incidentId });
    const away = incident?.away;
    // Home is back, or it has ended meanwhile: nobody has to go anywhere.
    if (!incident || !away || incident.status === 'closed') return void (await store.done(lease));
    // A restored Muster may be a second one: it calls nobody until somebody has released it.
    if ((await store.heldCount()) > 0)
      throw new DeliveryError('This Muster is held since its restore.', { permanent: false });
    if (by === undefined) return oneJobEach(task, incident, lease);
    const personId = task.people[0] as string;
    const before = await store.delivery(lease.key);
    const { name, mail, push } = await reachOf(personId);
    const to = by === 'mail' ? mail : push;
    if (to === null || (before !== null && now() - before.at < quietForMs)) return void (await store.done(lease));

    const way: WayIn = {
      incident,
      away,
      person: { personId, name },
      link: await linkFor(personId, incident),
      lastsMs: parts.open ? null : wayInLastsMs,
      titled: isTitled(incident, parts.config().services),
      now: now(),
    };
    return handOver(parts, { lease, incidentId, platform, within }, async (signal) => {
      if (typeof to === 'string')
        return mailBy(parts.config().mailServer, (from) => wayInMail(way, to, from), to, signal);
      const id = webhookId(lease.key, away.since);
      const body = JSON.stringify(wayInPush(way, to));
      await callWebhook({ ...to, id, body, now: now(), version }, signal);
      return { channel: 'push', message: id };
    });
  };
}

function notReached({ number }: Incident, people: readonly { personId: string; name: string }[]): Card {
  const summary = `#${number} goes on here, and nobody could tell everyone on call.`;
  const who = people.flatMap(({ personId, name }, i): Inline[] => [
    ...(i === 0 ? [] : [text(', ')]),
    { kind: 'person', personId, name: literal(name, 80), notify: false },
  ]);
  return {
    tone: 'warning',
    summary,
    blocks: [
      paragraph(text(`Incident ${number} goes on here, and these people have no address to be told so: `), ...who),
      paragraph(text('Call them, and give them an e-mail address or a push address in the configuration.')),
    ],
  };
}
