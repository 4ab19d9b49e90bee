import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AudienceRule } from '../state.js';
import { declared, given, machine, minutes, person, policy, type Story, start } from '../testing.js';
import { act, stories } from '../testing-random.js';

const by = person('ann');
const at = (after: number) => ({ after: minutes(after), by });
const due = (story: Story): number | null => {
  const { dueAt } = story.incident.updates;
  return dueAt === null ? null : (dueAt - start) / minutes(1);
};
const begun = (more: Partial<typeof policy> = {}, severity: 'sev1' | 'sev3' = 'sev1') =>
  given(...declared({ severity, policy: { ...policy, ...more } }));
/** Whoever was told, by the audience; notices of the last commands. */
const told = ({ put }: Story): string[] => put.flatMap(({ task }) => (task.kind === 'notify' ? task.audience : []));
const direct = ({ put }: Story): string[] =>
  put.flatMap(({ task }) => (task.kind === 'post' && task.to.to === 'person' ? task.to.personId : []));
const automatic = (story: Story) =>
  story.when(
    { type: 'postAutomaticUpdate', dueAt: story.incident.updates.dueAt ?? 0 },
    { after: (story.incident.updates.dueAt ?? 0) - start, by: machine },
  );
const chase = (story: Story) => {
  const dueAt = story.incident.updates.climb?.nextAt ?? 0;
  return story.when({ type: 'chaseUpdate', of: 'update', dueAt }, { after: dueAt - start, by: machine });
};

describe('how often an update is promised', () => {
  it('goes by the status, and a promise comes sooner but never later', () => {
    const slow = { ...policy.severities.sev1, updateEveryIn: { monitoring: minutes(90) } };
    const story = begun({ severities: { ...policy.severities, sev1: slow } });
    const watched = story.when({ type: 'changeStatus', to: 'monitoring', reason: null }, at(5));
    expect(due(watched)).toBe(30);
    const posted = watched.when({ type: 'postUpdate', text: 'We watch it.' }, at(10));
    expect(due(posted)).toBe(100);
    expect(due(posted.when({ type: 'changeStatus', to: 'investigating', reason: null }, at(20)))).toBe(50);
  });

  it('is the soonest of those who wait for a person’s word', () => {
    const audiences: AudienceRule[] = [
      { name: 'quick', every: { investigating: minutes(15) } },
      { name: 'grave', severities: ['sev1'], every: { investigating: minutes(10) } },
      { name: 'world', kind: 'public', every: { investigating: minutes(1) } },
    ];
    expect(due(begun({ audiences }))).toBe(10);
    const mild = begun({ audiences }, 'sev3');
    expect(due(mild)).toBe(15);
    expect(due(mild.when({ type: 'changeSeverity', to: 'sev1', reason: 'worse' }, at(1)))).toBe(11);
  });

  it('counts for an audience from what it heard last', () => {
    const audiences: AudienceRule[] = [{ name: 'board', kind: 'executives', every: { investigating: minutes(50) } }];
    const first = begun({ audiences });
    expect(told(first)).toEqual(['board']);
    const quiet = first.when({ type: 'postUpdate', text: 'We look.' }, at(25));
    expect([told(quiet), due(quiet)]).toEqual([[], 50]);
    const kept = quiet.when({ type: 'postUpdate', text: 'We still look.' }, at(50));
    expect([told(kept), due(kept)]).toEqual([['board'], 80]);
  });
});

describe('executives', () => {
  const story = begun({ audiences: [{ name: 'board', kind: 'executives' }] });

  it('hear what changes something for them, what they have to decide, and the end', () => {
    expect(told(story.when({ type: 'postUpdate', text: 'We look.' }, at(5)))).toEqual([]);
    const stated = story.when({ type: 'stateImpact', text: 'Nobody ships' }, at(6));
    const heard = stated.when({ type: 'postUpdate', text: 'Nobody ships.' }, at(7));
    expect(told(heard)).toEqual(['board']);
    const again = heard.when({ type: 'postUpdate', text: 'We still look.' }, at(8));
    expect(told(again)).toEqual([]);
    expect(told(again.when({ type: 'postUpdate', text: 'So?', decision: 'May we stop it?' }, at(9)))).toEqual([
      'board',
    ]);
    expect(told(again.when({ type: 'resolve', summary: null }, at(9)))).toEqual(['board']);
  });

  it('hear nothing that Muster writes by itself', () => {
    const stated = story.when({ type: 'stateImpact', text: 'Nobody ships' }, at(6));
    expect(told(automatic(stated))).toEqual([]);
  });
});

