import { describe, expect, it } from 'vitest';
import { alone, answersFor, hereOf } from '../here.js';
import { context, declared, given, machine, minutes, person, policy, type Story, start } from '../testing.js';

const hours = (n: number): number => minutes(60 * n);
const led = (more: object = {}) =>
  given(...declared({ policy: { ...policy, ...more } })).when(
    { type: 'assignRole', role: 'commander', personId: 'ada' },
    { after: minutes(1) },
  );
const offered = (story: Story, after = minutes(10)) =>
  story.when({ type: 'offerHandover', to: 'bob', roles: null, note: 'State: sev2.' }, { after });
const check = (story: Story, after: number) =>
  story.when({ type: 'checkHandover', dueAt: start + after }, { after, by: machine });
const told = (story: Story) =>
  story.put.flatMap(({ task }) =>
    task.kind === 'post' && task.to.to === 'person' ? [`${task.say}>${task.to.personId}`] : [],
  );

describe('handing over', () => {
  it('changes nothing until it is accepted: it is told to the other alone, and the card shows it', () => {
    const story = offered(led()).gives({ handoverOffered: { to: 'bob', roles: ['commander'] } });
    expect(story.said).toEqual(['handover-offered>person']);
    story.leaves({ roles: { commander: 'ada' }, handover: { from: 'ada', asked: ['bob'] } });
    expect(story.due('handover/i1')).toBe(minutes(20));
  });

  it('accepted, the command is theirs, told once in the channel; whoever handed over is not there any more', () => {
    const story = offered(led()).when({ type: 'acceptHandover' }, { after: minutes(12), by: person('bob') });
    story.gives(
      { handoverAccepted: { from: 'ada' } },
      { roleAssigned: { role: 'commander', personId: 'bob', along: true } },
    );
    story.leaves({ roles: { commander: 'bob' }, handover: null });
    expect(story.said).toEqual(['handover-accepted>incident']);
    expect(story.due('handover/i1')).toBeNull();
    expect(hereOf(story.incident)).toEqual(['bob']);
  });

  it('takes every role of whoever hands over along, or the one that is named', () => {
    const both = led().when({ type: 'assignRole', role: 'communications', personId: 'ada' });
    offered(both).gives({ handoverOffered: { roles: ['commander', 'communications'] } });
    const one = both.when({ type: 'offerHandover', to: 'bob', roles: ['communications'], note: '' });
    one
      .when({ type: 'acceptHandover' }, { by: person('bob') })
      .leaves({ roles: { commander: 'ada', communications: 'bob' } });
    both.when({ type: 'offerHandover', to: 'bob', roles: ['scribe'], note: '' }).refuses('not-yours', /assign scribe/);
  });

  it('reminds whoever is asked, then asks who is on call as well; either may accept', () => {
    const reminded = check(offered(led()), minutes(20)).gives({ handoverReminded: { people: ['bob'] } });
    expect(told(reminded)).toEqual(['handover-offered>bob']);
    const next = check(reminded, minutes(30)).gives({ handoverClimbed: { to: 'olga', after: 'silence' } });
    expect(told(next)).toEqual(['handover-offered>olga', 'handover-waits>ada']);
    next.leaves({ roles: { commander: 'ada' }, handover: { asked: ['bob', 'olga'] } });
    for (const who of ['bob', 'olga'])
      next.when({ type: 'acceptHandover' }, { by: person(who) }).leaves({ roles: { commander: who } });
    const nobody = check(check(next, minutes(40)), minutes(50)).gives({ handoverClimbed: { to: null, askAt: null } });
    expect(told(nobody)).toEqual(['handover-waits>ada']);
    expect(nobody.due('handover/i1')).toBeNull();
  });

  it('asks the lead before those who were called', () => {
    const story = check(check(offered(led({ platformLead: ['lea'] })), minutes(20)), minutes(30));
    story.gives({ handoverClimbed: { to: 'lea', because: 'platform lead' } });
  });

  it('declined, it goes on at once, and whoever hands over hears why', () => {
    const no = offered(led()).when(
      { type: 'declineHandover', reason: 'on a train' },
      { after: minutes(11), by: person('bob') },
    );
    no.gives({ handoverDeclined: { reason: 'on a train' } }, { handoverClimbed: { to: 'olga', after: 'refusal' } });
    expect(told(no)).toEqual(['handover-declined>ada', 'handover-offered>olga']);
    no.leaves({ handover: { asked: ['olga'] }, roles: { commander: 'ada' } });
    no.when({ type: 'acceptHandover' }, { by: person('bob') }).refuses('not-asked', /take commander/);
    expect(hereOf(no.incident)).toEqual(['ada']);
  });

  it('is over when somebody takes the command, lets go of it, or the incident ends', () => {
    const waits = offered(led());
    for (const end of [
      waits.when({ type: 'assignRole', role: 'commander', personId: 'cleo' }, { by: person('cleo') }),
      waits.when({ type: 'releaseRole', role: 'commander', personId: 'ada' }),
      waits.when({ type: 'resolve', summary: null }),
      waits.when({ type: 'withdrawHandover' }),
    ]) {
      expect(end.incident.handover).toBeNull();
      expect(end.due('handover/i1')).toBeNull();
    }
    waits.when({ type: 'withdrawHandover' }, { by: person('bob') }).refuses('not-yours', /decline/);
    check(waits.when({ type: 'withdrawHandover' }), minutes(20)).gives();
  });

  it('of a private incident nobody hears who is not in it, except who is named', () => {
    const hidden = given(...declared({ visibility: 'private' })).when({
      type: 'assignRole',
      role: 'commander',
      personId: 'ada',
    });
    const story = check(check(offered(hidden), minutes(20)), minutes(30));
    story.gives({ handoverClimbed: { to: null } });
    expect(story.incident.responders).toContain('bob');
  });

  it('only whoever has a role hands it over, and not to themself', () => {
    offered(given(...declared())).refuses('not-yours', /assign/);
    led().when({ type: 'offerHandover', to: 'ada', roles: null, note: '' }).refuses('yourself', /@who/);
    led()
      .when({ type: 'acceptHandover' }, { by: person('bob') })
      .refuses('no-handover', /handover @who/);
  });
});

