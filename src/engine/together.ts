import type { Episode } from '../alerts/alert.js';
import { evidenceOf } from '../alerts/evidence.js';
import type { Command, CommandType } from '../incident/commands.js';
import type { Moved } from '../incident/links.js';
import { mergedInto } from '../incident/links.js';
import { type Ladder, mergeEvidence, noEvidence } from '../incident/severity.js';
import type { Evidence, Incident, Severity } from '../incident/state.js';
import { machine } from '../people/viewer.js';
import type { Store } from '../store/port.js';

/** What is decided on two incidents: both or neither, in one commit. */
const ofTwo = ['link', 'unlink', 'merge', 'split', 'unmerge'] as const;
export type OfTwo = Extract<Command, { type: (typeof ofTwo)[number] }>;
export const isOfTwo = (command: Command): command is OfTwo => (ofTwo as readonly CommandType[]).includes(command.type);
/** Those that move alerts: nothing else of the same tick may write the same alerts. */
export const movesAlerts = ({ type }: Command): boolean => type === 'merge' || type === 'split' || type === 'unmerge';

/** One part: a command for one of the two, and the row of the other that it is decided with. */
interface Part {
  incidentId: string;
  command: Command;
  otherId: string;
}

/** How a service that is detached opens: by what its own alerts say. `groupKey` null: another open one has it. */
export interface Detached {
  severity: Severity;
  reason: string;
  service: string;
  groupKey: string | null;
}

/**
 * The parts in the order they are decided and written; each sees the other as it is then. The first of a split opens
 * the new incident.
 */
export function partsOf(
  incidentId: string,
  command: OfTwo,
  state: Incident | null,
  detached: Detached | null = null,
): Part[] {
  const { other } = command;
  const here = (each: Command): Part => ({ incidentId, command: each, otherId: other });
  const there = (each: Command): Part => ({ incidentId: other, command: each, otherId: incidentId });
  const back = { other: incidentId };
  switch (command.type) {
    case 'link':
      return [here(command), there({ type: 'linkBack', ...back, reason: command.reason })];
    case 'unlink':
      return [here(command), there({ type: 'unlinkBack', ...back })];
    case 'merge':
      return [there({ type: 'takeIn', ...back, reason: command.reason }), here(command)];
    case 'unmerge':
      return state && mergedInto(state) ? [there({ type: 'giveUp', ...back }), here(command)] : [here(command)];
    case 'split':
      return state
        ? [
            there(opening(other, command.title, state, detached)),
            here(command),
            there({ type: 'receive', ...back, undone: false }),
          ]
        : [here(command)];
  }
}

const opening = (incidentId: string, title: string, from: Incident, detached: Detached | null): Command => ({
  type: 'declare',
  incidentId,
  title,
  severity: detached?.severity ?? from.severity,
  reason: detached?.reason ?? `it was split from #${from.number}, which is ${from.severity}: ${from.severityReason}`,
  services: detached ? [detached.service] : [],
  ...(detached?.groupKey && { groupKey: detached.groupKey }),
  visibility: from.visibility,
  drill: from.drill,
  policy: from.policy,
  playbook: null,
});

/** Where a merged one goes on in the end; itself when it was not merged. */
export async function survivorOf(store: Pick<Store, 'load'>, incident: Incident): Promise<Incident> {
  const seen = new Set([incident.id]);
  let now = incident;
  for (let link = mergedInto(now); link && !seen.has(link.incidentId); link = mergedInto(now)) {
    seen.add(link.incidentId);
    const next = (await store.load(link.incidentId))?.incident;
    if (!next) break;
    now = next;
  }
  return now;
}

const pageSize = 1_000;
const namesKept = 5;

/** The alerts that go, as they are to be stored, and what that means for both. */
export async function alertsThatMove(
  store: Pick<Store, 'alerts'>,
  ladder: Ladder,
  which: { from: string; to: string; moves(episode: Episode): boolean },
): Promise<{ moved: Moved; episodes: Episode[] }> {
  const all = await everyEpisode(store, which.from);
  const going = all.filter(which.moves);
  const staying = all.filter((each) => !which.moves(each));
  return {
    moved: {
      alerts: counted(going),
      evidence: evidence(going, ladder),
      startedAt: earliest(going),
      left: counted(staying),
      leftEvidence: evidence(staying, ladder),
    },
    episodes: going.map((each) => ({ ...each, incidentId: which.to })),
  };
}

async function everyEpisode(store: Pick<Store, 'alerts'>, incidentId: string): Promise<Episode[]> {
  const all: Episode[] = [];
  for (;;) {
    const { alerts, total } = await store.alerts(machine, incidentId, { limit: pageSize, offset: all.length });
    all.push(...alerts);
    if (alerts.length === 0 || all.length >= total) return all;
  }
}

const counted = (episodes: readonly Episode[]): Moved['alerts'] => ({
  firing: episodes.filter(({ state }) => state === 'firing').length,
  total: episodes.length,
  names: [...new Set(episodes.map(({ name }) => name))].slice(0, namesKept),
});

/** An alert counts once, however often it fired. */
function evidence(episodes: readonly Episode[], ladder: Ladder): Evidence {
  const seen = new Set<string>();
  return episodes.reduce<Evidence>((sum, episode) => {
    const one = evidenceOf(episode, ladder);
    const key = `${episode.source}\n${episode.fingerprint}`;
    const known = seen.has(key);
    seen.add(key);
    return mergeEvidence(sum, known ? { ...one, alerts: 0 } : one);
  }, noEvidence);
}

const earliest = (episodes: readonly Episode[]): number | null =>
  episodes.reduce<number | null>((first, { startedAt }) => Math.min(first ?? startedAt, startedAt), null);

/** What a split or an unmerge takes along; a merge takes all. */
export const chosenBy =
  (command: OfTwo, state: Incident, other: Incident | null) =>
  (episode: Episode): boolean => {
    if (command.type === 'split') return command.alerts.includes(episode.id);
    if (command.type === 'unmerge') return state.groupKey !== other?.groupKey && episode.groupKey === state.groupKey;
    return command.type === 'merge';
  };
