import { describe, expect, it } from 'vitest';
import { event } from '../context.js';
import { roles } from '../state.js';
import { attach, clear, declare, declared, given, machine, minutes, person, Story, start } from '../testing.js';

const resolved = event('resolved', { summary: null, updateDueAt: null });
const closed = event('closed', { automatic: false, followUps: [], openSteps: [] });

describe('acknowledging', () => {
  it('ends the chase and names who it was', () => {
    const story = given(...declared())
      .when({ type: 'acknowledge' }, { after: minutes(4) })
      .gives({ acknowledged: {} })
      .leaves({
        acknowledgedAt: start + minutes(4),
        acknowledgedBy: 'ada',
        acknowledgeDueAt: null,
        responders: ['ada'],
      });
    expect(story.due('acknowledge/i1')).toBeNull();
    expect(story.said).toEqual(['acknowledged>incident']);
  });

  it('is refused a second time and after the end', () => {
    given(...declared(), event('acknowledged', {}))
      .when({ type: 'acknowledge' })
      .refuses('already-acknowledged', /acknowledged this incident already/);
    given(...declared(), resolved)
      .when({ type: 'acknowledge' })
      .refuses('ended', /is resolved/);
  });

  it('missed is told in the channel, and whoever is invited is called, each by a job of their own', () => {
    const nextDueAt = start + minutes(45);
    const story = given(...declared())
      .when({ type: 'missAcknowledge', dueAt: start + minutes(15) }, { after: minutes(15), by: machine })
      .gives(
        { acknowledgeMissed: { dueAt: start + minutes(15), nextDueAt, next: 'called' } },
        { paged: { why: 'missed', level: 1, people: [{ personId: 'olga', because: 'named for sev2' }] } },
      );
    expect(story.said).toEqual(['acknowledge-overdue>incident']);
    expect(story.put.filter(({ task }) => task.kind === 'page')).toMatchObject([{ key: 'page/i1/4/olga', lane: null }]);
  });

  it('missed again and again is told ever later, six times, and then no more', () => {
    let story = given(...declared());
    const told: number[] = [];
    for (let due = story.due('acknowledge/i1'); due !== null; due = story.due('acknowledge/i1')) {
      told.push(due / minutes(1));
      story = story.when({ type: 'missAcknowledge', dueAt: start + due }, { after: due, by: machine });
    }
    expect(told).toEqual([15, 45, 105, 225, 465, 945]);
    story.leaves({ acknowledgeMisses: 6, acknowledgeDueAt: null });
  });

  it('missed does nothing for a due time that no longer holds', () => {
    const late = { type: 'missAcknowledge', dueAt: start + minutes(15) } as const;
    given(...declared())
      .when({ type: 'acknowledge' })
      .when(late, { by: machine })
      .gives();
    given(...declared())
      .when(clear(), { by: machine })
      .when(late, { by: machine })
      .gives();
    given(...declared(), resolved)
      .when(late, { by: machine })
      .gives();
    given(...declared())
      .when({ ...late, dueAt: start }, { by: machine })
      .gives();
  });
});

