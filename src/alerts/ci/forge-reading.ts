import type { Alert } from '../alert.js';
import type { AboutReading, PassedOver } from '../source.js';
import type { ForgeBody } from './forge-shapes.js';

export type Reading = (body: ForgeBody, about: AboutReading) => Alert[] | PassedOver;

/** Actions that come before a run is over; the state beside them may still be that of the run before. */
const early = new Set(['requested', 'in_progress', 'queued', 'waiting', 'created', 'rerequested', 'requested_action']);
export const stateOf = (
  action: string | null,
  of: { conclusion?: string | null; status?: string | null },
): string | null =>
  action !== null && early.has(action) && !(action === 'created' && of.status === 'completed')
    ? action
    : of.conclusion || of.status || action;

export const project = ({ repository }: ForgeBody): string | null => repository?.full_name ?? repository?.name ?? null;
export const usual = (body: ForgeBody) => ({
  service: body.repository?.name,
  defaultBranch: body.repository?.default_branch,
  labels: { repository: project(body) },
});
/** A fork's branch may have the name of ours. */
export const proposal = (event: string | null | undefined): string | null =>
  event?.startsWith('pull_request') ? 'a pull request' : null;

export const nothing = ({ action }: ForgeBody): PassedOver => ({
  name: action ? `an event (${action})` : 'an event',
  why: 'It tells neither of a run, nor of a deployment, nor of a security alert.',
});
