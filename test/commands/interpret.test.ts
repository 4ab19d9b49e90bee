import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { near } from '../../src/commands/near.js';
import { spokenWords, verbs } from '../../src/commands/verbs.js';
import { policy } from '../../src/incident/testing.js';
import type { Card } from '../../src/messages/card.js';
import { distance } from '../../src/messages/near.js';
import { type Answer, button, buttonsOf, labels, nodes, opened, Room, wordsOf } from './room.js';

describe('how a line may be typed', () => {
  it.each([
    '/incident ack',
    '/inc ack',
    '/muster   ACK',
    ' /Incident\u00a0Ack. ',
    '/incident /incident ack',
    '\u200back\u200b',
    'ack!',
    'on it',
  ])('%j acknowledges', async (line) => {
    expect((await opened().type(line)).command).toEqual({ type: 'acknowledge' });
  });

  it('does not read full-width digits as numbers', async () => {
    expect((await opened().type('#\uff14\uff12 ack')).command).toBeNull();
  });

  it.each(['#42 ack', 'inc-42 ack', '#inc-42-registry-pushes-fail ack', '/incident #42: ack', 'ack #42', 'ack inc-42'])(
    '%s works outside the channel',
    async (line) => {
      const room = opened('sev1', true);
      expect((await room.type(line)).incident).toMatchObject({ id: 'i1', acknowledgedBy: 'p-ada' });
    },
  );

  it('names an incident from inside the channel of another', async () => {
    const room = opened();
    const other = await room.type('declare Mirror is slow');
    expect(other.incident?.number).toBe(43);
    expect((await room.type('#43 note it began at two')).incident?.id).toBe('i2');
    expect((await room.type('status #43')).reply.text).toContain('#43 Mirror is slow');
  });

  it('refuses a number nobody has, and one the asker may not see', async () => {
    const room = opened();
    const secret = await room.type('declare --private A token is public');
    room.asker = { personId: 'p-bob', name: 'Bob Stone' };
    for (const line of ['#999 ack', `#${secret.incident?.number} status`])
      expect((await room.type(line)).reply.refusal?.code).toBe('unknown-incident');
  });
});

describe('a verb without the words it needs', () => {
  it.each(['note', 'sev', 'impact', 'assign', 'declare'])('%s asks for them below the answer', async (line) => {
    const answer = await opened().type(line);
    expect(answer.reply.refusal?.code).toBe('usage');
    const [asking, ...more] = buttonsOf(answer.reply.card as Card);
    expect(more).toEqual([]);
    expect(asking).toMatchObject({ command: `/incident ${line}`, input: { required: true } });
    const text = { note: 'seen', sev: '3 hardly anybody', impact: 'nobody pushes' }[line];
    if (text) expect((await opened().type(`${asking?.command} ${text}`)).reply.refusal).toBeUndefined();
  });
});

