import type { Episode } from '../../src/alerts/alert.js';
import type { Reply } from '../../src/chat/platform.js';
import { interpret } from '../../src/commands/interpret.js';
import type { About, Act, Reads } from '../../src/commands/verb.js';
import { isOfTwo, type OfTwo, partsOf } from '../../src/engine/together.js';
import type { Command } from '../../src/incident/commands.js';
import type { Together } from '../../src/incident/context.js';
import { decide } from '../../src/incident/decide.js';
import type { IncidentEvent, TimelineEvent } from '../../src/incident/events.js';
import { evolve } from '../../src/incident/evolve.js';
import { type Actor, type Incident, isRefusal, type Refusal } from '../../src/incident/state.js';
import { policy, start } from '../../src/incident/testing.js';
import type { Block, Button, Card, Inline } from '../../src/messages/card.js';
import { type DeskBasis, openDesk } from '../../src/oncall/desk.js';
import { maySee, person } from '../../src/people/viewer.js';
import { matchPlaybooks } from '../../src/playbooks/match.js';
import { parsePlaybook } from '../../src/playbooks/parse.js';
import type { Playbook } from '../../src/playbooks/playbook.js';
import { openDesk as openQuietDesk, type DeskBasis as QuietBasis } from '../../src/quiet/desk.js';
import type { Subscription } from '../../src/store/subscriptions-port.js';

const text = `---
title: Registry outage
owner: platform-team
matches: { service: registry }
needs: ["registry admin token: vault kv/registry/admin"]
---
## Detect
- [ ] Confirm that a push fails from outside
  \`\`\`sh
  skopeo copy a b
  \`\`\`
  - If not: [Look at one client](#triage)

## Contain
- [ ] Freeze the publishing jobs
- [ ] Find the image
  - Ask: digest

## Triage
- [ ] Look at one client
`;
const parsed = parsePlaybook({ id: 'registry-outage', file: 'registry-outage.md', text }).playbook;
if (!parsed) throw new Error('the playbook of the tests does not parse');
export const playbook: Playbook = parsed;

const gated = `---
title: Gated
---
## Contain
- Parallel: yes
- Within: 30 min
- Decide: 20 min, [Restore now](#restore)
- Otherwise: escalate to sev1

- [ ] Cut it off
  - Required: yes
  - Ask: host
  - Roll back: [Put it back](#roll-back)
- [ ] Does {host} answer?
  - Check: It does / It does not
  - If not: [Restore](#restore)

## Restore
- [ ] Restore it

## Roll back
- [ ] Put it back
`;
const others = [
  `---
title: Storage exhaustion
matches: { alertname: DiskFull }
---
## Contain
- [ ] Stop the writers
  - [ ] tell the team
  - [ ] pause the jobs
  - Within: 10 min
  - Role: operations
- [ ] Delete the old images
  - Approve: commander
- [ ] Let them write again
`,
  '---\ntitle: CI outage\n---\n## A\n- [ ] Look\n',
  gated,
].flatMap(
  (source, at) =>
    parsePlaybook({ id: ['storage-exhaustion', 'ci-outage', 'gated'][at]!, file: 'x.md', text: source }).playbook ?? [],
);
const playbooks: readonly Playbook[] = [playbook, ...others];
const withHash = (hash: string): Playbook | null => playbooks.find((each) => each.hash === hash) ?? null;
const walkable = (hash: string) => {
  const of = withHash(hash);
  return (
    of && {
      playbookId: of.id,
      title: of.title,
      steps: of.steps.map((step) => ({ ...step, goto: step.ifNot?.goto ?? null })),
      phases: of.phases,
    }
  );
};

export const people = [
  { personId: 'p-ada', name: 'Ada Lovelace' },
  { personId: 'p-bob', name: 'Bob Stone' },
  { personId: 'p-cleo', name: 'Cleo' },
  { personId: 'p-bob2', name: 'Bob Ross' },
];

export interface Answer {
  act: Act;
  reply: Reply;
  /** The command that was decided on, and what came of it; null when nothing was to be done. */
  command: Command | null;
  incident: Incident | null;
}

