import type { Command } from '../incident/commands.js';
import type { Context } from '../incident/context.js';
import { decide } from '../incident/decide.js';
import type { TimelineEvent } from '../incident/events.js';
import { evolve } from '../incident/evolve.js';
import { type Actor, type Incident, isRefusal, type Policy } from '../incident/state.js';
import { parsePlaybook } from '../playbooks/parse.js';
import type { Playbook } from '../playbooks/playbook.js';

const minutes = (count: number): number => count * 60_000;
export const sampleNow = Date.UTC(2026, 10, 21, 2, 41);
const started = sampleNow - minutes(40);

export const sampleNames: ReadonlyMap<string, string> = new Map([
  ['ada', 'Ada Lovelace'],
  ['bob', 'Bob Tables'],
]);

const playbookText = `---
title: Registry outage
owner: platform-team
matches: { service: registry }
severity: sev1
needs: ["registry admin token: vault kv/registry/admin"]
---
## Detect
- [ ] Confirm that a push fails from outside
  \`\`\`sh
  skopeo copy docker://alpine:3 docker://registry.example.com/canary:now
  \`\`\`
  - Expect: an error or a timeout within 30 s
  - If not: [Look at one client](#triage)

## Contain
- [ ] Freeze the publishing jobs
  - Role: operations
  - Within: 10 min

## Triage
- [ ] Look at one client
`;
/** A playbook whose steps have of everything something. @throws when it does not parse: a test has let it through. */
export function samplePlaybook(): Playbook {
  const { playbook } = parsePlaybook({ id: 'registry-outage', file: 'registry-outage.md', text: playbookText });
  if (!playbook) throw new Error('The sample playbook does not parse.');
  return playbook;
}

/** Another incident that is open beside it. */
export const sampleOther = { id: 'i41', number: 41, title: 'Storage: writes are slow' };

const policy: Policy = {
  severities: {
    sev1: { updateEveryMs: minutes(30), acknowledgeWithinMs: minutes(5), postmortem: true },
    sev2: { updateEveryMs: minutes(60), acknowledgeWithinMs: minutes(15), postmortem: true },
    sev3: { updateEveryMs: null, acknowledgeWithinMs: null, postmortem: true },
  },
  reopenForMs: minutes(30),
  warnBeforeMs: minutes(5),
  automaticUpdates: 2,
  platforms: [],
  zones: ['Europe/Berlin'],
  invite: [],
};

const context = (playbook: Playbook, other: Incident | null): Context => ({
  number: 42,
  rival: null,
  onCall: () => ({ people: [], why: 'nobody is planned' }),
  may: () => null,
  ...(other && { together: { other, moved: null } }),
  playbook: (hash) =>
    hash === playbook.hash
      ? {
          playbookId: playbook.id,
          title: playbook.title,
          steps: playbook.steps.map((step) => ({ ...step, goto: step.ifNot?.goto ?? null })),
        }
      : null,
});

const evidence = {
  alerts: 3,
  services: ['registry'],
  hosts: ['registry-1', 'registry-2'],
  worst: 'critical' as const,
  tier: 1,
  compromise: false,
};
const alerts = {
  count: 3,
  firing: 3,
  names: ['RegistryPushFails', 'RegistryErrorRate'],
  evidence,
  startedAt: started,
  receipts: [],
};

/** An incident as it stands after these commands, decided and folded as always. */
export function sampleIncident(playbook: Playbook, judged: 'sev1' | 'sev3', commands: readonly Command[]): Incident {
  const opened: Command = {
    type: 'open',
    incidentId: 'i42',
    title: 'Registry: pushes fail',
    services: ['registry'],
    groupKey: 'service:registry',
    alerts,
    policy,
    drill: false,
    playbook: { hash: playbook.hash, reason: 'the service is registry' },
    judged: { severity: judged, reason: 'registry is tier 1 and an alert is labelled critical' },
  };
  const ada: Actor = { kind: 'person', personId: 'ada' };
  let incident: Incident | null = null;
  let seq = 0;
  for (const [index, command] of [opened, ...commands].entries()) {
    const actor: Actor = index === 0 ? { kind: 'machine', name: 'alerts' } : ada;
    const at = started + minutes(index * 3);
    const decision = decide(
      incident,
      { command, actor, at },
      context(playbook, incident && { ...incident, ...sampleOther }),
    );
    if (isRefusal(decision)) throw new Error(`The sample incident refuses ${command.type}: ${decision.message}`);
    for (const event of decision) {
      seq += 1;
      incident = evolve(incident, { ...event, seq, at, recordedAt: at, actor } as TimelineEvent);
    }
  }
  if (!incident) throw new Error('The sample incident was never opened.');
  return incident;
}