describe('a word that is nearly a verb', () => {
  const table: [typed: string, meant: string][] = [
    ['reslove', 'Resolve'],
    ['aknowledge', 'Ack'],
    ['aknowlege', 'Ack'],
    ['staus', 'Status'],
    ['dne', 'Done'],
    ['reopne', 'Reopen'],
    ['timelien', 'Timeline'],
    ['folowup', 'Action'],
    ['mitgated', 'Mitigated'],
    ['asign', 'Assign'],
    ['RESLOVE.', 'Resolve'],
    ['resolve?', 'Resolve'],
    ['serverity', 'Sev'],
  ];
  it.each(table)('%s alone asks for %s, and does nothing', async (typed, meant) => {
    const room = opened();
    const before = room.incident();
    const { reply } = await room.type(typed);
    expect(reply.refusal?.code).toBe('did-you-mean');
    expect(reply.text).toMatch(/^Did you mean /);
    expect(labels(reply.card)).toContain(meant);
    expect(room.incident()).toBe(before);
  });

  it('is run by its button, with the words a verb needs asked for', async () => {
    const room = opened();
    const resolve = button((await room.type('reslove')).reply.card, 'Resolve');
    expect((await room.press(resolve)).incident?.status).toBe('resolved');
    expect(button((await room.type('nte')).reply.card, 'Note').input?.required).toBe(true);
  });

  it('with text offers to run it or to keep the words', async () => {
    const room = opened();
    const { reply } = await room.type('reslove teh thing');
    expect(labels(reply.card)).toEqual([
      'Run resolve teh thing',
      'Add as a note',
      'Post as an update',
      'Declare a new incident',
    ]);
    expect((await room.press(button(reply.card, 'Run resolve teh thing'))).command).toEqual({
      type: 'resolve',
      summary: 'teh thing',
    });
  });

  it('with text outside an incident offers to run it or to declare', async () => {
    const room = opened('sev1', true);
    const { reply } = await room.type('staus page is down');
    expect(labels(reply.card)).toEqual(['Run status page is down', 'Declare “staus page is down”']);
    const declared = await room.press(button(reply.card, 'Declare “staus page is down”'));
    expect(declared.incident?.title).toBe('staus page is down');
  });

  it.each([['Registry: pushes fail'], ['pushes'], ['hi'], ['zzz'], ['It is slow'], ['a'.repeat(500)]])(
    '%s is not one, and declares',
    async (line) => {
      expect((await new Room().type(line)).command?.type).toBe('declare');
    },
  );

  it('counts slips: a letter more, fewer, wrong, or two swapped', () => {
    expect([
      distance('ack', 'ack'),
      distance('ak', 'ack'),
      distance('reslove', 'resolve'),
      distance('abc', 'xyz'),
    ]).toEqual([0, 1, 1, 3]);
    expect(near('stauts', ['status'])).toEqual(['status']);
    expect(near('nxet', ['next'])).toEqual(['next']);
    expect(near('nte', ['next'])).toEqual([]);
  });

  it('no verb is nearly another: what runs is never what was not typed', async () => {
    for (const word of spokenWords) {
      const { reply } = await opened().type(word);
      expect(reply.refusal?.code).not.toBe('did-you-mean');
    }
  });
});

describe('words after a verb that takes none', () => {
  it.each([
    'close to the limit of open files',
    'back is the old error',
    'list of broken mirrors',
    'next release is broken',
  ])('%s asks, and does nothing', async (line) => {
    const room = opened();
    const { reply, command } = await room.type(line);
    expect(command).toBeNull();
    expect(reply.refusal?.code).toBe('did-you-mean');
    expect(labels(reply.card)).toContain('Add as a note');
  });
  it('are let pass when they say nothing', async () => {
    expect((await opened().type('close it now please')).command).toEqual({ type: 'close' });
  });
});

describe('free text', () => {
  it('declares outside an incident', async () => {
    const { incident, reply } = await new Room().type('/incident Registry: pushes fail --sev 1');
    expect(incident).toMatchObject({ title: 'Registry: pushes fail', severity: 'sev1', number: 42 });
    expect(reply.text).toContain('#42 is declared: Registry: pushes fail. sev1, because');
  });

  it('asks inside one, and each button does what it says', async () => {
    for (const [label, type] of [
      ['Add as a note', 'addNote'],
      ['Post as an update', 'postUpdate'],
      ['Declare a new incident', 'declare'],
    ] as const) {
      const room = opened();
      const { reply } = await room.type('the mirror is slow too');
      expect(reply.refusal?.code).toBe('what-to-do');
      const pressed = await room.press(button(reply.card, label));
      expect(pressed.command).toMatchObject({ type });
      expect(JSON.stringify(pressed.command)).toContain('the mirror is slow too');
    }
  });

  it('too long for a button is not lost: it says how to go on', async () => {
    const { reply } = await opened().type('slow '.repeat(400));
    expect(reply.text).toContain('/incident note');
    expect(reply.card).toBeUndefined();
  });
});

