import type { Receipt } from '../alerts/alert.js';
import { changedBefore, changesCountMs, changesLooked, type RecentChange } from '../alerts/changed.js';
import type { Topology } from '../alerts/dependencies/topology.js';
import type { Reply } from '../chat/platform.js';
import { nowAbout } from '../incident/changed.js';
import type { Asked, Command } from '../incident/commands.js';
import type { Context } from '../incident/context.js';
import type { IncidentEvent } from '../incident/events.js';
import { judge, type Ladder } from '../incident/severity.js';
import { type Evidence, type Incident, isOpen, isRefusal, type Refusal, refuse, walksOf } from '../incident/state.js';
import type { Access } from '../people/permissions.js';
import { may, person } from '../people/viewer.js';
import type { Change, Loaded, NewEvent, Store } from '../store/port.js';
import type { Clock } from './clock.js';
import type { Intake } from './intake.js';
import type { Shelf } from './playbook-shelf.js';
import { type Compose, StreamInHand } from './streams.js';
import { type Arrival, type Item, isArrival, isOver, isRequest, type Outcome, type Request, refused } from './tick.js';
import {
  alertsThatMove,
  chosenBy,
  type Detached,
  isOfTwo,
  movesAlerts,
  type OfTwo,
  partsOf,
  survivorOf,
} from './together.js';

/**
 * Loads, decides and commits one set of items. Resolves to a function that hands everyone their answer, to be called
 * once the commit stands. @throws ConflictError when somebody else wrote first: nothing has been written.
 */
export type Write = (items: readonly Item[], beforeCommit: () => void) => Promise<() => void>;

export interface WriteParts {
  store: Store;
  clock: Clock;
  shelf: Shelf;
  compose: Compose;
  intake: Intake;
  onCall: Context['onCall'];
  ladder(): Ladder;
  topology(): Topology;
  access(): Access;
  /** Home cannot be used just now, and what stands in for it; null: it can. */
  lost(platform: string): { since: number; standIn: string; why: string } | null;
}

export const writer =
  (parts: WriteParts): Write =>
  async (items, beforeCommit) => {
    const tick = new Tick(parts);
    const settles = [...(await arrivals(parts, tick, items)), ...(await requests(parts, tick, items))];
    const changes = tick.changes();
    beforeCommit();
    if (changes.length > 0) await parts.store.commit(changes);
    return () => {
      for (const settle of settles) settle();
    };
  };

async function arrivals({ intake, store }: WriteParts, tick: Tick, items: readonly Item[]) {
  const waiting = items.filter(isArrival);
  if (waiting.length === 0) return [];
  const { first, again } = await deliveredBefore(store, waiting);
  const taken = await intake(
    store,
    first.map(({ item }) => item),
  );
  for (const loaded of taken.loaded) tick.hold(loaded);
  tick.changed(taken.changes);
  for (const { incidentId, command } of taken.commands) await tick.machine(incidentId, command);
  tick.aside({ episodes: taken.episodes, episodesGone: taken.episodesGone, receipts: taken.receipts });
  const settled = new Map(taken.receipts.map((receipt) => [receipt.id, receipt]));
  for (const { item } of first)
    if (item.deliveryId)
      tick.aside({ answered: { id: deliveryKey(item), at: item.receivedAt, reply: { text: item.receiptId } } });
  const receiptOf = (id: string, source: string): Receipt => {
    const receipt = settled.get(id);
    if (!receipt) throw new Error(`No receipt was made for a webhook of ${source}.`);
    return receipt;
  };
  return [
    ...first.map(({ item, resolve }) => {
      const receipt = receiptOf(item.receiptId, item.source);
      return () => resolve(receipt);
    }),
    ...again.map(({ waiting: { item, resolve }, receipt }) => {
      const found = typeof receipt === 'string' ? receiptOf(receipt, item.source) : receipt;
      return () => resolve(found);
    }),
  ];
}

type Arriving = Extract<Item, { item: { kind: 'arrival' } }>;

const deliveryKey = ({ source, deliveryId }: Pick<Arrival, 'source' | 'deliveryId'>): string =>
  `delivery ${source} ${deliveryId}`;

