import { describe, expect, it } from 'vitest';
import { event } from '../context.js';
import type { Escalation } from '../escalation.js';
import type { Policy } from '../state.js';
import {
  alerts,
  attach,
  clear,
  declare,
  declared,
  given,
  machine,
  minutes,
  open,
  person,
  policy,
  Story,
  start,
} from '../testing.js';
import { calls, ladder, laddered, lead, level, named, on, opened, paged, unanswered } from '../testing-ladder.js';

const by = machine;

describe('whoever is called', () => {
  it('comes level after level, then all of it again with pauses twice as long, and then that nobody answered is said', () => {
    const story = unanswered(opened(laddered()), 9);
    expect(paged(story)).toEqual([
      '0 declared 1.1 bob (on call for primary)',
      '15 missed 1.2 oskar (owner of registry), lea (platform lead)',
      '25 missed 2.1 bob (on call for primary)',
      '55 missed 2.2 oskar (owner of registry), lea (platform lead)',
    ]);
    expect(story.fresh.map(({ type }) => type)).toEqual(['acknowledgeMissed']);
    expect(story.said).toEqual(['nobody-answered>incident', 'nobody-answered>operators']);
    story.leaves({ acknowledgeDueAt: null });
  });

  it('is found out when they are called, not when it was declared', () => {
    const late = opened(laddered({ levels: [level('primary', minutes(90)), level('primary')] }));
    expect(paged(unanswered(late, 1)).at(-1)).toMatch(/cleo \(on call for primary\)$/);
  });

  it('is said in the channel once per level, and not at all when it is declared', () => {
    const first = opened(laddered());
    expect(first.said.filter((each) => /paged|acknowledge/.test(each))).toEqual([]);
    expect(unanswered(first, 1).said).toEqual(['acknowledge-overdue>incident']);
  });

  it('has a job of their own, which an acknowledgement takes back', () => {
    const story = unanswered(opened(laddered()), 1);
    expect(calls(story)).toEqual(['page/i1/3/bob', 'page/i1/5/oskar', 'page/i1/5/lea']);
    const seen = story.when({ type: 'acknowledge' }, { after: minutes(16), by: person('bob') });
    expect(calls(seen)).toEqual([]);
    expect([seen.due('acknowledge/i1'), seen.incident.paging?.ringing]).toEqual([null, []]);
  });

  it.each([
    { type: 'resolve', summary: null },
    { type: 'changeStatus', to: 'monitoring', reason: null },
  ] as const)('need not come when it has ended, and must while it has not: $type', (command) => {
    const after = opened(laddered()).when(command, { by: person('ada') });
    expect(calls(after)).toEqual(command.type === 'resolve' ? [] : ['page/i1/3/bob']);
  });

  it('can see it and is invited', () => {
    const story = opened(laddered());
    expect(story.incident.responders).toEqual(['bob']);
    const invited = story.put.flatMap(({ task }) =>
      task.kind === 'invite' && task.platform === 'home' ? task.people : [],
    );
    expect(invited).toEqual(['olga', 'bob']);
  });

  it('is nobody while no alert fires any more', () => {
    expect(
      paged(new Story().when(open({ policy: laddered(), alerts: alerts({ firing: 0 }) }), { by, given: on })),
    ).toEqual([]);
    const cleared = opened(laddered()).when(clear(), { after: minutes(3), by, given: on });
    expect(cleared.due('acknowledge/i1')).toBeNull();
    const again = cleared.when(attach('sev2'), { after: minutes(5), by, given: on });
    expect(paged(again)).toHaveLength(1);
    expect(paged(unanswered(again, 1)).at(-1)).toMatch(/^20 missed 1\.2 /);
  });

  it('is called when one fires again of what had cleared before anybody was called', () => {
    const story = new Story().when(open({ policy: laddered(), alerts: alerts({ firing: 0 }) }), {
      after: 0,
      by,
      given: on,
    });
    expect(paged(story.when(attach('sev2'), { after: minutes(2), by, given: on }))).toEqual([
      '2 declared 1.1 bob (on call for primary)',
    ]);
  });

  it('is called anew when it comes back and nobody had acknowledged', () => {
    const story = unanswered(opened(laddered()), 1)
      .when({ type: 'resolve', summary: null }, { after: minutes(16), by, given: on })
      .when(attach('sev2'), { after: minutes(20), by, given: on });
    expect(paged(story).at(-1)).toBe('20 reopened 1.1 bob (on call for primary)');
  });
});