describe('outside a channel', () => {
  it('a verb that needs an incident offers the open ones, with the same line', async () => {
    const room = opened('sev1', true);
    await room.type('declare Mirror is slow');
    const { reply } = await room.type('note the disk is full');
    expect(reply.refusal?.code).toBe('which-incident');
    expect(labels(reply.card)).toEqual([
      '#43 Mirror is slow',
      '#42 Registry: pushes fail',
      'Declare “note the disk is full”',
    ]);
    const pressed = await room.press(button(reply.card, '#42 Registry: pushes fail'));
    expect(pressed.command).toEqual({ type: 'addNote', text: 'the disk is full' });
    expect(pressed.incident?.id).toBe('i1');
  });

  it('asks for the words a verb needs when none were typed', async () => {
    const { reply } = await opened('sev1', true).type('note');
    expect(button(reply.card, '#42 Registry: pushes fail').input?.label).toBe('Note');
  });

  it('keeps the status a synonym stands for', async () => {
    const room = opened('sev1', true);
    const { reply } = await room.type('mitigated the mirror');
    const pressed = await room.press(button(reply.card, '#42 Registry: pushes fail'));
    expect(pressed.command).toEqual({ type: 'changeStatus', to: 'monitoring', reason: 'the mirror' });
  });

  it('offers resolved ones to reopen, open ones first elsewhere, ended ones last', async () => {
    const room = opened('sev1', true);
    await room.type('declare Mirror is slow');
    await room.type('#42 resolve');
    await room.type('declare Disk is full');
    const offered = async (line: string) => labels((await room.type(line)).reply.card);
    expect(await offered('reopen')).toEqual(['#42 Registry: pushes fail']);
    expect(await offered('close')).toEqual(['#42 Registry: pushes fail', '#44 Disk is full', '#43 Mirror is slow']);
    expect(await offered('note')).toEqual(['#44 Disk is full', '#43 Mirror is slow', '#42 Registry: pushes fail']);
  });

  it('offers the triage queue to snooze and dismiss', async () => {
    const room = opened('sev3', true);
    const { reply } = await room.type('dismiss Known noise');
    const pressed = await room.press(button(reply.card, 'Registry: pushes fail'));
    expect(pressed.incident?.status).toBe('dismissed');
    expect((await room.type('dismiss x')).reply.text).toBe('The triage queue is empty.');
  });

  it('offers five at most, and to declare when there is none', async () => {
    const room = new Room();
    expect(labels((await room.type('ack')).reply.card)).toEqual(['Declare…']);
    for (let n = 0; n < 7; n++) await room.type(`declare Number ${n}`);
    expect(labels((await room.type('ack')).reply.card)).toHaveLength(5);
  });

  it('never offers a private incident to somebody who is not in it', async () => {
    const room = new Room();
    await room.type('declare --private A token is public');
    room.asker = { personId: 'p-bob', name: 'Bob Stone' };
    for (const line of ['ack', '', 'list'])
      expect(JSON.stringify((await room.type(line)).reply)).not.toContain('token');
  });
});

describe('the bare command', () => {
  it('in a channel offers what makes sense now', async () => {
    const room = opened();
    expect(labels((await room.type('/incident')).reply.card)).toEqual(
      expect.arrayContaining([
        'Acknowledge',
        'Take command',
        'Start the playbook',
        'Update…',
        'Note…',
        'Timeline',
        'Help',
      ]),
    );
    await room.type('ack');
    expect(labels((await room.type('')).reply.card)).not.toContain('Acknowledge');
  });
  it('elsewhere offers to declare, the list and the last five open ones', async () => {
    const room = opened('sev1', true);
    const { reply } = await room.type('/incident');
    expect(labels(reply.card)).toEqual(['Declare…', 'List', '#42 Registry: pushes fail', 'Help']);
    expect((await room.press(button(reply.card, '#42 Registry: pushes fail'))).reply.text).toContain(
      'sev1, investigating',
    );
  });
  it('for an entry of the triage queue offers the decision', async () => {
    expect(labels((await opened('sev3').type('')).reply.card)).toEqual([
      'Declare',
      'Own it',
      'Snooze 1 h…',
      'Dismiss…',
    ]);
  });
});

