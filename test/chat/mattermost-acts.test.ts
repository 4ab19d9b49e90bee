import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contextOf } from '../../src/chat/mattermost/context.js';
import type { Action } from '../../src/chat/mattermost/post.js';
import { signed, signingKey } from '../../src/chat/mattermost/signed.js';
import { type Reply, TooLate } from '../../src/chat/platform.js';
import { type Button, buttons, paragraph, text } from '../../src/messages/card.js';
import type { Form } from '../../src/messages/form.js';
import { type FakeMattermost, fakeMattermost } from '../fakes/mattermost/server.js';
import type { DialogElement } from '../fakes/mattermost/world.js';
import type { Account } from '../fakes/mattermost-server.js';
import { startWayIn, until } from './mattermost-room.js';

type Room = Awaited<ReturnType<typeof startWayIn>>;

let server: FakeMattermost;
let channel: string;
const rooms: Room[] = [];
beforeEach(async () => {
  server = await fakeMattermost();
  server.makeTeamAdmin(server.bot);
  const made = { team_id: server.team.id, name: 'inc-1', display_name: 'Inc 1', type: 'O' };
  channel = (await server.as<{ id: string }>(server.bot, 'POST', '/channels', made)).id;
  for (const { id } of [server.ada, server.bob])
    await server.as(server.bot, 'POST', `/channels/${channel}/members`, { user_id: id });
});
afterEach(async () => {
  await Promise.all(rooms.splice(0).map((room) => room.close()));
  await server.close();
  expect(server.violations).toEqual([]);
});

async function heard(given: Parameters<typeof startWayIn>[1] = {}): Promise<Room> {
  const room = await startWayIn(server, given);
  rooms.push(room);
  await room.ready();
  return room;
}
const types = (command: string, who: Account = server.ada): Promise<unknown> =>
  server.as(who, 'POST', '/commands/execute', { channel_id: channel, command, team_id: server.team.id });
const whispered = (): string[] => server.world.whispers.map(({ message }) => message);

/** A post of Muster's with this button. */
async function posted(
  room: Room,
  button: Button,
  change: Record<string, unknown> = {},
  by = server.bot,
): Promise<string> {
  const { command, incidentId, input } = button;
  const context = {
    command,
    ...(incidentId && { incidentId }),
    ...(input && { dialog: input }),
    ...contextOf(signingKey(server.bot.token))(button),
    ...change,
  };
  const actions = [
    { id: 'b1', name: 'B', type: 'button', integration: { url: `${room.url}/chat/mattermost/action`, context } },
  ];
  const post = { channel_id: channel, message: 'card', props: { attachments: [{ text: '', actions }] } };
  return (await server.as<{ id: string }>(by, 'POST', '/posts', post)).id;
}
const clicks = (post: string, who: Account = server.ada): Promise<unknown> =>
  server.as(who, 'POST', `/posts/${post}/actions/b1`, {});
const submits = (who: Account, submission: Record<string, string>): Promise<{ error?: string; errors?: object }> => {
  const opened = server.world.dialogs.at(-1);
  return server.as(who, 'POST', '/actions/dialogs/submit', {
    url: opened?.url,
    channel_id: channel,
    team_id: server.team.id,
    state: opened?.dialog.state,
    submission,
  });
};

