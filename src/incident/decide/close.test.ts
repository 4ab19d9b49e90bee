import { describe, expect, it } from 'vitest';
import { event } from '../context.js';
import {
  alternatives,
  attachedPlaybook,
  context,
  declared,
  given,
  machine,
  minutes,
  start,
  triaged,
} from '../testing.js';

const resolved = given(...declared(), event('resolved', { summary: null, updateDueAt: null }));
const walked = given(...declared(), attachedPlaybook)
  .when({ type: 'next' })
  .when({ type: 'done', evidence: null })
  .when({ type: 'fail', what: 'jobs go on' });

describe('closing', () => {
  it('asks for a postmortem draft where the severity has one', () => {
    const closed = resolved
      .when({ type: 'close' }, { after: minutes(90) })
      .gives({ closed: { automatic: false, followUps: [], openSteps: [] } })
      .leaves({ status: 'closed', closedAt: start + minutes(90), outcome: { automatic: false } });
    expect(closed.due('postmortem/i1')).toBe(minutes(90));
    expect(closed.said).toEqual(['closed>incident']);
    const small = resolved.when({ type: 'changeSeverity', to: 'sev3', reason: 'x' }).when({ type: 'close' });
    expect(small.due('postmortem/i1')).toBeNull();
  });

  it('turns the steps still ahead into follow-ups without an owner, after those there are, and none passed over', () => {
    walked
      .when({ type: 'addFollowUp', text: 'Buy disks', owner: 'bob', dueOn: '2030-02-01' })
      .gives({ followUpAdded: { id: 1, text: 'Buy disks', owner: 'bob', dueOn: '2030-02-01', fromStep: null } })
      .when({ type: 'resolve', summary: null })
      .when({ type: 'close' })
      .gives({
        closed: {
          openSteps: [3, 4],
          followUps: [
            { id: 2, text: 'Finish step 4 of Registry outage: Fail over', owner: null, dueOn: null, fromStep: 3 },
            {
              id: 3,
              text: 'Finish step 5 of Registry outage: Unfreeze the jobs',
              owner: null,
              dueOn: null,
              fromStep: 4,
            },
          ],
        },
      })
      .when({ type: 'addFollowUp', text: 'Add an alert', owner: null, dueOn: null })
      .gives({ followUpAdded: { id: 4 } });
  });

  it('again after a reopening owes an open step once', () => {
    const twice = walked
      .when({ type: 'resolve', summary: null })
      .when({ type: 'close' })
      .when({ type: 'reopen', reason: 'it is back' })
      .when({ type: 'resolve', summary: null })
      .when({ type: 'close' })
      .gives({ closed: { openSteps: [3, 4], followUps: [] } });
    expect(twice.incident.followUps).toHaveLength(2);
  });

  it('owes what the straight way still leads to; alternatives only a branch leads to are not needed', () => {
    const closed = given(...declared(), attachedPlaybook)
      .when({ type: 'attachPlaybook', ...alternatives })
      .when({ type: 'next' })
      .when({ type: 'resolve', summary: null })
      .when({ type: 'close' })
      .gives({ closed: { openSteps: [0, 1, 4] } });
    expect(closed.incident.walk?.steps.map(({ state }) => state)).toEqual(['open', 'open', 'passed', 'passed', 'open']);
  });

  it('after a reopening owes what a branch taken then leads to', () => {
    given(...declared(), attachedPlaybook)
      .when({ type: 'attachPlaybook', ...alternatives })
      .when({ type: 'next' })
      .when({ type: 'resolve', summary: null })
      .when({ type: 'close' })
      .when({ type: 'reopen', reason: 'it is back' })
      .when({ type: 'fail', what: 'the disk is full' })
      .leaves({ walk: { current: 2 } })
      .when({ type: 'resolve', summary: null })
      .when({ type: 'close' })
      .gives({ closed: { openSteps: [2, 4], followUps: [expect.objectContaining({ fromStep: 2 })] } });
  });

  it('owes nothing of a walk that came to its end', () => {
    const skip = { type: 'skip', reason: 'x' } as const;
    given(...declared(), attachedPlaybook)
      .when({ type: 'attachPlaybook', ...alternatives })
      .when({ type: 'next' })
      .when(skip)
      .when(skip)
      .when(skip)
      .leaves({ walk: { current: null } })
      .when({ type: 'resolve', summary: null })
      .when({ type: 'close' })
      .gives({ closed: { openSteps: [], followUps: [] } });
  });

  it('owes nothing for a playbook that was never started', () => {
    given(...declared(), attachedPlaybook)
      .when({ type: 'resolve', summary: null })
      .when({ type: 'close' })
      .gives({ closed: { followUps: [], openSteps: [] } });
  });

  it('is refused before resolving and twice', () => {
    given(...declared())
      .when({ type: 'close' })
      .refuses('not-resolved', /investigating.*\/incident resolve/);
    resolved
      .when({ type: 'close' })
      .when({ type: 'close' })
      .refuses('already-closed', /closed already/);
  });
});

describe('a postmortem draft', () => {
  it('is recorded and told, and an older version changes nothing', () => {
    const drafted = resolved
      .when({ type: 'close' })
      .when({ type: 'recordPostmortem', version: 2, sha256: 'ab' }, { after: minutes(11), by: machine })
      .gives({ postmortemDrafted: { version: 2, sha256: 'ab' } })
      .leaves({ postmortem: { version: 2, at: start + minutes(11) } });
    expect(drafted.said).toEqual(['postmortem>incident']);
    drafted.when({ type: 'recordPostmortem', version: 1, sha256: 'cd' }, { by: machine }).gives();
    drafted.when({ type: 'recordPostmortem', version: 2, sha256: 'ab' }, { by: machine }).gives();
  });
});

describe('reopening by a person', () => {
  it('begins again with a promise, from resolved and from closed, and chases nobody', () => {
    for (const over of [resolved, resolved.when({ type: 'close' })]) {
      const again = over
        .when({ type: 'reopen', reason: 'it is back' }, { after: minutes(40) })
        .gives({ reopened: { reason: 'it is back', to: 'investigating', acknowledgeDueAt: null } })
        .leaves({ status: 'investigating', resolvedAt: null, closedAt: null, mitigatedAt: null, outcome: null });
      expect(again.due('update/i1')).toBe(minutes(100));
      expect(again.due('acknowledge/i1')).toBeNull();
    }
  });

  it('is refused while another is open for the same alerts, and says where to go on', () => {
    const rival = { number: 43, title: 'Registry: pushes fail' };
    resolved
      .when({ type: 'reopen', reason: 'it is back' }, { given: context({ rival }) })
      .refuses('rival-open', /inc-43 is open for the same alerts/);
  });

  it('puts a dismissed entry back into the triage queue', () => {
    given(...triaged())
      .when({ type: 'dismiss', reason: 'x' })
      .when({ type: 'reopen', reason: 'it is real' })
      .gives({ reopened: { to: 'triage', updateDueAt: null } })
      .leaves({ status: 'triage', closedAt: null, outcome: null });
  });

  it('of what is open is refused', () => {
    given(...declared())
      .when({ type: 'reopen', reason: 'x' })
      .refuses('open', /nothing to reopen/);
    given(...triaged())
      .when({ type: 'reopen', reason: 'x' })
      .refuses('open', /is triage/);
  });
});
