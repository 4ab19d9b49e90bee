import { approvalSamples } from './samples-approvals.js';
import { crewSamples } from './samples-crew.js';
import { promisingSamples } from './samples-promising.js';
import { walkSamples } from './samples-walk.js';
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
  ...approvalSamples,
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
  'acknowledge-overdue': {
    ...about,
    ...{ dueAt: at, lateMs: minutes(2), people: [ada, bob], level: 1, levels: 2, untilAt: at + minutes(7) },
    called: [
      { person: ada, because: 'on call for primary' },
      { person: bob, because: 'owner of registry' },
    ],
  },
  'severity-changed': { ...about, from: 'sev2', reason: 'a second region fails', by: ada },
  'severity-proposed': { ...about, to: 'sev2', reason: 'one alert is left', severity: 'sev1' },
  'status-changed': { ...about, from: 'investigating', status: 'identified', reason: 'a full disk', by: ada },
  'role-released': { ...about, role: 'commander', person: bob, stepped: true, holder: ada },
  'role-assigned': { ...about, role: 'commander', person: ada, previous: bob, by: bob },
  'role-expectations': {
    ...about,
    role: 'commander',
    person: ada,
    channel,
    updateDueAt: at + minutes(30),
    alone: true,
    folded: ['communications'],
  },
  note: { ...about, text: 'The disk filled up at 02:05.', by: ada, at },
  impact: { ...about, text: 'Nobody can publish images.', by: ada, at },
  ...walkSamples,
  ...crewSamples,
  ...promisingSamples,
  'update-due-soon': {
    ...about,
    person: ada,
    dueAt: at + minutes(5),
    draft: 'Pushes fail; publishing is frozen.',
    sinceAt: at - minutes(30),
    changes: [
      { sign: '−', text: 'Status: investigating' },
      { sign: '+', text: 'Status: identified' },
    ],
  },
  'update-overdue': { ...about, person: ada, dueAt: at, lateMs: minutes(10), automaticInARow: 2 },
  'update-unchanged': {
    ...about,
    status: 'identified',
    sinceAt: at - minutes(30),
    nextAt: at + minutes(30),
    zones,
    page,
  },
  'update-asked': {
    ...about,
    person: ada,
    changed: ['severity', 'impact'],
    draft: 'Pushes fail; publishing is frozen.',
    changes: [
      { sign: '−', text: 'Status: investigating' },
      { sign: '+', text: 'Status: identified' },
    ],
  },
  'long-proposed': { ...about, openForMs: minutes(120), everyMs: minutes(30), longEveryMs: minutes(60) },
  'long-mode': {
    ...about,
    status: 'identified',
    by: ada,
    everyMs: minutes(60),
    openForMs: minutes(125),
    nextAt: at + minutes(30),
    zones,
    page,
  },
  'long-over': { ...about, by: ada, everyMs: minutes(30), nextAt: at + minutes(30) },
  workaround: { ...about, text: 'Pull from the mirror.', by: ada, at },
  expected: { ...about, expectedAt: at + minutes(90), why: 'the disk is being grown', by: ada, at, zones },
  'stakeholder-view': {
    ...about,
    status: 'identified',
    over: true,
    tier: 1,
    services: ['registry', 'ci'],
    impact: 'Nobody can publish images.',
    impactAt: at - minutes(12),
    workaround: 'Pull from the mirror.',
    workaroundAt: at - minutes(5),
    expectedAt: at + minutes(90),
    expectedLate: true,
    expectedWhy: 'the disk is being grown',
    expectedSaidAt: at - minutes(5),
    words: 'We have found the cause.',
    wordsAt: at - minutes(10),
    startedAt: at - minutes(40),
    identifiedAt: at - minutes(15),
    mitigatedAt: at - minutes(3),
    resolvedAt: at,
    nextAt: at + minutes(30),
    nextLate: true,
    zones,
  },
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
    promised: 4,
    kept: 3,
    latestMs: minutes(12),
    silenceMs: minutes(42),
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
