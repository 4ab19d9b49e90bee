import { z } from 'zod';
import { makeAlert } from '../make.js';
import { flag, list, part, text } from '../shapes.js';
import { defineSource } from '../source.js';
import { epoch } from '../times.js';

const alert = {
  id: text,
  url: text,
  createdAt: text,
  openedAt: text,
  closedAt: text,
  status: text,
  isOpen: flag,
  trigger: text,
  monitorName: text,
  metricLabel: text,
  metricValue: text,
};
const payload = z.object({
  event: z.string(),
  message: text,
  orgName: text,
  host: part({ id: text, name: text, url: text, roles: list(z.object({ fullname: text }), 16) }),
  service: part({ name: text }),
  alert: part(alert),
  alertGroup: part(alert),
  alertGroupSetting: part({ name: text }),
});

/** Mackerel: alerts of hosts, services and addresses, and groups of them. */
export const mackerel = defineSource({
  kind: 'mackerel',
  sender: 'Mackerel',
  authentication: 'token in the address',
  episode: 'no body of an end is at hand; it has the same address, status ok and isOpen false',
  payload,
  alerts(said, about) {
    const { event, host, alertGroupSetting: group } = said;
    const alert = said.alert ?? said.alertGroup;
    if (!alert) {
      const why = event === 'sample' ? 'a test: it arrives' : `${event} is no alert`;
      return { name: said.message ?? `Mackerel ${event}`, why };
    }
    const status = alert.status?.toLowerCase();
    const name = alert.monitorName ?? group?.name ?? alert.metricLabel;
    const service = said.service?.name ?? host?.roles[0]?.fullname?.split(':')[0];
    return [
      makeAlert(about, {
        key: [alert.id ?? alert.url ?? name],
        firing: alert.isOpen !== false && status !== 'ok',
        startsAt: epoch(alert.openedAt) ?? epoch(alert.createdAt),
        endsAt: epoch(alert.closedAt),
        name,
        summary: [name, host?.name, status].filter(Boolean).join(', '),
        service,
        host: host?.name,
        severity: status === 'ok' ? null : status,
        labels: { status, trigger: alert.trigger, org: said.orgName, value: alert.metricValue },
        links: { Alert: alert.url, Host: host?.url },
      }),
    ];
  },
});