describe('a level that cannot be reached', () => {
  const lost = (story: Story, personId: string, page: number) =>
    story.when({ type: 'recordUnreached', personId, page }, { after: minutes(1), by, given: on });

  it('is not waited for: the next one is called at once, when nobody on it can be', () => {
    const first = lost(opened(laddered()), 'bob', 3);
    expect(paged(first).at(-1)).toBe('1 unreached 1.2 oskar (owner of registry), lea (platform lead)');
    expect(first.due('acknowledge/i1')).toBe(minutes(11));
    const half = lost(first, 'oskar', 5);
    expect(half.fresh.map(({ type }) => type)).toEqual(['pageUnreached']);
  });

  it('and is the last one waits for the next round, as does one that somebody has answered', () => {
    const both = lost(lost(lost(opened(laddered()), 'bob', 3), 'oskar', 5), 'lea', 5);
    expect(paged(both)).toHaveLength(2);
    const seen = opened(laddered()).when({ type: 'acknowledge' }, { by: person('cleo') });
    expect(paged(lost(seen, 'bob', 3))).toHaveLength(1);
  });
});

describe('a level that names nobody', () => {
  const nobody = level('secondary');

  it('calls whoever stands in for it, and says who is missing', () => {
    const story = opened(
      laddered({ levels: [nobody, lead], otherwise: [{ kind: 'people', as: 'platform lead', people: ['lea'] }] }),
    );
    expect(paged(story)).toEqual(['0 declared 1.1 lea (platform lead)']);
    expect(story.fresh.at(-1)?.body).toMatchObject({ nobody: ['on call for secondary: nobody is planned then'] });
  });

  it('is passed over at once without one', () => {
    expect(paged(opened(laddered({ levels: [nobody, lead] })))).toEqual([
      '0 declared 1.2 oskar (owner of registry), lea (platform lead)',
    ]);
  });

  it('as all others do, is said aloud at once, and the channel is asked again', () => {
    const story = opened(
      laddered({ levels: [nobody, { targets: [{ kind: 'owners' }] }], repeat: 0 }, { services: {} }),
    );
    expect(story.fresh.at(-1)).toMatchObject({
      type: 'paged',
      body: {
        people: [],
        nobody: ['on call for secondary: nobody is planned then', 'owners: nobody owns registry'],
        acknowledgeDueAt: start + minutes(15),
      },
    });
    expect(story.said).toEqual(expect.arrayContaining(['nobody-called>incident', 'nobody-called>operators']));
    expect(unanswered(story, 5).said).toEqual(['nobody-answered>incident', 'nobody-answered>operators']);
  });
});

