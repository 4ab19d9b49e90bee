import { z } from 'zod';
import { makeAlert } from '../make.js';
import { list, part, text } from '../shapes.js';
import { defineSource } from '../source.js';
import { moment } from '../times.js';

const component = { id: text, name: text, status: text };
const payload = z.union([
  z.object({
    page: part({ id: text }),
    component: z.object(component),
    component_update: z.object({ old_status: text, new_status: text, created_at: text }),
  }),
  z.object({
    page: part({ id: text }),
    incident: z.object({
      id: text,
      name: text,
      status: text,
      impact: text,
      shortlink: text,
      created_at: text,
      resolved_at: text,
      scheduled_for: text,
      incident_updates: list(z.object({ body: text }), 64),
      components: list(z.object(component), 64),
    }),
  }),
]);

/** The page's own scale of impacts, for its scale of states. */
const impacts: Readonly<Record<string, string>> = {
  major_outage: 'critical',
  partial_outage: 'major',
  degraded_performance: 'minor',
};

/** A status page of Atlassian Statuspage that Muster is subscribed to: how it stands with somebody else's service. */
export const statuspage = defineSource({
  kind: 'statuspage',
  sender: 'Statuspage',
  authentication: 'token in the address; it signs nothing',
  episode: 'no body of an end is at hand; it differs in the status',
  payload,
  alerts(body, about) {
    if ('component' in body) {
      const { component, component_update: update, page } = body;
      const state = update.new_status ?? component.status ?? '';
      if (state === 'under_maintenance')
        return { name: `${component.name} is under maintenance`, why: 'planned maintenance is no alert' };
      const at = moment(update.created_at);
      const firing = state !== 'operational';
      return [
        makeAlert(about, {
          key: [page?.id, 'component', component.id ?? component.name],
          firing,
          ...(firing ? { startsAt: at } : { endsAt: at }),
          name: component.name,
          summary: `${component.name}: ${state.replaceAll('_', ' ')}`,
          service: component.name,
          severity: impacts[state] ?? null,
          labels: { status: state },
        }),
      ];
    }
    const { incident, page } = body;
    if (incident.scheduled_for || incident.impact === 'maintenance')
      return { name: incident.name ?? 'maintenance', why: 'planned maintenance is no alert' };
    const broken = incident.components.find(({ status }) => status !== 'operational') ?? incident.components[0];
    return [
      makeAlert(about, {
        key: [page?.id, 'incident', incident.id ?? incident.name],
        firing: !/^(?:resolved|postmortem|completed)$/.test(incident.status ?? ''),
        startsAt: moment(incident.created_at),
        endsAt: moment(incident.resolved_at),
        name: incident.name,
        summary: [incident.name, incident.incident_updates[0]?.body].filter(Boolean).join(': '),
        service: broken?.name,
        severity: incident.impact,
        labels: { status: incident.status, components: incident.components.map(({ name }) => name).join(', ') },
        annotations: { update: incident.incident_updates[0]?.body },
        links: { 'Status page': incident.shortlink },
      }),
    ];
  },
});
