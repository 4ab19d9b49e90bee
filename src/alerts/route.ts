import type { AttachedAlerts, Command } from '../incident/commands.js';
import { type Judgement, judge, type Ladder, mergeEvidence, noEvidence } from '../incident/severity.js';
import { type Evidence, graver, type Incident } from '../incident/state.js';
import type { Episode } from './alert.js';
import { startAnew } from './anew.js';
import { hintsOf } from './dependencies/hints.js';
import { noteDependencies } from './dependencies/note.js';
import { apart, spreading, symptomsOf, worseSymptoms } from './dependencies/symptoms.js';
import { evidenceOf } from './evidence.js';
import type { Followed } from './follow.js';
import { grouped, homeOf } from './group.js';
import type { Batch, PlannedIncident, Rules } from './plan.js';
import { flapsNoted } from './rules/flap.js';
import { stormCounted } from './rules/storm.js';
import { splitOffered } from './rules/unlike.js';
import { type Steered, steer } from './steer.js';
import { titleOf } from './title.js';

/** Where an episode went, as its receipt will say. */
export interface Home {
  incidentId: string;
  title: string;
  judged: Judgement;
  how: 'opened' | 'triaged' | 'attached' | 'reopened' | 'dismissed';
  /** Of a dismissed one: the reason somebody gave. */
  dismissal: string | null;
  /** Why it came here and not to where its group goes. */
  steered: string | null;
}

interface Item {
  own: Followed;
  before: readonly Episode[];
}

interface Gathered {
  /** Rules want it at least as grave as this. */
  atLeast: Judgement | null;
  count: number;
  firing: number;
  names: Set<string>;
  evidence: Evidence;
  startedAt: number | null;
  receipts: Set<string>;
  alerts: { name: string; labels: Readonly<Record<string, string>> }[];
  host: string | null;
}

const namesTold = 5;
/** Enough for a playbook to be recognised by; a storm brings a hundred thousand alike. */
const alertsMatched = 200;

/**
 * Which incident each episode goes to that is new or starts anew, and what that incident is told. Sets `incidentId` of
 * episodes that join.
 * `homes` is of those that join and of those that got worse.
 */
