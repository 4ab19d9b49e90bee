import { describe, expect, it } from 'vitest';
import { event } from '../context.js';
import {
  alerts,
  attach,
  attachedPlaybook,
  chosen,
  clear,
  declared,
  evidence,
  given,
  machine,
  minutes,
  open,
  opening,
  person,
  policy,
  Story,
  start,
  triaged,
} from '../testing.js';

const acknowledged = event('acknowledged', {});
const by = machine;

describe('alerts nobody has an incident for', () => {
  it.each(['sev1', 'sev2'] as const)('are declared when the ladder says %s', (severity) => {
    const rules = policy.severities[severity];
    new Story()
      .when(open({ judged: { severity, reason: 'registry is tier 1' } }), { after: 0, by })
      .gives(
        {
          declared: {
            number: 42,
            severity,
            severityReason: 'registry is tier 1',
            severitySetBy: 'machine',
            acknowledgeDueAt: start + rules.acknowledgeWithinMs!,
            updateDueAt: start + rules.updateEveryMs!,
          },
        },
        { alertsAttached: { count: 1, firing: 1 } },
      )
      .leaves({ status: 'investigating', number: 42, acknowledgedAt: null, alerts: { firing: 1, total: 1 } });
  });

  it('wait in the triage queue when the ladder says sev3, without a number, a channel or a promise', () => {
    const story = new Story()
      .when(open({ judged: { severity: 'sev3', reason: 'the worst label is warning' } }), { after: 0, by })
      .gives({ triaged: { severity: 'sev3' } }, { alertsAttached: { count: 1 } })
      .leaves({ status: 'triage', number: null, acknowledgeDueAt: null, updates: { dueAt: null } });
    expect(story.said).toEqual([]);
    expect([...story.jobs.keys()].sort()).toEqual(['card/i1/away/triage', 'card/i1/home/triage', 'queue/i1']);
  });

  it('bring their playbook, and open without one that has been taken away', () => {
    new Story()
      .when(open({ playbook: chosen }))
      .gives({ declared: {} }, { alertsAttached: {} }, { playbookAttached: { hash: 'book' } });
    new Story().when(open({ playbook: { hash: 'gone', reason: '' } })).gives({ declared: {} }, { alertsAttached: {} });
  });

  it('propose monitoring and chase nobody when they had cleared before they were seen', () => {
    new Story()
      .when(open({ alerts: alerts({ firing: 0 }) }), { by })
      .gives({ declared: { acknowledgeDueAt: null } }, { alertsAttached: {} }, { statusProposed: { to: 'monitoring' } })
      .leaves({ status: 'investigating' });
  });

  it('are dismissed at once when they had cleared and are not grave', () => {
    new Story()
      .when(open({ alerts: alerts({ firing: 0 }), judged: { severity: 'sev3', reason: '' } }), { by })
      .gives({ triaged: {} }, { alertsAttached: {} }, { dismissed: { automatic: true } });
  });

  it('do not open what is open', () => {
    given(...declared())
      .when(open(), { by })
      .refuses('exists', /open already: Registry: pushes fail/);
  });
});