describe('questions', () => {
  it('status shows the situation; so does who', async () => {
    const room = opened();
    for (const line of ['status', 'who is commander', 'who'])
      expect((await room.type(line)).reply.card?.blocks[0]).toMatchObject({ kind: 'heading' });
  });
  it('status with a slip asks', async () => {
    const { reply } = await opened().type('status mitigatd the mirror');
    expect(buttonsOf(reply.card).map(({ command }) => command)).toContain('/incident status mitigated the mirror');
  });
  it('list names severity, status, commander and when the next update is due; and the triage queue', async () => {
    const room = opened('sev3', true);
    await room.type('declare --sev 1 Mirror is slow');
    await room.type('#42 take');
    const { reply } = await room.type('list');
    expect(reply.text).toBe('1 open incident, 1 entry in the triage queue.');
    expect(wordsOf(reply.card)).toContain(
      '#42 Mirror is slow · sev1 · investigating · commander: Ada Lovelace · next update due',
    );
    expect(nodes(reply.card)).toContainEqual({ kind: 'time', at: room.now + 1_800_000, style: 'clock' });
    expect(labels(reply.card)).toEqual(['Declare', 'Own it', 'Snooze 1 h…', 'Dismiss…']);
  });
  it('an empty list offers to declare', async () => {
    expect(labels((await new Room().type('incidents')).reply.card)).toEqual(['Declare…']);
  });
  it('timeline shows the last fifteen, with who and how long ago', async () => {
    const room = opened();
    for (let n = 1; n <= 20; n++) await room.type(`note number ${n}`);
    const { reply } = await room.type('log');
    const list = reply.card?.blocks.find((block) => block.kind === 'list');
    expect(list?.kind === 'list' && list.items).toHaveLength(15);
    expect(wordsOf(reply.card)).toContain('Ada Lovelace noted: “number 20”');
    expect(wordsOf(reply.card)).not.toContain('“number 5”');
    expect(nodes(reply.card)).toContainEqual({ kind: 'time', at: room.now, style: 'relative' });
  });
  it('timeline tells a role taken from one given', async () => {
    const room = opened();
    for (const line of ['take', 'assign comms @cleo']) await room.type(line);
    const words = wordsOf((await room.type('timeline')).reply.card);
    expect(words).toContain('Ada Lovelace took the role of commander');
    expect(words).toContain('Ada Lovelace gave the role of communications to Cleo');
  });
  it('timeline says that an entry has been erased, and nothing of it', async () => {
    const room = opened();
    await room.type('note the token is abc');
    const timeline = room.kept.get('i1')?.timeline ?? [];
    timeline[timeline.length - 1] = { ...timeline.at(-1), redacted: true } as (typeof timeline)[number];
    const { reply } = await room.type('timeline');
    expect(wordsOf(reply.card)).toContain('Ada Lovelace, noted: [redacted]');
    expect(wordsOf(reply.card)).not.toContain('abc');
  });
  it('alerts says which fire', async () => {
    const room = opened();
    room.episodes = ['firing', 'resolved'].map((state, n) => ({
      id: `e${n}`,
      source: 'generic',
      fingerprint: `f${n}`,
      incidentId: 'i1',
      state: state as 'firing',
      startedAt: room.now,
      endedAt: null,
      reported: { firing: [room.now], clearFrom: null },
      lastSeenAt: room.now,
      name: 'RegistryPushFails',
      summary: 'a push fails',
      service: 'registry',
      host: null,
      severity: null,
      groupKey: 'g',
      labels: {},
      annotations: {},
      links: [],
    }));
    const { reply } = await room.type('alerts');
    expect(reply.text).toBe('#42: 3 of 3 alerts firing.');
    expect(wordsOf(reply.card)).toMatch(/firing RegistryPushFails.*cleared RegistryPushFails/);
  });
  it('help lists every verb; help <verb> shows usage, examples and synonyms', async () => {
    const all = wordsOf((await new Room().type('help')).reply.card);
    for (const verb of verbs) expect(all).toContain(`/incident ${verb.usage}`);
    const one = wordsOf((await new Room().type('help follow-up')).reply.card);
    expect(one).toContain('/incident action <text> [@owner] [2030-01-15]');
    expect(one).toContain('todo');
    expect((await new Room().type('help reslove')).reply.text).toContain('Did you mean resolve?');
  });
});