export function route(
  items: readonly Item[],
  batches: readonly Batch[],
  incidents: readonly Incident[],
  rules: Rules,
): { incidents: PlannedIncident[]; homes: Map<Followed, Home> } {
  const now = batches.reduce((latest, { receivedAt }) => Math.max(latest, receivedAt), 0);
  const byGroup = grouped(incidents, (incident) => incident.groupKey);
  const byId = new Map(incidents.map((incident) => [incident.id, incident]));
  const planned = new Map<string, PlannedIncident>();
  const homes = new Map<Followed, Home>();
  const stored = new Map(items.map(({ own, before }) => [own, before]));
  const evidence = new Map<string, Evidence>();

  startAnew(
    items.map(({ own }) => own),
    incidents,
    now,
    rules.ladder,
  );
  const steered = steer(
    items.map(({ own }) => own),
    rules.steering ?? [],
    { now, incidents, before: (own) => stored.get(own) ?? [] },
  );
  const groups = grouped(
    items.filter(({ own }) => own.joins),
    ({ own }) => steered.get(own)?.groupKey ?? own.episode.groupKey,
  );
  for (const [groupKey, joining] of groups) {
    const existing = homeOf(byGroup.get(groupKey) ?? [], now);
    const incidentId = existing?.id ?? rules.newId();
    for (const { own } of joining) own.episode.incidentId = incidentId;
    const storm = joining[0] && steered.get(joining[0].own)?.storm;
    for (const [index, own] of apart(joining, steered).entries()) {
      const gathered = gather(own, incidentId, batches, { rules, steered });
      const known = evidence.get(incidentId) ?? existing?.evidence ?? noEvidence;
      const part = planned.get(incidentId);
      const symptoms = symptomsOf(own.flatMap((each) => steered.get(each.own)?.symptom ?? []));
      const judged = spreading(judgedOf(known, gathered, rules.ladder), symptoms, {
        before: part?.judged?.severity ?? existing?.severity ?? null,
        ladder: rules.ladder,
      });
      evidence.set(incidentId, mergeEvidence(known, gathered.evidence));
      const alerts = { ...attached(gathered), ...(symptoms.length > 0 ? { symptoms } : hinted(own)) };
      const command: Command =
        existing || part
          ? { type: 'attachAlerts', alerts, judged }
          : opening(incidentId, groupKey, gathered, judged, rules);
      if (command.type === 'open') command.alerts = alerts;
      if (command.type === 'open' && storm) command.title = `Alert storm from ${storm.source}`;
      const title = existing ? existing.title : (part?.title ?? (command.type === 'open' ? command.title : ''));
      const commands = [...(part?.commands ?? []), command];
      planned.set(incidentId, { incidentId, opens: !existing, title, groupKey, judged, commands });
      const home = homeFor(existing, incidentId, title, judged);
      const how = index > 0 && !existing ? 'attached' : home.how;
      for (const each of own) homes.set(each.own, { ...home, how, steered: steered.get(each.own)?.why ?? null });
    }
    planned.get(incidentId)?.commands.push(
      ...stormCounted(
        joining.map(({ own }) => own.episode),
        storm,
      ),
      ...(storm || joining.some(({ own }) => steered.get(own)?.symptom)
        ? []
        : splitOffered(
            joining.map(({ own }) => own.episode),
            existing,
          )),
    );
  }
  for (const [incidentId, worse] of grouped(
    items.filter(({ own }) => own.raised),
    ({ own }) => own.episode.incidentId as string,
  )) {
    const existing = byId.get(incidentId);
    // An older incident of the group is not loaded: it is over, like one that a person closed.
    if (!existing || !homeOf([existing], now)) continue;
    const part = planned.get(incidentId) ?? partOf(existing, planned);
    const gathered = gather(worse, incidentId, batches, { rules, steered }, true);
    const symptoms = worseSymptoms(existing, worse, rules.topology);
    const judged = spreading(
      judgedOf(evidence.get(incidentId) ?? existing.evidence, gathered, rules.ladder),
      symptoms,
      {
        before: part.judged?.severity ?? existing.severity,
        ladder: rules.ladder,
      },
    );
    part.judged = judged;
    const alerts = { ...attached(gathered), ...(symptoms.length > 0 && { symptoms }) };
    part.commands.push({ type: 'attachAlerts', alerts, judged });
    const home = homeFor(existing, incidentId, existing.title, judged);
    for (const { own } of worse) homes.set(own, home);
  }
  noteDependencies(planned, items, {
    incidents,
    partOf: (incident) => planned.get(incident.id) ?? partOf(incident, planned),
    topology: rules.topology,
  });
  for (const { incidentId, command } of flapsNoted(items.map(({ own }) => own))) {
    const part = planned.get(incidentId) ?? partOf(byId.get(incidentId) ?? incidentId, planned);
    part.commands.push(command);
  }
  clear(items, batches, planned, byId);
  return { incidents: [...planned.values()], homes };
}

function clear(
  items: readonly Item[],
  batches: readonly Batch[],
  planned: Map<string, PlannedIncident>,
  byId: ReadonlyMap<string, Incident>,
): void {
  const ends = new Map<string, { count: number; names: Set<string>; receipts: Set<string>; silent: number | null }>();
  for (const { own } of items) {
    for (const incidentId of own.clearedIn) {
      const silent = own.told.find(({ verdict }) => verdict === 'resolved')?.told.alert.silentSince ?? null;
      const end = ends.get(incidentId) ?? { count: 0, names: new Set(), receipts: new Set(), silent };
      ends.set(incidentId, end);
      end.count++;
      end.silent = end.silent === null || silent === null ? null : Math.max(end.silent, silent);
      if (end.names.size < namesTold) end.names.add(own.episode.name);
      for (const { told } of own.told) end.receipts.add((batches[told.batch] as Batch).receipt);
    }
  }
  for (const [incidentId, { count, names, receipts, silent }] of ends) {
    const part = planned.get(incidentId) ?? partOf(byId.get(incidentId) ?? incidentId, planned);
    part.commands.push({
      type: 'resolveAlerts',
      count,
      names: [...names],
      receipts: [...receipts],
      ...(silent !== null && { silentSince: silent }),
    });
  }
}

function partOf(of: Incident | string, planned: Map<string, PlannedIncident>): PlannedIncident {
  const part: PlannedIncident =
    typeof of === 'string'
      ? { incidentId: of, opens: false, title: null, groupKey: null, judged: null, commands: [] }
      : { incidentId: of.id, opens: false, title: of.title, groupKey: of.groupKey, judged: null, commands: [] };
  planned.set(part.incidentId, part);
  return part;
}

