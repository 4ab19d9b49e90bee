import type { Logger } from 'pino';
import { pageLinkLastsMs, pageLinkMaker } from '../access/page-links.js';
import type { Sent } from '../audiences/hand-over.js';
import { isTitled } from '../audiences/titled.js';
import { type ChatPlatform, DeliveryError } from '../chat/platform.js';
import type { Config } from '../config/config.js';
import type { Engine } from '../engine/engine.js';
import type { Command } from '../incident/commands.js';
import { pagingOf } from '../incident/escalation.js';
import { isPageOver, outcomeOf, pageJob } from '../incident/pages.js';
import { directPlace } from '../incident/places.js';
import type { Incident } from '../incident/state.js';
import { machine } from '../people/viewer.js';
import { type Change, ConflictError, type Lease, type Store, type Task } from '../store/port.js';
import { type CalleeParts, type Reached, reached } from './callees.js';
import { byChat, tellChat } from './chat.js';
import type { Page } from './page.js';
import { tellPagerDuty } from './pagerduty.js';
import { sendBy } from './send.js';
import type { Way } from './way.js';

export type PageTask = Extract<Task, { kind: 'page' }>;
type ByWay = PageTask & { by: string };
type Within = <T>(call: () => Promise<T>) => Promise<T>;

/**
 * Not taken by then, the next way has its turn: another try would end 30 s after the first began. The way is tried on,
 * since a page that comes late is better than none.
 */
const nextWayAfterMs = 15_000;
const triedForMs = 15 * 60_000;

export interface PagerParts extends CalleeParts {
  store: Pick<Store, 'incident' | 'person' | 'access' | 'commit' | 'done' | 'heldCount' | 'delivery' | 'deliveries'>;
  engine: Pick<Engine, 'handle'>;
  now(): number;
  config(): Pick<Config, 'people' | 'services' | 'mailServer' | 'pageWebhooks'>;
  publicUrl(): string;
  platforms: ReadonlyMap<string, ChatPlatform>;
  names: ReadonlyMap<string, string>;
  log: Pick<Logger, 'warn'>;
}

