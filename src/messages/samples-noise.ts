import type { Command } from '../incident/commands.js';
import { noEvidence } from '../incident/severity.js';
import { sampleNow, sampleOther } from './sample-incident.js';
import type { AroundNow } from './situation-symptoms.js';

const minutes = (count: number): number => count * 60_000;
const because = 'web (tier 1) shows symptoms: web is tier 1 and an alert is labelled critical';

/** An alert storm that reaches other services, with an alert that comes and goes and one that may not belong to it. */
export const noisy: Command[] = [
  {
    type: 'attachAlerts',
    alerts: {
      count: 2,
      firing: 2,
      names: ['RegistryErrorRate'],
      evidence: { ...noEvidence, alerts: 2, services: ['registry'] },
      startedAt: sampleNow - minutes(30),
      receipts: [],
      hints: {
        symptom: 'Pulls hang',
        cause: 'The disk of the blob store is full',
        firstStep: 'Look at the free space of registry-1',
        runbook: 'https://runbooks.example.com/registry',
      },
    },
    judged: { severity: 'sev1', reason: because },
  },
  {
    type: 'attachAlerts',
    alerts: {
      count: 1,
      firing: 1,
      names: ['WebErrors'],
      evidence: { ...noEvidence, alerts: 1, services: ['web'], tier: 1 },
      startedAt: sampleNow - minutes(28),
      receipts: [],
      symptoms: [{ service: 'web', path: ['web', 'api', 'registry'], tier: 1 }],
    },
    judged: { severity: 'sev1', reason: because },
  },
  { type: 'noteDependency', other: sampleOther.id, path: ['registry', 'storage'], upstream: true },
  {
    type: 'noteFlapping',
    alert: 'a1',
    name: 'RegistryLatency',
    times: 6,
    since: sampleNow - minutes(35),
    again: 1,
    settled: false,
  },
  {
    type: 'noteChanges',
    changes: [
      {
        text: 'deployed v2.3',
        at: sampleNow - minutes(52),
        link: 'https://ci.example.com/jobs/77',
        path: ['registry', 'storage'],
      },
    ],
  },
  { type: 'offerSplit', names: ['MailQueueLong'], hosts: ['mail-1'] },
  {
    type: 'countStorm',
    source: 'prometheus-eu',
    alerts: 1_200,
    counts: {
      service: { registry: 900, api: 200, web: 100 },
      severity: { critical: 1_000, warning: 200 },
      name: { RegistryPushFails: 900, '': 300 },
      host: { 'registry-1': 700, 'registry-2': 500 },
    },
    overAfterMs: minutes(10),
  },
];

/** What is known of the services around it. */
export const sampleAround: AroundNow = {
  sentence: 'Systemic: registry and 2 of the 3 services that depend on it fire.',
  picture: 'https://muster.example.com/incidents/42/dependencies',
  open: new Set([sampleOther.id]),
};
