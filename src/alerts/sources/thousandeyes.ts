import { z } from 'zod';
import type { Alert } from '../alert.js';
import { makeAlert } from '../make.js';
import { list, text } from '../shapes.js';
import { defineSource } from '../source.js';
import { moment } from '../times.js';

const event = z.object({
  eventId: text,
  eventType: z.string(),
  alert: z
    .object({
      alertId: text,
      ruleId: text,
      ruleName: text,
      ruleExpression: text,
      severity: text,
      type: text,
      testName: text,
      testTargetsDescription: list(text, 16),
      agentName: text,
      hostname: text,
      dateStart: text,
      dateStartZoned: text,
      dateEnd: text,
      dateEndZoned: text,
      permalink: text,
      agents: list(z.object({ agentName: text, permalink: text, metricsAtStart: text }), 64),
    })
    .nullish(),
});
const payload = z.union([event.transform((one) => [one]), z.array(event)]);

/** Alerts of ThousandEyes. */
export const thousandeyes = defineSource({
  kind: 'thousandeyes',
  sender: 'ThousandEyes',
  authentication: 'Basic (the token as the password), Bearer, or the address',
  episode: 'the alert that clears in the bodies at hand is not the one that triggers; they differ in eventType',
  payload,
  alerts(events, about) {
    const alerts = events.flatMap(({ eventType, alert }): Alert[] => {
      if (!alert || /TEST$/i.test(eventType)) return [];
      const [target] = alert.testTargetsDescription;
      return [
        makeAlert(about, {
          key: [alert.alertId ?? alert.ruleId, alert.alertId ? null : (alert.agentName ?? alert.testName)],
          firing: !/CLEAR(?:ED)?$/i.test(eventType),
          startsAt: moment(alert.dateStartZoned ?? alert.dateStart),
          endsAt: moment(alert.dateEndZoned ?? alert.dateEnd),
          name: [alert.ruleName, alert.testName],
          summary: [[alert.ruleName, alert.ruleExpression].filter(Boolean).join(': '), alert.testName],
          service: [alert.testName, target],
          host: [alert.hostname, alert.agentName, alert.agents[0]?.agentName],
          severity: alert.severity,
          labels: { type: alert.type, rule: alert.ruleId, target },
          annotations: { metrics: alert.agents[0]?.metricsAtStart },
          links: { Alert: alert.permalink ?? alert.agents[0]?.permalink },
        }),
      ];
    });
    return alerts.length > 0
      ? alerts
      : { name: `ThousandEyes ${events[0]?.eventType ?? ''}`, why: 'a test, or nothing: it arrives' };
  },
});