describe('a change of severity', () => {
  it('for the worse brings the promises forward', () => {
    const story = given(...declared())
      .when({ type: 'changeSeverity', to: 'sev1', reason: 'nobody can push' }, { after: minutes(1) })
      .gives({
        severityChanged: {
          from: 'sev2',
          to: 'sev1',
          reason: 'nobody can push',
          setBy: 'person',
          acknowledgeDueAt: start + minutes(6),
          updateDueAt: start + minutes(31),
        },
      })
      .leaves({ severity: 'sev1', severitySetBy: 'person', severityReason: 'nobody can push' });
    expect(story.due('update/i1')).toBe(minutes(31));
    expect(story.due('warn/i1')).toBe(minutes(26));
  });

  it('never puts a promise off', () => {
    given(...declared({ severity: 'sev1' }))
      .when({ type: 'changeSeverity', to: 'sev3', reason: 'a mirror takes it' }, { after: minutes(20) })
      .gives({ severityChanged: { acknowledgeDueAt: start + minutes(5), updateDueAt: start + minutes(30) } });
    given(...declared())
      .when({ type: 'changeSeverity', to: 'sev1', reason: 'x' }, { after: minutes(50) })
      .gives({ severityChanged: { updateDueAt: start + minutes(60) } });
  });

  it('chases nobody when it has been acknowledged, when all is clear, and when it is resolved', () => {
    const worse = { type: 'changeSeverity', to: 'sev1', reason: 'x' } as const;
    const nobody = { severityChanged: { to: 'sev1', acknowledgeDueAt: null } } as const;
    given(...declared(), event('acknowledged', {}))
      .when(worse)
      .gives(nobody);
    given(...declared())
      .when(clear(), { by: machine })
      .when(worse)
      .gives(nobody);
    given(...declared(), resolved)
      .when(worse)
      .gives(nobody)
      .leaves({ updates: { dueAt: null } });
    new Story().when(declare()).when(worse).gives(nobody);
  });

  it('settles what was proposed', () => {
    given(...declared(), event('acknowledged', {}))
      .when(attach('sev1'), { by: machine })
      .when({ type: 'changeSeverity', to: 'sev1', reason: 'agreed' })
      .leaves({ severityProposal: null, severity: 'sev1' });
  });

  it('to what it is already, or of a closed incident, is refused', () => {
    given(...declared())
      .when({ type: 'changeSeverity', to: 'sev2', reason: 'x' })
      .refuses('unchanged', /sev2 already/);
    given(...declared(), resolved, closed)
      .when({ type: 'changeSeverity', to: 'sev1', reason: 'x' })
      .refuses('closed', /\/incident reopen <reason>/);
  });
});

describe('a change of status', () => {
  it('remembers when it was first identified and first mitigated', () => {
    given(...declared())
      .when({ type: 'changeStatus', to: 'identified', reason: 'disk full' }, { after: minutes(5) })
      .gives({ statusChanged: { from: 'investigating', to: 'identified', reason: 'disk full' } })
      .leaves({ status: 'identified', identifiedAt: start + minutes(5), mitigatedAt: null })
      .when({ type: 'changeStatus', to: 'monitoring', reason: null }, { after: minutes(9) })
      .leaves({ mitigatedAt: start + minutes(9) })
      .when({ type: 'changeStatus', to: 'identified', reason: null }, { after: minutes(12) })
      .leaves({ status: 'identified', identifiedAt: start + minutes(5) });
  });

  it('to what it is already, or after the end, is refused', () => {
    given(...declared())
      .when({ type: 'changeStatus', to: 'investigating', reason: null })
      .refuses('unchanged', /investigating already/);
    for (const story of [given(...declared(), resolved), given(...declared(), resolved, closed)])
      story
        .when({ type: 'changeStatus', to: 'monitoring', reason: null })
        .refuses('ended', /\/incident reopen <reason>/);
  });
});

describe('roles and responders', () => {
  it.each(roles)('a person takes the role of %s and is told what is expected', (role) => {
    const story = given(...declared())
      .when({ type: 'assignRole', role, personId: 'bob' })
      .gives({ roleAssigned: { role, personId: 'bob', previous: null } })
      .leaves({ roles: { [role]: 'bob' }, responders: ['bob', 'ada'] });
    expect(story.said).toEqual(['role-assigned>incident', 'role-expectations>person']);
    expect(story.due('invite/i1/home/bob')).toBe(minutes(10));
    story
      .when({ type: 'assignRole', role, personId: 'cleo' })
      .gives({ roleAssigned: { personId: 'cleo', previous: 'bob' } });
    story
      .when({ type: 'assignRole', role, personId: 'bob' })
      .refuses('unchanged', new RegExp(`role of ${role} already`));
  });

  it('a person joins and is invited; twice is refused', () => {
    const story = given(...declared())
      .when({ type: 'join', personId: 'bob' }, { by: machine })
      .gives({ responderJoined: { personId: 'bob' } })
      .leaves({ responders: ['bob'] });
    expect(story.due('invite/i1/away/bob')).toBe(minutes(10));
    story.when({ type: 'join', personId: 'bob' }).refuses('unchanged', /in this incident already/);
  });

  it('whoever acts is a responder from then on', () => {
    given(...declared())
      .when({ type: 'addNote', text: 'disk is full' }, { by: person('dan') })
      .gives({ noted: { text: 'disk is full' } })
      .leaves({ responders: ['dan'] });
  });
});

