import { describe, expect, it } from 'vitest';
import type { Policy } from '../state.js';
import { days, declared, given, machine, minutes, person, policy, type Story, start, triaged } from '../testing.js';

const owned: Policy = {
  ...policy,
  platformLead: ['lea'],
  services: { registry: { owners: ['ann', 'ben'] } },
  severities: { ...policy.severities, sev3: { ...policy.severities.sev3, triageWithinMs: minutes(60) } },
};
/** What a due job asks, at its time. */
const due = (story: Story): Story => {
  const job = story.jobs.get('queue/i1');
  if (job?.task.kind !== 'ask') throw new Error('nobody is chased');
  return story.when(job.task.command, { by: machine, after: job.dueAt - start });
};
const told = (story: Story): string[] =>
  story.put.flatMap(({ key, task }) =>
    task.kind === 'post' && task.platform === 'home'
      ? [task.to.to === 'person' ? `${task.say}>${task.to.personId}` : `${task.say}>${key}`]
      : [],
  );

describe('an entry of the triage queue', () => {
  it('belongs to the owner of its service and is due by its severity', () => {
    const entry = given(...triaged({ policy: owned }));
    entry.leaves({
      queued: { owner: 'ann', dueAt: start + minutes(60), next: { who: 'owner', at: start + minutes(60) } },
    });
    given(...triaged()).leaves({ queued: { owner: null, dueAt: start + days(1), next: { who: 'channel' } } });
  });

  it('is chased: its owner directly, then the queue, then the platform lead, and then nobody', () => {
    const first = due(given(...triaged({ policy: owned }))).gives({ entryChased: { who: 'owner', people: ['ann'] } });
    expect(told(first)).toEqual(['entry-due>ann']);
    const second = due(first).gives({ entryChased: { who: 'channel', people: [] } });
    expect(told(second)).toEqual(['entry-due>say/queue/home/2030-01-15']);
    const third = due(second).gives({ entryChased: { who: 'lead', people: ['lea'] } });
    expect(told(third)).toEqual(['entry-due>lea']);
    expect(third.due('queue/i1')).toBeNull();
  });

  it('tells the queue once a day at most, however many entries wait: the same message is replaced', () => {
    const chased = due(given(...triaged()));
    const [job] = chased.put.filter(({ task }) => task.kind === 'post' && task.platform === 'home');
    expect(job?.task).toMatchObject({ revises: true });
    expect(job?.key).not.toContain('i1');
  });

  it('is taken or given to somebody, who is asked in time', () => {
    const late = given(...triaged({ policy: owned })).when(
      { type: 'ownEntry', personId: 'cleo' },
      { after: minutes(90) },
    );
    late
      .gives({ entryOwned: { personId: 'cleo', previous: 'ann', dueAt: start + minutes(150) } })
      .leaves({ queued: { owner: 'cleo', next: { who: 'owner', at: start + minutes(150) } } });
    late.when({ type: 'ownEntry', personId: 'cleo' }).refuses('unchanged', /\/incident declare/);
    expect(told(due(late))).toEqual(['entry-due>cleo']);
  });

  it('is left alone while it is snoozed, and due anew when it is back', () => {
    const snoozed = given(...triaged({ policy: owned })).when({ type: 'snooze', forMs: minutes(120), reason: 'later' });
    expect(snoozed.due('queue/i1')).toBeNull();
    const back = snoozed.when(
      { type: 'endSnooze', until: snoozed.incident.snoozedUntil! },
      { by: machine, after: minutes(130) },
    );
    expect(back.due('queue/i1')).toBe(minutes(190));
  });

  it('is chased by nobody once it is decided', () => {
    const entry = given(...triaged({ policy: owned }));
    for (const decided of [
      entry.when({ type: 'dismiss', reason: 'noise' }),
      entry.when({
        type: 'declare',
        incidentId: 'i1',
        title: null,
        severity: null,
        reason: null,
        services: [],
        visibility: 'public',
        drill: false,
        policy: owned,
        playbook: null,
      }),
    ])
      expect([decided.due('queue/i1'), decided.incident.queued?.next]).toEqual([null, null]);
  });
});

describe('whoever comes to an incident that runs', () => {
  const briefed = (story: Story): string[] => told(story).filter((each) => each.startsWith('briefing'));
  const seen = given(...declared()).when({ type: 'acknowledge' }, { by: person('ann'), after: minutes(2) });

  it('is told alone what happened, once', () => {
    expect(briefed(seen)).toEqual([]);
    const joined = seen.when({ type: 'addNote', text: 'hello' }, { by: person('ben'), after: minutes(15) });
    expect(briefed(joined)).toEqual(['briefing>ben']);
    const again = joined.when({ type: 'addNote', text: 'again' }, { by: person('ben'), after: minutes(16) });
    expect(briefed(again)).toEqual([]);
    const brought = again.when(
      { type: 'join', personId: 'cleo', said: null },
      { by: person('ben'), after: minutes(17) },
    );
    expect(briefed(brought)).toEqual(['briefing>cleo']);
  });

  it('is told nothing of what has just begun or is over', () => {
    const early = seen.when({ type: 'addNote', text: 'hello' }, { by: person('ben'), after: minutes(5) });
    expect(briefed(early)).toEqual([]);
    const over = seen.when({ type: 'resolve', summary: null }, { by: person('ann'), after: minutes(20) });
    expect(briefed(over.when({ type: 'addNote', text: 'x' }, { by: person('ben'), after: minutes(30) }))).toEqual([]);
  });
});
