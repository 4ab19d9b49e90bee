import type { SaidMessage } from '../chat/platform.js';
import { secretsTyped, warned } from '../commands/secret-warning.js';
import type { Asked } from '../incident/commands.js';
import type { TimelineEvent } from '../incident/events.js';
import type { Incident } from '../incident/state.js';
import { typedLines } from '../messages/literal.js';
import { machine } from '../people/viewer.js';
import type { Store } from '../store/port.js';
import { placesPerEvent } from './streams.js';

/** Characters of a message that stand on a timeline. */
const longestKept = 4_000;
/** One message may be what several incidents were declared from. */
const declaredAtMost = 10;

export const keptText = (said: string): string => typedLines(said, longestKept);

/** Puts what was said on a timeline, at the time it was said. */
export const keeping = (
  { platform, channel, message, text, personId, at }: SaidMessage,
  { keptBy, how, now }: { keptBy: string; how: 'marked' | 'declared'; now: number },
): Asked => ({
  command: { type: 'keepMessage', platform, channel, message, text: keptText(text), by: personId, how },
  actor: { kind: 'person', personId: keptBy },
  at: Math.min(at, now),
});

type Place = Pick<SaidMessage, 'platform' | 'channel' | 'message'>;
const markOf = ({ channel, message }: Place): string => `declared-from/${channel}/${message}`;

/** What an incident is declared from stands in another channel: noted, so that its edits are found. */
export async function noteSource(store: Store, from: Place, incidentId: string): Promise<void> {
  const known = await sourcesOf(store, from);
  if (known.includes(incidentId)) return;
  await store.setMark(from.platform, markOf(from), [...known, incidentId].slice(-declaredAtMost).join(' '));
}

const sourcesOf = async (store: Store, from: Place): Promise<string[]> =>
  (await store.mark(from.platform, markOf(from)))?.split(' ') ?? [];

/** How long the answer to "is it the same?" still belongs to what was asked. */
const meantForMs = 15 * 60_000;
const declaringMark = (personId: string): string => `declaring/${personId}`;

/** What somebody wants to declare from, while they are asked whether it is open already. */
export const rememberSource = (store: Store, from: SaidMessage, asked: { personId: string; now: number }) =>
  store.setMark(
    from.platform,
    declaringMark(asked.personId),
    JSON.stringify({ from: { ...from, text: keptText(from.text) }, until: asked.now + meantForMs }),
  );

/** The same, once it is answered; null: nothing was asked. */
export async function rememberedSource(
  store: Store,
  platform: string,
  { personId, now }: { personId: string; now: number },
): Promise<SaidMessage | null> {
  const mark = await store.mark(platform, declaringMark(personId));
  if (!mark) return null;
  await store.setMark(platform, declaringMark(personId), '');
  const { from, until } = JSON.parse(mark) as { from: SaidMessage; until: number };
  return now <= until ? from : null;
}

/** The incidents whose timelines keep this message. */
export async function keepersOf(store: Store, place: Place): Promise<Incident[]> {
  const { platform, channel, message } = place;
  const [here, ...from] = await Promise.all([
    store.incident(machine, { platform, channel }),
    ...(await sourcesOf(store, place)).map((id) => store.incident(machine, { id })),
  ]);
  const all = new Map([here, ...from].flatMap((each) => (each ? [[each.id, each] as const] : [])));
  return [...all.values()].filter(({ kept = [] }) =>
    kept.some((each) => each.platform === platform && each.channel === channel && each.message === message),
  );
}

/**
 * Whoever said something that looks like a secret is told, alone, where it stands now and how it is erased. False: there
 * was nothing to tell.
 */
export async function warnOfSecret(
  store: Store,
  said: { incidentId: string; platform: string; personId: string; text: string; now: number },
): Promise<boolean> {
  const { incidentId, platform, personId, text, now } = said;
  const secrets = secretsTyped(text);
  if (secrets.length === 0) return false;
  const seq = (await store.timeline(machine, incidentId)).findLast((event) => holds(event, text))?.seq;
  if (seq === undefined) return false;
  const { card } = warned({ text: '' }, secrets, { incidentId, seq });
  if (!card) return false;
  const put = {
    key: `page/${incidentId}/${platform}/${seq}/${personId}`,
    lane: `page:${personId}`,
    position: seq * placesPerEvent,
    dueAt: now,
    platform,
    incidentId,
    task: { kind: 'post' as const, incidentId, platform, to: { to: 'person' as const, personId }, card },
  };
  await store.commit([{ stream: null, events: [], incident: null, jobs: [{ put }] }]);
  return true;
}

const holds = ({ type, body, redacted }: TimelineEvent, text: string): boolean =>
  !redacted && (type === 'messageKept' || type === 'keptMessageRevised') && body.text === text;
