import { z } from 'zod';
import { makeAlert } from '../make.js';
import { jsonIn, list, text } from '../shapes.js';
import { defineSource, type Telling } from '../source.js';
import { epoch, moment } from '../times.js';
import { kept, line } from '../words.js';

const legacy = {
  message: text,
  short_description: z.string(),
  long_description: text,
  severity: text,
  alert_url: text,
  created_at: text,
  application_name: text,
  servers: list(text, 64),
  account_name: text,
};
// Channels of old post a form whose one field holds the JSON.
const unwrapped = (body: unknown): unknown => {
  const { alert, deployment } = z.object({ alert: z.string(), deployment: z.string() }).partial().catch({}).parse(body);
  return jsonIn(alert ?? deployment ?? null) ?? body;
};
const payload = z.preprocess(
  unwrapped,
  z.union([
    z.object({
      state: z.string(),
      id: text,
      issueId: text,
      issueUrl: text,
      title: text,
      details: text,
      condition_name: text,
      priority: text,
      impactedEntities: list(text, 64),
      createdAt: text,
      closedAt: text,
      updatedAt: text,
      alertPolicyNames: list(text, 16),
      alertConditionNames: list(text, 16),
      workflowName: text,
      runbookUrl: text,
      owner: text,
    }),
    z.object({
      current_state: z.string(),
      incident_id: text,
      incident_url: text,
      condition_name: text,
      policy_name: text,
      details: text,
      severity: text,
      runbook_url: text,
      timestamp: text,
      event_type: text,
      targets: list(z.object({ name: text, product: text, type: text, link: text }), 64),
    }),
    z.object({ deployment_url: z.string(), application_name: text, revision: text, deployed_by: text }),
    z.object(legacy),
  ]),
);

const over = /^(?:closed|resolved|deactivated|cancelled|canceled)$/i;

/** New Relic: workflows (the usual template, or one made from it), and the channels and alerts of old. */
export const newrelic = defineSource({
  kind: 'newrelic',
  sender: 'New Relic',
  authentication: 'token of the destination (Bearer, Basic, or a header), or the address',
  episode: 'the issue that is closed in the bodies at hand is not one that was opened; they differ in state',
  takes: { bodies: ['form'] },
  payload,
  alerts(body, about) {
    if ('deployment_url' in body)
      return {
        name: `deployment of ${body.application_name} ${body.revision ?? ''}`,
        why: 'a deployment is no alert',
        tells: deployed(body),
      };
    if ('state' in body) {
      const [, fromUrl] = /\/issues\/([\w-]+)/.exec(body.issueUrl ?? '') ?? [];
      const [policy] = body.alertPolicyNames;
      // Templates without the entities still have the condition's usual title.
      const [, entity] = /^(\S.{0,100}?) query result is /.exec(body.title ?? '') ?? [];
      return [
        makeAlert(about, {
          key: [body.id ?? body.issueId ?? fromUrl ?? body.title],
          firing: !over.test(body.state),
          startsAt: epoch(body.createdAt),
          endsAt: epoch(body.closedAt ?? body.updatedAt),
          name: [body.alertConditionNames[0], body.condition_name, body.title],
          summary: [body.title, body.details],
          service: [body.impactedEntities[0], entity],
          severity: body.priority,
          labels: {
            state: body.state,
            policy,
            workflow: body.workflowName,
            entities: body.impactedEntities.join(', '),
          },
          links: { Issue: body.issueUrl, Runbook: body.runbookUrl },
        }),
      ];
    }
    if ('current_state' in body) {
      if (/^test$/i.test(body.current_state))
        return { name: body.details ?? 'New Relic test', why: 'a test of the channel: it arrives' };
      const [target] = body.targets;
      return [
        makeAlert(about, {
          key: [body.incident_id ?? body.incident_url ?? body.condition_name],
          firing: !over.test(body.current_state),
          startsAt: null,
          name: [body.condition_name, body.policy_name],
          summary: [body.details, body.condition_name],
          service: target?.name,
          severity: body.severity,
          labels: { state: body.current_state, policy: body.policy_name, product: target?.product },
          links: { Incident: body.incident_url, Runbook: body.runbook_url },
        }),
      ];
    }
    const firing = !/\b(?:ended|closed|cancell?ed|recovered)\b/i.test(
      `${body.short_description} ${body.long_description ?? ''}`,
    );
    const at = moment(body.created_at);
    return [
      makeAlert(about, {
        key: [
          body.alert_url ??
            body.short_description.replace(/\b(?:opened|ended|closed|cancell?ed|recovered|acknowledged)\b/i, ''),
        ],
        firing,
        ...(firing ? { startsAt: at } : { endsAt: at }),
        name: [body.message, body.short_description],
        summary: [body.long_description, body.short_description],
        service: [body.application_name, body.servers[0]],
        host: body.servers[0],
        severity: body.severity,
        labels: { account: body.account_name },
        links: { Alert: body.alert_url },
      }),
    ];
  },
});

function deployed(said: {
  application_name: string | null;
  revision: string | null;
  deployed_by: string | null;
  deployment_url: string;
}): Telling {
  const by = said.deployed_by ? ` by ${said.deployed_by}` : '';
  const text = line(`Deployed ${said.application_name ?? 'an application'} ${said.revision ?? ''}${by}`, kept.summary);
  const service = said.application_name && line(said.application_name, kept.word);
  return { text, of: { service }, change: { text, link: said.deployment_url } };
}
