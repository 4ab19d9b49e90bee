import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Form } from '../../src/messages/form.js';
import { newTs } from '../fakes/slack-dispatcher.js';
import { type SlackRoom, slackRoom, until } from '../fakes/slack-room.js';
import { muster } from '../fakes/slack-side.js';

const declareForm: Form = {
  title: 'Declare an incident with a long title',
  submit: 'Declare',
  command: '/incident declare',
  intro: 'What is known is enough.',
  fields: [
    {
      name: 'sev',
      label: 'Severity',
      kind: 'choice',
      required: false,
      option: '--sev',
      value: '2',
      options: [
        { value: '1', label: 'sev1' },
        { value: '2', label: 'sev2' },
      ],
    },
    { name: 'title', label: 'What is wrong?', kind: 'line', required: true, atMost: 200 },
  ],
};

describe.each(['http', 'socket'] as const)('people at Slack, heard by %s', (how) => {
  let room: SlackRoom;
  beforeEach(async () => {
    room = await slackRoom(how);
  });
  afterEach(async () => {
    expect(room.side.violations).toEqual([]);
    await room.close();
  });

  it('runs a slash command where it was typed, and answers the asker alone', async () => {
    const taken = await room.slack.send(room.do.command('sev 2 pushes fail'));
    expect(taken).toMatchObject({ ok: true, answer: { response_type: 'ephemeral' } });
    expect(JSON.stringify(taken.answer)).toContain('Done: /incident sev 2 pushes fail');
    expect(room.inbound.commands).toMatchObject([
      { personId: 'ada', platform: 'slack', channel: 'C1', text: '/incident sev 2 pushes fail' },
    ]);
  });

  it('reads people, channels, links and signs as they were meant', async () => {
    await room.slack.send(
      room.do.command('assign scribe <@UBOB|bob> in <#C9|ops> see <https://a.example/x?a=1&amp;b=2> &lt;3 <!here>'),
    );
    expect(room.inbound.effects).toEqual([
      '/incident assign scribe @bob in #ops see https://a.example/x?a=1&b=2 <3 @here',
    ]);
  });

  it('shows the rest of a long answer after the first message', async () => {
    room.inbound.reply = () => ({
      text: 'long',
      card: {
        tone: 'neutral',
        summary: 'long',
        blocks: Array.from({ length: 120 }, (_, line) => ({
          kind: 'paragraph',
          content: [{ kind: 'text', text: `line ${line}` }],
        })),
      },
    });
    const { answer } = await room.slack.send(room.do.command('timeline'));
    await until(() => room.side.asked('respond').length >= 2);
    const all = [JSON.stringify(answer), ...room.side.told()].join();
    expect(['line 0', 'line 60', 'line 119'].filter((line) => !all.includes(`${line}"`))).toEqual([]);
  });

  it('has one effect of a command that is delivered again, meanwhile and later', async () => {
    const dispatch = room.do.command('ack');
    await Promise.all([room.slack.send(dispatch), room.slack.send(dispatch), room.slack.send(dispatch, { retry: 1 })]);
    await room.slack.send(dispatch);
    expect(room.inbound.effects).toEqual(['/incident ack']);
  });

  it('runs what a button stands for, with its incident, and tells whoever pressed it', async () => {
    expect(await room.slack.send(room.do.press({ command: '/incident ack', incidentId: 'i7' }))).toMatchObject({
      ok: true,
    });
    expect(room.inbound.commands).toMatchObject([
      { text: '/incident ack', incidentId: 'i7', channel: 'C1', personId: 'ada' },
    ]);
    await until(() => room.side.told().length === 1);
    expect(room.side.told()[0]).toContain('Done: /incident ack');
  });

  it('has one effect of a double click, two of two people, and another one later on', async () => {
    const value = { command: '/incident ack' };
    const at = Date.now();
    await Promise.all([0, 150, 400].map((later) => room.slack.send(room.do.press(value, { at: at + later }))));
    expect(room.inbound.effects).toHaveLength(1);
    await room.slack.send(room.do.press(value, { user: 'UBOB', at: at + 500 }));
    await room.slack.send(room.do.press(value, { at: at + 60_000 }));
    expect(room.inbound.effects).toHaveLength(3);
  });

  it('says so when a button is none of its own', async () => {
    expect(await room.slack.send(room.do.press('{"hello":1}'))).toMatchObject({ ok: true });
    await until(() => room.side.told().length === 1);
    expect(room.side.told()[0]).toContain('no longer understood');
  });

  it('asks for a line in a modal, and runs it in the incident of the button', async () => {
    const input = { label: 'Why?', placeholder: 'a reason', required: true };
    await room.slack.send(
      room.do.press({ command: '/incident skip', incidentId: 'i7', input }, { actionId: 'ask-1', label: 'Skip…' }),
    );
    expect(room.side.asked('views.open')).toMatchObject([
      { view: { title: { text: 'Skip' }, blocks: [{ label: { text: 'Why?' }, optional: false }] } },
    ]);
    expect(await room.slack.send(room.do.submit({ input: 'no spare part' }))).toEqual({
      ok: true,
      answer: null,
      ...(how === 'http' && { status: 200 }),
    });
    expect(room.inbound.commands).toMatchObject([
      { text: '/incident skip no spare part', incidentId: 'i7', channel: 'C1' },
    ]);
    await until(() => room.side.told().length === 1);
  });

  it('opens a form for a line that leaves something open, and runs what is filled in once', async () => {
    room.inbound.formFor = (line) => (line === '/incident declare' ? declareForm : null);
    expect((await room.slack.send(room.do.command('declare'))).answer).toBeNull();
    expect(room.inbound.commands).toEqual([]);
    const submit = room.do.submit({ sev: { choice: '1' }, title: 'Registry down' });
    await Promise.all([room.slack.send(submit), room.slack.send(submit)]);
    expect(room.inbound.effects).toEqual(['/incident declare --sev 1 Registry down']);
  });

  it('shows in the modal why it was refused, and takes it mended', async () => {
    room.inbound.formFor = () => declareForm;
    room.inbound.reply = (line) =>
      line.includes('<') ? { text: 'A title has no signs.', refusal: { code: 'misused' } } : { text: 'Declared.' };
    await room.slack.send(room.do.command('declare'));
    const refused = await room.slack.send(room.do.submit({ title: '<' }));
    expect(refused.answer).toEqual({ response_action: 'errors', errors: { sev: 'A title has no signs.' } });
    await room.slack.send(room.do.submit({ title: 'Registry' }));
    expect(room.inbound.effects).toEqual(['/incident declare Registry']);
  });

  it('declares from a message with the words and the time it was said, however long it is', async () => {
    room.inbound.formFor = () => declareForm;
    const long = `pushes fail for <@UBOB>: ${'x'.repeat(5_000)}`;
    const said = { ts: '1700000000.000100', user: 'UBOB', text: long };
    room.side.history.set('C1', [said]);
    await room.slack.send(room.do.messageShortcut('declare_from_message', said));
    await room.slack.send(room.do.submit({ title: 'Pushes fail' }));
    expect(room.inbound.commands).toMatchObject([
      {
        text: '/incident declare Pushes fail',
        from: { message: said.ts, channel: 'C1', personId: 'bob', at: 1_700_000_000_000 },
      },
    ]);
    expect(room.inbound.commands[0]?.from?.text).toBe(long.replace('<@UBOB>', '@Bob Stone'));
  });

  it('declares from anywhere, and answers in a direct message', async () => {
    room.inbound.formFor = () => declareForm;
    await room.slack.send(room.do.shortcut('declare'));
    await room.slack.send(room.do.submit({ title: 'Mail is down' }));
    await until(() => room.side.asked('chat.postMessage').length === 1);
    expect(room.side.asked('chat.postMessage')).toMatchObject([{ channel: 'UADA' }]);
  });

  it('says so when Slack does not open the form', async () => {
    room.inbound.formFor = () => declareForm;
    const { answer } = await room.slack.send(room.do.command('declare', { trigger_id: 'used' }));
    expect(JSON.stringify(answer)).toContain('nothing was done');
  });

  it('shows somebody their home, and runs its buttons', async () => {
    await room.slack.send(room.do.event({ type: 'app_home_opened', user: 'UADA', tab: 'home', channel: 'D1' }));
    await until(() => room.side.asked('views.publish').length === 1);
    expect(JSON.stringify(room.side.asked('views.publish'))).toContain('Incidents of ada');
    const press = room.do.press({ command: '/incident ack', incidentId: 'i7' });
    Object.assign(press.body, {
      container: { type: 'view', view_id: 'V9' },
      view: { id: 'V9', type: 'home' },
      channel: undefined,
      response_url: undefined,
    });
    await room.slack.send(press);
    await until(
      () => room.side.asked('views.publish').length === 2 && room.side.asked('chat.postMessage').length === 1,
    );
    expect(room.inbound.commands).toMatchObject([{ incidentId: 'i7', channel: null }]);
  });

  it('answers a mention in its thread, once', async () => {
    const mention = room.do.event({
      type: 'app_mention',
      user: 'UADA',
      text: `<@${muster.userId}> status`,
      ts: newTs(),
      channel: 'C1',
      thread_ts: '99.000001',
    });
    expect((await room.slack.send(mention)).ok).toBe(true);
    await room.slack.send(mention, { retry: 1 });
    await until(() => room.side.asked('chat.postEphemeral').length === 1);
    expect(room.inbound.commands).toHaveLength(1);
    expect(room.inbound.effects).toEqual(['/incident status']);
    expect(room.side.asked('chat.postEphemeral')).toMatchObject([
      { channel: 'C1', user: 'UADA', thread_ts: '99.000001' },
    ]);
  });

  it('takes a direct message for a line, and never its own', async () => {
    const direct = { type: 'message', channel_type: 'im', channel: 'D1' };
    await room.slack.send(room.do.event({ ...direct, user: 'UADA', text: '/incident list', ts: newTs() }));
    await room.slack.send(
      room.do.event({ ...direct, user: muster.userId, bot_id: muster.botId, text: 'hello', ts: newTs() }),
    );
    await room.slack.send(
      room.do.event({
        type: 'message',
        channel_type: 'channel',
        channel: 'C1',
        user: 'UADA',
        text: 'we look',
        ts: newTs(),
      }),
    );
    await until(() => room.side.asked('chat.postMessage').length === 1);
    expect(room.inbound.effects).toEqual(['/incident list']);
  });

  it('keeps a message that somebody marks, also in a thread, with the time it was said', async () => {
    room.side.history.set('C1', [
      { ts: '1700000000.000100', user: 'UBOB', text: 'disk is full', thread_ts: '1700000000.000100' },
      { ts: '1700000060.000200', user: 'UBOB', text: 'since 02:00', thread_ts: '1700000000.000100' },
    ]);
    const react = (ts: string, reaction: string, user = 'UADA') =>
      room.slack.send(
        room.do.event({ type: 'reaction_added', user, reaction, item: { type: 'message', channel: 'C1', ts } }),
      );
    expect((await react('1700000000.000100', 'pushpin::skin-tone-2')).ok).toBe(true);
    await react('1700000060.000200', 'pushpin');
    await react('1700000060.000200', 'tada');
    await react('1600000000.000000', 'pushpin');
    expect(room.inbound.kept).toMatchObject([
      {
        message: '1700000000.000100',
        text: 'disk is full',
        personId: 'bob',
        keptBy: 'ada',
        at: 1_700_000_000_000,
        channel: 'C1',
      },
      { message: '1700000060.000200', at: 1_700_000_060_000 },
    ]);
  });

  it('keeps what people pin, and not what it pins itself', async () => {
    const pin = (user: string, message: object) =>
      room.slack.send(
        room.do.event({ type: 'pin_added', user, channel_id: 'C1', item: { type: 'message', channel: 'C1', message } }),
      );
    await pin('UADA', { ts: '1700000000.000100', user: 'UBOB', text: 'rollback done' });
    await pin(muster.userId, { ts: '1700000001.000100', user: muster.userId, bot_id: muster.botId, text: 'card' });
    await pin('UADA', { ts: '1700000001.000100', user: muster.userId, bot_id: muster.botId, text: 'card' });
    expect(room.inbound.kept).toMatchObject([{ text: 'rollback done', keptBy: 'ada' }]);
  });

  it('follows edits and deletions, not its own and not what links lead to', async () => {
    const changed = (message: object, before: object) =>
      room.slack.send(
        room.do.event({
          type: 'message',
          subtype: 'message_changed',
          channel: 'C1',
          ts: newTs(),
          message,
          previous_message: before,
        }),
      );
    const said = { ts: '1700000000.000100', user: 'UBOB', text: 'disk full' };
    await changed({ ...said, text: 'disk is full' }, said);
    await changed({ ...said, attachments: [{}] }, said);
    await changed({ ...said, bot_id: muster.botId, user: muster.userId, text: 'card 2' }, said);
    await room.slack.send(
      room.do.event({
        type: 'message',
        subtype: 'message_deleted',
        channel: 'C1',
        ts: newTs(),
        deleted_ts: said.ts,
        previous_message: said,
      }),
    );
    expect(room.inbound.revised).toMatchObject([
      { message: said.ts, text: 'disk is full', channel: 'C1' },
      { message: said.ts, text: null },
    ]);
  });

  it('takes an event only when it is stored: a failure brings it again', async () => {
    room.side.history.set('C1', [{ ts: '1700000000.000100', user: 'UBOB', text: 'disk is full' }]);
    const mark = room.do.event({
      type: 'reaction_added',
      user: 'UADA',
      reaction: 'pushpin',
      item: { type: 'message', channel: 'C1', ts: '1700000000.000100' },
    });
    room.inbound.before = async () => {
      throw new Error('the disk is full');
    };
    if (how === 'socket') room.socket.patienceMs = 200;
    const failed = await room.slack.send(mark);
    expect([failed.ok, failed.status]).toEqual([false, how === 'http' ? 500 : undefined]);
    if (how === 'socket') room.socket.patienceMs = 3_000;
    room.inbound.before = async () => {};
    expect((await room.slack.send(mark, { retry: 1 })).ok).toBe(true);
    expect(room.inbound.kept).toHaveLength(1);
  });

  it('acknowledges strictly after it is stored', async () => {
    let stored: () => void = () => {};
    room.inbound.before = () => new Promise((resolve) => (stored = resolve));
    room.side.history.set('C1', [{ ts: '1700000000.000100', user: 'UBOB', text: 'disk is full' }]);
    const sent = [
      room.do.command('ack'),
      room.do.press({ command: '/incident ack' }),
      room.do.event({
        type: 'reaction_added',
        user: 'UADA',
        reaction: 'pushpin',
        item: { type: 'message', channel: 'C1', ts: '1700000000.000100' },
      }),
    ];
    for (const dispatch of sent) {
      let answered = false;
      const begun = room.inbound.commands.length;
      stored = () => {};
      const before = stored;
      const taken = room.slack.send(dispatch).then((result) => {
        answered = true;
        return result;
      });
      await until(() => stored !== before);
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect([answered, room.inbound.effects.length + room.inbound.kept.length]).toEqual([false, begun]);
      stored();
      expect((await taken).ok).toBe(true);
    }
    expect([room.inbound.effects.length, room.inbound.kept.length]).toEqual([2, 1]);
  });

  it('does nothing for other workspaces, and for guests of theirs in a shared channel', async () => {
    const foreign = room.do.command('ack', { team_id: 'T2' });
    expect((await room.slack.send(foreign)).answer?.text).toBeUndefined();
    const press = room.do.press({ command: '/incident ack' });
    Object.assign(press.body.user as object, { team_id: 'T2' });
    await room.slack.send(press);
    await until(() => room.side.told().length === 1);
    expect(room.side.told()[0]).toContain('Only members');
    expect(room.inbound.commands).toEqual([]);
  });

  it('makes nobody a second person when Slack does not say who they are', async () => {
    room.side.fail('users.info', { kind: 'status', status: 500 }, 1);
    const { answer } = await room.slack.send(room.do.command('ack'));
    expect(JSON.stringify(answer)).toContain('Not recorded, try again.');
    await room.slack.send(room.do.command('ack'));
    expect(room.inbound.commands.map(({ personId }) => personId)).toEqual(['ada']);
  });
});

