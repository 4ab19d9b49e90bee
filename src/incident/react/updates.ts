import type { Command } from '../commands.js';
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