/** Senders try again when an answer is lost: the same delivery has the first one's receipt, or its id within this tick. */
async function deliveredBefore(store: Pick<Store, 'answered' | 'receipt'>, waiting: readonly Arriving[]) {
  const named = waiting.filter(({ item }) => item.deliveryId);
  if (named.length === 0) return { first: waiting, again: [] };
  const answered = await store.answered(named.map(({ item }) => deliveryKey(item)));
  const here = new Map<string, string>();
  const first: Arriving[] = [];
  const again: { waiting: Arriving; receipt: Receipt | string }[] = [];
  for (const each of waiting) {
    const key = each.item.deliveryId ? deliveryKey(each.item) : null;
    const known = key === null ? undefined : (answered.get(key) as Reply | undefined)?.text;
    const earlier = key === null ? undefined : here.get(key);
    const receipt = known === undefined ? earlier : await store.receipt(known);
    if (receipt) again.push({ waiting: each, receipt });
    else {
      // A receipt that is gone by its age: taken anew under the same name, which stays as it was answered.
      first.push(known === undefined ? each : { ...each, item: { ...each.item, deliveryId: null } });
      if (key !== null) here.set(key, each.item.receiptId);
    }
  }
  return { first, again };
}

async function requests({ store, clock }: WriteParts, tick: Tick, items: readonly Item[]) {
  const waiting = items.filter(isRequest);
  if (waiting.length === 0) return [];
  const ids = waiting.flatMap(({ item }) => item.commandId ?? []);
  const known = new Map<string, Outcome>();
  if (ids.length > 0) for (const [id, reply] of await store.answered(ids)) known.set(id, replayed(reply as Reply));
  const settles: (() => void)[] = [];
  for (const each of waiting) {
    const { item, resolve } = each;
    const late = () => isOver(each, clock.now());
    const outcome = (item.commandId !== null && known.get(item.commandId)) || (await tick.request(item, late));
    if (!outcome) continue;
    if (item.commandId !== null) known.set(item.commandId, outcome);
    settles.push(() => resolve(outcome));
  }
  return settles;
}

/** What a replay is told: the stored words. It has no events of its own. */
const replayed = (reply: Reply): Outcome => ({
  refusal: refuse(reply.refusal?.code ?? 'replayed', reply.text),
  reply,
});

class Tick {
  readonly now: number;
  readonly #parts: WriteParts;
  readonly #streams = new Map<string, StreamInHand>();
  readonly #aside: Change[] = [];
  #number: number | null = null;
  #system: { stream: Change['stream']; events: NewEvent[] } | null = null;
  readonly #changed: RecentChange[] = [];
  #changedEarlier: { since: number; changes: RecentChange[] } | null = null;

  constructor(parts: WriteParts) {
    this.#parts = parts;
    this.now = parts.clock.now();
  }

