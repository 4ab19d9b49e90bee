import { type NoticeKind, noticeKind } from '../incident/audiences.js';
import type { Asked } from '../incident/commands.js';
import type { Context } from '../incident/context.js';
import { decide } from '../incident/decide.js';
import type { IncidentEvent, TimelineEvent } from '../incident/events.js';
import { evolve } from '../incident/evolve.js';
import type { JobChange, TaskDraft } from '../incident/jobs.js';
import { react } from '../incident/react.js';
import { type Incident, isRefusal, type Refusal } from '../incident/state.js';
import type { Card } from '../messages/card.js';
import { noticeOf } from '../messages/notice.js';
import type { Change, JobWrite, Loaded, NewEvent, Task } from '../store/port.js';

/** Fills in what a post says of an event, from the incident as the whole commit leaves it. */
export type Compose = (
  task: Extract<TaskDraft, { kind: 'post' }> & { whole?: boolean },
  after: Incident,
  event: TimelineEvent,
) => Card;

/** Jobs of one event keep their order; more than this would spill into the next event's places. */
export const placesPerEvent = 1000;

/** One stream in hand for the length of a tick: loaded once, its commands folded in memory, written as one change. */
export class StreamInHand {
  incident: Incident | null;
  readonly #id: string;
  readonly #loaded: Loaded | null;
  readonly #compose: Compose;
  readonly #events: NewEvent[] = [];
  readonly #jobs: Placed[] = [];
  readonly #playbooks: string[] = [];
  readonly #notices: { kind: NoticeKind; event: TimelineEvent }[] = [];

  constructor(incidentId: string, loaded: Loaded | null, compose: Compose) {
    this.#id = incidentId;
    this.#loaded = loaded;
    this.#compose = compose;
    this.incident = loaded?.incident ?? null;
  }

  /** Decides one command against the row as it now is; a refusal leaves everything as it was. */
  apply(asked: Asked, context: Context, recordedAt: number): IncidentEvent[] | Refusal {
    const decision = decide(this.incident, asked, context);
    if (isRefusal(decision)) return decision;
    for (const event of decision) this.#append(event, asked, recordedAt);
    return decision;
  }

  /** Takes back, when called, all that has been applied since. */
  mark(): () => void {
    const { incident } = this;
    const kept = [this.#events, this.#jobs, this.#playbooks, this.#notices].map((each) => [each, [...each]] as const);
    return () => {
      this.incident = incident;
      for (const [list, before] of kept as [unknown[], unknown[]][]) list.splice(0, Infinity, ...before);
    };
  }

  #append(event: IncidentEvent, asked: Asked, recordedAt: number): void {
    const seq = (this.#loaded?.seq ?? 0) + this.#events.length + 1;
    const at = asked.happenedAt ?? asked.at;
    const entry = { ...event, seq, at, recordedAt, actor: asked.actor } as TimelineEvent;
    const before = this.incident;
    const after = evolve(before, entry);
    this.incident = after;
    this.#events.push({ type: event.type, at, recordedAt, actor: asked.actor, body: event.body });
    if (event.type === 'playbookAttached' || event.type === 'playbookAdopted') this.#playbooks.push(event.body.hash);
    const kind = noticeKind(before, after, entry);
    if (kind !== null) this.#notices.push({ kind, event: entry });
    react(before, after, entry).forEach((change, place) => {
      if ('clear' in change) this.#forget(change.clear.platform);
      this.#jobs.push({ change, position: seq * placesPerEvent + place, event: entry });
    });
  }

  /** What this commit would have put there too. */
  #forget(platform: string): void {
    const kept = this.#jobs.filter(
      ({ change }) => !('put' in change && 'platform' in change.put.task && change.put.task.platform === platform),
    );
    this.#jobs.splice(0, Infinity, ...kept);
  }

  #job({ change, position, event }: Placed): JobWrite {
    if (!('put' in change)) return change;
    const { key, lane, dueAt, task } = change.put;
    const written: Task =
      task.kind === 'post' ? post(task, this.#compose(task, this.incident as Incident, event)) : task;
    const platform = 'platform' in task ? task.platform : null;
    return { put: { key, lane, position, dueAt, platform, incidentId: this.#id, task: written } };
  }

  /** null: nothing has happened. */
  change(playbookText: (hash: string) => { hash: string; playbookId: string; text: string } | null): Change | null {
    if (this.#events.length === 0) return null;
    return {
      stream: {
        id: `incident/${this.#id}`,
        expectedSeq: this.#loaded?.seq ?? 0,
        prevHash: this.#loaded?.head ?? '',
      },
      events: this.#events,
      incident: this.incident,
      jobs: lastOfEachKey(this.#jobs).map((job) => this.#job(job)),
      playbooks: this.#playbooks.flatMap((hash) => playbookText(hash) ?? []),
      notices: this.#notices.map(({ kind, event }) => noticeOf(this.#compose, kind, this.incident as Incident, event)),
    };
  }
}

const post = ({ kind, incidentId, platform, to, revises }: Extract<TaskDraft, { kind: 'post' }>, card: Card): Task => ({
  kind,
  incidentId,
  platform,
  to,
  card,
  ...(revises && { revises }),
});

interface Placed {
  change: JobChange;
  position: number;
  event: TimelineEvent;
}

const keyOf = ({ change }: Placed): string =>
  'drop' in change ? change.drop : 'put' in change ? change.put.key : `clear ${change.clear.platform}`;

/** Within one commit only the last word on a key counts; a card keeps the place of its first. */
function lastOfEachKey(jobs: readonly Placed[]): Placed[] {
  const byKey = new Map<string, Placed>();
  for (const job of jobs) {
    const earlier = byKey.get(keyOf(job));
    const isCard = 'put' in job.change && job.change.put.task.kind === 'card';
    byKey.set(keyOf(job), earlier && isCard ? { ...job, position: earlier.position } : job);
  }
  return [...byKey.values()];
}