/** Calls one person, completion included. `within` bounds its calls together. */
export function pager(parts: PagerParts): (task: PageTask, lease: Lease, within: Within) => Promise<void> {
  const { store, engine, now } = parts;
  const makeLink = pageLinkMaker(store);

  const record = (incidentId: string, command: Command, more: Partial<Parameters<Engine['handle']>[0]> = {}) =>
    engine.handle({
      incidentId,
      asked: { command, actor: { kind: 'machine', name: 'muster' }, at: now() },
      commandId: null,
      answer: null,
      ...more,
    });

  /** A job of its own for each way, so that none waits for another. */
  async function plan(task: PageTask, incident: Incident, to: Reached, lease: Lease): Promise<void> {
    const { incidentId, personId, seq } = task;
    const ways = to.gone ? [] : to.for(incident.severity);
    if (ways.length === 0)
      return void (await record(incidentId, { type: 'recordUnreached', personId, page: seq }, { done: lease }));
    const jobs: NonNullable<Change['jobs']> = ways.map(({ id, afterMs }) => {
      const job = pageJob({ incidentId, personId, page: seq, way: id }, lease.dueAt + afterMs);
      return { put: { ...job, position: seq, platform: job.task.platform, incidentId } };
    });
    try {
      await store.commit([{ stream: null, events: [], incident: null, jobs, done: lease }]);
    } catch (error) {
      // Somebody else has done it.
      if (!(error instanceof ConflictError)) throw error;
    }
  }

  async function pageOf({ incidentId, personId }: PageTask, incident: Incident, { callee }: Reached): Promise<Page> {
    const secret = await makeLink({ personId, incidentId, now: now() });
    return {
      incident,
      person: callee,
      because: pagingOf(incident).called.find((each) => each.personId === personId)?.because ?? null,
      link: `${parts.publicUrl()}/ack/${secret}`,
      lastsMs: pageLinkLastsMs,
      publicUrl: parts.publicUrl(),
      titled: isTitled(incident, parts.config().services),
      now: now(),
    };
  }

  /** Where they are told directly, and by which name it is known. */
  function chatOf(incident: Incident): ChatPlatform {
    const platform = parts.platforms.get(directPlace(incident) ?? '');
    if (platform) return platform;
    throw new DeliveryError('There is no chat to call anybody by.', { permanent: true });
  }

  async function send(way: Way, task: ByWay, incident: Incident, to: Reached, lease: Lease, within: Within) {
    if (way.via === 'chat') {
      const platform = chatOf(incident);
      const because = pagingOf(incident).called.find(({ personId }) => personId === task.personId)?.because ?? null;
      const sent = await byChat(platform, { incident, to: to.callee, because, lease, within });
      return { ...sent, platform: platform.name };
    }
    const page = await pageOf(task, incident, to);
    const cut = new AbortController();
    try {
      const given = { page, key: lease.key, config: parts.config() };
      const sent: Sent = await within(() => sendBy(way, given, cut.signal));
      return { ...sent, platform: task.platform };
    } finally {
      cut.abort();
    }
  }

  async function byWay(task: ByWay, incident: Incident, to: Reached, lease: Lease, within: Within): Promise<void> {
    const { incidentId, personId, seq: page, by: way } = task;
    if (outcomeOf(incident, page, personId).handed.includes(way)) return void (await store.done(lease));
    const ways = to.for(incident.severity);
    const later = ways.filter(({ afterMs }) => afterMs > 0).map(({ id }) => id);
    const outcome = { type: 'recordPage', personId, page, way, ways: ways.map(({ id }) => id), later } as const;
    const used = to.way(way);
    try {
      if (to.gone) throw new DeliveryError('They have left.', { permanent: true });
      if (!used) throw new DeliveryError('It is not one of their ways any more.', { permanent: true });
      const sent = await send(used, task, incident, to, lease, within);
      const delivery = { jobKey: lease.key, incidentId, ...sent, at: now() };
      await record(incidentId, { ...outcome, error: null }, { done: lease, delivery });
    } catch (error) {
      if (!(error instanceof DeliveryError)) throw error;
      const triedMs = now() - lease.dueAt;
      const over = error.permanent || triedMs + (error.retryAfterMs ?? 0) >= triedForMs;
      if (over || triedMs + (error.retryAfterMs ?? 0) >= nextWayAfterMs)
        await record(incidentId, { ...outcome, error: error.message }, over ? { done: lease } : {});
      if (!over) throw error;
    }
  }

  /** Whoever was called by chat reads who is on it; what calls on by itself is told to stop. */
  async function tellOver(task: ByWay, incident: Incident, to: Reached, lease: Lease, within: Within): Promise<void> {
    const { by, personId, seq, tell = 'acknowledged' } = task;
    const way = to.way(by);
    try {
      if (way?.via === 'chat') {
        const { acknowledgedBy } = incident;
        const name = acknowledgedBy === null ? null : (parts.names.get(acknowledgedBy) ?? acknowledgedBy);
        const on = acknowledgedBy === null || name === null ? null : { personId: acknowledgedBy, name };
        const rings = !isPageOver(incident, seq, personId);
        await tellChat(parts, { incident, personId, way: by, by: on, rings, within });
      }
      if (way?.via === 'pagerduty') {
        const cut = new AbortController();
        try {
          await within(() => tellPagerDuty(way, incident, tell, now(), cut.signal));
        } finally {
          cut.abort();
        }
      }
    } catch (error) {
      if (!(error instanceof DeliveryError && error.permanent)) throw error;
      parts.log.warn({ err: error, job: lease.key }, 'who was called could not be told that it is over');
    }
    await store.done(lease);
  }

  return async (task, lease, within) => {
    const incident = await store.incident(machine, { id: task.incidentId });
    if (!incident) return void (await store.done(lease));
    const held = (await store.heldCount()) > 0;
    // A restored Muster may be a second one: it calls nobody until somebody has released it.
    if (held) throw new DeliveryError('This Muster is held since its restore.', { permanent: false });
    const { by, personId, seq } = task;
    const to = await reached(parts, personId);
    if (by !== undefined && task.tell) return tellOver({ ...task, by }, incident, to, lease, within);
    const calledAgain = pagingOf(incident).ringing.some((each) => each.personId === personId && each.seq > seq);
    if (isPageOver(incident, seq, personId) || (calledAgain && lease.attempt > 1))
      return void (await store.done(lease));
    if (by === undefined) return plan(task, incident, to, lease);
    return byWay({ ...task, by }, incident, to, lease, within);
  };
}