describe('when a handover is proposed', () => {
  const ladder = [
    {
      name: 'nights',
      levels: [{ targets: [{ kind: 'schedule' as const, schedule: 'primary' }] }],
      repeat: 0,
      otherwise: [],
    },
  ];
  /** Ada until 06:00, then Bob. */
  const six = start + hours(4);
  const rota = context({ onCall: (_, at) => ({ people: [at < six ? 'ada' : 'bob'], why: null }) });
  const watched = given(...declared({ policy: { ...policy, escalations: ladder } })).when(
    { type: 'assignRole', role: 'commander', personId: 'ada' },
    { after: minutes(1), given: rota },
  );

  it('at the end of the shift, naming who is on call then, to whoever commands alone', () => {
    expect(watched.due('propose-handover/i1')).toBe(hours(4));
    const story = watched.when({ type: 'proposeHandover', dueAt: six }, { after: hours(4), by: machine, given: rota });
    story.gives({ handoverProposed: { why: 'shift', personId: 'ada', to: 'bob' } });
    expect(story.said).toEqual(['handover-proposed>person']);
    expect(story.due('propose-handover/i1')).toBe(hours(6) + minutes(1));
  });

  it('after six hours of command, and every six after', () => {
    const story = led();
    expect(story.due('propose-handover/i1')).toBe(hours(6) + minutes(1));
    const dueAt = start + hours(6) + minutes(1);
    const again = story.when({ type: 'proposeHandover', dueAt }, { after: dueAt - start, by: machine });
    expect(again.gives({ handoverProposed: { why: 'long', to: null } }).due('propose-handover/i1')).toBe(
      hours(12) + minutes(1),
    );
  });

  it('not while one waits, and not to somebody who commands no longer', () => {
    expect(offered(watched).due('propose-handover/i1')).toBeNull();
    const released = watched.when({ type: 'releaseRole', role: 'commander', personId: 'ada' });
    expect(released.due('propose-handover/i1')).toBeNull();
  });

  it('before the weekend', () => {
    // The story begins on a Tuesday: its Friday afternoon comes after 84 hours.
    const late = given(...declared()).when(
      { type: 'assignRole', role: 'commander', personId: 'ada' },
      { after: hours(79) },
    );
    expect(late.due('propose-handover/i1')).toBe(hours(84));
  });
});

describe('roles of whoever is alone', () => {
  it('are all theirs, with or without the command, until somebody else is there', () => {
    const seen = given(...declared()).when({ type: 'acknowledge' });
    expect(alone(seen.incident)).toBe('ada');
    expect(answersFor(seen.incident, 'ada')).toEqual(['commander', 'communications', 'scribe']);
    const two = led().when({ type: 'addNote', text: 'here' }, { by: person('bob') });
    expect(alone(two.incident)).toBeNull();
    expect(answersFor(two.incident, 'bob')).toEqual([]);
    expect(answersFor(two.incident, 'ada')).toEqual(['commander', 'communications', 'scribe']);
  });

  it('are offered to be given away when somebody comes: each once, to whoever commands alone', () => {
    const two = led().when({ type: 'addNote', text: 'here' }, { after: minutes(3), by: person('bob') });
    expect(two.due('offer-role/i1')).toBe(minutes(5));
    const dueAt = start + minutes(5);
    const offer = two.when({ type: 'offerRole', dueAt }, { after: minutes(5), by: machine });
    offer.gives({ roleOffered: { role: 'communications', personId: 'bob', commander: 'ada' } });
    expect(offer.said).toEqual(['role-offered>person']);
    const gave = offer.when({ type: 'assignRole', role: 'communications', personId: 'bob' }, { after: minutes(6) });
    expect(gave.due('offer-role/i1')).toBeNull();
    const three = gave.when({ type: 'addNote', text: 'me too' }, { after: minutes(9), by: person('cleo') });
    expect(three.due('offer-role/i1')).toBe(minutes(11));
  });

  it('are not offered to somebody who has taken one meanwhile', () => {
    const two = led().when({ type: 'addNote', text: 'here' }, { after: minutes(3), by: person('bob') });
    const took = two.when(
      { type: 'assignRole', role: 'operations', personId: 'bob' },
      { after: minutes(4), by: person('bob') },
    );
    expect(took.due('offer-role/i1')).toBeNull();
  });
});
