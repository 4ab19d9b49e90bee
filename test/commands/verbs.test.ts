import { describe, expect, it } from 'vitest';
import { groups } from '../../src/commands/verb.js';
import { spokenWords, verbs } from '../../src/commands/verbs.js';
import { attach, policy, start } from '../../src/incident/testing.js';
import { sensibleNow } from '../../src/messages/sensible-now.js';
import { dayMs } from '../../src/oncall/rotation.js';
import type { Silence } from '../../src/quiet/silence.js';
import { button, episode, labels, opened, people, Room, wordsOf } from './room.js';

describe('the list of verbs', () => {
  it('has no word that means two things', () => {
    const words = verbs.flatMap((verb) => [verb.name, ...verb.aliases, ...Object.keys(verb.presets ?? {})]);
    expect(words.filter((word, at) => words.indexOf(word) !== at)).toEqual([]);
    expect(spokenWords).toHaveLength(words.length);
  });

  it('has words that can be typed: lower case, one token, and a group for the help', () => {
    for (const word of spokenWords) expect(word).toMatch(/^[a-z0-9'?-]+$/);
    for (const verb of verbs) expect(groups).toContain(verb.group);
  });

  it.each(verbs.map((verb) => [verb.name, verb] as const))('%s has a usage that begins with its name', (name, verb) => {
    expect(verb.usage.split(' ')[0]).toBe(name);
    expect(verb.help).toMatch(/\.$/);
  });

  it.each(verbs.flatMap((verb) => verb.examples.map((example) => [example, verb.name] as const)))(
    'the example "%s" works as it stands for %s',
    async (example, name) => {
      const room = await fitFor(name);
      const { reply } = await room.type(example);
      expect(reply.refusal).toBeUndefined();
      expect(reply.text.trim()).not.toBe('');
    },
  );
});

const silenced: Silence = {
  ...{ number: 3, kind: 'silence', what: [{ services: ['registry'] }], because: 'kernel update', incidentId: null },
  ...{ setBy: 'p-ada', setAt: start, fromAt: start, untilAt: start + dayMs, endedAt: null },
};

/** An incident in the state in which the verb makes sense. */
async function fitFor(verb: string): Promise<Room> {
  // Something else is open than what the examples declare.
  if (verb === 'declare') return new Room();
  const room = opened(['snooze', 'dismiss', 'own'].includes(verb) ? 'sev3' : verb === 'sev' ? 'sev3' : 'sev1');
  if (verb === 'silence' || verb === 'maintenance')
    room.quiet = { ...room.quiet, silences: [3, 4].map((number) => ({ ...silenced, number })) };
  if (verb === 'sev') await room.type('declare');
  if (['merge', 'unmerge', 'link', 'unlink'].includes(verb)) {
    for (const [number, title] of [
      [9, 'The switch is gone'],
      [12, 'Builds are slow'],
    ] as const) {
      room.numbers = number - 1;
      await room.type(`declare --new ${title}`, null);
    }
    if (verb === 'unmerge') await room.type('merge into #9');
    if (verb === 'unlink') await room.type('link #9');
  }
  const onGated = ['answer', 'value', 'decide', 'rollback', 'carry'].includes(verb);
  if (onGated) for (const line of ['playbook switch gated', 'take', 'next']) await room.type(line);
  if (verb === 'rollback') await room.type('done 1 db-1');
  if (verb === 'answer') await room.type('take step 2');
  if (verb === 'carry') await room.type('resolve');
  const onWatched = ['tick', 'untick', 'approve', 'decline', 'more', 'stuck'].includes(verb);
  if (onWatched) await room.type('playbook switch storage-exhaustion');
  if (onWatched || ['done', 'skip', 'fail', 'back', 'take', 'assign'].includes(verb)) await room.type('next');
  if (verb === 'oncall') await onCall(room);
  if (verb === 'untick') await room.type('tick 2');
  if (verb === 'approve' || verb === 'decline') {
    await room.type('done');
    room.asker = people[2]!;
    await room.type('take commander');
  }
  if (verb === 'task') await room.type('task @cleo look at the disk for 10m');
  if (verb === 'handover') {
    await room.type('take');
    await room.type('handover send @cleo');
    room.asker = people[2]!;
  }
  if (verb === 'release') for (const role of ['commander', 'scribe', 'communications']) await room.type(`take ${role}`);
  if (verb === 'subscribe' || verb === 'unsubscribe') room.email = 'ada@example.com';
  if (verb === 'unsubscribe') await room.type('subscribe registry');
  if (verb === 'undo') await room.type('note This is wrong');
  if (verb === 'split') room.episodes = [episode('DiskFull')];
  if (verb === 'detach') {
    const symptoms = [{ service: 'web', path: ['web', 'registry'], tier: 1 }];
    room.perform('i1', attach('sev2', { symptoms }));
  }
  if (verb === 'back') await room.type('done');
  if (verb === 'redact') await room.type('ack');
  if (verb === 'playbook') room.perform('i1', { type: 'attachPlaybook', hash: 'gone', reason: '' });
  if (verb === 'long') room.now += 3 * 3_600_000;
  if (verb === 'workaround') await room.type('workaround Use the mirror');
  if (verb === 'policy') room.perform('i1', { type: 'adoptPolicy', policy: { ...policy, reopenForMs: 1 } });
  if (verb === 'reopen' || verb === 'close') await room.type('resolve');
  return room;
}

/** Everybody is on call for `primary`, one after the other, and Ada has taken it for an hour. */
async function onCall(room: Room): Promise<void> {
  const layer = { people: people.map(({ personId }) => personId), turnFor: dayMs, startsAt: 0, endsAt: null, only: [] };
  room.onCall = {
    ...room.onCall,
    schedules: [{ name: 'primary', kind: 'rotation', zone: 'UTC', layers: [layer], holidays: [] }],
  };
  await room.type('oncall take primary for 1h');
}

describe('what a line does', () => {
  const cases: [line: string, command: object][] = [
    ['ack', { type: 'acknowledge' }],
    ['Acknowledged', { type: 'acknowledge' }],
    ['sev 2 the mirror takes the reads', { type: 'changeSeverity', to: 'sev2', reason: 'the mirror takes the reads' }],
    ['severity SEV-2 it spreads', { type: 'changeSeverity', to: 'sev2', reason: 'it spreads' }],
    ['sev 2: it spreads', { type: 'changeSeverity', to: 'sev2', reason: 'it spreads' }],
    ['sev2 it spreads', { type: 'changeSeverity', to: 'sev2', reason: 'it spreads' }],
    ['take', { type: 'assignRole', role: 'commander', personId: 'p-ada' }],
    ['take ic', { type: 'assignRole', role: 'commander', personId: 'p-ada' }],
    ['I’ll take comms', { type: 'assignRole', role: 'communications', personId: 'p-ada' }],
    ['i take over as scribe', { type: 'assignRole', role: 'scribe', personId: 'p-ada' }],
    ['assign comms @cleo', { type: 'assignRole', role: 'communications', personId: 'p-cleo' }],
    ['assign @p-bob operations', { type: 'assignRole', role: 'operations', personId: 'p-bob' }],
    ['assign scribe to ADA LOVELACE', { type: 'assignRole', role: 'scribe', personId: 'p-ada' }],
    ['assign scribe me', { type: 'assignRole', role: 'scribe', personId: 'p-ada' }],
    ['impact No team can publish', { type: 'stateImpact', text: 'No team can publish' }],
    ['comment: the disk is full', { type: 'addNote', text: 'the disk is full' }],
    ['note #7 was the same', { type: 'addNote', text: '#7 was the same' }],
    ['update We free space', { type: 'postUpdate', text: 'We free space' }],
    ['status identified The disk', { type: 'changeStatus', to: 'identified', reason: 'The disk' }],
    ['mitigated', { type: 'changeStatus', to: 'monitoring', reason: null }],
    ['status mitigated the mirror', { type: 'changeStatus', to: 'monitoring', reason: 'the mirror' }],
    ['fixed', { type: 'resolve', summary: null }],
    ['resolve teh thing', { type: 'resolve', summary: 'teh thing' }],
    ['status resolved all is well', { type: 'resolve', summary: 'all is well' }],
    ['next please', { type: 'next' }],
    ['action Try the restore', { type: 'addFollowUp', text: 'Try the restore', owner: null, dueOn: null }],
    [
      'follow up Alert earlier @ada 2030-01-20',
      { type: 'addFollowUp', text: 'Alert earlier', owner: 'p-ada', dueOn: '2030-01-20' },
    ],
    [
      'todo Alert earlier by 2030-01-20 @Bob Stone',
      { type: 'addFollowUp', text: 'Alert earlier', owner: 'p-bob', dueOn: '2030-01-20' },
    ],
    ['action Ask @cleo about mails', { type: 'addFollowUp', text: 'Ask @cleo about mails', owner: null, dueOn: null }],
    ['action Move to 1.2.3', { type: 'addFollowUp', text: 'Move to 1.2.3', owner: null, dueOn: null }],
    [
      'action Today still counts 2030-01-15',
      { type: 'addFollowUp', text: 'Today still counts', owner: null, dueOn: '2030-01-15' },
    ],
  ];
  it.each(cases)('%s', async (line, command) => {
    const room = opened('sev1');
    const answer = await room.type(line);
    expect(answer.command).toEqual(command);
    expect(answer.reply.refusal).toBeUndefined();
    expect(answer.reply.text).not.toBe('');
  });

  it('keeps the words typed after ack, on a button', async () => {
    const room = opened();
    const { reply } = await room.type('ack I look at the disk');
    await room.press(button(reply.card, 'Add the words as a note'));
    expect(room.kept.get('i1')?.timeline.at(-1)).toMatchObject({ type: 'noted', body: { text: 'I look at the disk' } });
  });

  it('says to the asker when the next update is due', async () => {
    const { reply } = await opened().type('update We free space');
    expect(reply.text).toBe('Update 1 of #42 goes out. The next one is due at 02:30 UTC.');
  });

  it('names who commanded before', async () => {
    const room = opened();
    await room.type('assign commander @cleo');
    expect((await room.type('take')).reply.text).toContain('It was Cleo');
  });
});

describe('bad arguments say what is wrong and how it goes, and do nothing', () => {
  const table: [line: string, says: RegExp][] = [
    ['sev', /Which severity/],
    ['sev 2', /Say why it is sev2/],
    ['sev 4 worse', /1 \(worst\), 2 or 3/],
    ['sev \uff12 full width', /1 \(worst\), 2 or 3/],
    ['sev 0x1 hex', /1 \(worst\), 2 or 3/],
    ['take the biscuit', /The roles are/],
    ['assign', /Which role/],
    ['assign cook @ada', /Which role/],
    ['assign comms', /Who becomes communications/],
    ['impact', /who is affected/],
    ['note', /A note needs words/],
    ['note   \u200b ', /A note needs words/],
    ['update --next 15m', /what stakeholders should know/],
    ['publish --confirm', /what everybody may read/],
    ['publish --next soon x', /In how long/],
    ['subscribe two words', /Name one service/],
    ['unsubscribe two words', /Name one service/],
    ['status fine', /investigating, identified or monitoring/],
    ['action', /what is to be done/],
    ['action @ada 2030-01-20', /what is to be done/],
    ['action Test 2030-02-30', /2030-02-30 is not a day/],
    ['action Test 2030-1-5', /year-month-day/],
    ['action Test 15.01.2031', /year-month-day/],
    ['action Test 2029-12-31 @ada', /is past/],
    ['skip', /why the step is skipped/],
    ['fail', /what happened/],
    ['reopen', /why it is open again/],
    ['snooze', /why it can wait/],
    ['snooze 2h', /why it can wait/],
    ['snooze 0m now', /1 minute to 7 days/],
    ['snooze 9999d long', /1 minute to 7 days/],
    ['dismiss', /why this is not an incident/],
    ['declare', /Say what is wrong/],
    ['declare --sev 2', /Say what is wrong/],
    ['declare --sev 9 Pushes fail', /1 \(worst\), 2 or 3/],
    ['declare --privat A token is public', /Did you mean --private/],
    ['declare A token is public \u2014privte', /Did you mean --private/],
    ['declare --secret A token', /no option --secret/],
    ['declare --service', /needs the name/],
    ['declare !!!', /Say what is wrong/],
    ['playbook nothing-like-it', /There is no playbook/],
  ];
  it.each(table)('%s', async (line, says) => {
    const room = opened();
    const before = room.incident();
    const { reply, command } = await room.type(line);
    expect(command).toBeNull();
    expect(reply.refusal?.code).toBe('usage');
    expect(reply.text).toMatch(says);
    expect(reply.text).toContain('Usage: /incident ');
    expect(room.incident()).toBe(before);
  });

  it('an unknown person is refused with the names that are near, as buttons', async () => {
    const room = opened();
    const { reply } = await room.type('assign comms @cloe');
    expect(reply.refusal?.code).toBe('unknown-person');
    expect(reply.text).toContain('Did you mean Cleo?');
    expect((await room.press(button(reply.card, 'Cleo'))).incident?.roles.communications).toBe('p-cleo');
  });

  it('a first name two people have is refused with both', async () => {
    const { reply } = await opened().type('assign scribe @bob');
    expect(reply.refusal?.code).toBe('ambiguous-person');
    expect(labels(reply.card)).toEqual(['Bob Stone (@p-bob)', 'Bob Ross (@p-bob2)']);
  });

  it('an unknown owner of a follow-up is refused; the button keeps the text and the day', async () => {
    const room = opened();
    const { reply } = await room.type('action Try the restore @cleoo 2030-02-01');
    expect(reply.refusal?.code).toBe('unknown-person');
    await room.press(button(reply.card, 'Cleo'));
    expect(room.incident().followUps).toMatchObject([
      { text: 'Try the restore', owner: 'p-cleo', dueOn: '2030-02-01' },
    ]);
  });

  it('says what a follow-up still lacks', async () => {
    const { reply } = await opened().type('action Try the restore');
    expect(reply.text).toContain('Still missing: nobody owns it and it has no date');
  });
});

describe('declare', () => {
  const outside = () => new Room();
  it.each([
    [
      'declare Registry: pushes fail',
      { title: 'Registry: pushes fail', visibility: 'public', severity: null, services: [] },
    ],
    ['declare “Registry down”', { title: 'Registry down' }],
    [
      'declare --private --sev 1 A token is public',
      { visibility: 'private', severity: 'sev1', title: 'A token is public' },
    ],
    ['declare A token is public \u2014private', { visibility: 'private', title: 'A token is public' }],
    ['declare --sev=SEV-2 Slow', { severity: 'sev2', title: 'Slow' }],
    ['declare --sev sev3 Slow', { severity: 'sev3' }],
    ['declare sev1: Nothing builds', { severity: 'sev1', title: 'Nothing builds' }],
    ['declare --service registry --service “npm proxy” Slow', { services: ['registry', 'npm proxy'], title: 'Slow' }],
    ['declare curl -v and --http2 hang', { title: 'curl -v and --http2 hang' }],
    ['declare Two\n lines', { title: 'Two lines' }],
  ])('%s', async (line, expected) => {
    const { command, reply } = await outside().type(line);
    expect(command).toMatchObject({ type: 'declare', ...expected });
    expect(reply.text).toContain('#42 is declared');
  });

  it('chooses the playbook of the service and says so', async () => {
    const { reply, incident } = await outside().type('declare --service registry Pushes fail');
    expect(incident?.walk?.playbookId).toBe('registry-outage');
    expect(reply.text).toContain('Playbook: Registry outage');
  });

  it('points to the channel; a private one says nothing but its number', async () => {
    expect((await outside().type('declare Pushes fail')).reply.text).toContain('#inc-42-pushes-fail');
    expect((await outside().type('declare --private Pushes fail')).reply.text).toMatch(/#inc-42$/);
  });

  it('cuts a title at 200 characters and says so', async () => {
    const { incident, reply } = await outside().type(`declare ${'long '.repeat(100)}`);
    expect(incident?.title.length).toBeLessThanOrEqual(201);
    expect(reply.text).toContain('cut at 200');
  });

  it('takes an entry out of the triage queue with its own title', async () => {
    const room = opened('sev3');
    const { incident } = await room.type('declare --sev 2 it spreads');
    expect(incident).toMatchObject({ id: 'i1', number: 42, severity: 'sev2', severityReason: 'it spreads' });
    expect(incident?.title).toBe('Registry: pushes fail');
  });

  it('refuses another title for an entry of the triage queue', async () => {
    const { reply } = await opened('sev3').type('declare Something else');
    expect(reply.text).toContain('has its title already');
  });
});

describe('the triage queue', () => {
  it('snoozes for an hour unless said', async () => {
    const room = opened('sev3');
    const { reply, incident } = await room.type('snooze Waiting for the vendor');
    expect(incident?.snoozedUntil).toBe(room.now + 3_600_000);
    expect(reply.text).toContain('comes back in 1 h, at 15 Jan 03:00 UTC');
  });
  it.each([
    ['snooze 30m x', 30],
    ['snooze for 2 hours x', 120],
    ['snooze 1d: x', 1_440],
  ])('%s', async (line, minutes) => {
    const room = opened('sev3');
    const { incident } = await room.type(line);
    expect(incident?.snoozedUntil ?? null).toBe(room.now + minutes * 60_000);
  });
  it('dismisses with the reason', async () => {
    const { incident } = await opened('sev3').type('dismiss Known noise');
    expect(incident).toMatchObject({ status: 'dismissed', outcome: { reason: 'Known noise' } });
  });
});

describe('walking the playbook', () => {
  it('shows the step in hand with its content and buttons', async () => {
    const { reply } = await opened().type('next');
    expect(reply.text).toContain('Step 1 of 4 · Detect · Confirm that a push fails from outside');
    expect(reply.card?.blocks).toContainEqual({ kind: 'code', text: 'skopeo copy a b', language: 'sh' });
    expect(labels(reply.card)).toEqual(['Done', 'It failed…', 'Skip…', 'Assign…']);
    expect(button(reply.card, 'Skip…').input?.required).toBe(true);
  });

  it('goes on with the buttons alone, from anywhere', async () => {
    const room = opened();
    let { reply } = await room.type('next');
    room.here = null;
    ({ reply } = await room.press(button(reply.card, 'Done'), '503 from both'));
    expect(reply.text).toContain('✓ Step 1 is done. Step 2 of 4');
    expect(labels(reply.card)).toContain('Back');
    ({ reply } = await room.press(button(reply.card, 'Skip…'), 'frozen already'));
    expect(reply.text).toContain('Step 2 is skipped.');
    expect(button(reply.card, 'Done').input).toMatchObject({ required: true, label: 'digest?' });
    ({ reply } = await room.press(button(reply.card, 'Back')));
    expect(reply.text).toContain('Back at step 2');
    expect(room.incident('i1').walk?.steps.map(({ state, said }) => [state, said])).toEqual([
      ['done', '503 from both'],
      ['open', null],
      ['open', null],
      ['open', null],
    ]);
  });

  it('asks for what the step asks', async () => {
    const room = opened();
    for (const line of ['next', 'done', 'done']) await room.type(line);
    const { reply } = await room.type('done');
    expect(reply.refusal?.code).toBe('answer-needed');
    expect((await room.type('done sha256:1')).incident?.walk?.answers).toEqual({ digest: 'sha256:1' });
  });

  it('takes the branch when a step fails', async () => {
    const room = opened();
    await room.type('next');
    const { reply, incident } = await room.type('fail The push went through');
    expect(incident?.walk?.current).toBe(3);
    expect(reply.text).toContain('Its branch is taken. Step 4 of 4');
  });

  it('offers the way back at the end', async () => {
    const room = opened();
    for (const line of ['next', 'done', 'done', 'done x']) await room.type(line);
    const { reply } = await room.type('done');
    expect(reply.text).toContain('walked to its end');
    expect(labels(reply.card)).toEqual(['Resolve…', 'Back']);
  });

  it('shows every step and how it stands', async () => {
    const room = opened();
    for (const line of ['next', 'done', 'skip known']) await room.type(line);
    const { reply } = await room.type('steps');
    expect(wordsOf(reply.card)).toContain('✓ Detect · Confirm');
    expect(wordsOf(reply.card)).toContain('– Contain · Freeze');
    expect(wordsOf(reply.card)).toContain('○ Triage · Look');
  });

  it('lets people choose a playbook where there is none', async () => {
    const room = new Room();
    await room.type('Pushes fail');
    room.here = 'i1';
    const { reply } = await room.type('playbook');
    expect(reply.refusal?.code).toBe('no-playbook');
    const chosen = await room.press(button(reply.card, 'Registry outage'));
    expect(chosen.incident?.walk?.title).toBe('Registry outage');
  });
});

describe('the end', () => {
  it('warns of open steps at resolve, offers Close, and counts them at close', async () => {
    const room = opened();
    await room.type('next');
    const { reply } = await room.type('resolve Space freed');
    expect(reply.text).toContain('4 steps are still open; at close they become follow-ups');
    const closed = await room.press(button(reply.card, 'Close'));
    expect(closed.reply.text).toBe(
      '#42 is closed. 4 open steps are now follow-ups. 3 alerts still fire; if they are reported again later than 30 min from now, a new incident opens. The postmortem draft follows in the channel.',
    );
  });

  it('passes on what the core refuses', async () => {
    const { reply } = await opened().type('close');
    expect(reply.refusal?.code).toBe('not-resolved');
  });

  it('reopens with the reason', async () => {
    const room = opened();
    await room.type('resolve');
    expect((await room.type('reopen It fails again')).reply.text).toBe('#42 is open again: investigating.');
    expect(sensibleNow(room.incident()).map(({ label }) => label)).not.toContain('Close');
  });
});
