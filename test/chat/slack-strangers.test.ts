import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { whoIs } from '../../src/chat/slack/inbound/who.js';
import { newTs } from '../fakes/slack-dispatcher.js';
import { type SlackRoom, slackRoom, until } from '../fakes/slack-room.js';
import { muster } from '../fakes/slack-side.js';

describe('people of another workspace in a channel that is shared with it', () => {
  let room: SlackRoom;
  beforeEach(async () => {
    room = await slackRoom('http');
    room.side.people.set('UEVE', 'ada');
    room.side.strangers.set('UEVE', 'T2');
  });
  afterEach(async () => {
    expect(room.side.violations).toEqual([]);
    await room.close();
  });

  it('cannot have anything done by what they say, and are told', async () => {
    const said = { type: 'app_mention', user: 'UEVE', channel: 'C1', text: `<@${muster.userId}> resolve`, ts: newTs() };
    expect(await room.slack.send(room.do.event(said))).toMatchObject({ ok: true });
    await until(() => room.side.told().length > 0);
    expect(room.side.told().join()).toContain('Only members of this workspace');
    expect(room.inbound.commands).toEqual([]);
  });

  it('keep nothing on a timeline, and are kept by nobody else’s address', async () => {
    const [ada, eve] = [newTs(), newTs()];
    room.side.history.set('C1', [
      { ts: ada, user: 'UADA', text: 'It is the disk.' },
      { ts: eve, user: 'UEVE', text: 'It is the network.' },
    ]);
    const marks = (user: string, ts: string) =>
      room.slack.send(
        room.do.event({
          type: 'reaction_added',
          user,
          reaction: 'pushpin',
          item: { type: 'message', channel: 'C1', ts },
        }),
      );
    expect(await marks('UEVE', ada)).toMatchObject({ ok: true });
    expect(await marks('UADA', eve)).toMatchObject({ ok: true });
    expect(room.inbound.kept).toMatchObject([{ text: 'It is the network.', personId: 'UEVE', keptBy: 'ada' }]);
  });
});

describe('an address that Slack shows', () => {
  const self = async () => ({ teamId: 'T1', enterpriseId: 'E1', userId: 'U', botId: null });
  const emailOf = async (more: object): Promise<string | null | undefined> => {
    let given: string | null | undefined;
    const who = whoIs({
      calls: { call: async () => ({ user: { name: 'eve', profile: { email: 'ada@example.com' }, ...more } }) as never },
      accounts: {
        accountOf: async () => null,
        async identify(_, personId, name, email) {
          given = email;
          return { personId, name };
        },
      },
      platform: 'slack',
      now: Date.now,
      self,
    });
    await who.person('U1');
    return given;
  };

  it.each([
    ['of the workspace', { team_id: 'T1' }, 'ada@example.com'],
    ['of its organisation', { team_id: 'T3', enterprise_user: { enterprise_id: 'E1' } }, 'ada@example.com'],
    ['of another workspace', { team_id: 'T2' }, null],
    ['of another organisation', { team_id: 'T2', enterprise_user: { enterprise_id: 'E2' } }, null],
    ['that nobody has confirmed', { team_id: 'T1', is_email_confirmed: false }, null],
  ])('is somebody’s only inside: %s', async (_, user, email) => {
    expect(await emailOf(user)).toBe(email);
  });
});