describe('what people state', () => {
  it('the impact keeps its words, their age and their author', () => {
    given(...declared())
      .when({ type: 'stateImpact', text: 'no pushes' }, { after: minutes(3) })
      .gives({ impactStated: { text: 'no pushes' } })
      .leaves({ impact: { text: 'no pushes', at: start + minutes(3), by: 'ada' } });
  });

  it('a note may still be added at the end; an impact may not', () => {
    const over = given(...declared(), resolved, closed);
    over.when({ type: 'addNote', text: 'found the cause' }).gives({ noted: {} });
    over.when({ type: 'stateImpact', text: 'x' }).refuses('closed', /closed/);
  });

  it('nobody can act on an incident that is not there', () => {
    new Story().when({ type: 'acknowledge' }).refuses('unknown-incident', /no such incident/);
  });
});

describe('what the world answers', () => {
  const by = machine;
  it('is kept with the incident', () => {
    given(...declared())
      .when({ type: 'recordChannel', platform: 'home', channel: 'C1', name: 'inc-42' }, { by })
      .gives({ channelOpened: { platform: 'home' } })
      .when({ type: 'recordInvite', platform: 'home', people: ['olga'], unknown: [] }, { by })
      .gives({ invited: { people: ['olga'] } })
      .leaves({ channels: { home: { channel: 'C1', name: 'inc-42' } }, responders: ['olga'] });
  });

  it('tells the operators of what could not be delivered, in triage too, but not of a word to them', () => {
    const failed = (jobKey: string) => ({ type: 'recordFailure', jobKey, what: 'a post', error: 'gone' }) as const;
    const told = ['delivery-failed>operators'];
    expect(given(...declared()).when(failed('say/i1/home/1/incident'), { by }).said).toEqual(told);
    expect(new Story().when(declare({ visibility: 'private' })).when(failed('open/i1/home'), { by }).said).toEqual(
      told,
    );
    expect(given(...declared()).when(failed('say/i1/home/9/operators'), { by }).said).toEqual([]);
  });

  it('a policy is adopted only when told to', () => {
    const story = given(...declared());
    const policy = { ...story.incident.policy, automaticUpdates: 1 };
    story.when({ type: 'adoptPolicy', policy }).gives({ policyAdopted: { policy } }).leaves({ policy });
  });
});

describe('taking a role', () => {
  it('for oneself says that somebody has seen it, once', () => {
    const took = given(...declared())
      .when({ type: 'assignRole', role: 'commander', personId: 'ada' })
      .gives({ roleAssigned: { role: 'commander', personId: 'ada' } }, { acknowledged: {} })
      .leaves({ acknowledgedBy: 'ada', acknowledgeDueAt: null });
    took.when({ type: 'assignRole', role: 'scribe', personId: 'ada' }).gives({ roleAssigned: { role: 'scribe' } });
  });

  it('for somebody else does not: they may be asleep', () => {
    given(...declared())
      .when({ type: 'assignRole', role: 'commander', personId: 'bob' })
      .gives({ roleAssigned: { role: 'commander', personId: 'bob' } })
      .leaves({ acknowledgedAt: null });
  });
});

describe('releasing the role of somebody who has left', () => {
  const commands = event('roleAssigned', { role: 'commander', personId: 'ada', previous: null });
  const release = { type: 'releaseRole', role: 'commander', personId: 'ada' } as const;

  it('leaves a gap that everybody sees', () => {
    const story = given(...declared(), commands)
      .when(release, { by: machine })
      .gives({ roleReleased: { role: 'commander', personId: 'ada' } })
      .leaves({ roles: {} });
    expect(story.said).toEqual(['role-released>incident']);
  });

  it('takes it from nobody else who has it by now', () => {
    const taken = event('roleAssigned', { role: 'commander', personId: 'bob', previous: 'ada' });
    given(...declared(), commands, taken)
      .when(release, { by: machine })
      .refuses('unchanged', /not commander/);
  });
});
