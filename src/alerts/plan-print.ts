import type { Command } from '../incident/commands.js';
import { escalationOf, type Target } from '../incident/escalation.js';
import { graver, invitedAt, type Severity } from '../incident/state.js';
import type { Receipt } from './alert.js';
import type { Plan, PlannedIncident } from './plan.js';

/** Names for what a plan knows by id. */
export interface PlanNames {
  /** A playbook's title by content hash. */
  playbook(hash: string): string | null;
  person(personId: string): string;
  /** Of the channel that an incident of this title gets. */
  channel(title: string): string;
}

/** How a request came in, as far as it was recorded. */
export interface RequestShown {
  source: string;
  /** The kind of its sender. */
  kind: string;
  admitted: 'yes' | 'no' | 'unknown';
  /** e.g. `by its token`. */
  how: string;
  /** What its body was read as: `GitHub`, or that its shape is not known, or why it is no alert. */
  read: string;
}

/** What one body would do, as `muster plan --json` prints it. */
export interface PlanShown {
  request: RequestShown | null;
  alerts: Receipt['outcomes'];
  incidents: IncidentShown[];
}

interface IncidentShown {
  /** Made up where it `opens` one. */
  incidentId: string;
  title: string | null;
  groupKey: string | null;
  /** `incident`: opens one; `triage`: an entry of the queue; `existing`: goes to one there is. */
  becomes: 'incident' | 'triage' | 'existing';
  severity: string | null;
  reason: string | null;
  newAlerts: number;
  firing: number;
  cleared: number;
  playbook: { title: string; reason: string } | null;
  updateEveryMs: number | null;
  acknowledgeWithinMs: number | null;
  invited: string[];
  /** The channel that opens; null: none does. */
  channel: string | null;
  /** Who is paged, level by level, in words. */
  paged: string[];
}

type Of<T extends Command['type']> = Extract<Command, { type: T }>;
const commandsOf = <T extends Command['type']>(of: PlannedIncident, type: T): Of<T>[] =>
  of.commands.filter((command): command is Of<T> => command.type === type);
const total = (numbers: number[]): number => numbers.reduce((sum, each) => sum + each, 0);

function shown(of: PlannedIncident, names: PlanNames): IncidentShown {
  const open = commandsOf(of, 'open')[0] ?? null;
  const attached = [...(open ? [open] : []), ...commandsOf(of, 'attachAlerts')].map(({ alerts }) => alerts);
  const rules = open && of.judged ? open.policy.severities[of.judged.severity] : null;
  const grave = of.judged !== null && graver(of.judged.severity, 'sev3');
  const playbook = open?.playbook ?? null;
  return {
    incidentId: of.incidentId,
    title: of.title,
    groupKey: of.groupKey,
    becomes: !of.opens ? 'existing' : grave ? 'incident' : 'triage',
    severity: of.judged?.severity ?? null,
    reason: of.judged?.reason ?? null,
    newAlerts: total(attached.map(({ count }) => count)),
    firing: total(attached.map(({ firing }) => firing)),
    cleared: total(commandsOf(of, 'resolveAlerts').map(({ count }) => count)),
    playbook: playbook && { title: names.playbook(playbook.hash) ?? playbook.hash, reason: playbook.reason },
    // Nothing is promised and nobody invited while an entry waits in the queue.
    updateEveryMs: grave ? (rules?.updateEveryMs ?? null) : null,
    acknowledgeWithinMs: grave ? (rules?.acknowledgeWithinMs ?? null) : null,
    paged: grave && open && of.judged ? levelsOf(open, of.judged.severity, names) : [],
    channel: grave && open && of.title !== null ? names.channel(of.title) : null,
    invited: grave && open && of.judged ? invitedAt(open.policy, of.judged.severity).map(names.person) : [],
  };
}

