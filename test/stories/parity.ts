import { expect } from 'vitest';
import type { ChatPlatform } from '../../src/chat/platform.js';
import type { TimelineEvent } from '../../src/incident/events.js';
import { machine } from '../../src/people/viewer.js';
import { until } from '../chat/mattermost-room.js';
import { approvals, drafts, gates, handsOver, joins, pages, published, takesBack, tasks } from './parity-acts.js';
import type { Story } from './story.js';

/** What somebody reads: the words, and what can be pressed there. */
export interface Shown {
  text: string;
  buttons: string[];
  /** Where the words were filled in. */
  asked?: string;
}
export interface Said extends Shown {
  pinned: boolean;
}

/** Somebody at a chat, as they have it there. `filling` is what they write into the form that comes, if one comes. */
export interface Seat {
  types(line: string, filling?: string): Promise<Shown>;
  /** The last button in the channel whose label begins so; `times` at once. */
  presses(label: string, how?: { filling?: string; times?: number }): Promise<Shown>;
  /** A button of the answer they were given last. */
  pressesAnswer(label: string, filling?: string): Promise<Shown>;
  /** The last such button of what Muster has told them directly. */
  pressesAlone(label: string, filling?: string): Promise<Shown>;
  /** What Muster has told them directly, oldest first. */
  readsAlone(): Promise<Said[]>;
  /** Oldest first. */
  reads(): Promise<Said[]>;
  readsUpdates(): Promise<Said[]>;
  /** Says something in the channel, and marks it as worth keeping. Answers when it was said. */
  keeps(words: string): Promise<number>;
  /** How often the chat has called them by a real mention in the channel. */
  mentions(): Promise<number>;
}

/** A chat with a whole Muster beside it. */
export interface Place {
  tale: Story;
  /** The channel of the incident is there, with these people in it; Bob goes in by himself, and Carol looks on. */
  enter(incidentChannel: string): Promise<string[]>;
  ada: Seat;
  bob: Seat;
  /** She comes later. */
  carol: Seat;
  /** Names of the files in the channel; null: there are no files. */
  files(): Promise<string[] | null>;
  /** How a message is marked. */
  marks: string;
  platform: Pick<ChatPlatform, 'abilities' | 'describe' | 'attach' | 'archive'>;
  end(): Promise<void>;
}

export const playbook = `---
title: Registry outage
matches: { service: registry }
---
## Detect
- [ ] Push from outside
- [ ] Read the log
## Contain
- [ ] Freeze the jobs
  - If not: [Look at one client](#triage)
- [ ] Thaw the jobs
## Triage
- [ ] Look at one client
- [ ] Find the host
  - Ask: host
- [ ] Does the link hold?
  - Check: It holds / It does not
- [ ] Change the route
  - Roll back: [Take it back](#take-it-back)
## Take it back
- [ ] Put the route back
`;

export const file = (more = ''): string => `open-on-loopback: true
people:
  ada: { name: Ada, email: ada@example.com }
  bob: { name: Bob, email: bob@example.com }
  carol: { name: Carol, email: carol@example.com }
platform-lead: bob
on-call: { schedules: { primary: { zone: UTC, layers: [{ people: [bob], from: 2020-01-01 }] } } }
escalations:
  - levels: [{ page: [owners] }, { page: [on-call primary] }, { page: [carol] }]
approvals: { restore: { from: [bob, carol], count: 2 } }
permissions: { long: [platform-lead] }
services:
  registry: { owner: ada, second-owner: bob }
severities:
  sev2: { invite: [ada] }
${more}`;

const alert = (title: string) => ({ title, service: 'registry', severity: 'critical', host: title });

/** What one platform comes to, without what only it could know. */
export interface Played {
  timeline: { type: string; at: number; actor: string; body: unknown }[];
  /** What stands in the channel and in that of the updates, in order: the words alone. */
  channel: string[];
  updates: string[];
  /** Labels of the pinned card as it first came, and of the bare command's. */
  card: string[];
  menu: string[];
  /** To whoever acted, in order. */
  answers: string[];
  /** What could be pressed below each; nothing where the channel shows it, or a chat cannot. */
  labels: string[][];
  /** What Muster has told each of them directly. */
  alone: Record<string, string[]>;
  /** What the story has seen of what differs. */
  can: Record<string, string>;
}