  hold(loaded: Loaded): void {
    const { id } = loaded.incident;
    if (!this.#streams.has(id)) this.#streams.set(id, new StreamInHand(id, loaded, this.#parts.compose));
  }

  /** Written in the same commit, on no timeline. */
  aside(change: Partial<Change>): void {
    this.#aside.push({ stream: null, events: [], incident: null, ...change });
  }

  /** Kept, and told by what begins from now on. */
  changed(changes: RecentChange[]): void {
    if (changes.length === 0) return;
    this.#changed.push(...changes);
    this.aside({ changes });
  }

  /** What follows from alerts. The plan asks only for what the core grants; anything else is a bug. */
  async machine(incidentId: string, command: Command): Promise<void> {
    const asked: Asked = { command, actor: { kind: 'machine', name: 'alerts' }, at: this.now };
    const { stream, context } = await this.#ready(incidentId, asked);
    const together = command.type === 'noteDependency' && {
      other: (await this.#stream(command.other)).incident,
      moved: null,
    };
    const before = stream.incident;
    const result = this.#apply({ stream, context: { ...context, ...(together && { together }) } }, asked);
    await this.#changedBefore({ stream, context }, before);
    if (isRefusal(result)) throw new Error(`The plan asked for ${command.type}, which was refused: ${result.message}`);
  }

  /** null: all it needs has been read, and now it is too late. */
  async request(item: Request, late: () => boolean): Promise<Outcome | null> {
    const { incidentId, asked, also = [] } = item;
    const ready = await this.#ready(incidentId, asked);
    if (late()) return null;
    const before = ready.stream.incident;
    const result = isOfTwo(asked.command)
      ? await this.#ofTwo(incidentId, asked, asked.command)
      : this.#apply(ready, asked);
    if (asked.command.type === 'declare') await this.#changedBefore(ready, before);
    if (!isRefusal(result)) for (const each of also) this.#apply(await this.#ready(incidentId, each), each);
    const { incident } = ready.stream;
    let outcome: Outcome;
    if (isRefusal(result)) outcome = refused(result);
    else if (!incident) throw new Error(`Incident ${incidentId} is not there after ${asked.command.type}.`);
    else outcome = { refusal: null, events: result, incident, reply: item.answer?.(incident, result) ?? null };

    if (!isRefusal(result) && incident) await this.#bypassed(incident, asked, result);
    const { commandId, done, delivery, postmortem } = item;
    // A job that asked in vain is over all the same.
    if (done) this.aside({ done, ...(delivery && { delivery }) });
    if (postmortem && !outcome.refusal) this.aside({ postmortem });
    if (commandId !== null && outcome.reply)
      this.aside({ answered: { id: commandId, at: this.now, reply: outcome.reply } });
    return outcome;
  }

  changes(): Change[] {
    const text = (hash: string) => {
      const playbook = this.#parts.shelf.get(hash);
      return playbook && { hash, playbookId: playbook.id, text: playbook.text };
    };
    return [
      ...[...this.#streams.values()].flatMap((stream) => stream.change(text) ?? []),
      ...this.#aside,
      ...(this.#system ? [{ ...this.#system, incident: null }] : []),
    ];
  }

  /** Reads all that deciding needs. */
  async #ready(incidentId: string, asked: Asked): Promise<Ready> {
    const stream = await this.#stream(incidentId);
    for (const { hash } of stream.incident ? walksOf(stream.incident) : []) await this.#parts.shelf.fetch(hash);
    return { stream, context: await this.#context(asked, stream.incident) };
  }

  #apply({ stream, context }: Ready, asked: Asked): IncidentEvent[] | Refusal {
    const numbered = stream.incident?.number ?? null;
    this.#moveAway(stream, context);
    const result = stream.apply(asked, context, this.now);
    this.#moveAway(stream, context);
    if (!isRefusal(result)) this.#noteChanged(stream, context);
    if (numbered === null && stream.incident && stream.incident.number !== null)
      this.#number = stream.incident.number + 1;
    return result;
  }

  /** Both parts or none; what they move is written with them. */
  async #ofTwo(incidentId: string, asked: Asked, command: OfTwo): Promise<IncidentEvent[] | Refusal> {
    const { store, ladder } = this.#parts;
    const own = await this.#stream(incidentId);
    const state = own.incident;
    const back = command.type === 'unmerge';
    const otherId = back && state ? (await survivorOf(store, state)).id : command.other;
    const given: OfTwo = { ...command, other: otherId };
    const other = await this.#stream(otherId);
    const moves = state ? chosenBy(given, state, other.incident) : () => false;
    const [from, to] = back ? [otherId, incidentId] : [incidentId, otherId];
    const { moved, episodes } = movesAlerts(given)
      ? await alertsThatMove(store, ladder(), { from, to, moves })
      : { moved: null, episodes: [] };
    const undo = [own, other].map((stream) => stream.mark());
    const events: IncidentEvent[] = [];
    const detached = moved && given.type === 'split' ? await this.#detached(given, moved.evidence) : null;
    for (const part of partsOf(incidentId, given, state, detached)) {
      const each = { ...asked, command: part.command };
      const { stream, context } = await this.#ready(part.incidentId, each);
      const together = { other: (await this.#stream(part.otherId)).incident, moved };
      const result = this.#apply({ stream, context: { ...context, together } }, each);
      if (isRefusal(result)) {
        for (const rewind of undo) rewind();
        return result;
      }
      if (part.incidentId === incidentId) events.push(...result);
    }
    if (episodes.length > 0) this.aside({ episodes });
    return events;
  }

  async #detached({ detach }: Extract<OfTwo, { type: 'split' }>, evidence: Evidence): Promise<Detached | null> {
    if (!detach) return null;
    const { service, groupKey } = detach;
    const { severity, reason } = judge(evidence, this.#parts.ladder());
    const stored = (await this.#parts.store.byGroupKey([groupKey])).map(({ incident }) => incident);
    const here = [...this.#streams.values()].flatMap(({ incident }) => incident ?? []);
    const taken = [...stored, ...here].some((each) => each.groupKey === groupKey && isOpen(each));
    return { severity, reason: `it is no symptom, and ${reason}`, service, groupKey: taken ? null : groupKey };
  }

  /** That somebody went ahead alone stands in the stream of Muster itself as well, in the same commit. */
  async #bypassed(incident: Incident, { actor, at }: Asked, events: readonly IncidentEvent[]): Promise<void> {
    const alone = events.filter(({ type }) => type === 'glassBroken');
    if (alone.length === 0) return;
    this.#system ??= { stream: await this.#parts.store.systemPosition(), events: [] };
    // Of a private incident that stream says no more than its id.
    const hidden = incident.visibility === 'private';
    const body = { incidentId: incident.id, number: hidden ? null : incident.number };
    const by: Asked['actor'] = hidden ? { kind: 'machine', name: 'muster' } : actor;
    this.#system.events.push(
      ...alone.map(() => ({ type: 'approvalBypassed' as const, at, recordedAt: this.now, actor: by, body })),
    );
  }

  /** Nothing is begun, or goes on, at a home that cannot be used. */
  #moveAway(stream: StreamInHand, context: Context): void {
    const platform = stream.incident?.policy.platforms[0];
    const lost = platform === undefined || stream.incident?.away ? null : this.#parts.lost(platform);
    if (platform === undefined || !lost) return;
    const command: Command = { type: 'losePlatform', platform, of: 'platform', ...lost };
    stream.apply({ command, actor: { kind: 'machine', name: 'muster' }, at: this.now }, context, this.now);
  }

  /** Whoever walks a playbook hears, once, that its file has another text by now. */
  #noteChanged(stream: StreamInHand, context: Context): void {
    const { incident } = stream;
    const { walk } = incident ?? {};
    if (!incident || !walk || walk.current === null || !isOpen(incident)) return;
    const today = this.#parts.shelf.current.find(({ id }) => id === walk.playbookId);
    if (!today || today.hash === walk.hash || today.hash === walk.newer) return;
    const command: Command = { type: 'notePlaybookChanged', hash: walk.hash, newer: today.hash };
    stream.apply({ command, actor: { kind: 'machine', name: 'muster' }, at: this.now }, context, this.now);
  }

  /** Whoever comes to what begins sees what was changed there just before. */
  async #changedBefore({ stream, context }: Ready, before: Incident | null): Promise<void> {
    const { incident } = stream;
    if (!incident || !nowAbout(before, incident)) return;
    const { store, topology } = this.#parts;
    const since = incident.openedAt - changesCountMs;
    if (this.#changedEarlier?.since !== since)
      this.#changedEarlier = { since, changes: await store.changesSince(since, changesLooked) };
    const changes = changedBefore([...this.#changed, ...this.#changedEarlier.changes], incident, topology());
    if (changes.length === 0) return;
    const command: Command = { type: 'noteChanges', changes };
    stream.apply({ command, actor: { kind: 'machine', name: 'muster' }, at: this.now }, context, this.now);
  }

  async #rival(incident: Incident | null): Promise<Incident | null> {
    if (!incident?.groupKey) return null;
    const sameGroup = await this.#parts.store.byGroupKey([incident.groupKey]);
    const rival = sameGroup.find((loaded) => loaded.incident.id !== incident.id && isOpen(loaded.incident));
    return rival?.incident ?? null;
  }

  async #stream(incidentId: string): Promise<StreamInHand> {
    const held = this.#streams.get(incidentId);
    if (held) return held;
    const stream = new StreamInHand(incidentId, await this.#parts.store.load(incidentId), this.#parts.compose);
    this.#streams.set(incidentId, stream);
    return stream;
  }

  async #context({ command, actor }: Asked, incident: Incident | null): Promise<Context> {
    if (this.#number === null && mayDeclare.has(command.type)) this.#number = await this.#parts.store.nextNumber();
    const viewer = actor.kind === 'person' ? person(actor.personId) : null;
    return {
      number: this.#number ?? 0,
      rival: command.type === 'reopen' || command.type === 'unmerge' ? await this.#rival(incident) : null,
      playbook: this.#parts.shelf.walkable,
      onCall: this.#parts.onCall,
      may: (act, incident) => viewer && may(viewer, act, incident, this.#parts.access().permissions),
    };
  }
}

interface Ready {
  stream: StreamInHand;
  context: Context;
}

/** The commands that can give an incident its number. */
const mayDeclare: ReadonlySet<Command['type']> = new Set(['open', 'attachAlerts', 'declare']);