describe('further alerts', () => {
  it('add to what is known without repeating it', () => {
    given(...declared())
      .when(attach('sev2', { count: 2, names: ['PullsFail'], evidence: evidence({ alerts: 2, services: ['git'] }) }), {
        by,
      })
      .gives({ alertsAttached: { count: 2, evidence: evidence({ alerts: 3, services: ['git', 'registry'] }) } })
      .leaves({
        alerts: { firing: 3, total: 3, names: ['PushFails', 'PullsFail'] },
        services: ['registry', 'git'],
      });
  });

  it('raise the severity by themselves while nobody has acknowledged, and bring the due times forward', () => {
    given(...declared())
      .when(attach('sev1'), { after: minutes(2), by })
      .gives(
        { alertsAttached: {} },
        {
          severityChanged: {
            from: 'sev2',
            to: 'sev1',
            reason: 'judged sev1',
            setBy: 'machine',
            acknowledgeDueAt: start + minutes(7),
            updateDueAt: start + minutes(32),
          },
        },
      );
  });

  it('only propose a graver severity once somebody has acknowledged, and propose it once', () => {
    given(...declared(), acknowledged)
      .when(attach('sev1'), { by })
      .gives({ alertsAttached: {} }, { severityProposed: { to: 'sev1', reason: 'judged sev1' } })
      .leaves({ severity: 'sev2', severityProposal: { severity: 'sev1' } })
      .when(attach('sev1'), { by })
      .gives({ alertsAttached: {} });
  });

  it('only propose a graver severity once a person has set it', () => {
    given(...declared())
      .when({ type: 'changeSeverity', to: 'sev3', reason: 'a mirror takes it' })
      .when(attach('sev2'), { by })
      .gives({ alertsAttached: {} }, { severityProposed: { to: 'sev2' } });
  });

  it('never make it milder', () => {
    given(...declared({ severity: 'sev1' }))
      .when(attach('sev3'), { by })
      .gives({ alertsAttached: {} });
  });

  it('declare an entry of the triage queue once they are grave', () => {
    const story = given(...triaged())
      .when(attach('sev1'), { by })
      .gives({ alertsAttached: {} }, { declared: { opening: null, severity: 'sev1', severitySetBy: 'machine' } })
      .leaves({ status: 'investigating', number: 42, snoozedUntil: null });
    expect(story.due('acknowledge/i1')).toBe(minutes(15));
  });

  it('leave an entry of the triage queue there while they are not', () => {
    given(...triaged())
      .when(attach('sev3'), { by })
      .gives({ alertsAttached: {} })
      .leaves({ status: 'triage' });
  });
});

