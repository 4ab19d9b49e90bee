import { z } from 'zod';
import { makeAlert } from '../make.js';
import { list, record, text } from '../shapes.js';
import { defineSource } from '../source.js';

const match = z.object({ metric: text, value: text, tags: record });
const payload = z
  .object({
    state: text,
    ruleId: text,
    ruleName: text,
    ruleUrl: text,
    title: text,
    message: text,
    imageUrl: text,
    orgId: text,
    dashboardId: text,
    panelId: text,
    tags: record,
    evalMatches: list(match, 100),
  })
  .refine(({ state }) => state !== null, { path: ['state'], message: 'missing' })
  .refine(({ ruleId, ruleName }) => (ruleId ?? ruleName) !== null, { path: ['ruleId'], message: 'missing' });

const passed: Record<string, string> = {
  paused: 'The rule was paused; what it watches is not known now.',
  pending: 'The rule is pending: its condition has not held long enough.',
  unknown: 'The rule has just been made and has no state yet.',
};

/** Grafana's dashboard alerting, up to version 8 (removed in 11). One message per rule, whatever series matched. */
export const grafanaLegacy = defineSource({
  kind: 'grafana-legacy',
  sender: 'Grafana (dashboard alerts)',
  authentication: 'token (as the password of Basic)',
  episode: 'proven',
  takes: { methods: ['PUT'] },
  kin: ['grafana'],
  payload,
  alerts(body, about) {
    const state = (body.state as string).toLowerCase();
    const name = body.ruleName ?? body.title ?? 'A rule';
    const why = passed[state];
    if (why) return { name: `${name}: ${state}`, why };
    const { tags } = body;
    const first = body.evalMatches[0];
    const from = (...names: string[]) =>
      names
        .flatMap((name) => [tags[name], first?.tags[name]])
        .map((value) => (typeof value === 'string' ? value : null));
    const values = body.evalMatches.slice(0, 20).map(({ metric, value }) => `${metric}: ${value}`);
    return [
      makeAlert(about, {
        // The same rule number stands in every organisation.
        key: [body.orgId, 'rule', body.ruleId ?? name],
        firing: state !== 'ok',
        name,
        summary: [body.message, body.title],
        service: from('service', 'job'),
        host: from('instance', 'host', 'hostname'),
        severity: from('severity', 'priority'),
        labels: { ...first?.tags, ...tags, ...(state === 'no_data' && { state }) },
        annotations: { title: body.title, values: values.join('\n') || null },
        links: { Rule: body.ruleUrl, Image: body.imageUrl },
      }),
    ];
  },
});
