import fc from 'fast-check';
import { missedCards } from '../../src/bot/missed.js';
import { verbs } from '../../src/commands/verbs.js';
import type { Command } from '../../src/incident/commands.js';
import type { TimelineEvent } from '../../src/incident/events.js';
import { evolve } from '../../src/incident/evolve.js';
import type { Saying } from '../../src/incident/jobs.js';
import { react } from '../../src/incident/react.js';
import type { Incident } from '../../src/incident/state.js';
import { alerts, machine, person, policy, start } from '../../src/incident/testing.js';
import { type Asking, act, canary, stories } from '../../src/incident/testing-random.js';
import { type Card, paragraph, text } from '../../src/messages/card.js';
import { composer } from '../../src/messages/compose.js';
import { fallback } from '../../src/messages/fallback.js';
import { homeCard } from '../../src/messages/home-card.js';
import { compileTemplates } from '../../src/messages/render.js';
import { sampleMessages } from '../../src/messages/sample-messages.js';
import { samples, templateNames } from '../../src/messages/samples.js';
import { situationCard } from '../../src/messages/situation.js';
import { stepCard } from '../../src/messages/step-card.js';
import { triageCard } from '../../src/messages/triage-card.js';
import { opened, people, playbook, Room } from '../commands/room.js';

const templates = compileTemplates('templates');
const publicUrl = 'http://127.0.0.1:7370';
export type Named = [name: string, card: Card];

const once = (cards: readonly Named[]): Named[] => [
  ...new Map(cards.map(([name, card]) => [JSON.stringify(card), [name, card] as Named])).values(),
];

/** Everything that can be said: templates and their built-in forms, all cards, and the answer to every verb, typed well and badly, in and outside of a channel. */
export async function everyCard(title: string): Promise<Named[]> {
  const said: Named[] = [
    ...sampleMessages(templates).map(({ title: name, card }): Named => [name, card]),
    ...templateNames.map(
      (name): Named => [`${name}, built in`, { tone: 'neutral', summary: name, blocks: fallback(name, samples[name]) }],
    ),
  ];
  const rooms = () => [
    opened('sev1', false, title),
    opened('sev3', false, title),
    opened('sev1', true, title),
    new Room(),
  ];
  for (const verb of verbs) {
    const lines = [verb.name, `${verb.name} ${title}`, ...verb.examples, `help ${verb.name}`];
    for (const line of lines)
      for (const [where, room] of rooms().entries()) {
        if (where === 1) await room.type('next');
        const { reply } = await room.type(line);
        const card = reply.card ?? { tone: 'neutral', summary: reply.text, blocks: [paragraph(text(reply.text))] };
        said.push([`${line}, room ${where}`, card]);
      }
  }
  for (const line of ['', 'help', 'reslove', 'reslove now', title]) {
    const room = opened('sev1', false, title);
    const { reply } = await room.type(line);
    if (reply.card) said.push([`/incident ${line}`, reply.card]);
  }
  for (const severity of ['sev1', 'sev2', 'sev3'] as const) {
    const room = opened(severity, false, title);
    const about = {
      names: new Map(people.map(({ personId }) => [personId, title])),
      now: room.now,
      publicUrl,
      playbook,
    };
    await room.type('take');
    await room.type(`task me ${title} for 20m`);
    await room.type(`impact ${title}`);
    said.push([`situation ${severity}`, situationCard(room.incident('i1'), about)]);
    const triage = triageCard(room.incident('i1'), about);
    if (triage) said.push([`triage ${severity}`, triage]);
  }
  return once(said);
}

/** Every one there is, so that a new one does not compile without it. */
const every: Record<Saying, true> = {
  declared: true,
  announcement: true,
  triage: true,
  'alerts-attached': true,
  'alerts-cleared': true,
  acknowledged: true,
  'acknowledge-overdue': true,
  paged: true,
  'page-answered': true,
  'answer-overdue': true,
  'nobody-called': true,
  'nobody-answered': true,
  'severity-changed': true,
  'severity-proposed': true,
  'status-changed': true,
  'role-assigned': true,
  'role-released': true,
  'role-expectations': true,
  note: true,
  impact: true,
  playbook: true,
  'playbook-switched': true,
  step: true,
  gate: true,
  'step-assigned': true,
  'sub-step': true,
  'step-overdue': true,
  'step-extended': true,
  'help-asked': true,
  approval: true,
  'approval-request': true,
  'glass-broken': true,
  'update-due-soon': true,
  'update-overdue': true,
  'status-update': true,
  'update-asked': true,
  'update-chased': true,
  'publish-due': true,
  published: true,
  'public-update': true,
  'executive-brief': true,
  'long-proposed': true,
  'long-mode': true,
  'long-over': true,
  workaround: true,
  expected: true,
  'follow-up-added': true,
  resolved: true,
  reopened: true,
  closed: true,
  postmortem: true,
  'task-given': true,
  'task-overdue': true,
  'task-ended': true,
  'handover-proposed': true,
  'handover-offered': true,
  'handover-waits': true,
  'handover-declined': true,
  'handover-withdrawn': true,
  'handover-accepted': true,
  'role-offered': true,
  'delivery-failed': true,
  'page-unreached': true,
  outline: true,
  'platform-lost': true,
  'platform-back': true,
  'channel-lost': true,
  merged: true,
  briefing: true,
  'entry-due': true,
  split: true,
  'storm-over': true,
};
const sayings = Object.keys(every) as Saying[];

