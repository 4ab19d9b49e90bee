import type { Link, LinkEvents, Other } from '../links.js';
import type { Incident } from '../state.js';
import { cameBack, wentTo } from './symptoms.js';
import type { Rule } from './walk.js';

const earliest = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.min(a, b);
const union = (a: readonly string[], b: readonly string[]): string[] => [...new Set([...a, ...b])];
const namesKept = 5;

/** One link per other incident and kind: what is newer stands for what was. */
const linked = (
  { links = [] }: Pick<Incident, 'links'>,
  other: Other,
  how: Link['how'],
  { at, reason }: Pick<Link, 'at' | 'reason'>,
  without: readonly Link['how'][] = [],
): Link[] => [
  ...links.filter((each) => each.incidentId !== other.incidentId || !(each.how === how || without.includes(each.how))),
  { ...other, how, reason, at },
];

/** It goes on nowhere else. */
const standing = ({ links = [] }: Incident): Pick<Incident, 'links'> => ({
  links: links.filter(({ how }) => how !== 'merged-into'),
});

/** What clears or moves on leaves nobody to be chased for it; what fires speaks against what was proposed. */
const firingNow = (
  { acknowledgeDueAt, statusProposal }: Incident,
  firing: number,
): Pick<Incident, 'acknowledgeDueAt' | 'statusProposal'> => ({
  acknowledgeDueAt: firing === 0 ? null : acknowledgeDueAt,
  statusProposal: firing > 0 ? null : statusProposal,
});

export const linkRules: { [T in keyof LinkEvents]: Rule<T> } = {
  linked: (incident, { other, reason }, { at }) => ({ links: linked(incident, other, 'related', { at, reason }) }),
  unlinked: ({ links = [] }, { other }) => ({
    links: links.filter(({ incidentId, how }) => incidentId !== other.incidentId || how !== 'related'),
  }),
  mergedInto: (incident, { other, reason }, { at }) => ({
    links: linked(incident, other, 'merged-into', { at, reason }, ['split-from']),
    alerts: { firing: 0, total: 0, names: [] },
    acknowledgeDueAt: null,
    followUps: [],
  }),
  mergedFrom: (incident, body, { at }) => ({
    links: linked(incident, body.other, 'merged-from', { at, reason: body.reason }, ['split-into']),
    alerts: {
      firing: incident.alerts.firing + body.alerts.firing,
      total: incident.alerts.total + body.alerts.total,
      names: union(incident.alerts.names, body.alerts.names).slice(0, namesKept),
    },
    evidence: body.evidence,
    services: union(incident.services, body.evidence.services),
    impactStartedAt: earliest(incident.impactStartedAt, body.startedAt),
    firstAlertAt: earliest(incident.firstAlertAt, body.firstAlertAt),
    statusProposal: body.alerts.firing > 0 ? null : incident.statusProposal,
    responders: union(incident.responders, body.people),
    followUps: [...incident.followUps, ...body.followUps],
    ...cameBack(incident, body, at),
  }),
  splitInto: (incident, body, { at }) => ({
    links: linked(incident, body.other, 'split-into', { at, reason: null }, ['merged-from']),
    alerts: body.left,
    evidence: body.evidence,
    ...firingNow(incident, body.left.firing),
    ...wentTo(incident, body),
  }),
  splitFrom: (incident, body, { at }) => ({
    links: linked(body.undone ? standing(incident) : incident, body.other, 'split-from', { at, reason: null }),
    responders: union(incident.responders, body.people),
    alerts: body.alerts,
    evidence: body.evidence,
    services: union(incident.services, body.evidence.services),
    impactStartedAt: earliest(incident.impactStartedAt, body.startedAt),
    firstAlertAt: earliest(incident.firstAlertAt, body.firstAlertAt),
    ...firingNow(incident, body.alerts.firing),
  }),
};