/** The same incident, the same verbs, the same walk, whatever the chat. */
export async function play(place: Place): Promise<Played> {
  const { tale, ada, bob } = place;
  const answers: string[] = [];
  const labels: string[][] = [];
  const settled = () => tale.forward({ seconds: 2 });
  const incident = () => tale.incident(1);
  const timeline = async () => tale.bot.store.timeline(machine, (await incident()).id);
  const happened = async (type: TimelineEvent['type']) => (await timeline()).filter((event) => event.type === type);
  const does = async (act: Promise<Shown>): Promise<Shown> => {
    const answer = await act;
    answers.push(wordsOf(answer.text));
    labels.push(answer.buttons.map(wordsOf));
    await settled();
    return answer;
  };
  const beganAt = tale.now();

  await tale.alerts('generic', { alerts: [alert('Pushes fail on a'), alert('Pushes fail on b')] });
  await settled();
  const channel = (await incident()).channels[home(await incident())]?.channel as string;
  expect((await place.enter(channel)).sort()).toEqual(['ada', 'bob']);
  const [pinned, ...more] = (await ada.reads()).filter((said) => said.pinned);
  expect(more).toEqual([]);
  expect(pinned?.text).toMatch(/Commander.*nobody/is);

  await does(bob.presses('Acknowledge', { times: 2 }));
  expect(await happened('acknowledged')).toHaveLength(1);
  await does(ada.presses('Take command', { times: 2 }));
  expect(await happened('roleAssigned')).toMatchObject([{ body: { role: 'commander', personId: 'ada' } }]);

  await does(bob.presses('Start the playbook'));
  const step = await does(ada.presses('Show the step'));
  await does(bob.presses('Done', { filling: '503 from both' }));
  await does(bob.presses('Skip', { filling: 'the log is on the host that is down' }));
  await does(ada.types('fail the jobs cannot be frozen'));
  expect((await incident()).walk?.steps.slice(0, 5).map(({ state }) => state)).toEqual([
    'done',
    'skipped',
    'failed',
    'passed',
    'open',
  ]);
  expect((await incident()).walk?.current).toBe(4);

  const update = await does(ada.types('update', 'We roll back the release.'));
  expect((await ada.readsUpdates()).some(({ text }) => text.includes('We roll back the release.'))).toBe(true);
  await does(ada.types('sev 1 every host fails'));
  expect(await incident()).toMatchObject({ severity: 'sev1' });

  const saidAt = await ada.keeps('The disk of node 3 is full.');
  await until(async () => (await happened('messageKept')).length > 0, 'it is kept', 30_000);
  const body = { text: 'The disk of node 3 is full.', by: 'ada' };
  expect(await happened('messageKept')).toMatchObject([{ at: saidAt, body }]);
  await settled();

  const mentioned = await bob.mentions();
  await does(ada.types('assign communications @bob'));
  expect(await incident()).toMatchObject({ roles: { communications: 'bob' } });
  expect(await bob.mentions()).toBe(mentioned + 1);

  await does(ada.types('task @bob check the replica for 20m'));
  await does(bob.types('task done It is 40 s behind'));
  const { commander } = (await incident()).roles;
  await does(ada.types('handover send @bob'));
  expect((await incident()).roles.commander).toBe(commander);
  await does(bob.types('handover accept'));
  expect(await incident()).toMatchObject({ roles: { commander: 'bob' }, handover: null });

  const acting = { ...place, does, now: incident, happened };
  await joins(acting);
  await drafts(acting);
  await pages(acting);
  await tasks(acting);
  await approvals(acting);
  await published(acting);
  await gates(acting);
  await takesBack(acting);
  await handsOver(acting);

  const before = (await ada.reads()).length;
  const menu = await does(ada.types(''));
  expect(menu.buttons.length).toBeGreaterThan(3);
  const slip = await does(bob.types('reslove'));
  expect(slip.buttons.join()).toMatch(/resolve/i);
  const refused = await does(bob.types('approve'));
  expect(refused.text).not.toBe('');
  expect(await ada.reads()).toHaveLength(before);
  await does(bob.types('impcat Nobody can push'));
  await does(bob.pressesAnswer('impact'));
  expect(await incident()).toMatchObject({ impact: { text: 'Nobody can push' } });

  await does(ada.types('status identified a bad release'));
  const mitigated = await does(ada.presses('Mitigated', { filling: 'rolled back' }));
  await does(ada.types('resolve rolled back'));
  await does(ada.types('close'));
  expect(await incident()).toMatchObject({ status: 'closed' });
  expect(await happened('postmortemDrafted')).toHaveLength(1);
  const files = await place.files();
  if (files) expect(files).toEqual(['inc-1-postmortem-v1.md']);

  const read = await ada.reads();
  const updates = await ada.readsUpdates();
  for (const all of [read, updates]) expect(twice(all.map(({ text }) => text))).toEqual([]);
  return {
    timeline: neutral(await timeline(), beganAt, await incident()),
    channel: read.map(({ text }) => wordsOf(text)),
    updates: updates.map(({ text }) => wordsOf(text)),
    card: pinned?.buttons.map(wordsOf) ?? [],
    menu: menu.buttons.map(wordsOf),
    answers,
    labels,
    alone: {
      ada: (await ada.readsAlone()).map(wordsAndLabels),
      bob: (await bob.readsAlone()).map(wordsAndLabels),
      carol: (await place.carol.readsAlone()).map(wordsAndLabels),
    },
    can: {
      'A typed command is answered privately': withButtons(menu),
      'A pressed button is answered privately': withButtons(step),
      'A form behind a button is answered privately': mitigated.text === '' ? 'no: the channel shows it' : 'yes',
      'Words left out are asked for': update.asked ?? 'no',
      'Who is mentioned is called by the chat': 'yes',
      'A message is kept with the time it was said': place.marks,
      'The postmortem is a file in the channel': files === null ? 'no: a page' : 'yes',
    },
  };
}

