import type { Command } from '../commands.js';
import type { EventBodies } from '../events.js';
import type { JobChange } from '../jobs.js';
import type { Incident } from '../state.js';

/** The timers around updates besides the promise itself. */
export function updateTimers(before: Incident | null, after: Incident): JobChange[] {
  const timer = (key: string, dueAt: number | null, was: number | null, command: (dueAt: number) => Command) => {
    if (dueAt === was) return [];
    if (dueAt === null) return [{ drop: key }];
    return [
      {
        put: { key, lane: null, dueAt, task: { kind: 'ask' as const, incidentId: after.id, command: command(dueAt) } },
      },
    ];
  };
  const was = before?.updates;
  return [
    ...timer(`ask-update/${after.id}`, after.updates.askAt, was?.askAt ?? null, (dueAt) => ({
      type: 'askUpdate',
      dueAt,
    })),
    ...timer(`long/${after.id}`, after.updates.longAskAt, was?.longAskAt ?? null, (dueAt) => ({
      type: 'proposeLong',
      dueAt,
    })),
  ];
}

/** Updates are known by their number, so that a later one can take the place of one. */
export const updatePlace = (number: number): string => `update-${number}`;

/**
 * The automatic update that this one takes back while nobody has seen it: after an outage of the chat the latest is
 * told, with its age. What a person wrote is never taken back, and neither is what "no change" refers to.
 */
export function replacedUpdate(
  before: Incident | null,
  body: EventBodies['updatePosted'],
  ofStakeholders: boolean,
): number | null {
  if (!before || before.updates.automaticInARow === 0) return null;
  const { toldSince, lastAt, shown } = before.updates;
  if ((body.unchangedSince ?? null) !== null && toldSince === lastAt) return null;
  if (!ofStakeholders) return body.number - 1;
  return shown === null || body.revises === shown.number ? null : shown.number;
}
