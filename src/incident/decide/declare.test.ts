import { describe, expect, it } from 'vitest';
import { refuse } from '../state.js';
import {
  chosen,
  context,
  declare,
  declared,
  given,
  machine,
  minutes,
  person,
  policy,
  Story,
  start,
  triaged,
} from '../testing.js';

describe('declaring', () => {
  it('takes sev2 and says why when no severity is given; whoever declares has acknowledged', () => {
    const story = new Story()
      .when(declare({ title: ' Pushes fail ' }), { after: 0 })
      .gives(
        {
          declared: {
            number: 42,
            severity: 'sev2',
            severityReason: 'it was declared without a severity; change it with /incident sev',
            severitySetBy: 'machine',
            acknowledgeDueAt: null,
            updateDueAt: start + minutes(60),
          },
        },
        { acknowledged: {} },
      )
      .leaves({
        title: 'Pushes fail',
        status: 'investigating',
        groupKey: null,
        acknowledgedBy: 'ada',
        responders: ['ada'],
        declaredBy: person('ada'),
      });
    expect(story.due('acknowledge/i1')).toBeNull();
    expect(story.due('update/i1')).toBe(minutes(60));
    expect(story.due('warn/i1')).toBe(minutes(55));
  });

  it('keeps the severity and reason a person gives', () => {
    new Story()
      .when(declare({ severity: 'sev1', reason: 'nobody can push' }))
      .gives(
        { declared: { severity: 'sev1', severityReason: 'nobody can push', severitySetBy: 'person' } },
        { acknowledged: {} },
      );
    new Story()
      .when(declare({ severity: 'sev3' }))
      .gives({ declared: { severityReason: 'a person declared it so', updateDueAt: null } }, { acknowledged: {} });
  });

  it('attaches the playbook that was chosen', () => {
    new Story()
      .when(declare({ playbook: chosen }))
      .gives({ declared: {} }, { acknowledged: {} }, { playbookAttached: { title: 'Registry outage' } })
      .leaves({ walk: { current: null, startedAt: null } });
  });

  it('by Muster itself acknowledges nothing', () => {
    new Story()
      .when(declare(), { by: machine })
      .gives({ declared: {} })
      .leaves({ acknowledgedAt: null, responders: [] });
  });

  it('out of the triage queue keeps title, severity, reason, services and policy unless told otherwise', () => {
    const queue = given(...triaged());
    queue
      .when(declare({ title: null, policy: { ...policy, invite: [] } }))
      .gives(
        {
          declared: {
            opening: null,
            severity: 'sev3',
            severityReason: 'the worst label is warning',
            severitySetBy: 'machine',
          },
        },
        { acknowledged: {} },
      )
      .leaves({ title: 'Registry: pushes fail', services: ['registry'], groupKey: 'service:registry', policy });
    queue
      .when(declare({ title: null, severity: 'sev1', reason: 'customers call' }))
      .gives(
        { declared: { severity: 'sev1', severityReason: 'customers call', severitySetBy: 'person' } },
        { acknowledged: {} },
      );
  });

  it('brings back a dismissed entry, with nothing left of the dismissal', () => {
    given(...triaged())
      .when({ type: 'dismiss', reason: 'a known flap' })
      .when(declare({ title: null }))
      .leaves({ status: 'investigating', closedAt: null, outcome: null, number: 42 });
  });

  it('opens the channel, posts the card, invites, speaks, and announces, in this order on every platform', () => {
    const story = new Story().when(declare());
    const home = story.put.filter(({ lane }) => lane === 'i1/home').map(({ key }) => key);
    expect(home).toEqual([
      'open/i1/home',
      'card/i1/home/situation',
      'invite/i1/home',
      'say/i1/home/1/incident',
      'say/i1/home/1/stakeholders',
      'card/i1/home/situation',
    ]);
    expect(story.put.filter(({ lane }) => lane === 'i1/away')).toHaveLength(home.length);
    expect(story.said).toEqual(['declared>incident', 'announcement>stakeholders']);
  });

  it('is never announced when private', () => {
    const story = new Story()
      .when(declare({ visibility: 'private', severity: 'sev1' }))
      .when({ type: 'postUpdate', text: 'we look' })
      .when({ type: 'resolve', summary: 'over' })
      .when({ type: 'close' });
    const told = [...story.jobs.values()].flatMap(({ task }) => (task.kind === 'post' ? [task.to.to] : []));
    expect(new Set(told)).toEqual(new Set(['incident']));
  });

  it('is refused without a title, twice, and without leave', () => {
    new Story().when(declare({ title: '  ' })).refuses('title-missing', /\/incident declare <title>/);
    new Story().when(declare({ title: null })).refuses('title-missing', /Say what is wrong/);
    given(...declared())
      .when(declare())
      .refuses('exists', /inc-42 already: Registry: pushes fail/);
    new Story()
      .when(declare(), { given: context({ may: () => refuse('not-allowed', 'Ask an operator.') }) })
      .refuses('not-allowed', /Ask an operator/);
  });
});

