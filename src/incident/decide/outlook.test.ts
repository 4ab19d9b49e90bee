import { describe, expect, it } from 'vitest';
import { machine as by, declared, given, minutes, policy, type Story, start } from '../testing.js';

const fresh = given(...declared({ severity: 'sev1' }));
const due = (story: Story) => story.incident.updates.dueAt! - start;
const at = (after: number, by = { kind: 'person' as const, personId: 'ada' }) => ({ after: minutes(after), by });

describe('an update is asked for', () => {
  const changed = fresh.when({ type: 'stateImpact', text: 'nobody can push' }, at(3));

  it('two minutes after the first of several changes, which it names', () => {
    expect(changed.due('ask-update/i1')).toBe(minutes(5));
    const more = changed
      .when({ type: 'changeStatus', to: 'identified', reason: null }, at(4))
      .when({ type: 'stateImpact', text: 'nobody can pull' }, at(4));
    expect(more.due('ask-update/i1')).toBe(minutes(5));
    const asked = more
      .when({ type: 'askUpdate', dueAt: start + minutes(5) }, { after: minutes(5), by })
      .gives({ updateAsked: { changed: ['impact', 'status'] } });
    expect(asked.said).toEqual(['update-asked>incident']);
    expect(due(asked)).toBe(minutes(30));
    const again = asked.when({ type: 'stateWorkaround', text: 'the mirror' }, at(6));
    expect(again.due('ask-update/i1')).toBe(minutes(15));
  });

  it('not when somebody has told, when the next one is being asked for, or when it is over', () => {
    for (const story of [
      changed.when({ type: 'postUpdate', text: 'x' }, at(4)),
      changed.when({ type: 'warnUpdate', dueAt: start + minutes(30) }, { after: minutes(4), by }),
      changed.when({ type: 'resolve', summary: 'x' }, at(4)),
    ]) {
      expect(story.due('ask-update/i1')).toBeNull();
      story.when({ type: 'askUpdate', dueAt: start + minutes(5) }, { after: minutes(5), by }).gives();
    }
  });

  it('not where nothing is promised and nothing was told', () => {
    const quiet = given(...declared({ severity: 'sev3' })).when({ type: 'stateImpact', text: 'x' }, at(3));
    expect(quiet.due('ask-update/i1')).toBeNull();
    const told = quiet.when({ type: 'postUpdate', text: 'x' }, at(4)).when({ type: 'stateImpact', text: 'y' }, at(5));
    expect(told.due('ask-update/i1')).toBe(minutes(7));
  });
});

describe('what an update tells', () => {
  const told = fresh.when({ type: 'postUpdate', text: 'we look' }, at(5));
  const automatic = (story: Story) =>
    story.when(
      { type: 'postAutomaticUpdate', dueAt: story.incident.updates.dueAt! },
      { after: story.incident.updates.dueAt! - start, by },
    );

  it('is not told again by Muster: it says since when', () => {
    const first = automatic(told).gives({ updatePosted: { unchangedSince: start + minutes(5), revises: null } });
    automatic(first).gives({ updatePosted: { unchangedSince: start + minutes(5) } });
    automatic(first.when({ type: 'stateImpact', text: 'x' }, at(40))).gives({ updatePosted: { unchangedSince: null } });
    automatic(fresh).gives({ updatePosted: { unchangedSince: null } });
  });

  it('by a person in between takes the place of the last message of stakeholders, until the next is due', () => {
    const soon = told
      .when({ type: 'postUpdate', text: 'we still look' }, at(15))
      .gives({ updatePosted: { revises: 1 } });
    const post = (story: Story, where: string) =>
      story.put.find(({ key }) => key.startsWith('say/i1/home/update-') && key.endsWith(where));
    expect(post(soon, 'stakeholders')).toMatchObject({
      key: 'say/i1/home/update-1/stakeholders',
      task: { revises: true },
    });
    expect(post(soon, 'incident')?.key).toBe('say/i1/home/update-2/incident');
    expect(post(soon, 'incident')?.task).not.toHaveProperty('revises');
    soon.when({ type: 'postUpdate', text: 'we found it' }, at(34)).gives({ updatePosted: { revises: 1 } });
    soon.when({ type: 'postUpdate', text: 'we found it' }, at(35)).gives({ updatePosted: { revises: null } });
    for (const change of [
      { type: 'stateWorkaround', text: 'the mirror' },
      { type: 'expectReturn', backAt: start + minutes(90), why: null },
      { type: 'changeSeverity', to: 'sev2', reason: 'x' },
    ] as const)
      soon
        .when(change, at(16))
        .when({ type: 'postUpdate', text: 'so it is' }, at(17))
        .gives({ updatePosted: { revises: null } });
  });
});

