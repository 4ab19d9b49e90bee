import { z } from 'zod';
import { makeAlert } from '../make.js';
import { list, number, part, record, text } from '../shapes.js';
import { type AboutReading, defineSource } from '../source.js';
import { moment } from '../times.js';

const payload = z
  .object({
    /** As its integrator hands it to scripts. */
    rule: part({
      id: text,
      level: number,
      description: text,
      groups: list(z.string(), 20),
      mitre: part({ id: list(z.string(), 10) }),
    }),
    agent: part({ id: text, name: text, ip: text }),
    manager: part({ name: text }),
    timestamp: text,
    full_log: text,
    location: text,
    data: record,
    /** As a published script shortens it. */
    message: text,
    severity: text,
    description: text,
    created_at: text,
    url: text,
  })
  .refine(
    ({ rule, message, description }) => (rule?.id ?? rule?.description ?? message ?? description ?? null) !== null,
    {
      path: ['rule'],
      message: 'missing',
    },
  );
type Payload = z.infer<typeof payload>;

/** Wazuh's integrator: its alert as it is, or as a published script shortens it. It tells no end. */
export const wazuh = defineSource({
  kind: 'wazuh',
  sender: 'Wazuh',
  authentication: 'token (a header in the integration script)',
  episode: 'it tells no end: a person resolves',
  takes: { bodies: ['json-text'] },
  payload,
  alerts: (body, about) => [body.rule ? native(body, about) : short(body, about)],
});

/** Levels go from 0 to 15 (16 in old rules). */
function word(level: number | null): string | null {
  if (level === null) return null;
  return level >= 15 ? 'critical' : level >= 12 ? 'high' : level >= 7 ? 'medium' : 'low';
}

function native(body: Payload, about: AboutReading) {
  const { rule, agent } = body;
  const groups = rule?.groups ?? [];
  return makeAlert(about, {
    key: ['rule', rule?.id ?? rule?.description, 'agent', agent?.id ?? agent?.name],
    firing: true,
    startsAt: moment(zoned(body.timestamp)),
    name: rule?.description ?? `Rule ${rule?.id}`,
    summary: `${rule?.description ?? `Rule ${rule?.id}`}${agent?.name ? ` on ${agent.name}` : ''}`,
    host: agent?.name,
    severity: [body.severity, word(rule?.level ?? null)],
    labels: {
      ...(rule?.id && { rule: rule.id }),
      ...(rule?.level != null && { level: rule.level }),
      ...(groups.length > 0 && { groups: groups.join(', ') }),
      ...(rule?.mitre?.id.length && { mitre: rule.mitre.id.join(', ') }),
      ...(agent?.ip && { address: agent.ip }),
    },
    annotations: {
      log: body.full_log,
      location: body.location,
      data: Object.keys(body.data).length > 0 ? body.data : null,
    },
    links: { Wazuh: body.url },
  });
}

function short(body: Payload, about: AboutReading) {
  const said = (name: string) => new RegExp(`^${name} (.+)$`, 'm').exec(body.description ?? '')?.[1]?.trim() ?? null;
  const rule = said('Rule ID');
  const host = said('Agent Name');
  return makeAlert(about, {
    key: ['rule', rule ?? body.message, 'agent', said('Agent ID') ?? host],
    firing: true,
    startsAt: moment(zoned(body.created_at)),
    name: said('Title') ?? body.message ?? 'A Wazuh alert',
    summary: [body.message, said('Title'), body.description],
    host,
    severity: [body.severity, word(Number(said('Level') ?? Number.NaN) || null)],
    labels: { ...(rule && { rule }), ...(said('Level') && { level: said('Level') }) },
    annotations: { description: body.description },
    links: { Wazuh: body.url },
  });
}

/** `+01.00` and `+0100` are written for `+01:00`. */
const zoned = (time: string | null): string | null => time?.replace(/([+-]\d\d)\.?(\d\d)$/, '$1:$2') ?? null;