describe('which ladder is gone up', () => {
  it('is the first that fits severity and service', () => {
    const to = (name: string, more: Partial<Escalation>): Escalation =>
      ladder({ name, levels: [{ targets: [{ kind: 'people', as: name, people: [name] }] }], ...more });
    const rules: Policy = {
      ...policy,
      escalations: [
        to('git', { services: ['git'] }),
        to('grave', { severities: ['sev1'], services: ['registry'] }),
        to('rest', {}),
      ],
    };
    expect(paged(opened(rules, 'sev1'))).toEqual(['0 declared 1.1 grave (grave)']);
    expect(paged(opened(rules))).toEqual(['0 declared 1.1 rest (rest)']);
  });

  it('is that of the graver severity when it rises, without those who were called already', () => {
    const rules = laddered(
      {},
      {
        escalations: [
          ladder({
            name: 'grave',
            severities: ['sev1'],
            levels: [{ targets: [...level('primary').targets, ...lead.targets] }],
          }),
          ladder(),
        ],
      },
    );
    const story = opened(rules).when(attach('sev1'), { after: minutes(2), by, given: on });
    expect(paged(story).at(-1)).toBe('2 raised 1.1 oskar (owner of registry), lea (platform lead)');
    story.leaves({ acknowledgeDueAt: start + minutes(7), paging: { escalation: 'grave', level: 1, levels: 1 } });
  });

  it('calls those again who came for less when a tier 1 service shows symptoms, though somebody has it in hand', () => {
    const rules = laddered({ levels: [level('primary', minutes(5))] });
    const symptoms = [{ service: 'web', path: ['web', 'registry'], tier: 1 }];
    const more = { by, given: on };
    const seen = () => opened(rules).when({ type: 'acknowledge' }, { by: person('bob'), after: minutes(1), given: on });
    const spread = seen().when(attach('sev1', { symptoms }), { ...more, after: minutes(2) });
    expect(paged(spread)).toEqual([
      '0 declared 1.1 bob (on call for primary)',
      '2 raised 1.1 bob (on call for primary)',
    ]);
    spread.leaves({ severity: 'sev1', acknowledgeDueAt: null });
    expect(spread.incident.paging?.ringing).toMatchObject([{ personId: 'bob', answerDueAt: start + minutes(7) }]);

    const lesser = seen().when(attach('sev1', { symptoms: [{ ...symptoms[0]!, tier: 2 }] }), {
      ...more,
      after: minutes(2),
    });
    expect(paged(lesser)).toHaveLength(1);
    lesser.leaves({ severityProposal: { severity: 'sev1' } });
  });

  it('calls nobody of a severity without a ladder', () => {
    expect(paged(opened({ ...policy, invite: [] }))).toEqual([]);
  });
});

describe('what a person declares', () => {
  it('calls the first level, but nobody is chased, and not whoever declares it', () => {
    const story = new Story().when(declare({ services: ['registry'], policy: laddered() }), { after: 0, given: on });
    expect(paged(story)).toEqual(['0 declared 1.1 bob (on call for primary)']);
    story.leaves({ acknowledgeDueAt: null, acknowledgedBy: 'ada' });
    expect(calls(story)).toEqual(['page/i1/3/bob']);
    expect(paged(new Story().when(declare({ policy: laddered() }), { by: person('bob'), given: on }))).toEqual([]);
  });

  it('in private calls nobody unasked; whoever is called by name can then see it', () => {
    const story = new Story().when(declare({ policy: laddered(), visibility: 'private' }), { given: on });
    expect([paged(story), story.incident.responders]).toEqual([[], ['ada']]);
    const asked = story.when({ type: 'page', people: named('bob'), reason: 'the key is theirs' }, { given: on });
    expect(asked.incident.responders).toEqual(['ada', 'bob']);
    asked
      .when({ type: 'escalate', reason: null }, { given: on })
      .gives({ paged: { people: [{ personId: 'bob', because: 'on call for primary' }] } });
  });

  it('as a drill calls only who is in it, unless the rules say otherwise', () => {
    const drill = (rules: Partial<Policy>) =>
      new Story().when(declare({ policy: laddered({}, rules), drill: true }), { after: 0, given: on });
    expect(paged(drill({}))).toEqual([]);
    expect(paged(drill({ pagesInDrills: true }))).toHaveLength(1);
  });
});