it('an audience hears only the parts it asks for', () => {
  const story = begun({ audiences: [{ name: 'ends', hears: ['end'] }, { name: 'all' }] });
  expect(told(story)).toEqual(['all']);
  expect(told(story.when({ type: 'postUpdate', text: 'x' }, at(5)))).toEqual(['all']);
  expect(told(story.when({ type: 'resolve', summary: 'x' }, at(5)))).toEqual(['ends', 'all']);
});

describe('an update that is owed', () => {
  const staffed = (more: Partial<typeof policy> = {}) =>
    begun({ platformLead: ['lea', 'ann'], automaticUpdates: 9, ...more })
      .when({ type: 'assignRole', role: 'commander', personId: 'ann' }, at(1))
      .when({ type: 'assignRole', role: 'communications', personId: 'cleo' }, at(1));

  it('is written by Muster twice at most, and calls communications, the commander and the lead once each', () => {
    let story = automatic(staffed());
    expect(story.incident.updates.climb).toEqual({
      since: start + minutes(30),
      called: [],
      nextAt: start + minutes(30),
    });
    story = chase(story);
    expect(direct(story)).toEqual(['cleo']);
    story = chase(story);
    expect(direct(story)).toEqual(['ann']);
    expect(story.fresh.map(({ at }) => (at - start) / minutes(1))).toEqual([40]);
    story = chase(story);
    expect(direct(story)).toEqual(['lea']);
    expect(story.jobs.has('climb/i1')).toBe(false);
    expect(chase(story).fresh).toEqual([]);
    story = automatic(story);
    expect(story.incident.updates.automaticInARow).toBe(2);
    expect(automatic(story).fresh.map(({ type }) => type)).toEqual(['updateMissed']);
  });

  it('ends with a person’s word, and not with Muster’s own', () => {
    const called = chase(automatic(staffed()));
    expect(automatic(called).incident.updates.climb?.called).toEqual(['communications']);
    const posted = called.when({ type: 'postUpdate', text: 'We look.' }, at(33));
    expect(posted.incident.updates.climb).toBeNull();
    expect(posted.jobs.has('climb/i1')).toBe(false);
    expect(posted.incident.updates.punctuality).toMatchObject({ made: 1, kept: 0, latestMs: minutes(3) });
  });

  it('calls whoever stands on two rungs once', () => {
    const both = staffed().when({ type: 'assignRole', role: 'communications', personId: 'ann' }, at(2));
    const called = chase(automatic(both));
    expect([direct(called), called.incident.updates.climb?.called]).toEqual([['ann'], ['communications', 'commander']]);
    expect(direct(chase(called))).toEqual(['lea']);
  });

  it('is no matter of the lead’s while it is private and they are not in it', () => {
    const hidden = given(
      ...declared({ severity: 'sev1', visibility: 'private', policy: { ...policy, platformLead: ['lea'] } }),
    );
    expect(automatic(hidden).jobs.has('climb/i1')).toBe(false);
    const joined = hidden.when({ type: 'join', personId: 'lea' }, at(1));
    expect(direct(chase(automatic(joined)))).toEqual(['lea']);
  });
});

