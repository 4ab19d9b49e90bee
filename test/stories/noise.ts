import { expect } from 'vitest';
import type { TimelineEvent } from '../../src/incident/events.js';
import { machine } from '../../src/people/viewer.js';
import type { Store } from '../../src/store/port.js';
import type { Story } from './story.js';

/** What a post is an answer to. */
type Kind = 'human' | 'playbook' | 'unsolicited';

interface Noise {
  posts: number;
  /** The most that nobody asked for and no step of a playbook brought, in one place within an hour. */
  unsolicitedInAnHour: number;
  /** What they were about. */
  about: string[];
  /** The most that one act of a person brought to one place, playbook answers aside. */
  mostOfOneAct: number;
}

const hourMs = 3_600_000;
const ofPlaybook: ReadonlySet<TimelineEvent['type']> = new Set([
  'playbookAttached',
  'walkSwitched',
  'walkStarted',
  'stepDone',
  'stepSkipped',
  'stepFailed',
  'steppedBack',
  'stepAssigned',
  'substepTicked',
  'stepOverdue',
  'stepExtended',
  'helpAsked',
  'approvalAsked',
  'approvalGiven',
  'approvalDeclined',
  'approvalRequested',
  'approvalClimbed',
  'approvalLapsed',
]);
/** What comes along with another act in one command. */
const along = (event: TimelineEvent, before: TimelineEvent | undefined): boolean =>
  before !== undefined &&
  before.at === event.at &&
  before.actor.kind === 'person' &&
  event.actor.kind === 'person' &&
  before.actor.personId === event.actor.personId &&
  ((event.type === 'acknowledged' && event.body.along === true) ||
    (event.type === 'updatePosted' && before.type === 'resolved'));

/**
 * Counts what an incident said, in its channels, among stakeholders and to people directly, from what was delivered and
 * the timeline. An edit is no post; a card is one when it first comes.
 */
async function noiseOf(store: Pick<Store, 'deliveries' | 'timeline'>, incidentId: string): Promise<Noise> {
  const timeline = await store.timeline(machine, incidentId);
  const acts = new Map<number, number>();
  for (const [index, event] of timeline.entries())
    acts.set(event.seq, along(event, timeline[index - 1]) ? (acts.get(event.seq - 1) as number) : event.seq);
  const places = new Map<string, { at: number; kind: Kind; act: number; type: string }[]>();
  let posts = 0;
  for (const { jobKey, platform, channel, at } of await store.deliveries(incidentId)) {
    const event = eventOf(jobKey, timeline);
    if (event === null) continue;
    posts++;
    const place = `${platform} ${channel}`;
    const post = { at, kind: kindOf(event), act: acts.get(event.seq) ?? event.seq, type: event.type };
    places.set(place, [...(places.get(place) ?? []), post]);
  }
  const all = [...places.values()];
  const hours = all.map((each) => busiestHour(each.filter(({ kind }) => kind === 'unsolicited')));
  const about = hours.reduce((most, each) => (each.length > most.length ? each : most), []);
  return {
    posts,
    unsolicitedInAnHour: about.length,
    about: about.map(({ type }) => type),
    mostOfOneAct: Math.max(0, ...all.map((each) => mostAlike(each.filter(({ kind }) => kind === 'human')))),
  };
}

/** Which event a post tells of. null: none, such as the pinned card, which is the head of its channel. */
function eventOf(key: string, timeline: readonly TimelineEvent[]): TimelineEvent | null {
  const parts = key.split('/');
  const number = parts.flatMap((part) => /^update-(\d+)$/.exec(part)?.[1] ?? []).map(Number)[0];
  if (number !== undefined)
    return timeline.find((event) => event.type === 'updatePosted' && event.body.number === number) ?? null;
  if (!/^(say|page|catch-up)\//.test(key)) return null;
  const seq = parts
    .slice(2)
    .map(Number)
    .find((each) => Number.isInteger(each) && each > 0);
  return timeline.find((event) => event.seq === seq) ?? null;
}

function kindOf({ type, actor }: TimelineEvent): Kind {
  if (ofPlaybook.has(type)) return 'playbook';
  // Whoever closes it asks for the draft.
  if (type === 'postmortemDrafted') return 'human';
  return actor.kind === 'person' ? 'human' : 'unsolicited';
}

function busiestHour<T extends { at: number }>(posts: readonly T[]): T[] {
  const hours = posts.map(({ at }) => posts.filter((each) => each.at >= at && each.at < at + hourMs));
  return hours.reduce((most, each) => (each.length > most.length ? each : most), []);
}

function mostAlike(posts: readonly { act: number }[]): number {
  const counts = new Map<number, number>();
  for (const { act } of posts) counts.set(act, (counts.get(act) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}

/** A story's incidents say at most this much; the numbers are printed. */
export async function isQuiet({ bot }: Pick<Story, 'bot'>): Promise<void> {
  const { incidents } = await bot.store.incidents(machine, { limit: 100, offset: 0 });
  for (const { id, number } of incidents) {
    const noise = await noiseOf(bot.store, id);
    const { posts, unsolicitedInAnHour, about, mostOfOneAct } = noise;
    process.stdout.write(
      `noise of #${number}: ${posts} posts, at most ${unsolicitedInAnHour} an hour that nobody asked for, ${mostOfOneAct} for one act\n`,
    );
    expect(unsolicitedInAnHour, `in one place within an hour: ${about.join(', ')}`).toBeLessThanOrEqual(6);
    expect(mostOfOneAct, 'posts in one place for one act').toBeLessThanOrEqual(1);
  }
}