describe('a long incident', () => {
  const propose = (story: Story) =>
    story.when(
      { type: 'proposeLong', dueAt: story.incident.updates.longAskAt! },
      { after: story.incident.updates.longAskAt! - start, by },
    );
  const long = propose(fresh).when({ type: 'startLong' }, at(125));

  it('is proposed once, after its time, and declared by a person', () => {
    expect(fresh.due('long/i1')).toBe(minutes(120));
    const proposed = propose(fresh).gives({ longProposed: { everyMs: minutes(30), longEveryMs: minutes(60) } });
    expect(proposed.said).toEqual(['long-proposed>incident']);
    expect(proposed.due('long/i1')).toBeNull();
    fresh.when({ type: 'startLong' }, at(119)).refuses('too-soon', /open for 119 min/);
    given(...declared({ severity: 'sev3' }))
      .when({ type: 'startLong' }, at(125))
      .refuses('no-cadence', /promises no updates/);
    expect(given(...declared({ severity: 'sev3' })).due('long/i1')).toBeNull();
    long.when({ type: 'startLong' }, at(126)).refuses('unchanged', /long incident already/);
    fresh.when({ type: 'endLong' }, at(126)).refuses('unchanged', /as often as usual already/);
  });

  it('keeps the promise it finds, and promises more rarely from then on', () => {
    const told = propose(fresh).when({ type: 'postUpdate', text: 'x' }, at(121));
    const started = told.when({ type: 'startLong' }, at(125)).gives({ longStarted: { everyMs: minutes(60) } });
    expect(started.said).toEqual(['long-mode>stakeholders', 'long-mode>incident']);
    expect(due(started)).toBe(minutes(151));
    expect(due(started.when({ type: 'postUpdate', text: 'y' }, at(130)))).toBe(minutes(190));
    const own = { ...policy, severities: { ...policy.severities } };
    own.severities.sev1 = { ...own.severities.sev1, longUpdateEveryMs: minutes(45) };
    const other = given(...declared({ severity: 'sev1', policy: own })).when({ type: 'startLong' }, at(125));
    expect(due(other.when({ type: 'postUpdate', text: 'y' }, at(130)))).toBe(minutes(175));
  });

  it('is over when the severity or the impact changes, or somebody says so; the promise comes nearer', () => {
    const on = long.when({ type: 'postUpdate', text: 'y' }, at(130));
    expect(due(on)).toBe(minutes(190));
    const impact = on.when({ type: 'stateImpact', text: 'worse' }, at(140));
    expect([due(impact), impact.incident.updates.longSince]).toEqual([minutes(170), null]);
    expect(impact.due('long/i1')).toBe(minutes(260));
    const milder = on.when({ type: 'changeSeverity', to: 'sev2', reason: 'x' }, at(125));
    expect([due(milder), milder.incident.updates.longSince]).toEqual([minutes(185), null]);
    const off = on.when({ type: 'endLong' }, at(140)).gives({ longEnded: { everyMs: minutes(30) } });
    expect(due(off)).toBe(minutes(170));
  });
});

describe('adopting the rules of today', () => {
  const today = { ...policy, reopenForMs: minutes(5), platforms: ['elsewhere'] };

  it('keeps the chat platforms and never puts a promise off', () => {
    const slower = { ...today, severities: { ...policy.severities, sev1: policy.severities.sev2 } };
    const adopted = fresh.when({ type: 'adoptPolicy', policy: slower }, at(10)).gives({ policyAdopted: {} });
    expect(adopted.incident.policy).toMatchObject({ reopenForMs: minutes(5), platforms: policy.platforms });
    expect(due(adopted)).toBe(minutes(30));
    const faster = { ...policy.severities.sev1, updateEveryMs: minutes(10) };
    const soon = { ...today, severities: { ...policy.severities, sev1: faster } };
    expect(due(fresh.when({ type: 'adoptPolicy', policy: soon }, at(10)))).toBe(minutes(20));
  });

  it('that are its own already is refused', () => {
    const shuffled = Object.fromEntries(Object.entries(policy).reverse()) as unknown as typeof policy;
    fresh.when({ type: 'adoptPolicy', policy: shuffled }, at(10)).refuses('unchanged', /rules of today already/);
  });
});

describe('when it is back', () => {
  it('is a time to come, or unknown with or without a reason', () => {
    fresh.when({ type: 'expectReturn', backAt: start, why: null }, at(10)).refuses('past', /That time is over/);
    fresh.when({ type: 'expectReturn', backAt: null, why: null }, at(10)).refuses('unchanged', /No time is stated/);
    const said = fresh.when({ type: 'expectReturn', backAt: null, why: 'the vendor is silent' }, at(10));
    said.leaves({ expected: { at: null, why: 'the vendor is silent' } });
    said.when({ type: 'expectReturn', backAt: null, why: null }, at(11)).leaves({ expected: null });
    fresh.when({ type: 'stateWorkaround', text: null }, at(10)).refuses('unchanged', /No workaround is stated/);
  });
});

it('an outage takes back an automatic update nobody has seen, but not the one that “no change” refers to', () => {
  const dropped = (story: Story, number: number) => !story.jobs.has(`say/i1/home/update-${number}/stakeholders`);
  const next = (story: Story) =>
    story.when(
      { type: 'postAutomaticUpdate', dueAt: story.incident.updates.dueAt! },
      { after: story.incident.updates.dueAt! - start, by },
    );
  const first = next(fresh);
  expect(dropped(next(first), 1)).toBe(false);
  expect(dropped(next(first.when({ type: 'stateImpact', text: 'x' }, at(40))), 1)).toBe(true);
  const third = next(next(fresh.when({ type: 'postUpdate', text: 'We look at the disks.' }, at(40))));
  expect([dropped(third, 1), dropped(third, 2), dropped(third, 3)]).toEqual([false, true, false]);
});