describe('/incident on Mattermost', () => {
  it('is registered when Muster starts, once over restarts and replicas, and follows the address', async () => {
    const [one, two] = await Promise.all([heard(), heard()]);
    expect(server.world.commands.size).toBe(1);
    const [command] = server.world.commands.values();
    expect(one.marks.get('command-token')).toBe(command?.token);
    expect(two.marks.get('command-token')).toBe(command?.token);
    await one.close();
    const moved = await heard({ marks: one.marks });
    expect(server.world.commands.size).toBe(1);
    expect(command?.url).toBe(`${moved.url}/chat/mattermost/command`);
    await types('/incident ack');
    expect(moved.commands).toHaveLength(1);
  });

  it('is somebody else’s where the word leads elsewhere, and nothing of theirs is touched', async () => {
    const theirs = { team_id: server.team.id, trigger: 'incident', method: 'P', url: 'http://other.test/x' };
    await server.as(server.admin, 'POST', '/commands', theirs);
    const room = await startWayIn(server);
    rooms.push(room);
    await until(() => room.way.state().why?.includes('a command of somebody else') ?? false);
    expect([...server.world.commands.values()].map(({ url }) => url)).toEqual(['http://other.test/x']);
  });

  it('is registered by hand where Muster may not, and what to do is said to the letter', async () => {
    for (const user of server.world.users.values()) user.roles = user.roles.replace(' team_admin', '');
    const room = await startWayIn(server);
    rooms.push(room);
    await until(() => room.way.state().why?.includes('Slash Commands') ?? false);
    expect(room.way.state().why).toContain(`${room.url}/chat/mattermost/command`);
    expect(room.way.state().ready).toBe(false);
    const made = {
      team_id: server.team.id,
      trigger: 'incident',
      method: 'P',
      url: `${room.url}/chat/mattermost/command`,
    };
    const { token } = await server.as<{ token: string }>(server.admin, 'POST', '/commands', made);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const typed = `token=${token}&channel_id=${channel}&team_id=t&user_id=${server.ada.id}&text=ack`;
    expect((await room.post('command', typed, form)).status).toBe(401);
    const told = await heard({ settings: { commandToken: token } });
    expect((await told.post('command', typed, form)).status).toBe(200);
    expect((await told.post('command', typed, { ...form, authorization: 'Token wrong' })).status).toBe(401);
    expect((await told.post('command', '', form)).status).toBe(401);
    expect(told.commands).toHaveLength(1);
  });

  it('hands on who typed what and where, and shows the answer to them alone', async () => {
    const card = {
      tone: 'sev1' as const,
      summary: 'Well.',
      blocks: [
        paragraph(text('@channel *Well*')),
        buttons({ label: 'Ack', command: '/incident ack', incidentId: 'i-1' }),
      ],
    };
    const room = await heard({ answer: () => ({ text: 'Well.', card }) });
    await types('/incident sev 1 it burns');
    const [answer] = server.world.whispers as { attachments?: { actions?: Action[] }[] }[];
    expect(room.commands).toMatchObject([
      { platform: 'mattermost', channel, personId: 'p-ada', text: '/incident sev 1 it burns', incidentId: null },
    ]);
    expect(room.commands[0]?.notAfter).toBeGreaterThan(Date.now() - 60_000);
    expect(room.identified[0]).toEqual({ externalId: server.ada.id, name: 'ada', email: 'ada@example.com' });
    expect(JSON.stringify(answer)).not.toContain('@channel');
    const [action] = answer?.attachments?.flatMap(({ actions }) => actions ?? []) ?? [];
    const press = (who: Account) =>
      room.post('action', { user_id: who.id, channel_id: channel, context: action?.integration.context });
    expect(await (await press(server.bob)).json()).toMatchObject({
      ephemeral_text: expect.stringMatching(/nothing was done/),
    });
    expect(room.commands).toHaveLength(1);
    await press(server.ada);
    expect(room.commands[1]).toMatchObject({ text: '/incident ack', incidentId: 'i-1', personId: 'p-ada' });
  });

  it('reads names people are mentioned by as who they are', async () => {
    Object.assign(server.world.users.get(server.bob.id) ?? {}, { first_name: 'Bob', last_name: 'Builder' });
    const room = await heard();
    await types('/incident assign ops @bob.');
    await types('/incident update @nobody.here and a@b.c');
    expect(room.commands.map((each) => each.text)).toEqual([
      '/incident assign ops @Bob Builder',
      '/incident update @nobody.here and a@b.c',
    ]);
  });

  it('declares from a message that is linked, as far as the asker may read it', async () => {
    const room = await heard();
    const say = async (who: Account, where: string) =>
      (await server.as<{ id: string }>(who, 'POST', '/posts', { channel_id: where, message: 'Pushes fail' })).id;
    const secret = await server.as<{ id: string }>(server.bot, 'POST', '/channels/direct', [
      server.bot.id,
      server.bob.id,
    ]);
    const [open, closed] = [await say(server.bob, channel), await say(server.bob, secret.id)];
    await types(`/incident declare Registry ${server.url}/ops/pl/${open}`);
    await types(`/incident declare Registry ${server.url}/ops/pl/${closed}`);
    expect(room.commands[0]).toMatchObject({
      text: '/incident declare Registry',
      from: { text: 'Pushes fail', personId: 'p-bob' },
    });
    expect(room.commands[1]).not.toHaveProperty('from');
  });

  it('says so when it was not recorded in time, and asks nobody twice', async () => {
    let fail: Error = new TooLate('later');
    const room = await heard({
      answer: () => {
        throw fail;
      },
    });
    await types('/incident ack');
    fail = new Error('no space');
    await types('/incident ack');
    expect(whispered()).toEqual(['Not recorded, try again.', 'Not recorded, try again.']);
    server.fail({ kind: 'status', status: 500 }, { only: 'user' });
    await types('/incident ack', server.bob);
    expect(whispered()[2]).toBe('Not recorded, try again.');
    expect(room.commands).toHaveLength(2);
  });

  it('follows with an answer that took longer than anybody waits', async () => {
    let finish: (reply: Reply) => void = () => {};
    const room = await heard({
      pace: { answerWithinMs: 50 },
      answer: ({ text: line }) =>
        line === '/incident ack'
          ? new Promise<Reply>((resolve) => {
              finish = resolve;
            })
          : { text: 'Known.' },
    });
    // From then on it is known who Ada is, and nobody has to be asked.
    await until(async () => {
      await types('/incident help');
      return whispered().includes('Known.');
    });
    server.world.whispers.length = 0;
    await types('/incident ack');
    expect(whispered()[0]).toMatch(/longer than usual/);
    finish({ text: 'You have it.' });
    await until(() => whispered().length > 1);
    expect(whispered()[1]).toBe('You have it.');
    expect(room.commands.filter((each) => each.text === '/incident ack')).toHaveLength(1);
  });

  it('gives what is mailed nowhere as an address where anybody signs up unchecked', async () => {
    Object.assign(server.world.config, { RequireEmailVerification: 'false', EnableOpenServer: 'true' });
    const room = await heard();
    await types('/incident ack');
    expect(room.identified[0]?.email).toBeNull();
    Object.assign(server.world.users.get(server.bob.id) ?? {}, { auth_service: 'ldap' });
    await types('/incident ack', server.bob);
    expect(room.identified[1]?.email).toBe('bob@example.com');
  });
});