/** The real words and the real core, with incidents kept in memory and one person, Ada, typing. */
export class Room {
  now = start;
  /** The incident whose channel Ada types in. */
  here: string | null = null;
  asker = people[0] as { personId: string; name: string };
  readonly kept = new Map<string, { row: Incident; timeline: TimelineEvent[] }>();
  episodes: Episode[] = [];
  onCall: DeskBasis = {
    schedules: [],
    people: [],
    personIds: new Map(),
    rosters: new Map(),
    gone: new Map(),
    overrides: [],
  };
  quiet: QuietBasis = {
    silences: [],
    windows: [],
    held: new Map(),
    tiers: { registry: 1, ci: 2 },
    services: new Map([
      ['registry', 'registry'],
      ['oci', 'registry'],
      ['ci', 'ci'],
    ]),
    sources: ['grafana-eu'],
    names: new Map(people.map(({ personId, name }) => [personId, name])),
  };
  /** The last one given. */
  numbers = 41;

  /** Does something without words: what alerts and jobs do. */
  perform(
    incidentId: string,
    command: Command,
    actor: Actor = { kind: 'machine', name: 'muster' },
  ): IncidentEvent[] | Refusal {
    return isOfTwo(command) ? this.performTwo(incidentId, command, actor) : this.performOne(incidentId, command, actor);
  }

  /** Both parts or none, as the engine does. */
  private performTwo(incidentId: string, command: OfTwo, actor: Actor): IncidentEvent[] | Refusal {
    const before = new Map(this.kept);
    const events: IncidentEvent[] = [];
    const state = this.kept.get(incidentId)?.row ?? null;
    const other = command.type === 'unmerge' ? (state?.links?.at(-1)?.incidentId ?? command.other) : command.other;
    for (const part of partsOf(incidentId, { ...command, other }, state)) {
      const together = { other: this.kept.get(part.otherId)?.row ?? null, moved: null };
      const result = this.performOne(part.incidentId, part.command, actor, together);
      if (isRefusal(result)) {
        this.kept.clear();
        for (const [id, each] of before) this.kept.set(id, each);
        return result;
      }
      if (part.incidentId === incidentId) events.push(...result);
    }
    return events;
  }

  private happenedAt: number | null = null;

  private performOne(incidentId: string, command: Command, actor: Actor, together?: Together) {
    const kept = this.kept.get(incidentId) ?? null;
    const decision = decide(
      kept?.row ?? null,
      { command, actor, at: this.now },
      {
        number: this.numbers + 1,
        rival: null,
        onCall: () => ({ people: [], why: 'nobody is planned' }),
        may: () => null,
        playbook: walkable,
        ...(together && { together }),
      },
    );
    if (isRefusal(decision)) return decision;
    const timeline = [...(kept?.timeline ?? [])];
    let row = kept?.row ?? null;
    for (const each of decision) {
      const event = {
        ...each,
        seq: timeline.length + 1,
        at: this.happenedAt ?? this.now,
        recordedAt: this.now,
        actor,
      } as TimelineEvent;
      timeline.push(event);
      row = evolve(row, event);
      if (each.type === 'declared') this.numbers += 1;
    }
    if (row) this.kept.set(incidentId, { row, timeline });
    return decision;
  }

  incident(id: string | null = this.here): Incident {
    const row = id === null ? undefined : this.kept.get(id)?.row;
    if (!row) throw new Error(`no incident ${id}`);
    return row;
  }

  /** Types a line, or presses a button when `incidentId` is given. */
  async type(line: string, incidentId: string | null = this.here): Promise<Answer> {
    const act = await interpret(line, this.about(incidentId));
    if (act.kind === 'say') return { act, reply: act.reply, command: null, incident: null };
    if (act.kind === 'arrange') {
      this.arrange(act);
      return { act, reply: act.reply, command: null, incident: null };
    }
    if (act.kind === 'erase')
      return { act, reply: { text: `Erased, because ${act.reason}.` }, command: null, incident: null };
    const { command } = act;
    this.happenedAt = act.happenedAt ?? null;
    const decision = this.perform(act.incidentId, command, { kind: 'person', personId: this.asker.personId });
    this.happenedAt = null;
    if (isRefusal(decision))
      return { act, reply: { text: decision.message, refusal: { code: decision.code } }, command, incident: null };
    const incident = this.incident(act.incidentId);
    return { act, reply: act.answer(incident, decision), command, incident };
  }