describe('alerts that clear', () => {
  it('say so and no more while others fire', () => {
    given(...declared())
      .when(attach('sev2', { count: 2 }), { by })
      .when(clear(2), { by })
      .gives({ alertsResolved: { count: 2 } })
      .leaves({ alerts: { firing: 1 }, acknowledgeDueAt: start + minutes(15) });
  });

  it('dismiss a triage entry by itself, snoozed or not', () => {
    given(...triaged())
      .when(clear(), { by })
      .gives({ alertsResolved: {} }, { dismissed: { automatic: true } })
      .leaves({ status: 'dismissed', outcome: { automatic: true } });
    const story = given(...triaged())
      .when({ type: 'snooze', forMs: minutes(60), reason: 'later' })
      .when(clear(), { by })
      .gives({ alertsResolved: {} }, { dismissed: { automatic: true } });
    expect(story.due('snooze/i1')).toBeNull();
  });

  it('close an unacknowledged sev3, tell the stakeholders, and draft no postmortem', () => {
    const story = given(...declared())
      .when({ type: 'changeSeverity', to: 'sev3', reason: 'a mirror takes it' })
      .when(clear(), { after: minutes(20), by })
      .gives(
        { alertsResolved: {} },
        { closed: { automatic: true } },
        { updatePosted: { automatic: true, status: 'closed', nextAt: null } },
      )
      .leaves({ status: 'closed', outcome: { automatic: true }, updates: { dueAt: null, overdueSince: null } });
    expect(story.said).toEqual(['closed>incident', 'status-update>stakeholders']);
    expect(story.due('update/i1')).toBeNull();
    expect(story.due('postmortem/i1')).toBeNull();
  });

  it('close no sev3 that somebody has acknowledged', () => {
    given(...declared(), acknowledged)
      .when({ type: 'changeSeverity', to: 'sev3', reason: 'a mirror takes it' })
      .when(clear(), { by })
      .gives({ alertsResolved: {} }, { statusProposed: { to: 'monitoring' } });
  });

  it('close no sev3 that a person has put to monitoring', () => {
    given(...declared())
      .when({ type: 'changeSeverity', to: 'sev3', reason: 'a mirror takes it' })
      .when({ type: 'changeStatus', to: 'monitoring', reason: null })
      .when(clear(), { by })
      .gives({ alertsResolved: {} }, { statusProposed: { to: 'resolved' } });
  });

  it('keep the open steps of a sev3 that closes itself as follow-ups', () => {
    given(...declared(), attachedPlaybook, event('walkStarted', { index: 0 }))
      .when({ type: 'changeSeverity', to: 'sev3', reason: 'a mirror takes it' })
      .when(clear(), { by })
      .gives({ alertsResolved: {} }, { closed: { automatic: true, openSteps: [0, 1, 2, 3, 4] } }, { updatePosted: {} });
  });

  it('propose monitoring, then in monitoring resolving, and do neither', () => {
    given(...declared(), acknowledged)
      .when(clear(), { by })
      .gives({ alertsResolved: {} }, { statusProposed: { to: 'monitoring' } })
      .leaves({ status: 'investigating', statusProposal: { status: 'monitoring' } })
      .when(clear(), { by })
      .gives({ alertsResolved: {} })
      .when({ type: 'changeStatus', to: 'monitoring', reason: null })
      .leaves({ statusProposal: null })
      .when(clear(), { by })
      .gives({ alertsResolved: {} }, { statusProposed: { to: 'resolved' } })
      .leaves({ status: 'monitoring' });
  });

  it('withdraw the proposal when one fires again', () => {
    given(...declared(), acknowledged)
      .when(clear(), { by })
      .when(attach('sev2'), { by })
      .leaves({ statusProposal: null });
  });

  it('stop the escalation of what nobody has acknowledged; it starts again when one fires again', () => {
    const cleared = given(...declared()).when(clear(), { after: minutes(3), by });
    expect(cleared.due('acknowledge/i1')).toBeNull();
    const again = cleared.when(attach('sev2'), { after: minutes(30), by });
    expect(again.due('acknowledge/i1')).toBe(minutes(45));
    expect(again.when(attach('sev2'), { after: minutes(31), by }).due('acknowledge/i1')).toBe(minutes(45));
  });

  it('start no escalation of a severity that rises when all is clear', () => {
    const story = given(...declared())
      .when(clear(), { by })
      .when(attach('sev1', { firing: 0 }), { by })
      .gives({ alertsAttached: {} }, { severityChanged: { to: 'sev1', acknowledgeDueAt: null } });
    expect(story.due('acknowledge/i1')).toBeNull();
  });

  it('start no further escalation after the last reminder', () => {
    given(...declared(), event('acknowledgeMissed', { dueAt: start, nextDueAt: null, next: 'over' }))
      .when(attach('sev2'), { by })
      .gives({ alertsAttached: { acknowledgeDueAt: null } });
  });

  it('change nothing of what has ended', () => {
    given(...declared(), event('resolved', { summary: null, updateDueAt: null }))
      .when(clear(), { by })
      .gives({ alertsResolved: {} })
      .leaves({ status: 'resolved' });
  });
});

