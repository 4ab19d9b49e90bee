import type { About, Person, TemplateName, TemplateValues } from './values.js';
import { safeUrl } from './values.js';

const about: About = { number: 42, title: 'Registry: pushes fail', severity: 'sev1', drill: true };
const ada: Person = { personId: 'ada', name: 'Ada' };
const bob: Person = { personId: 'bob', name: 'Bob' };
const at = Date.UTC(2026, 10, 21, 2, 11);
const minutes = (count: number): number => count * 60_000;
const zones = ['Europe/Berlin'];
const channel = { channel: { to: 'incident', incidentId: 'i42' }, label: 'inc-42-registry-pushes-fail' } as const;
const page = safeUrl('https://muster.example.com/incidents/42/status');
const alertNames = ['RegistryPushFails', 'RegistryErrorRate'];

/**
 * Every value of every template, none of them empty: a template is checked against these names, and rendered with
 * them once when it is loaded.
 */
export const samples: TemplateValues = {
  'status-update': {
    ...about,
    status: 'identified',
    automatic: true,
    text: 'We have found the cause.',
    happened: 'Pushes to the registry fail.',
    impact: 'Nobody can publish images.',
    impactAt: at - minutes(12),
    impactAgeMs: minutes(12),
    workaround: 'Pull from the mirror.',
    expectedAt: at + minutes(90),
    expectedWhy: 'the disk is being grown',
    doing: 'Freeze the publishing jobs',
    nextAt: at + minutes(30),
    zones,
    page,
  },
  announcement: {
    ...about,
    severityReason: 'registry is tier 1 and 3 alerts fire on 2 hosts',
    services: ['registry', 'ci'],
    impact: 'Nobody can publish images.',
    commander: ada,
    nextAt: at + minutes(30),
    zones,
    channel,
    page,
  },
  declared: {
    ...about,
    severityReason: 'registry is tier 1 and 3 alerts fire on 2 hosts',
    services: ['registry', 'ci'],
    alertCount: 3,
    firing: 3,
    alertNames,
    by: ada,
    acknowledgeDueAt: at + minutes(5),
    updateDueAt: at + minutes(30),
    playbook: 'Registry outage',
  },
  triage: {
    ...about,
    severityReason: 'one alert of a tier 3 service',
    services: ['registry', 'ci'],
    alertCount: 2,
    firing: 2,
    alertNames,
  },
  'alerts-attached': { ...about, count: 2, firing: 2, alertNames },
  'alerts-cleared': { ...about, count: 2, alertNames, firing: 1, proposed: 'monitoring' },
  acknowledged: { ...about, by: ada, tookMs: minutes(3) },
  'acknowledge-overdue': { ...about, dueAt: at, lateMs: minutes(2), people: [ada, bob] },
  'severity-changed': { ...about, from: 'sev2', reason: 'a second region fails', by: ada },
  'severity-proposed': { ...about, to: 'sev2', reason: 'one alert is left', severity: 'sev1' },
  'status-changed': { ...about, from: 'investigating', status: 'identified', reason: 'a full disk', by: ada },
  'role-assigned': { ...about, role: 'commander', person: ada, previous: bob, by: bob },
  'role-expectations': { ...about, role: 'commander', person: ada, channel, updateDueAt: at + minutes(30) },
  note: { ...about, text: 'The disk filled up at 02:05.', by: ada, at },
  impact: { ...about, text: 'Nobody can publish images.', by: ada, at },
  playbook: { ...about, playbook: 'Registry outage', reason: 'the service is registry', steps: 14 },
  step: {
    ...about,
    step: 1,
    total: 14,
    phase: 'Detect',
    stepTitle: 'Confirm that a push fails from outside',
    by: bob,
    outcome: 'done',
    evidence: '503 from both',
    tookMs: minutes(2),
    last: true,
  },
  'update-due-soon': { ...about, person: ada, dueAt: at + minutes(5), draft: 'Pushes fail; publishing is frozen.' },
  'update-overdue': { ...about, person: ada, dueAt: at, lateMs: minutes(10), automaticInARow: 2 },
  'follow-up-added': { ...about, id: 1, text: 'Alert on the disk at 80 %', owner: bob, dueOn: '2026-12-01', by: ada },
  resolved: {
    ...about,
    by: ada,
    summary: 'The disk was grown.',
    lastedMs: minutes(65),
    openSteps: 2,
    firing: 2,
    reopenForMs: minutes(30),
  },
  reopened: { ...about, by: ada, status: 'investigating', reason: 'pushes fail again' },
  closed: {
    ...about,
    by: ada,
    automatic: true,
    followUps: [{ text: 'Alert on the disk at 80 %', owner: bob, dueOn: '2026-12-01' }],
    openSteps: ['Unfreeze the publishing jobs'],
    postmortem: true,
    firing: 2,
    reopenForMs: minutes(30),
  },
  postmortem: { ...about, version: 1, url: safeUrl('https://muster.example.com/incidents/42/postmortem') },
  'delivery-failed': {
    ...about,
    what: 'a post in the incident’s channel',
    error: 'channel is archived',
    jobKey: 'i42/post/7',
  },
};

export const templateNames = Object.keys(samples) as TemplateName[];