  /** As the engine writes it: what is dropped is gone, what is set is added. */
  private arrange({ overrides = [], subscriptions = [], silences = [] }: Extract<Act, { kind: 'arrange' }>): void {
    for (const each of silences) {
      const before = this.quiet.silences;
      const after =
        'set' in each
          ? [...before, each.set]
          : 'end' in each
            ? before.filter(({ number }) => number !== each.end)
            : before.map((one) => (one.number === each.extend ? { ...one, untilAt: each.untilAt } : one));
      if ('set' in each) this.silencesSet = each.set.number;
      this.quiet = { ...this.quiet, silences: after };
    }
    for (const each of subscriptions) {
      const { personId, about } = 'begin' in each ? each.begin : each.end;
      const others = this.subscriptions.filter((one) => one.personId !== personId || one.about !== about);
      this.subscriptions = 'begin' in each ? [...others, { ...each.begin, endedAt: null }] : others;
    }
    const dropped = overrides.flatMap((each) => ('drop' in each ? each.drop : []));
    const set = overrides.flatMap((each) => ('set' in each ? each.set : []));
    const { overrides: before } = this.onCall;
    this.onCall = { ...this.onCall, overrides: [...before.filter(({ id }) => !dropped.includes(id)), ...set] };
  }

  silencesSet = 0;

  press(button: Button, typed = ''): Promise<Answer> {
    return this.type(`${button.command}${typed === '' ? '' : ` ${typed}`}`, button.incidentId ?? null);
  }

  subscriptions: Subscription[] = [];
  /** Ada's; null: there is none, and no mail server. */
  email: string | null = null;

  /** null: nobody signs in. */
  signInSecret: string | null = null;
  readonly ledTo: string[] = [];

  about(incidentId: string | null): About {
    const viewer = person(this.asker.personId);
    return {
      asker: this.asker,
      viewer,
      incident: incidentId === null ? null : (this.kept.get(incidentId)?.row ?? null),
      now: this.now,
      policy: { ...policy, ...(this.email !== null && { subscriptions: true as const }) },
      playbooks,
      playbookOf: (incident) => incident.walk && withHash(incident.walk.hash),
      matching: (facts) => matchPlaybooks(playbooks, facts),
      choosePlaybook: (services) =>
        services.includes('registry') ? { hash: playbook.hash, reason: 'the service is registry' } : null,
      newIncidentId: () => `i${this.kept.size + 1}`,
      names: new Map(people.map(({ personId, name }) => [personId, name])),
      groups: new Map([['leads', ['p-bob', 'p-cleo']]]),
      may: () => null,
      reads: this.reads,
      onCall: openDesk(() => this.onCall),
      quiet: openQuietDesk(() => this.quiet),
      publicUrl: 'http://127.0.0.1:7370',
      tryWays: async () => ['chat', 'mail'],
      signInLink: async (path) => {
        this.ledTo.push(path);
        return this.signInSecret;
      },
    };
  }

  private readonly reads: Reads = {
    incident: async (viewer, by) =>
      [...this.kept.values()]
        .map(({ row }) => row)
        .find(
          (row) => maySee(viewer, row) && ('id' in by ? row.id === by.id : 'number' in by && row.number === by.number),
        ) ?? null,
    incidents: async (viewer, { status, limit, offset, triage }) => {
      const all = [...this.kept.values()]
        .map(({ row }) => row)
        .filter((row) => maySee(viewer, row) && (status?.includes(row.status) ?? true))
        .filter((row) => (triage ? row.number === null : row.number !== null))
        .sort((a, b) => (b.number ?? 0) - (a.number ?? 0));
      return { incidents: all.slice(offset, offset + limit), total: all.length };
    },
    timeline: async (_, id) => this.kept.get(id)?.timeline ?? [],
    alerts: async (_, id, { limit, offset }) => {
      const all = this.episodes.filter((episode) => episode.incidentId === id);
      return { alerts: all.slice(offset, offset + limit), total: all.length };
    },
    postmortem: async () => null,
    episodesSince: async (since, limit) => this.episodes.filter(({ startedAt }) => startedAt >= since).slice(0, limit),
    heldBy: async (by) => this.episodes.filter(({ held }) => held?.by === by),
    heldCounts: async () => {
      const counts = new Map<string, number>();
      for (const { held, state } of this.episodes)
        if (held?.by && state === 'firing') counts.set(held.by, (counts.get(held.by) ?? 0) + 1);
      return [...counts].map(([by, count]) => ({ by, count }));
    },
    nextSilence: async () => this.silencesSet + 1,
    subscriptionsOf: async (personId) => this.subscriptions.filter((each) => each.personId === personId),
    people: async () => people.map((each) => ({ ...each, email: this.email, goneAt: null })),
    person: async (id) => (await this.reads.people()).find(({ personId }) => personId === id) ?? null,
  };
}