describe('alerts of an incident that has ended', () => {
  const resolved = event('resolved', { summary: 'space freed', updateDueAt: null });
  const closed = event('closed', { automatic: false, followUps: [], openSteps: [] });

  it('reopen a resolved one, and chase somebody when nobody had acknowledged', () => {
    const story = given(
      ...declared(),
      event('acknowledgeMissed', { dueAt: start, nextDueAt: null, next: 'over' }),
      resolved,
    )
      .when(attach('sev2'), { after: minutes(20), by })
      .gives({ reopened: { to: 'investigating' } }, { alertsAttached: {} })
      .leaves({ status: 'investigating', resolvedAt: null, mitigatedAt: null, acknowledgeMisses: 0 });
    expect(story.due('acknowledge/i1')).toBe(minutes(35));
    expect(story.due('update/i1')).toBe(minutes(80));
    expect(story.said).toEqual(['reopened>incident']);
  });

  it('reopen an acknowledged one without chasing anybody, and propose a graver severity', () => {
    const story = given(...declared(), acknowledged, resolved)
      .when(attach('sev1'), { by })
      .gives({ reopened: { acknowledgeDueAt: null } }, { alertsAttached: {} }, { severityProposed: { to: 'sev1' } });
    expect(story.due('acknowledge/i1')).toBeNull();
  });

  it('propose no end while an alert from before still fires', () => {
    given(...declared(), acknowledged, resolved)
      .when(attach('sev2', { firing: 0 }), { by })
      .gives({ reopened: {} }, { alertsAttached: {} })
      .leaves({ alerts: { firing: 1 }, statusProposal: null });
  });

  it('bring back an entry that cleared by itself, to the queue or to a declaration', () => {
    const gone = given(...triaged()).when(clear(), { by });
    gone
      .when(attach('sev3'), { by })
      .gives({ reopened: { to: 'triage', updateDueAt: null } }, { alertsAttached: {} })
      .leaves({ status: 'triage', outcome: null, closedAt: null });
    gone
      .when(attach('sev2'), { by })
      .gives({ reopened: { to: 'triage' } }, { alertsAttached: {} }, { declared: { severity: 'sev2' } })
      .leaves({ status: 'investigating', number: 42 });
  });

  it('bring back a sev3 that closed itself', () => {
    given(...declared({ severity: 'sev3' }))
      .when(clear(), { by })
      .leaves({ status: 'closed' })
      .when(attach('sev3'), { by })
      .gives({ reopened: { to: 'investigating' } }, { alertsAttached: {} });
  });

  it('do not close by itself what they raise in the same breath', () => {
    given(...declared({ severity: 'sev3' }))
      .when(clear(), { by })
      .when(attach('sev1', { firing: 0 }), { by })
      .gives(
        { reopened: {} },
        { alertsAttached: {} },
        { severityChanged: { to: 'sev1' } },
        { statusProposed: { to: 'monitoring' } },
      )
      .leaves({ status: 'investigating', severity: 'sev1' });
  });

  it('leave quiet what a person dismissed, unless they are graver', () => {
    const quiet = given(...triaged()).when({ type: 'dismiss', reason: 'a known flap' }, { by: person('ada') });
    quiet.when(attach('sev3'), { by }).gives({ alertsAttached: {} }).leaves({ status: 'dismissed' });
    quiet
      .when(attach('sev3', { firing: 0 }), { by })
      .gives({ alertsAttached: {} })
      .leaves({ status: 'dismissed', outcome: { automatic: false } });
    quiet
      .when(attach('sev1'), { by })
      .gives({ reopened: { to: 'triage' } }, { alertsAttached: {} }, { declared: { severity: 'sev1' } })
      .leaves({ status: 'investigating', closedAt: null, outcome: null });
  });

  it('are only noted on what a person closed: no severity, no promise, no proposal', () => {
    given(...declared(), resolved, closed)
      .when(attach('sev1'), { by })
      .gives({ alertsAttached: { acknowledgeDueAt: null } })
      .leaves({ status: 'closed', severity: 'sev2', updates: { dueAt: null }, acknowledgeDueAt: null })
      .when(attach('sev1', { firing: 0 }), { by })
      .gives({ alertsAttached: {} });
  });
});

describe('a storm of alerts', () => {
  it('is told in the channel when there are ten times as many, not at every alert', () => {
    let story = given(...declared({ visibility: 'private', groupKey: opening().groupKey }));
    const told: number[] = [];
    for (let total = 2; total <= 100; total++) {
      story = story.when(attach('sev2'), { by });
      if (story.said.includes('alerts-attached>incident')) told.push(total);
    }
    expect(told).toEqual([10, 100]);
  });
});