describe('an entry of the triage queue', () => {
  it('is snoozed until a time and comes back by itself', () => {
    const snoozed = given(...triaged())
      .when({ type: 'snooze', forMs: minutes(60), reason: 'after lunch' }, { after: 0 })
      .gives({ snoozed: { until: start + minutes(60), reason: 'after lunch' } });
    expect(snoozed.due('snooze/i1')).toBe(minutes(60));
    const back = snoozed
      .when({ type: 'endSnooze', until: start + minutes(60) }, { after: minutes(60), by: machine })
      .gives({ snoozeEnded: {} })
      .leaves({ snoozedUntil: null, status: 'triage' });
    expect(back.due('snooze/i1')).toBeNull();
  });

  it('comes back at the later time when it was snoozed again', () => {
    const story = given(...triaged())
      .when({ type: 'snooze', forMs: minutes(60), reason: 'after lunch' }, { after: 0 })
      .when({ type: 'snooze', forMs: minutes(60), reason: 'longer' }, { after: minutes(30) });
    expect(story.due('snooze/i1')).toBe(minutes(90));
    story.when({ type: 'endSnooze', until: start + minutes(60) }, { by: machine }).gives();
  });

  it('does not come back once it was declared or dismissed', () => {
    const snoozed = given(...triaged()).when({ type: 'snooze', forMs: minutes(60), reason: 'x' }, { after: 0 });
    for (const ended of [snoozed.when(declare({ title: null })), snoozed.when({ type: 'dismiss', reason: 'x' })]) {
      expect(ended.due('snooze/i1')).toBeNull();
      ended.when({ type: 'endSnooze', until: start + minutes(60) }, { by: machine }).gives();
    }
  });

  it('is dismissed with a reason', () => {
    given(...triaged())
      .when({ type: 'dismiss', reason: 'a known flap' })
      .gives({ dismissed: { reason: 'a known flap', automatic: false } })
      .leaves({ status: 'dismissed', outcome: { reason: 'a known flap', automatic: false } });
  });

  it('cannot be snoozed or dismissed once it has left the queue', () => {
    given(...declared())
      .when({ type: 'dismiss', reason: 'x' })
      .refuses('not-in-triage', /not in the triage queue any more/);
    given(...declared())
      .when({ type: 'snooze', forMs: 1, reason: 'x' })
      .refuses('not-in-triage', /triage queue/);
  });

  it('must be declared before it is led, and each refusal says how', () => {
    const queue = given(...triaged());
    for (const command of [
      { type: 'acknowledge' },
      { type: 'changeSeverity', to: 'sev1', reason: 'x' },
      { type: 'next' },
      { type: 'postUpdate', text: 'x' },
      { type: 'resolve', summary: null },
      { type: 'close' },
    ] as const)
      queue.when(command).refuses('not-declared', /\/incident declare/);
  });
});