const alerts = {
  count: 3,
  firing: 3,
  names: ['RegistryPushFails'],
  evidence: {
    alerts: 3,
    services: ['registry'],
    hosts: ['r1', 'r2'],
    worst: 'critical' as const,
    tier: 1,
    compromise: false,
  },
  startedAt: start,
  receipts: ['r'],
};

/** An incident that alerts opened, #42, with its playbook; sev3 waits in the triage queue. Ada stands in its channel unless `elsewhere`. */
export function opened(
  severity: 'sev1' | 'sev2' | 'sev3' = 'sev1',
  elsewhere = false,
  title = 'Registry: pushes fail',
): Room {
  const room = new Room();
  const incidentId = 'i1';
  room.perform(incidentId, {
    type: 'open',
    incidentId,
    title,
    services: ['registry'],
    groupKey: 'service:registry',
    alerts,
    policy,
    drill: false,
    playbook: { hash: playbook.hash, reason: 'the service is registry' },
    judged: { severity, reason: 'registry is tier 1' },
  });
  room.here = elsewhere ? null : incidentId;
  return room;
}

export const buttonsOf = (card: Card | undefined): Button[] =>
  (card?.blocks ?? []).flatMap((block) => (block.kind === 'buttons' ? block.buttons : []));
export const labels = (card: Card | undefined): string[] => buttonsOf(card).map(({ label }) => label);
export function button(card: Card | undefined, label: string): Button {
  const hit = buttonsOf(card).find((each) => each.label === label);
  if (!hit) throw new Error(`no button ${label} among ${labels(card).join(', ')}`);
  return hit;
}

/** Every inline node of a card, nested ones too. */
export function nodes(card: Card | undefined): Inline[] {
  const inBlock = (block: Block): Inline[] =>
    'content' in block
      ? block.content
      : block.kind === 'list'
        ? block.items.flat()
        : block.kind === 'fields'
          ? block.fields.flatMap((field) => field.value)
          : [];
  const deep = (node: Inline): Inline[] =>
    node.kind === 'strong' || node.kind === 'emphasis' ? [node, ...node.children.flatMap(deep)] : [node];
  return (card?.blocks ?? []).flatMap(inBlock).flatMap(deep);
}
/** The words of text nodes, run together. */
export const wordsOf = (card: Card | undefined): string =>
  nodes(card)
    .map((node) => (node.kind === 'text' || node.kind === 'code' ? node.text : node.kind === 'person' ? node.name : ''))
    .join('');
export const field = (card: Card, label: string): Inline[] => {
  for (const block of card.blocks)
    if (block.kind === 'fields') for (const each of block.fields) if (each.label === label) return each.value;
  throw new Error(`no field ${label}`);
};
export const hasField = (card: Card, label: string): boolean =>
  card.blocks.some((block) => block.kind === 'fields' && block.fields.some((each) => each.label === label));

/** An alert of the incident in whose channel Ada is, firing since the start. */
export const episode = (name: string): Episode => ({
  id: name,
  ...{ source: 'generic', fingerprint: name, incidentId: 'i1', state: 'firing', startedAt: start, endedAt: null },
  ...{ reported: { firing: [start], clearFrom: null }, lastSeenAt: start, name, summary: `${name} fires` },
  ...{ service: 'registry', host: null, severity: null, groupKey: 'g', labels: {}, annotations: {}, links: [] },
});