/** Whatever came from outside stands in literal nodes only, and no reply is empty. */
function sound({ reply }: Answer, hostile: string): void {
  expect(reply.text.trim()).not.toBe('');
  const fragments = ['<!channel>', '@channel', '](http', 'evil.example', '<script'];
  for (const node of nodes(reply.card)) {
    const away =
      node.kind === 'link' && !/^http:\/\/127\.0\.0\.1:7370\/(incidents\/\d+|sign-in\/\w+)?$/.test(node.href);
    const loose = away || node.kind === 'channel' || (node.kind === 'person' && node.notify);
    if (loose && !(node.kind === 'channel' && /^#inc-\d+[a-z0-9-]*$/.test(node.label)))
      expect({ node, hostile, fragments }).toBe('literal');
  }
  for (const each of buttonsOf(reply.card)) {
    expect(each.label.length).toBeLessThanOrEqual(75);
    expect(each.label).not.toMatch(/[\n\r]/);
    expect(each.command.startsWith('/incident ')).toBe(true);
    expect(each.command.length).toBeLessThanOrEqual(1_500);
  }
}

describe('hostile text', () => {
  const hostile = [
    '<!channel> <@U123> [x](https://evil.example) @channel',
    '<script>alert(1)</script>',
    '\u202eevil\u2066 text\u0000 with\u0007 controls',
    '{{config.secret}} $(id) %s',
    '🔥'.repeat(300),
    '\ud800 lone',
    "'; drop table incidents; --",
    '__proto__ constructor toString',
    '#42'.repeat(50),
    '*'.repeat(3_000),
  ];
  it.each(hostile)('%j is literal wherever it stands', async (text) => {
    for (const room of [opened(), opened('sev1', true, text), new Room()]) {
      const lines = [
        '',
        'note ',
        'update ',
        'declare ',
        'assign comms @',
        'status ',
        'help ',
        'reslove ',
        'action do it @',
        'impact ',
      ];
      for (const line of lines) sound(await room.type(`${line}${text}`), text);
      for (const line of ['', 'list', 'status', 'timeline', 'ack']) sound(await room.type(line), text);
    }
  });

  it('has an answer to any line at all', async () => {
    const word = fc.constantFrom(...spokenWords, '#42', '--sev', '@ada', '2030-01-20', '1', '“', '—private', 'zz');
    const line = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.array(word, { maxLength: 5 }).map((all) => all.join(' ')),
    );
    await fc.assert(
      fc.asyncProperty(line, fc.boolean(), async (typed, elsewhere) => {
        sound(await opened('sev2', elsewhere).type(typed), typed);
      }),
      { numRuns: 400 },
    );
  });

  it('takes a line as long as a book without hanging', async () => {
    const before = performance.now();
    for (const text of [
      'a'.repeat(1_000_000),
      ' '.repeat(1_000_000),
      `action ${'@ '.repeat(200_000)}`,
      `declare ${'--sev '.repeat(100_000)}`,
    ])
      sound(await opened().type(text), '');
    expect(performance.now() - before).toBeLessThan(2_000);
  });
});

it('declares under the rules of today', async () => {
  const { command } = await new Room().type('Pushes fail');
  expect(command).toMatchObject({ policy });
});
