import type { Episode, Receipt } from '../alerts/alert.js';
import { keysOf, plan, type Rules } from '../alerts/plan.js';
import type { Command } from '../incident/commands.js';
import type { Loaded, Store } from '../store/port.js';
import type { Arrival } from './tick.js';

/** What a tick's webhooks come to: the rows to write and the commands that follow. */
export interface Taken {
  loaded: Loaded[];
  commands: { incidentId: string; command: Command }[];
  episodes: Episode[];
  episodesGone: string[];
  /** One per arrival, in order. */
  receipts: Receipt[];
}

export type Intake = (store: Pick<Store, 'episodes' | 'byGroupKey'>, arrivals: readonly Arrival[]) => Promise<Taken>;

/** Loads what planning needs, for all webhooks of a tick at once, and plans, by the same rules for all of the tick. */
export const intakeBy =
  (rulesNow: () => Rules): Intake =>
  async (store, arrivals) => {
    const rules = rulesNow();
    const batches = arrivals.map(({ receiptId, source, receivedAt, alerts }) => ({
      receipt: receiptId,
      source,
      receivedAt,
      alerts,
    }));
    const keys = keysOf(batches);
    const [episodes, loaded] = await Promise.all([store.episodes(keys.episodes), store.byGroupKey(keys.groups)]);
    const planned = plan(batches, { episodes, incidents: loaded.map(({ incident }) => incident) }, rules);
    return {
      loaded,
      commands: planned.incidents.flatMap(({ incidentId, commands }) =>
        commands.map((command) => ({ incidentId, command })),
      ),
      episodes: planned.episodes,
      episodesGone: planned.episodesGone,
      receipts: planned.receipts,
    };
  };
