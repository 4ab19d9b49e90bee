import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SlackRoom, slackRoom, until } from '../fakes/slack-room.js';
import { startSlackSide } from '../fakes/slack-side.js';

describe('requests from Slack', () => {
  let room: SlackRoom;
  beforeEach(async () => {
    room = await slackRoom('http');
  });
  afterEach(() => room.close());

  const minute = 60_000;
  it.each([
    ['signed with another secret', { secret: 'x'.repeat(32) }],
    ['not signed', { signature: null }],
    ['signed in a way that is not known', { signature: 'v1=00' }],
    ['with an empty signature', { signature: 'v0=' }],
    ['signed five minutes ago', { at: Date.now() - 5.2 * minute }],
    ['signed in the future', { at: Date.now() + 5.2 * minute }],
    ['changed on the way', { tamper: (raw: string) => raw.replace('ack', 'close') }],
  ])('are refused when they are %s', async (_what, signing) => {
    const { status, body } = await room.http.signed(room.do.command('ack'), signing);
    expect({ status, body }).toEqual({ status: 401, body: { error: expect.any(String), hint: expect.any(String) } });
    expect(room.inbound.commands).toEqual([]);
  });

  it('are taken up to the minute, with and without a charset', async () => {
    const taken = [
      await room.http.signed(room.do.command('a'), { at: Date.now() - 4.8 * minute }),
      await room.http.signed(room.do.command('b'), { contentType: 'application/x-www-form-urlencoded' }),
      await room.http.signed(room.do.command('c'), { contentType: 'Application/X-WWW-Form-Urlencoded; Charset=UTF-8' }),
    ];
    expect(taken.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(room.inbound.effects).toEqual(['/incident a', '/incident b', '/incident c']);
  });

  it('have one effect when somebody records and repeats them', async () => {
    const dispatch = room.do.command('ack');
    const at = Date.now();
    const answers = [];
    for (let count = 0; count < 3; count++) answers.push((await room.http.signed(dispatch, { at })).status);
    expect(answers).toEqual([200, 200, 200]);
    expect(room.inbound.effects).toEqual(['/incident ack']);
  });

  it('prove the address to Slack, signed only', async () => {
    const challenge = JSON.stringify({
      type: 'url_verification',
      token: 'x',
      challenge: '3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P',
    });
    expect(await room.http.signed(challenge)).toMatchObject({
      status: 200,
      body: { challenge: JSON.parse(challenge).challenge },
    });
    expect((await room.http.signed(challenge, { signature: null })).status).toBe(401);
  });

  it('that cannot be read are refused, however well they are signed', async () => {
    for (const raw of ['', '[]', '"x"', '{"a":', '1'])
      expect(await room.http.signed(raw)).toMatchObject({
        status: 400,
        body: { error: expect.any(String), hint: expect.any(String) },
      });
    expect((await room.http.signed('payload=%7B', { contentType: 'application/x-www-form-urlencoded' })).status).toBe(
      400,
    );
  });

  it('for another workspace are refused with what to do', async () => {
    const { status, body } = await room.http.signed(room.do.command('ack', { team_id: 'T2' }));
    expect({ status, hint: body?.hint }).toEqual({ status: 403, hint: expect.stringContaining('token') });
  });

  it('are no trouble when Slack says that it holds back events', async () => {
    expect(
      (await room.http.signed(JSON.stringify({ type: 'app_rate_limited', team_id: 'T1', minute_rate_limited: 1 })))
        .status,
    ).toBe(200);
  });

  it('never send an answer anywhere but to Slack', async () => {
    const other = await startSlackSide();
    const press = room.do.press({ command: '/incident ack' });
    press.body.response_url = other.responseUrl();
    expect((await room.slack.send(press)).ok).toBe(true);
    await until(() => room.side.asked('chat.postMessage').length === 1);
    expect(other.asked('respond')).toEqual([]);
    await other.close();
  });
});

describe('a Slack that does not answer Muster', () => {
  it('leaves Muster running: it says why it hears nothing, and goes on trying', async () => {
    const side = await startSlackSide();
    side.fail('auth.test', { kind: 'refused', error: 'invalid_auth' });
    const room = await slackRoom('http', { side, ready: false });
    await until(() => room.way.state().why?.includes('SLACK_BOT_TOKEN') === true);
    expect(room.way.state().ready).toBe(false);
    const { answer } = await room.slack.send(room.do.command('ack'));
    expect(JSON.stringify(answer)).toContain('Not recorded, try again.');
    side.heal();
    await until(() => room.way.state().ready);
    await room.slack.send(room.do.command('ack'));
    expect(room.inbound.effects).toEqual(['/incident ack']);
    await room.close();
    expect(await side.close()).toBeUndefined();
  });
});