const shownPerSaying = 3;
const declaring: Command = {
  type: 'declare',
  incidentId: 'i1',
  title: canary,
  severity: 'sev1',
  reason: canary,
  services: [canary],
  visibility: 'public',
  drill: false,
  policy,
  playbook: null,
};
/** What chance seldom comes to: the parts of a step that an approval goes before, a role given up, many alerts. */
const seldom: Asking[] = (
  [
    declaring,
    {
      type: 'attachAlerts',
      alerts: alerts({ count: 12, names: [canary] }),
      judged: { severity: 'sev1', reason: canary },
    },
    { type: 'switchPlaybook', hash: 'watched', reason: canary },
    { type: 'addPlaybook', hash: 'book', reason: canary },
    { type: 'switchPlaybook', hash: 'book', reason: canary },
    { type: 'switchPlaybook', hash: 'watched', reason: canary },
    { type: 'next' },
    { type: 'extendStep', forMs: 60_000 },
    { type: 'done', evidence: canary },
    { type: 'extendStep', forMs: 60_000 },
    { type: 'skip', reason: canary },
    { type: 'extendStep', forMs: 60_000 },
    { type: 'tickSubstep', substep: 0, ticked: true },
    { type: 'assignRole', role: 'scribe', personId: 'ben' },
    { type: 'releaseRole', role: 'scribe', personId: 'ben' },
  ] satisfies Command[]
).map((command) => ({ command, actor: person('ann'), gapMs: 1 }));
/** Somebody goes ahead alone, where nobody would have been asked either. */
const goneAhead: Asking[] = ([declaring, { type: 'breakGlass', what: canary, reason: canary }] satisfies Command[]).map(
  (command) => ({ command, actor: person('ben'), gapMs: 1 }),
);
const tally = { [canary]: 7, [`${canary} too`]: 2 };
/** A storm with symptoms of other services, alerts that come and go, and what senders say to look at. */
const noisy: Asking[] = (
  [
    declaring,
    {
      type: 'attachAlerts',
      alerts: alerts({
        count: 3,
        names: [canary],
        hints: { symptom: canary, cause: canary, firstStep: canary, runbook: 'https://runbooks.example.com/registry' },
      }),
      judged: { severity: 'sev1', reason: canary },
    },
    {
      type: 'attachAlerts',
      alerts: alerts({
        names: [canary],
        symptoms: [{ service: canary, path: [canary, `${canary} between`, `${canary} below`], tier: 1 }],
      }),
      judged: { severity: 'sev1', reason: canary },
    },
    { type: 'noteDependency', other: 'i2', path: [canary, `${canary} below`], upstream: true },
    { type: 'noteFlapping', alert: canary, name: canary, times: 5, since: start, again: 1, settled: false },
    {
      type: 'noteChanges',
      changes: [
        { text: canary, at: start - 60_000, link: 'https://ci.example.com/jobs/77', path: [canary, `${canary} below`] },
      ],
    },
    { type: 'offerSplit', names: [canary], hosts: [canary] },
    {
      type: 'countStorm',
      source: canary,
      alerts: 9,
      counts: { service: tally, severity: tally, name: tally, host: tally },
      overAfterMs: 60_000,
    },
  ] satisfies Command[]
).map((command) => ({ command, actor: machine, gapMs: 1 }));
/** A handover that is taken back, and one that is accepted. */
const handedOver: Asking[] = (
  [
    ['ann', declaring],
    ['ann', { type: 'assignRole', role: 'commander', personId: 'ann' }],
    ['ann', { type: 'offerHandover', to: 'ben', roles: null, note: canary }],
    ['ann', { type: 'withdrawHandover' }],
    ['ann', { type: 'offerHandover', to: 'ben', roles: null, note: canary }],
    ['ben', { type: 'acceptHandover' }],
  ] satisfies [string, Command][]
).map(([who, command]) => ({ command, actor: person(who), gapMs: 1 }));
/** A handover that nobody takes up. */
const unheard: Asking[] = [
  ...handedOver.slice(0, 3),
  ...[60, 120].map(
    (after): Asking => ({ command: { type: 'addNote', text: canary }, actor: person('ann'), gapMs: after * 60_000 }),
  ),
];
/** A snooze that ends, which brings an entry of the triage queue back. */
const snoozed: Asking[] = (
  [
    {
      type: 'open',
      incidentId: 'i1',
      title: canary,
      services: [canary],
      groupKey: canary,
      alerts: alerts({ names: [canary] }),
      policy,
      drill: false,
      playbook: null,
      judged: { severity: 'sev3', reason: canary },
    },
    { type: 'snooze', forMs: 60_000, reason: canary },
    { type: 'addNote', text: canary },
  ] satisfies Command[]
).map((command) => ({ command, actor: person('ann'), gapMs: 120_000 }));
let kept: string[] | null = null;
/** The timelines of stories of chance, always the same ones, with `CANARY` for what came from outside. */
const timelines = (): string[] => {
  kept ??= [
    noisy,
    seldom,
    goneAhead,
    handedOver,
    unheard,
    snoozed,
    ...fc.sample(stories, { numRuns: 300, seed: 20_261_121 }),
  ].map((askings) => JSON.stringify(act(askings, true).timeline).replaceAll(`${canary}-`, 'p-'));
  return kept;
};

