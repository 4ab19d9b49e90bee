import type { Command } from '../incident/commands.js';
import type { Card } from './card.js';
import { withUpdateButtons } from './compose-updates.js';
import { saidLate } from './late.js';
import type { Templates } from './render.js';
import { sampleIncident, sampleNames, sampleNow, samplePlaybook } from './sample-incident.js';
import { samples, templateNames } from './samples.js';
import { escalationSamples } from './samples-escalation.js';
import { noisy, sampleAround } from './samples-noise.js';
import { outageSamples } from './samples-outage.js';
import { pageSamples } from './samples-pages.js';
import { type AboutSituation, situationCard } from './situation.js';
import { stepCard } from './step-card.js';
import { triageCard } from './triage-card.js';
import type { TemplateName, TemplateValues } from './values.js';
import { variations } from './variants.js';

/** One message Muster can make, with values made up for looking at it. */
export interface SampleMessage {
  /** What it is, and of which file; unique. */
  title: string;
  card: Card;
  pinned: boolean;
  /** Why it is told by a built-in text; null when all is well. */
  problem: string | null;
}

const done: Command[] = [
  { type: 'acknowledge' },
  { type: 'assignRole', role: 'commander', personId: 'ada' },
  { type: 'stateImpact', text: 'No team can publish images; builds that only pull work.' },
  { type: 'next' },
];
const on: Command[] = [
  ...done,
  { type: 'changeStatus', to: 'identified', reason: 'a full disk' },
  { type: 'stateWorkaround', text: 'Pull from the mirror.' },
  { type: 'expectReturn', backAt: sampleNow + 90 * 60_000, why: 'the disk is being grown' },
  { type: 'postUpdate', text: 'We have found the cause.' },
];

/** Every template, a status update of each severity and status, and every card, in a fixed order. Never throws for a template. */
export function sampleMessages(templates: Templates): SampleMessage[] {
  const playbook = samplePlaybook();
  const about: AboutSituation = {
    names: sampleNames,
    now: sampleNow,
    publicUrl: 'https://muster.example.com',
    playbook,
  };
  const incident = (commands: readonly Command[], judged: 'sev1' | 'sev3' = 'sev1') =>
    sampleIncident(playbook, judged, commands);
  const beginning = incident(done);
  const found = incident(on);

  const template = <N extends TemplateName>(title: string, name: N, values: TemplateValues[N]): SampleMessage => {
    const { card, problem } = templates.render(name, values);
    return { title, card: withUpdateButtons(card, name, found, values), pinned: false, problem };
  };
  const card = (title: string, made: Card | null, pinned = false): SampleMessage[] =>
    made ? [{ title, card: made, pinned, problem: null }] : [];

  const updates = variations.map(({ severity, status }) => {
    const over = status === 'resolved' || status === 'closed';
    const values = { ...samples['status-update'], severity, status, drill: false, automatic: false };
    return template(`status-update, ${severity}, ${status}`, 'status-update', {
      ...values,
      nextAt: over ? null : values.nextAt,
    });
  });
  const nothing = { text: null, impact: null, impactAt: null, impactAgeMs: null, doing: null, workaround: null };
  const view = { ...samples['stakeholder-view'], drill: false, over: false, expectedLate: false, nextLate: false };
  return [
    ...card('situation card, at the beginning', situationCard(beginning, about), true),
    ...card('situation card, cause found', situationCard(found, about), true),
    ...card(
      'situation card, of an alert storm that reaches other services',
      situationCard(incident([...noisy, { type: 'acknowledge' }]), { ...about, around: sampleAround }),
      true,
    ),
    ...card(
      'situation card, resolved',
      situationCard(incident([...on, { type: 'resolve', summary: null }]), about),
      true,
    ),
    ...card('triage card', triageCard(incident([], 'sev3'), about)),
    ...card('step card', stepCard(beginning, playbook, sampleNames)),
    ...templateNames
      .filter((name) => name !== 'status-update')
      .map((name) => template(`${name}.hbs`, name, { ...samples[name], drill: false })),
    ...updates,
    template('status-update, automatic, nothing known', 'status-update', {
      ...samples['status-update'],
      ...nothing,
      status: 'investigating',
      drill: false,
      expectedAt: null,
      expectedWhy: null,
    }),
    template('status-update, of a drill', 'status-update', samples['status-update']),
    template('stakeholder-view, nothing known', 'stakeholder-view', {
      ...view,
      ...{ impact: null, workaround: null, expectedAt: null, expectedWhy: null, words: null },
      ...{ identifiedAt: null, mitigatedAt: null, resolvedAt: null, status: 'investigating' },
    }),
    template('stakeholder-view, on the way', 'stakeholder-view', { ...view, mitigatedAt: null, resolvedAt: null }),
    ...[...outageSamples(found, about), ...escalationSamples(found, about), ...pageSamples(found)].flatMap(
      ([title, made]) => card(title, made),
    ),
    ...card(
      'a message that arrives late',
      saidLate(templates.render('acknowledged', { ...samples.acknowledged, drill: false }).card, {
        at: sampleNow - 40 * 60_000,
        now: sampleNow,
      }),
    ),
  ];
}