describe('a button on Mattermost', () => {
  const ack: Button = { label: 'Ack', command: '/incident ack', incidentId: 'i-1' };

  it('means by an id the person Muster knows by it, whoever has that name on the server', async () => {
    Object.assign(server.world.users.get(server.bob.id) ?? {}, { first_name: 'Mallory' });
    const room = await heard();
    await clicks(await posted(room, { label: 'Bob (@bob)', command: '/incident assign comms @bob' }));
    expect(room.commands[0]?.text).toBe('/incident assign comms @bob');
  });

  it('does what it says for whoever presses it, and a double click is one act', async () => {
    const room = await heard({ answer: () => ({ text: 'You have it.' }) });
    const post = await posted(room, ack);
    await Promise.all([clicks(post), clicks(post)]);
    expect(room.commands).toHaveLength(2);
    expect(new Set(room.commands.map(({ id }) => id)).size).toBe(1);
    expect(room.commands[0]).toMatchObject({ text: '/incident ack', incidentId: 'i-1', channel, personId: 'p-ada' });
    expect(whispered()).toEqual(['You have it.', 'You have it.']);
    await clicks(post, server.bob);
    expect(room.commands[2]).toMatchObject({ personId: 'p-bob' });
    expect(new Set(room.commands.map(({ id }) => id)).size).toBe(2);
  });

  it.each<[string, Record<string, unknown>]>([
    ['another command', { command: '/incident resolve' }],
    ['another incident', { incidentId: 'i-2' }],
    ['no signature', { s: undefined }],
    ['an empty signature', { s: '' }],
    ['a question put before it', { dialog: { label: 'L', required: true } }],
    ['a signature by another key', { ...signed(Buffer.from('x'), { button: 'x' }) }],
  ])('that somebody posts with %s does nothing, and they are told calmly', async (_, change) => {
    const room = await heard();
    await clicks(await posted(room, ack, change, server.ada));
    expect(room.commands).toEqual([]);
    expect(whispered()[0]).toMatch(/no longer understood, and nothing was done/);
  });

  it('shows what can be done next as lines to type', async () => {
    const card = {
      tone: 'neutral' as const,
      summary: 'Next',
      blocks: [paragraph(text('Next')), buttons({ label: 'Take it', command: '/incident take' })],
    };
    await clicks(await posted(await heard({ answer: () => ({ text: 'Next', card }) }), ack));
    expect(whispered()[0]).toContain('`/incident take`');
  });

  const fails: Button = {
    label: 'Fails',
    command: '/incident fail',
    incidentId: 'i-1',
    input: { label: 'What happened, in one line?', placeholder: '503', required: true },
  };

  it('asks for its line first, in a dialog', async () => {
    const room = await heard({ answer: () => ({ text: 'Step 2.' }) });
    await clicks(await posted(room, fails));
    const [opened] = server.world.dialogs;
    expect(opened).toMatchObject({ userId: server.ada.id, url: `${room.url}/chat/mattermost/dialog` });
    expect(opened?.dialog.title).toBe('/incident fail');
    expect(opened?.dialog.elements).toMatchObject([
      { display_name: 'Answer', optional: false, help_text: 'What happened, in one line?' },
    ]);
    expect(await submits(server.ada, { input: ' ' })).toEqual({ errors: { input: 'This is needed.' } });
    expect(room.commands).toEqual([]);
    expect(await submits(server.ada, { input: '503 from both' })).toEqual({});
    await submits(server.ada, { input: '503 from both' });
    expect(room.commands.map((each) => each.text)).toEqual([
      '/incident fail 503 from both',
      '/incident fail 503 from both',
    ]);
    expect(new Set(room.commands.map(({ id }) => id)).size).toBe(1);
    expect(room.commands[0]).toMatchObject({ incidentId: 'i-1', channel, personId: 'p-ada' });
  });

  it('takes a dialog from nobody but whom it was opened for', async () => {
    const room = await heard();
    await clicks(await posted(room, fails));
    expect(await submits(server.bob, { input: 'x' })).toMatchObject({
      error: expect.stringMatching(/nothing was done/),
    });
    // Not the last character: of that one a part says nothing.
    const state = server.world.dialogs[0]?.dialog.state.replace(/\../, (start) => (start === '.A' ? '.B' : '.A'));
    const forged = await room.post('dialog', { user_id: server.ada.id, state, submission: { input: 'x' } });
    expect(await forged.json()).toMatchObject({ error: expect.stringMatching(/nothing was done/) });
    const [p, s] = (server.world.dialogs[0]?.dialog.state ?? '').split('.');
    await clicks(await posted(room, ack, { p, s }, server.ada));
    expect(room.commands).toEqual([]);
  });

  it('says why, in the dialog, when nothing was done', async () => {
    await clicks(
      await posted(await heard({ answer: () => ({ text: 'No step is open.', refusal: { code: 'x' } }) }), fails),
    );
    expect(await submits(server.ada, { input: 'x' })).toEqual({ errors: { input: 'No step is open.' } });
  });

  it('says so when the server opens no dialog', async () => {
    const room = await heard();
    server.fail({ kind: 'status', status: 400 }, { only: 'openDialog' });
    await clicks(await posted(room, fails));
    expect(whispered()[0]).toMatch(/did not open the form, and nothing was done/);
  });

  it.each(['', 'null', '[]', '{"user_id":1}', '{"user_id":"a","context":{"p":"e30","s":[]}}', 'not json'])(
    'answers %j calmly',
    async (body) => {
      const room = await heard();
      for (const path of ['action', 'dialog']) {
        const answer = await room.post(path, body);
        expect(answer.status, path).toBe(200);
        expect(Object.keys((await answer.json()) as object)[0]).toMatch(/ephemeral_text|error/);
      }
      expect(room.commands).toEqual([]);
    },
  );
});

