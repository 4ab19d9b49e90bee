import type { EventBodies } from './events.js';
import type { Incident, Severity, Status } from './state.js';

/** What an update tells besides a person's words. */
export interface Told {
  status: Status;
  severity: Severity;
  impact: string | null;
  workaround: string | null;
  expectedAt: number | null;
  expectedWhy: string | null;
  doing: string | null;
}

/** What an update would tell now. */
export function toldNow(state: Incident): Told {
  const step = state.walk && state.walk.current !== null ? state.walk.steps[state.walk.current] : null;
  return {
    status: state.status,
    severity: state.severity,
    impact: state.impact?.text ?? null,
    workaround: state.workaround?.text ?? null,
    expectedAt: state.expected?.at ?? null,
    expectedWhy: state.expected?.why ?? null,
    doing: step?.title ?? null,
  };
}

/** What an update told. */
export const toldBy = (body: EventBodies['updatePosted']): Told => ({
  status: body.status,
  severity: body.severity,
  impact: body.impact?.text ?? null,
  workaround: body.workaround ?? null,
  expectedAt: body.expected?.at ?? null,
  expectedWhy: body.expected?.why ?? null,
  doing: body.doing,
});

/** Nothing has changed for stakeholders: the same but for the step in hand. */
export const sameForAll = (a: Told, b: Told): boolean =>
  a.status === b.status &&
  a.severity === b.severity &&
  a.impact === b.impact &&
  a.workaround === b.workaround &&
  a.expectedAt === b.expectedAt &&
  a.expectedWhy === b.expectedWhy;

/** The same text, but for a person's words. */
export const same = (a: Told, b: Told): boolean => sameForAll(a, b) && a.doing === b.doing;