const withButtons = ({ buttons }: Shown): string =>
  buttons.length > 0 ? 'with buttons' : 'in words, with what to type';

const home = ({ policy }: { policy: { platforms: readonly string[] } }): string => policy.platforms[0] as string;
const twice = (all: readonly string[]): string[] => all.filter((each, index) => all.indexOf(each) !== index);

const clock = /\d\d:\d\d UTC/g;

/** Only letters and digits: how a chat writes bold, times and mentions is its own affair. */
const wordsOf = (text: string): string =>
  text
    .replace(clock, 'then')
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replace(/^\d+\. /gm, '')
    .replace(/https?:\/\/[^\s)>\]]+/g, ' ')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();

const wordsAndLabels = ({ text, buttons }: Shown): string => `${wordsOf(text)} [${buttons.map(wordsOf).join(', ')}]`;

/** Without ids, names of platforms, and when it was. */
function neutral(
  timeline: readonly TimelineEvent[],
  beganAt: number,
  incident: { id: string; channels: Record<string, { channel: string; name?: string }> },
): Played['timeline'] {
  const own = new Set([
    ...Object.keys(incident.channels),
    ...Object.values(incident.channels).map((each) => each.channel),
  ]);
  const told = (key: string, value: unknown): unknown => {
    if (key === 'sha256' || key === 'message' || key === 'receipts' || key === 'policy') return '…';
    if (typeof value === 'number' && value > 1e12) return value - beganAt;
    if (typeof value === 'object' && value !== null && 'why' in value && value.why === 'weekend') return '…';
    if (typeof value !== 'string') return value;
    return own.has(value) ? '…' : value.replaceAll(incident.id, '…').replace(clock, 'then');
  };
  // Two who are called at once are called in no order.
  const order = (event: TimelineEvent): string =>
    event.type === 'pageHandedOver' ? `${event.body.page} ${event.body.personId}` : '';
  const ordered = [...timeline];
  for (const [index, event] of timeline.entries()) {
    const last = ordered[index - 1];
    if (last && order(event) !== '' && order(event) < order(last)) ordered.splice(index - 1, 2, event, last);
  }
  return ordered.map(({ type, at, actor, body }) => ({
    type,
    at: type === 'messageKept' ? 0 : at - beganAt,
    actor: actor.kind === 'person' ? actor.personId : own.has(actor.name) ? 'chat' : actor.name,
    body: JSON.parse(JSON.stringify(body, told)),
  }));
}

/** What must be the same on any two. An answer may leave out what the channel shows, or add what to type. */
export function expectSame(one: Played, other: Played): void {
  expect(other.timeline).toEqual(one.timeline);
  expect(other.channel).toEqual(one.channel);
  expect(other.updates).toEqual(one.updates);
  expect(other.alone).toEqual(one.alone);
  expect(other.card).toEqual(one.card);
  expect(other.menu).toEqual(one.menu);
  for (const [index, there] of other.labels.entries())
    expect([[], one.labels[index]], `below ${other.answers[index]}`).toContainEqual(there);
  expect(other.answers).toHaveLength(one.answers.length);
  for (const [index, answer] of other.answers.entries()) {
    const [short, long] = [answer, one.answers[index] as string].sort((a, b) => a.length - b.length);
    expect(long?.startsWith(short as string), `${answer} / ${one.answers[index]}`).toBe(true);
  }
}
