import { type Decisions, event } from './context.js';
import { type Incident, isOpen } from './state.js';

/** Something was changed shortly before an incident began. All of it is from outside, never formatted. */
export interface ChangedBefore {
  text: string;
  at: number;
  /** http(s) only; null: the sender gave none. */
  link: string | null;
  /** From the service of the incident to the one that was changed, both included; one where they are the same. */
  path: string[];
}

export interface ChangedEvents {
  /** Newest first. */
  changesNoted: { changes: ChangedBefore[] };
}

export interface ChangedCommands {
  /** From Muster, in the commit in which it begins. */
  noteChanges: ChangedEvents['changesNoted'];
}

const noted = 3;

export const changedDecisions = {
  noteChanges: [
    'anything',
    (state, { changes }) =>
      // It is told once: what changes later is noted on the timeline as it comes.
      isOpen(state) && !state.changed && changes.length > 0
        ? [event('changesNoted', { changes: changes.slice(0, noted) })]
        : [],
  ],
} satisfies Decisions<keyof ChangedCommands>;

/** Whether it only now is about some service, so that it can be asked what changed there. */
export const nowAbout = (before: Pick<Incident, 'services'> | null, after: Incident): boolean =>
  after.services.length > 0 && (before === null || before.services.length === 0);
