import type { Command, PlaybookChoice } from '../incident/commands.js';
import type { Judgement, Ladder } from '../incident/severity.js';
import { type Incident, isOpen, type Policy } from '../incident/state.js';
import type { Alert, Episode, Receipt } from './alert.js';
import type { Topology } from './dependencies/topology.js';
import { type Followed, follow, type Told } from './follow.js';
import { grouped, groupKeyOf } from './group.js';
import { route } from './route.js';
import { damp } from './rules/flap.js';
import type { FlapRule } from './rules/rule.js';
import type { PassedOver } from './source.js';
import type { Steering } from './steer.js';
import { keysToTell, tell } from './tell.js';
import { whyOf } from './why.js';

/** The alerts of one request. */
export interface Batch {
  /** Id of the receipt to write. */
  receipt: string;
  source: string;
  receivedAt: number;
  alerts: readonly Alert[];
  /** It was no alert. */
  passedOver?: PassedOver;
}

/** What is stored, for the keys that `keysOf` names. */
export interface Snapshot {
  /** Per (source, fingerprint) the newest eight. */
  episodes: readonly Episode[];
  /** Per group key the open one, else the latest ended one; more do no harm. */
  incidents: readonly Incident[];
}

export interface Rules {
  /** For what opens now. An incident that exists keeps its own. */
  policy: Policy;
  ladder: Ladder;
  drill: boolean;
  newId(): string;
  playbook(facts: {
    services: readonly string[];
    alerts: readonly { name: string; labels: Readonly<Record<string, string>> }[];
  }): PlaybookChoice | null;
  /** Asked in this order where an alert goes, up to the first that says. None: by its group. */
  steering?: readonly Steering[];
  /** What depends on what, where the configuration says so. */
  topology?: Topology;
  /** When an alert that comes and goes is told no more; left out: never. */
  flap?: FlapRule | null;
  /** What an alert that is reported at this time is grouped by; left out: its service, else what its source says. */
  groupKey?(alert: Alert, at: number): string;
}

/** One incident's part. `commands` are to be decided in this order, on the incident as it then is. */
export interface PlannedIncident {
  incidentId: string;
  /** True: the first command is `open`. False: load it by id; it need not be one of the snapshot. */
  opens: boolean;
  /** The incident's title, where the plan knows it. */
  title: string | null;
  groupKey: string | null;
  /** What the ladder says of all its evidence; null when only ends were reported. */
  judged: Judgement | null;
  commands: Command[];
}

export interface Plan {
  incidents: PlannedIncident[];
  /** Whole, to be written over what is stored. */
  episodes: Episode[];
  /** Ids of episodes that turned out to be part of another. */
  episodesGone: string[];
  /** One per batch, in order; one outcome per alert, in order. */
  receipts: Receipt[];
}

const identity = (of: { source: string; fingerprint: string }): string => `${of.source}\n${of.fingerprint}`;

/** What to load before planning; both without duplicates. */
export function keysOf(
  batches: readonly Batch[],
  { steering = [], groupKey = groupKeyOf }: Pick<Rules, 'steering' | 'groupKey'> = {},
): {
  episodes: { source: string; fingerprint: string }[];
  groups: string[];
} {
  const episodes = new Map<string, { source: string; fingerprint: string }>();
  const groups = new Set<string>();
  for (const { alerts, receivedAt, source, passedOver } of batches) {
    const { episode, group } = keysToTell(source, passedOver?.tells);
    if (episode) episodes.set(identity(episode), episode);
    if (group !== undefined) groups.add(group);
    for (const alert of alerts) {
      episodes.set(identity(alert), { source: alert.source, fingerprint: alert.fingerprint });
      groups.add(groupKey(alert, receivedAt));
      for (const each of steering) for (const key of each.groups?.(alert, receivedAt) ?? []) groups.add(key);
    }
  }
  return { episodes: [...episodes.values()], groups: [...groups] };
}

/**
 * What these reports come to. Pure: ids come from `rules.newId`, times with the batches; nothing given is changed. The
 * same reports in any order, once or often, in one call or many, give the same episodes, the same alerts in the same
 * incidents and the same judgement. Its cost grows with n log n.
 */
export function plan(batches: readonly Batch[], snapshot: Snapshot, rules: Rules): Plan {
  const stored = grouped(snapshot.episodes, identity);
  const reports = grouped(everyReport(batches), (told) => identity(told.alert));
  const open = new Set(snapshot.incidents.filter(isOpen).map(({ id }) => id));
  const now = batches.reduce((latest, { receivedAt }) => Math.max(latest, receivedAt), 0);
  const flaps = { rule: rules.flap ?? null, ladder: rules.ladder, now, open: (id: string) => open.has(id) };
  const followed: { own: Followed; before: readonly Episode[] }[] = [];
  const episodesGone: string[] = [];
  for (const [key, told] of reports) {
    const before = (stored.get(key) ?? []).sort((a, b) => a.startedAt - b.startedAt);
    const result = follow(before, told, rules);
    for (const own of damp(result.followed, before, flaps)) followed.push({ own, before });
    episodesGone.push(...result.gone);
  }
  const { incidents, homes } = route(followed, batches, snapshot.incidents, rules);
  const receipts = batches.map(
    (batch): Receipt => ({ id: batch.receipt, source: batch.source, receivedAt: batch.receivedAt, outcomes: [] }),
  );
  for (const { own } of followed) {
    const home = homes.get(own);
    for (const { told, verdict } of own.told) {
      (receipts[told.batch] as Receipt).outcomes[told.index] = whyOf(own, told, verdict, home);
    }
  }
  for (const [index, { passedOver, source }] of batches.entries()) {
    if (!passedOver) continue;
    const { episode } = keysToTell(source, passedOver.tells);
    const episodes = episode ? (stored.get(identity(episode)) ?? []) : [];
    const { outcome, commands } = tell(passedOver, { episodes, incidents: snapshot.incidents });
    (receipts[index] as Receipt).outcomes.push(outcome);
    for (const { incident, command } of commands) addTo(incidents, incident, command);
  }
  const episodes = followed.flatMap(({ own }) => (own.write || own.joins ? [own.episode] : []));
  return { incidents, episodes, episodesGone, receipts };
}

function addTo(planned: PlannedIncident[], { id, title, groupKey }: Incident, command: Command): void {
  const part = planned.find(({ incidentId }) => incidentId === id);
  if (part) part.commands.push(command);
  else planned.push({ incidentId: id, opens: false, title, groupKey, judged: null, commands: [command] });
}

function* everyReport(batches: readonly Batch[]): Generator<Told> {
  for (const [batch, { alerts, receivedAt }] of batches.entries()) {
    for (const [index, alert] of alerts.entries()) yield { alert, receivedAt, batch, index };
  }
}
