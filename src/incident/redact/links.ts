import type { Counted, LinkEvents, Other } from '../links.js';
import type { Evidence, FollowUp } from '../state.js';
import { symptomGone } from './symptoms.js';

const gone = '[redacted]';
const maybe = (written: string | null): string | null => (written === null ? null : gone);
const other = ({ incidentId, number }: Other): Other => ({ incidentId, number, title: gone });
const counted = ({ firing, total, names }: Counted): Counted => ({ firing, total, names: names.map(() => gone) });
const one = (written: readonly string[]): string[] => (written.length > 0 ? [gone] : []);
const evidence = ({ alerts, services, hosts, worst, tier, compromise }: Evidence): Evidence => ({
  alerts,
  services: one(services),
  hosts: one(hosts),
  worst,
  tier,
  compromise,
});

export const linkForms = (
  followUp: (owed: FollowUp) => FollowUp,
): { [T in keyof LinkEvents]: (body: LinkEvents[T]) => LinkEvents[T] } => ({
  linked: ({ other: to, reason }) => ({ other: other(to), reason: maybe(reason) }),
  unlinked: ({ other: to }) => ({ other: other(to) }),
  mergedInto: ({ other: to, reason }) => ({ other: other(to), reason: maybe(reason) }),
  mergedFrom: (body) => ({
    other: other(body.other),
    reason: maybe(body.reason),
    alerts: counted(body.alerts),
    evidence: evidence(body.evidence),
    startedAt: body.startedAt,
    firstAlertAt: body.firstAlertAt,
    people: body.people.length > 0 ? ['redacted'] : [],
    followUps: body.followUps.map(followUp),
    ...(body.symptoms && { symptoms: body.symptoms.map(symptomGone) }),
  }),
  splitInto: (body) => ({
    other: other(body.other),
    alerts: counted(body.alerts),
    left: counted(body.left),
    evidence: evidence(body.evidence),
    ...(body.service !== undefined && { service: gone }),
  }),
  splitFrom: ({ other: from, alerts, evidence: known, startedAt, firstAlertAt, people, undone }) => ({
    other: other(from),
    alerts: counted(alerts),
    evidence: evidence(known),
    startedAt,
    firstAlertAt,
    people: people.length > 0 ? ['redacted'] : [],
    undone,
  }),
});
