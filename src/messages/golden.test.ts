import { describe, expect, it } from 'vitest';
import { plainText } from './plain.js';
import { compileTemplates } from './render.js';
import { samples } from './samples.js';
import type { TemplateName, TemplateValues } from './values.js';

const templates = compileTemplates('templates');
const read = <N extends TemplateName>(name: N, change: Partial<TemplateValues[N]> = {}): string =>
  plainText(templates.render(name, { ...samples[name], drill: false, ...change }).card);

describe('what people read', () => {
  it('in a status update somebody wrote', () => {
    expect(read('status-update', { automatic: false })).toMatchInlineSnapshot(`
      "sev1 · identified · Registry: pushes fail

      We have found the cause.

      What happened: Pushes to the registry fail.

      What is impacted: Nobody can publish images. (said at 01:59 UTC, 12 min before this update)

      Workaround: Pull from the mirror.

      Expected back: 03:41 UTC (04:41 +01:00 Europe/Berlin): the disk is being grown

      Cause: found

      What is being done: Freeze the publishing jobs

      Next update: 02:41 UTC (03:41 +01:00 Europe/Berlin)

      How it stands now (https://muster.example.com/incidents/42/status)"
    `);
  });
  it('in an automatic one, of which nothing is known yet', () => {
    expect(
      read('status-update', { text: null, impact: null, impactAt: null, impactAgeMs: null, doing: null }),
    ).toMatchInlineSnapshot(`
      "sev1 · identified · Registry: pushes fail

      Automatic update: nobody has written one since the last, so Muster tells what is on record.

      What happened: Pushes to the registry fail.

      What is impacted: not stated yet

      Workaround: Pull from the mirror.

      Expected back: 03:41 UTC (04:41 +01:00 Europe/Berlin): the disk is being grown

      Cause: found

      What is being done: not stated

      Next update: 02:41 UTC (03:41 +01:00 Europe/Berlin)

      How it stands now (https://muster.example.com/incidents/42/status)"
    `);
  });
  it('in the last one', () => {
    expect(
      read('status-update', { status: 'resolved', automatic: false, doing: null, nextAt: null }),
    ).toMatchInlineSnapshot(`
      "sev1 · resolved · Registry: pushes fail

      We have found the cause.

      What happened: Pushes to the registry fail.

      What was impacted: Nobody can publish images. (said at 01:59 UTC, 12 min before this update)

      This incident is resolved. There will be no further updates.

      How it stands now (https://muster.example.com/incidents/42/status)"
    `);
  });
  it('in the announcement, before anybody commands', () => {
    expect(read('announcement', { commander: null, impact: null })).toMatchInlineSnapshot(`
      "sev1 · New incident · Registry: pushes fail

      Why sev1: registry is tier 1 and 3 alerts fire on 2 hosts

      Services: registry and ci

      What is impacted: not stated yet

      Commander: nobody yet · Channel: inc-42-registry-pushes-fail

      Next update: 02:41 UTC (03:41 +01:00 Europe/Berlin)

      How it stands now (https://muster.example.com/incidents/42/status)"
    `);
  });
  it('first in the incident’s channel', () => {
    expect(read('declared', { by: null })).toMatchInlineSnapshot(`
      "sev1 · Registry: pushes fail

      Declared by Muster. sev1, because registry is tier 1 and 3 alerts fire on 2 hosts

      Alerts: 3 of 3 firing: RegistryPushFails and RegistryErrorRate

      Services: registry and ci

      Playbook: Registry outage

      Acknowledge by 02:16 UTC · first update due 02:41 UTC"
    `);
    expect(
      read('declared', { alertCount: 0, services: [], playbook: null, acknowledgeDueAt: null, updateDueAt: null }),
    ).toMatchInlineSnapshot(`
      "sev1 · Registry: pushes fail

      Declared by Ada. sev1, because registry is tier 1 and 3 alerts fire on 2 hosts

      Playbook: none matches"
    `);
  });
  it('of a step done, skipped and failed', () => {
    const last = false;
    expect(read('step', { last })).toMatchInlineSnapshot(`
      "✓ Step 1 of 14 by Bob (2 min): Confirm that a push fails from outside

      > 503 from both"
    `);
    expect(read('step', { last, outcome: 'skipped', evidence: 'no second region' })).toMatchInlineSnapshot(`
      "Step 1 of 14 skipped by Bob: Confirm that a push fails from outside

      > no second region"
    `);
    expect(read('step', { outcome: 'failed', evidence: 'it works from outside' })).toMatchInlineSnapshot(`
      "✗ Step 1 of 14 failed, by Bob: Confirm that a push fails from outside

      > it works from outside

      That was the last step of the playbook. When the impact is over: /incident resolve, with what ended it."
    `);
  });
  it('when an update is due soon, and when it is owed', () => {
    expect(read('update-due-soon')).toMatchInlineSnapshot(`
      "Ada, the next status update is due at 02:16 UTC. If nobody posts one, Muster posts what is on record.

      A draft from what is known:

      > Pushes fail; publishing is frozen.

      Since the last one at 01:41 UTC:

      - − Status: investigating
      - + Status: identified"
    `);
    expect(read('update-overdue', { person: null, automaticInARow: 0 })).toMatchInlineSnapshot(
      `"A status update is owed since 02:11 UTC (10 min). Somebody please post one: /incident update and your text."`,
    );
  });
  it('at the end', () => {
    expect(read('resolved')).toMatchInlineSnapshot(`
      "Resolved by Ada after 1 h 5 min: The disk was grown.

      2 playbook steps not finished. On close each becomes a follow-up.

      2 alerts still firing. Reported again later than 30 min from now, they open a new incident."
    `);
    const gap = { text: 'Write down how to grow the disk', owner: null, dueOn: null };
    const followUps = [...samples.closed.followUps, gap];
    expect(read('closed', { automatic: false, followUps })).toMatchInlineSnapshot(`
      "Closed by Ada.

      2 alerts still firing. Reported again later than 30 min from now, they open a new incident.

      Updates on time: 3 of 4, the latest 12 min late. Longest silence: 42 min.

      Steps nobody finished, now follow-ups:

      - Unfreeze the publishing jobs

      Follow-ups

      - Alert on the disk at 80 % (owner: Bob, due: 2026-12-01)
      - Write down how to grow the disk (owner: nobody yet, due: no date yet)

      A postmortem draft is on its way."
    `);
    expect(read('closed', { followUps: [], openSteps: [], postmortem: false, firing: 0 })).toMatchInlineSnapshot(`
      "Closed by itself: every alert cleared before anybody had acknowledged.

      Updates on time: 3 of 4, the latest 12 min late. Longest silence: 42 min.

      No follow-ups were recorded."
    `);
  });
});