describe('a form on Mattermost', () => {
  const form: Form = {
    title: 'Declare an incident now please',
    submit: 'Declare',
    command: '/incident declare',
    fields: [
      { name: 'title', label: 'What is wrong?', kind: 'line', required: true, atMost: 150, value: 'Registry' },
      {
        name: 'severity',
        label: 'Severity',
        kind: 'choice',
        required: false,
        option: '--sev',
        options: [{ value: '1', label: 'sev1' }],
      },
      { name: 'more', label: 'More', kind: 'text', required: false },
    ],
  };

  it('is a dialog, and what is filled in is the line', async () => {
    const room = await heard({
      form: (line) => (line === '/incident declare' ? form : null),
      answer: () => ({ text: 'Declared.' }),
    });
    await types('/incident declare');
    const dialog = server.world.dialogs[0]?.dialog;
    expect(dialog?.title.length).toBeLessThanOrEqual(24);
    expect(dialog?.elements.map(({ type, optional }: DialogElement) => [type, optional])).toEqual([
      ['text', false],
      ['select', true],
      ['textarea', true],
    ]);
    expect(await submits(server.ada, { title: 'x'.repeat(151), severity: '7' })).toEqual({
      errors: { title: 'At most 150 characters.', severity: 'Choose one of those offered.' },
    });
    expect(await submits(server.ada, { title: 'Pushes fail', severity: '1' })).toEqual({});
    expect(room.commands).toMatchObject([
      { text: '/incident declare --sev 1 Pushes fail', channel, personId: 'p-ada' },
    ]);
    await until(() => whispered().length > 0);
    expect(whispered()).toEqual(['Declared.']);
  });

  it('is left out when the server does not open it: the line runs as it is', async () => {
    const room = await heard({
      form: () => form,
      answer: () => ({ text: 'Declare what?', refusal: { code: 'misused' } }),
    });
    server.fail({ kind: 'status', status: 400 }, { only: 'openDialog' });
    await types('/incident declare');
    expect(room.commands).toHaveLength(1);
    expect(whispered()).toEqual(['Declare what?']);
  });
});
