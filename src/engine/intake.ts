import type { Episode, Receipt } from '../alerts/alert.js';
import { changesIn, type RecentChange } from '../alerts/changed.js';
import { asDeclared } from '../alerts/dependencies/declared.js';
import { type Batch, keysOf, type Plan, plan, type Rules } from '../alerts/plan.js';
import { tellsOfService } from '../alerts/tell.js';
import type { Command } from '../incident/commands.js';
import { mergedInto } from '../incident/links.js';
import { type Incident, isOpen } from '../incident/state.js';
import type { Loaded, Store } from '../store/port.js';
import type { RecentAlerts } from './recent-alerts.js';
import type { Arrival } from './tick.js';

/** What a tick's webhooks come to: the rows to write and the commands that follow. */
export interface Taken {
  loaded: Loaded[];
  commands: { incidentId: string; command: Command }[];
  episodes: Episode[];
  episodesGone: string[];
  /** What was changed, as these say. */
  changes: RecentChange[];
  /** One per arrival, in order. */
  receipts: Receipt[];
}

export type Intake = (store: Known, arrivals: readonly Arrival[]) => Promise<Taken>;

/** What planning reads; `nothingStored` is a Muster that has seen nothing. */
export type Known = Pick<Store, 'episodes' | 'byGroupKey' | 'load' | 'openUngrouped'>;

export const nothingStored: Known = {
  episodes: async () => [],
  byGroupKey: async () => [],
  load: async () => null,
  openUngrouped: async () => [],
};

/** What these reports come to, by what is stored now; nothing is written. */
export async function planned(
  store: Known,
  batches: readonly Batch[],
  rules: Rules,
): Promise<{ plan: Plan; loaded: Loaded[]; incidents: Incident[] }> {
  const keys = keysOf(batches, rules);
  const [episodes, loaded] = await Promise.all([store.episodes(keys.episodes), store.byGroupKey(keys.groups)]);
  const known = await whereTheyAre(store, episodes, loaded);
  const asked = (rules.topology && rules.topology.services.length > 0) || batches.some(tellsOfService);
  const byPeople = asked ? await store.openUngrouped() : [];
  const incidents = [...known.incidents, ...byPeople.flatMap(({ incident }) => asDeclared(incident))];
  return {
    plan: plan(batches, { episodes: known.episodes, incidents }, rules),
    loaded: [...known.loaded, ...byPeople],
    incidents,
  };
}

/** Plans all webhooks of a tick at once, by the same rules. */
export const intakeBy =
  (rulesNow: () => Rules, recent?: Pick<RecentAlerts, 'note'>): Intake =>
  async (store, arrivals) => {
    const batches = arrivals.map(({ receiptId, source, receivedAt, alerts, passedOver }) => ({
      receipt: receiptId,
      source,
      receivedAt,
      alerts,
      ...(passedOver && { passedOver }),
    }));
    const { plan, loaded } = await planned(store, batches, rulesNow());
    recent?.note(plan.episodes, plan.incidents, Math.max(...batches.map(({ receivedAt }) => receivedAt)));
    return {
      loaded,
      commands: inOrder(
        plan.incidents.flatMap(({ incidentId, commands }) => commands.map((command) => ({ incidentId, command }))),
      ),
      episodes: plan.episodes,
      episodesGone: plan.episodesGone,
      changes: changesIn(batches),
      receipts: plan.receipts,
    };
  };

/** What says something of another incident comes when that one is there. */
const inOrder = (commands: Taken['commands']): Taken['commands'] => [
  ...commands.filter(({ command }) => command.type !== 'noteDependency'),
  ...commands.filter(({ command }) => command.type === 'noteDependency'),
];

/**
 * What was merged goes on elsewhere: its alerts, and those of its group that are still to come, go there. An alert that
 * was split off stays with its own incident, whatever its group.
 */
async function whereTheyAre(
  store: Pick<Store, 'load'>,
  episodes: readonly Episode[],
  loaded: readonly Loaded[],
): Promise<{ episodes: readonly Episode[]; incidents: Incident[]; loaded: Loaded[] }> {
  const byId = new Map(loaded.map((each) => [each.incident.id, each]));
  for (const { incidentId, groupKey } of episodes) {
    if (incidentId === null || byId.has(incidentId)) continue;
    const found = await store.load(incidentId);
    // An older one of its own group that is over says nothing here.
    if (found && (isOpen(found.incident) || mergedInto(found.incident) || found.incident.groupKey !== groupKey))
      byId.set(incidentId, found);
  }
  const goesOn = new Map<string, Loaded>();
  for (const each of [...byId.values()]) {
    let last = each;
    const seen = new Set([each.incident.id]);
    for (let link = mergedInto(last.incident); link && !seen.has(link.incidentId); link = mergedInto(last.incident)) {
      seen.add(link.incidentId);
      const next = byId.get(link.incidentId) ?? (await store.load(link.incidentId));
      if (!next) break;
      byId.set(link.incidentId, next);
      last = next;
    }
    if (last !== each) goesOn.set(each.incident.id, last);
  }
  const there = (incidentId: string | null) => goesOn.get(incidentId ?? '')?.incident.id ?? incidentId;
  return {
    episodes: goesOn.size === 0 ? episodes : episodes.map((each) => ({ ...each, incidentId: there(each.incidentId) })),
    incidents: [...byId.values()].flatMap(({ incident }) => {
      const last = goesOn.get(incident.id);
      if (!last) return [incident];
      // Under the key of the one that ended, as far as this plan is concerned.
      return incident.groupKey === null ? [] : [{ ...last.incident, groupKey: incident.groupKey }];
    }),
    loaded: [...byId.values()],
  };
}