/**
 * `again`: the episodes are counted already and only got worse. An alert counts once as evidence however often it
 * flaps: two of its episodes may turn out to be one, and evidence cannot be taken back.
 */
function gather(
  items: readonly Item[],
  incidentId: string,
  batches: readonly Batch[],
  { rules, steered }: { rules: Rules; steered: ReadonlyMap<Followed, Steered> },
  again = false,
): Gathered {
  const sum: Gathered = {
    atLeast: null,
    count: 0,
    firing: 0,
    names: new Set(),
    evidence: noEvidence,
    startedAt: null,
    receipts: new Set(),
    alerts: [],
    host: null,
  };
  const counted = new Set<readonly Episode[]>();
  for (const { own, before } of items) {
    const { episode } = own;
    const known = again || counted.has(before) || before.some((other) => other.incidentId === incidentId);
    counted.add(before);
    const word = steered.get(own);
    const evidence = word?.weightless
      ? weightless(evidenceOf(episode, rules.ladder))
      : evidenceOf(episode, rules.ladder);
    if (word?.atLeast && (!sum.atLeast || graver(word.atLeast.severity, sum.atLeast.severity)))
      sum.atLeast = word.atLeast;
    sum.evidence = mergeEvidence(sum.evidence, known ? { ...evidence, alerts: 0 } : evidence);
    sum.names.add(episode.name);
    sum.host ??= episode.host;
    if (sum.alerts.length < alertsMatched) sum.alerts.push(episode);
    for (const { told } of own.told) sum.receipts.add((batches[told.batch] as Batch).receipt);
    if (again) continue;
    sum.count++;
    if (episode.state === 'firing') sum.firing++;
    // A sender's clock may be ahead; nothing began after it was reported. What went before belongs to what has ended.
    const startedAt = own.anewAt ?? Math.min(episode.startedAt, episode.lastSeenAt);
    sum.startedAt = sum.startedAt === null ? startedAt : Math.min(sum.startedAt, startedAt);
  }
  return sum;
}

/** Where it is from is known; how grave it is has been said otherwise. */
const weightless = (evidence: Evidence): Evidence => ({ ...evidence, alerts: 0, worst: 'none', tier: null });

/** By the ladder, or as grave as rules want it. With nothing that weighs, theirs is the only word. */
function judgedOf(known: Evidence, { evidence, atLeast }: Gathered, ladder: Ladder): Judgement {
  const all = mergeEvidence(known, evidence);
  if (atLeast && all.alerts === 0 && !all.compromise) return atLeast;
  const judged = judge(all, ladder);
  return atLeast && graver(atLeast.severity, judged.severity) ? atLeast : judged;
}

const hinted = (items: readonly Item[]): Pick<AttachedAlerts, 'hints'> => {
  const hints = hintsOf(items.map(({ own }) => own.episode));
  return hints ? { hints } : {};
};

const attached = ({ count, firing, names, evidence, startedAt, receipts }: Gathered): AttachedAlerts => ({
  count,
  firing,
  names: [...names].slice(0, namesTold),
  evidence,
  startedAt,
  receipts: [...receipts],
});

function opening(
  incidentId: string,
  groupKey: string,
  gathered: Gathered,
  judged: Judgement,
  rules: Rules,
): Extract<Command, { type: 'open' }> {
  const { services } = gathered.evidence;
  const about = { service: services[0] ?? null, host: gathered.host, alerts: gathered.count };
  return {
    type: 'open',
    incidentId,
    title: titleOf([...gathered.names], about),
    services,
    groupKey,
    alerts: attached(gathered),
    policy: rules.policy,
    drill: rules.drill,
    playbook: rules.playbook({ services, alerts: gathered.alerts }),
    judged,
  };
}

function homeFor(existing: Incident | null, incidentId: string, title: string, judged: Judgement): Home {
  const grave = graver(judged.severity, 'sev3');
  const byPerson = existing?.status === 'dismissed' && existing.outcome?.automatic !== true;
  let how: Home['how'] = grave ? 'opened' : 'triaged';
  if (existing) {
    const ended = existing.status === 'resolved' || existing.status === 'closed' || existing.status === 'dismissed';
    how = byPerson && !grave ? 'dismissed' : ended ? 'reopened' : 'attached';
  }
  return {
    incidentId,
    title,
    judged,
    how,
    dismissal: byPerson ? (existing?.outcome?.reason ?? null) : null,
    steered: null,
  };
}
