import { z } from 'zod';
import { makeAlert } from '../make.js';
import { text } from '../shapes.js';
import { defineSource } from '../source.js';
import { moment } from '../times.js';

const payload = z
  .object({
    alertId: z.string().min(1),
    status: text,
    criticality: text,
    alertName: text,
    alertDefinitionName: text,
    info: text,
    resourceId: text,
    resourceName: text,
    resourceKind: text,
    adapterKind: text,
    type: text,
    subType: text,
    startDate: text,
    updateDate: text,
    cancelDate: text,
    health: text,
    risk: text,
    efficiency: text,
    service: text,
    link: text,
  })
  .refine(({ status }) => status !== null, { path: ['status'], message: 'missing' });

/** `ALERT_CRITICALITY_LEVEL_WARNING` -> `warning` */
const short = (said: string | null): string | null =>
  said?.replace(/^ALERT_(?:CRITICALITY_LEVEL|TYPE|SUBTYPE)_/i, '').toLowerCase() ?? null;

/** VMware vRealize (Aria) Operations, outbound plug-in "Rest Notification". */
export const vmwareVrealize = defineSource({
  kind: 'vmware-vrealize',
  sender: 'VMware vRealize Operations',
  authentication: 'token (Basic: user and password of the plug-in)',
  episode: 'only an active alert was found published',
  takes: { methods: ['PUT'] },
  payload,
  alerts(body, about) {
    const firing = !/^(?:cancell?ed|inactive|closed|resolved)$/i.test(body.status ?? '');
    const level = short(body.criticality);
    const problem = short(body.subType)?.replaceAll('_', ' ') ?? short(body.type)?.replaceAll('_', ' ') ?? 'alert';
    const name = body.alertName ?? body.alertDefinitionName ?? problem;
    return [
      makeAlert(about, {
        key: [body.alertId],
        firing,
        startsAt: moment(body.startDate),
        endsAt: moment(body.cancelDate) ?? moment(body.updateDate),
        name,
        summary: [body.info, `${name} on ${body.resourceName ?? 'a resource'}`],
        service: body.service,
        host: body.resourceName,
        // Its levels are critical, immediate, warning, information.
        severity: level,
        labels: {
          ...(short(body.type) && { problem: short(body.type) }),
          ...(body.resourceKind && { resource_kind: body.resourceKind }),
          ...(body.adapterKind && { adapter_kind: body.adapterKind }),
          ...(body.resourceId && { resource: body.resourceId }),
        },
        annotations: { health: body.health, risk: body.risk, efficiency: body.efficiency },
        links: { Source: body.link },
        groupHint: body.resourceName,
      }),
    ];
  },
});