describe('what is published', () => {
  const audiences: AudienceRule[] = [{ name: 'all' }, { name: 'world', kind: 'public' }];
  const words = { type: 'publish', title: 'Publishing fails', text: 'Some cannot publish.' } as const;
  const story = begun({ audiences, subscriptions: true });

  it('reaches those it is for and nobody else, and what is told inside never reaches them', () => {
    expect(told(story)).toEqual(['all', '@subscribers']);
    expect(told(story.when({ type: 'postUpdate', text: 'x' }, at(5)))).toEqual(['all', '@subscribers']);
    const published = story.when(words, at(6));
    expect(told(published)).toEqual(['world']);
    expect(published.incident.publication).toMatchObject({ number: 1, nextAt: start + minutes(36), by: 'ann' });
    const both = published.when({ type: 'postUpdate', text: 'x', publish: { title: null, text: 'y' } }, at(7));
    expect(both.incident.publication).toMatchObject({ number: 2, title: 'Publishing fails', text: 'y' });
  });

  it('promises the next word, warns, and calls when it does not come; nothing is published by itself', () => {
    const dueAt = start + minutes(36);
    const published = story.when(words, at(6));
    expect(published.jobs.get('warn-publish/i1')?.dueAt).toBe(dueAt - minutes(5));
    const missed = published
      .when({ type: 'assignRole', role: 'commander', personId: 'ann' }, at(8))
      .when({ type: 'missPublish', dueAt }, { after: minutes(36), by: machine });
    missed.gives({ publishMissed: { dueAt } });
    const called = missed.when({ type: 'chaseUpdate', of: 'publication', dueAt }, { after: minutes(36), by: machine });
    expect(direct(called)).toEqual(['ann']);
    const late = called.when({ ...words, title: null }, at(40));
    late.gives({ published: { promisedAt: dueAt, lateMs: minutes(4), title: 'Publishing fails' } });
    expect(late.incident.publication?.climb).toBeNull();
  });

  it('is owed until everybody has read the end, also when it is resolved inside', () => {
    const over = story.when(words, at(6)).when({ type: 'resolve', summary: 'x' }, at(8));
    expect(over.jobs.has('publish/i1')).toBe(true);
    const ended = over.when({ ...words, text: 'It works again.' }, at(9));
    expect(ended.incident.publication).toMatchObject({ status: 'resolved', nextAt: null });
    expect(ended.jobs.has('publish/i1')).toBe(false);
    expect(over.when({ type: 'close' }, at(10)).jobs.has('publish/i1')).toBe(false);
  });

  it('is nothing of a private incident or a drill', () => {
    for (const more of [{ visibility: 'private' as const }, { drill: true }]) {
      const hidden = given(...declared({ severity: 'sev1', ...more }));
      hidden.when(words, at(5)).refuses('not-public', /told to nobody outside/);
      const update = { type: 'postUpdate', text: 'x', publish: words } as const;
      hidden.when(update, at(5)).refuses('not-public', /told to nobody outside/);
    }
  });
});

describe('over any commands by anybody at any time', () => {
  const runs = { numRuns: 80 };

  it('never more than two updates in a row are Muster’s own, and each rung of a climb is called once', () => {
    fc.assert(
      fc.property(stories, fc.boolean(), (askings, prompt) => {
        const { timeline } = act(askings, prompt);
        let inARow = 0;
        const called = { update: [] as string[], publication: [] as string[] };
        for (const { type, body, actor } of timeline) {
          if (type === 'updatePosted') {
            const over = body.status === 'resolved' || body.status === 'closed';
            inARow = body.automatic ? inARow + (over ? 0 : 1) : 0;
            expect(inARow).toBeLessThanOrEqual(2);
          }
          if (type === 'updatePosted' && (!body.automatic || body.status === 'resolved')) called.update = [];
          if (type === 'closed') called.update = [];
          if (type === 'published') {
            expect(actor.kind === 'person' || actor.name === 'muster').toBe(true);
            called.publication = [];
          }
          if (type !== 'updateChased') continue;
          expect(actor.kind).toBeDefined();
          for (const rung of body.rungs) expect(called[body.of]).not.toContain(rung);
          called[body.of].push(...body.rungs);
          expect(new Set(body.people).size).toBe(body.people.length);
        }
      }),
      runs,
    );
  });

  it('a kept promise was one, and the longest silence is as long as it was', () => {
    fc.assert(
      fc.property(stories, fc.boolean(), (askings, prompt) => {
        act(askings, prompt, ({ row }) => {
          const { punctuality } = row?.updates ?? {};
          if (!punctuality) return;
          expect(punctuality.kept).toBeLessThanOrEqual(punctuality.made);
          expect(Math.min(punctuality.kept, punctuality.latestMs, punctuality.silenceMs)).toBeGreaterThanOrEqual(0);
        });
      }),
      runs,
    );
  });
});