describe.each(['http', 'socket'] as const)('a slow Muster, by %s', (how) => {
  let room: SlackRoom;
  beforeEach(async () => {
    room = await slackRoom(how, { pace: { durableWithinMs: 100, graceMs: 50 } });
  });
  afterEach(async () => {
    expect(room.side.violations).toEqual([]);
    await room.close();
  });

  it('says that nothing was recorded when it was not begun in time', async () => {
    room.side.fail('users.info', { kind: 'hang' }, 1);
    const { answer } = await room.slack.send(room.do.command('ack'));
    expect(JSON.stringify(answer)).toContain('Not recorded, try again.');
    expect(room.inbound.commands).toEqual([]);
  });

  it('says that nothing was recorded when it failed, to a command, a button and a form', async () => {
    room.inbound.formFor = (line) => (line === '/incident declare' ? declareForm : null);
    room.inbound.before = async () => {
      throw new Error('the disk is full');
    };
    expect(JSON.stringify((await room.slack.send(room.do.command('ack'))).answer)).toContain(
      'Not recorded, try again.',
    );
    await room.slack.send(room.do.press({ command: '/incident ack' }));
    await until(() => room.side.told().some((text) => text.includes('Not recorded, try again.')));
    await room.slack.send(room.do.command('declare'));
    expect((await room.slack.send(room.do.submit({ title: 'x' }))).answer).toMatchObject({
      errors: { sev: 'Not recorded, try again.' },
    });
    expect(room.inbound.effects).toEqual([]);
  });

  it('says that it takes longer when it was begun, and tells the answer when it comes', async () => {
    const patient = await slackRoom(how, { pace: { durableWithinMs: 900, graceMs: 50 } });
    // Who asks is known from here on: what takes its time is the storing alone.
    await patient.slack.send(patient.do.command('status'));
    let store: () => void = () => {};
    patient.inbound.before = () => new Promise((resolve) => (store = resolve));
    const { answer } = await patient.slack.send(patient.do.command('ack'));
    expect(JSON.stringify(answer)).toContain('The answer follows here.');
    expect(patient.side.told()).toEqual([]);
    store();
    await until(() => patient.side.told().length === 1);
    expect(patient.side.told()[0]).toContain('Done: /incident ack');
    await patient.close();
  });
});