describe('calling by name', () => {
  const mine = () => given(...declared({ policy: laddered() }), event('acknowledged', {}));

  it('calls them now, with the reason, and says so in the channel', () => {
    const story = mine()
      .when({ type: 'page', people: named('cleo', 'cleo', 'ada'), reason: 'the disk' }, { after: minutes(10) })
      .gives({
        paged: {
          why: 'asked',
          escalation: null,
          people: [{ personId: 'cleo', because: 'called by name' }],
          reason: 'the disk',
          answerDueAt: start + minutes(25),
        },
      });
    expect([story.said, calls(story)]).toEqual([['paged>incident'], ['page/i1/4/cleo']]);
    expect(story.due('answer/i1')).toBe(minutes(25));
  });

  it('is answered by whoever was called, once', () => {
    const story = mine().when({ type: 'page', people: named('cleo'), reason: null });
    const came = story.when({ type: 'acknowledge' }, { by: person('cleo') }).gives({ pageAnswered: {} });
    expect([came.said, calls(came), came.due('answer/i1')]).toEqual([
      ['page-answered>incident', 'briefing>person'],
      [],
      null,
    ]);
    const joined = story.when({ type: 'join', personId: 'cleo', said: null }, { by: person('cleo') });
    expect(joined.gives({ pageAnswered: {} }).said).toEqual(['page-answered>incident', 'briefing>person']);
    story.when({ type: 'join', personId: 'cleo', said: null }, { by: person('ada') }).gives();
    const there = mine()
      .when({ type: 'join', personId: 'cleo', said: null }, { by: person('cleo') })
      .when({ type: 'page', people: named('cleo'), reason: null })
      .when({ type: 'acknowledge' }, { by: person('cleo') });
    expect(there.gives({ pageAnswered: {} }).said).toEqual(['page-answered>incident']);
    came.when({ type: 'acknowledge' }, { by: person('cleo') }).refuses('already-acknowledged', /already/);
  });

  it('is still wanted when another acknowledges, and is not when they do anything themselves', () => {
    const story = opened(laddered()).when({ type: 'page', people: named('cleo'), reason: null }, { given: on });
    expect(calls(story.when({ type: 'acknowledge' }, { by: person('bob') }))).toEqual(['page/i1/4/cleo']);
    expect(calls(story.when({ type: 'addNote', text: 'here' }, { by: person('cleo') }))).toEqual(['page/i1/3/bob']);
  });

  it('that nobody answers is said once', () => {
    const story = mine().when({ type: 'page', people: named('cleo'), reason: null }, { after: minutes(10) });
    const dueAt = start + minutes(25);
    const missed = story
      .when({ type: 'missAnswer', dueAt }, { after: minutes(25), by })
      .gives({ answerMissed: { people: ['cleo'], dueAt } });
    expect([missed.said, missed.due('answer/i1')]).toEqual([['answer-overdue>incident'], null]);
    missed.when({ type: 'missAnswer', dueAt }, { by }).gives();
  });

  it('of oneself, or after the end, is refused', () => {
    mine()
      .when({ type: 'page', people: named('ada'), reason: null })
      .refuses('nobody-to-page', /\/incident page @who/);
    mine()
      .when({ type: 'resolve', summary: null })
      .when({ type: 'page', people: named('bob'), reason: null })
      .refuses('ended', /reopen/);
  });
});

describe('the next level now', () => {
  it('is called with the reason, and the one after it when its time has passed', () => {
    const story = opened(laddered())
      .when({ type: 'escalate', reason: 'bob is on a plane' }, { after: minutes(2), given: on })
      .gives({ paged: { why: 'asked', level: 2, reason: 'bob is on a plane', acknowledgeDueAt: start + minutes(12) } });
    expect(story.due('acknowledge/i1')).toBe(minutes(12));
    expect(paged(unanswered(story, 1)).at(-1)).toMatch(/^12 missed 2\.1 bob/);
  });

  it('is refused when there is none, or nobody stands behind it', () => {
    given(...declared({ policy: { ...policy, invite: [] } }))
      .when({ type: 'escalate', reason: null })
      .refuses('nobody-to-page', /Nobody is named to be called.*\/incident page @who/);
    opened(laddered({ levels: [level('primary')], repeat: 0 }))
      .when({ type: 'escalate', reason: null }, { given: on })
      .refuses('nobody-to-page', /Everybody who is named has been called/);
    given(...declared({ policy: laddered({ levels: [level('secondary')] }) }))
      .when({ type: 'escalate', reason: null }, { given: on })
      .refuses('nobody-to-page', /on call for secondary: nobody is planned then/);
  });
});