function levelsOf({ policy, services }: Of<'open'>, severity: Severity, { person }: PlanNames): string[] {
  const list = (people: readonly string[]): string => people.map(person).join(', ') || 'nobody';
  const words = (target: Target): string => {
    if (target.kind === 'schedule') return `whoever is on call for ${target.schedule}`;
    if (target.kind === 'people') return `${list(target.people)} (${target.as})`;
    return `${list(services.flatMap((service) => policy.services?.[service]?.owners ?? []))} (owners)`;
  };
  const ladder = escalationOf({ policy, severity, services });
  const later = ladder?.later ? ', when nobody acknowledges' : '';
  return (ladder?.levels ?? []).map(({ targets }) => `${targets.map(words).join(', ')}${later}`);
}

export const showPlan = (plan: Plan, names: PlanNames, request: RequestShown | null = null): PlanShown => ({
  request,
  alerts: plan.receipts.flatMap(({ outcomes }) => outcomes),
  incidents: plan.incidents.map((incident) => shown(incident, names)),
});

const count = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;

function duration(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  return minutes >= 120 && minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
}

const opening: Record<IncidentShown['becomes'], string> = {
  incident: 'Opens an incident',
  triage: 'Goes to the triage queue',
  existing: 'Goes to what is there',
};

function incidentText(of: IncidentShown): string {
  const rows: [string, string][] = [];
  if (of.severity) rows.push(['Severity', `${of.severity}, because ${of.reason}`]);
  if (of.newAlerts > 0) rows.push(['Alerts', `${of.newAlerts} new, ${of.firing} firing`]);
  if (of.cleared > 0) rows.push(['Cleared', count(of.cleared, 'alert')]);
  if (of.becomes !== 'existing') {
    rows.push(['Playbook', of.playbook ? `${of.playbook.title} (${of.playbook.reason})` : 'none matches']);
  }
  if (of.becomes === 'incident') {
    if (of.channel) rows.push(['Channel', of.channel]);
    rows.push(['Updates', of.updateEveryMs === null ? 'none promised' : `every ${duration(of.updateEveryMs)}`]);
    const within = of.acknowledgeWithinMs;
    rows.push(['Acknowledge', within === null ? 'no limit' : `within ${duration(within)}`]);
    if (of.paged.length > 0) rows.push(['Paged', of.paged.map((each, i) => `${i + 1}. ${each}`).join(' · ')]);
    rows.push(['Invited', of.invited.join(', ') || 'nobody; set who is invited in the configuration']);
  }
  if (of.groupKey) rows.push(['Grouped by', of.groupKey]);
  const width = Math.max(...rows.map(([label]) => label.length));
  const head = `${opening[of.becomes]}${of.title ? `: ${of.title}` : ''}`;
  return [head, ...rows.map(([label, value]) => `  ${label.padEnd(width)}  ${value}`)].join('\n');
}

const admission: Record<RequestShown['admitted'], string> = { yes: 'let in', no: 'REFUSED', unknown: 'not known' };

const requestText = ({ source, kind, admitted, how, read }: RequestShown): string =>
  [
    `From ${source}${kind === source ? '' : ` (${kind})`}`,
    `  Sender  ${admission[admitted]}: ${how}`,
    `  Body    ${read}`,
  ].join('\n');

const alertsPrinted = 50;

/** What one body would do, for people. Pure. */
export function planText({ request, alerts, incidents }: PlanShown): string {
  const printed = alerts.slice(0, alertsPrinted);
  const width = Math.min(40, Math.max(0, ...printed.map(({ name }) => name.length)));
  const lines = printed.map(({ name, outcome, why }) => `  ${name.padEnd(width)}  ${outcome.padEnd(15)}  ${why}`);
  if (alerts.length > printed.length) lines.push(`  … and ${alerts.length - printed.length} more`);
  const list = [count(alerts.length, 'alert'), ...lines].join('\n');
  const effects = incidents.length > 0 ? incidents.map(incidentText) : ['No incident would change.'];
  const from = request ? [requestText(request)] : [];
  return [...from, list, ...effects].join('\n\n');
}