const notices: Partial<Record<TimelineEvent['type'], Saying[]>> = {
  published: ['public-update'],
  updatePosted: ['executive-brief'],
};
const outward = {
  kind: 'post',
  incidentId: 'i1',
  platform: '',
  to: { to: 'named', name: 'stakeholders' },
} as const;

/** What the core says of all those stories, wherever it says it, when everybody writes and is called this. */
export function everySaying(outside: string): { cards: Named[]; missing: Saying[] } {
  const escaped = JSON.stringify(outside).slice(1, -1);
  const names = new Map(['ann', 'ben', 'olga', 'p-a', 'p-b', 'p-c'].map((personId) => [personId, outside]));
  const problems: string[] = [];
  const book = () => playbook;
  const compose = composer({
    templates,
    names,
    publicUrl: () => publicUrl,
    playbook: book,
    onProblem: (problem) => problems.push(problem),
  });
  const told = missedCards({
    compose,
    names,
    publicUrl: () => publicUrl,
    playbook: book,
  });
  const cards: Named[] = [];
  const count = new Map<string, number>();
  const add = (kind: string, make: () => Card | null): void => {
    const before = count.get(kind) ?? 0;
    if (before >= shownPerSaying) return;
    const card = make();
    if (card === null) return;
    count.set(kind, before + 1);
    cards.push([kind, card]);
  };
  for (const timeline of timelines()) {
    let before: Incident | null = null;
    const events = JSON.parse(timeline.replaceAll(canary, escaped)) as TimelineEvent[];
    for (const [index, event] of events.entries()) {
      const was: Incident | null = before;
      const after: Incident = evolve(was, event);
      before = after;
      for (const change of react(was, after, event)) {
        if (!('put' in change)) continue;
        const { task } = change.put;
        if (task.kind === 'post')
          add(`${task.say}${task.mirrored ? ', mirrored' : ''}`, () => compose(task, after, event));
      }
      // These go outside chat, by mail and by calls.
      for (const say of notices[event.type] ?? []) add(say, () => compose({ ...outward, say }, after, event));
      if (event.type === 'platformLost' || event.type === 'platformBack')
        add('what was missed', () => told.incident(after, event, events.slice(0, index)));
    }
    const after = before;
    if (after === null) continue;
    const around = { sentence: outside, picture: `${publicUrl}/incidents/42/dependencies`, open: new Set(['i2']) };
    const about = { names, now: after.openedAt, publicUrl, playbook, around };
    add(`situation, ${after.status}`, () => situationCard(after, about));
    add(`triage, ${after.status}`, () => triageCard(after, about));
    if (after.walk) add('step card', () => stepCard(after, playbook, names));
    add('home', () => homeCard([after], { personId: 'ann', now: after.openedAt, publicUrl }));
  }
  if (problems.length > 0) throw new Error(problems[0]);
  return { cards: once(cards), missing: sayings.filter((say) => !count.has(say) && !count.has(`${say}, mirrored`)) };
}
