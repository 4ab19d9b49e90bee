import type { Asked } from '../incident/commands.js';
import type { Context } from '../incident/context.js';
import { decide } from '../incident/decide.js';
import type { IncidentEvent, TimelineEvent } from '../incident/events.js';
import { evolve } from '../incident/evolve.js';
import type { JobChange, TaskDraft } from '../incident/jobs.js';
import { react } from '../incident/react.js';
import { type Incident, isRefusal, type Refusal } from '../incident/state.js';
import type { Card } from '../messages/card.js';
import type { Change, JobWrite, Loaded, NewEvent, Task } from '../store/port.js';

/** Fills in what a post says, from the incident as the event left it. */
export type Compose = (task: Extract<TaskDraft, { kind: 'post' }>, after: Incident, event: TimelineEvent) => Card;

/** Jobs of one event keep their order; more than this would spill into the next event's places. */
const placesPerEvent = 1000;

/** One stream in hand for the length of a tick: loaded once, its commands folded in memory, written as one change. */
export class StreamInHand {
  incident: Incident | null;
  readonly #id: string;
  readonly #loaded: Loaded | null;
  readonly #compose: Compose;
  readonly #events: NewEvent[] = [];
  readonly #jobs: JobWrite[] = [];
  readonly #playbooks: string[] = [];

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

  #append(event: IncidentEvent, asked: Asked, recordedAt: number): void {
    const seq = (this.#loaded?.seq ?? 0) + this.#events.length + 1;
    const entry = { ...event, seq, at: asked.at, recordedAt, actor: asked.actor } as TimelineEvent;
    const before = this.incident;
    const after = evolve(before, entry);
    this.incident = after;
    this.#events.push({ type: event.type, at: asked.at, recordedAt, actor: asked.actor, body: event.body });
    if (event.type === 'playbookAttached') this.#playbooks.push(event.body.hash);
    react(before, after, entry).forEach((change, place) => {
      this.#jobs.push(this.#job(change, seq * placesPerEvent + place, after, entry));
    });
  }

  #job(change: JobChange, position: number, after: Incident, event: TimelineEvent): JobWrite {
    if ('drop' in change) return change;
    const { key, lane, dueAt, task } = change.put;
    const written: Task = task.kind === 'post' ? post(task, this.#compose(task, after, event)) : task;
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
      jobs: lastOfEachKey(this.#jobs),
      playbooks: this.#playbooks.flatMap((hash) => playbookText(hash) ?? []),
    };
  }
}

const post = ({ kind, incidentId, platform, to }: Extract<TaskDraft, { kind: 'post' }>, card: Card): Task => ({
  kind,
  incidentId,
  platform,
  to,
  card,
});

const keyOf = (job: JobWrite): string => ('drop' in job ? job.drop : job.put.key);

/** Within one commit only the last word on a key counts, at the place of the first: a card keeps its turn. */
function lastOfEachKey(jobs: readonly JobWrite[]): JobWrite[] {
  const byKey = new Map<string, JobWrite>();
  for (const job of jobs) {
    const earlier = byKey.get(keyOf(job));
    const place =
      earlier && 'put' in earlier && 'put' in job && job.put.task.kind === 'card' ? earlier.put.position : null;
    byKey.set(keyOf(job), place !== null && 'put' in job ? { put: { ...job.put, position: place } } : job);
  }
  return [...byKey.values()];
}
