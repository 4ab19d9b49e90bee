import { afterEach, describe, expect, it } from 'vitest';
import { builtInChat, builtInPolicy } from '../../src/config/defaults.js';
import type { Policy } from '../../src/incident/state.js';
import { machine } from '../../src/people/viewer.js';
import { type RemoteChat, startRemoteChat } from '../fakes/remote-chat.js';
import { remoteChatPlatform } from '../fakes/remote-chat-platform.js';
import { noon, type Story, story } from './story.js';

describe('the channel of an incident', () => {
  let told: Story;
  let chat: RemoteChat;
  afterEach(async () => {
    await told.end();
    await chat.close();
  });

  async function begin(about: { tends?: boolean; archiveAfterMs?: number | null } = {}) {
    const { tends = true, archiveAfterMs = null } = about;
    chat = await startRemoteChat({ now: () => told?.now() ?? noon });
    const built = builtInPolicy([]);
    const { sev1, sev2 } = built.severities;
    const policy: Policy = {
      ...built,
      platforms: ['remote'],
      severities: { ...built.severities, sev1: { ...sev1, callLink: 'https://meet.example.com/one' }, sev2 },
    };
    told = await story({
      config: { policy, chat: { ...builtInChat, archiveAfterMs } },
      platforms: [remoteChatPlatform({ url: chat.url, tends })],
    });
    await told.say('Ada', 'declare --sev 2 Registry: pushes fail');
  }
  const channel = (name = 'inc-1-registry-pushes-fail') =>
    [...chat.channels.values()].find((each) => each.name === name)!;
  const said = (words: string) => channel().messages.filter(({ card }) => JSON.stringify(card).includes(words));
  const failures = async () => {
    const { id } = await told.incident(1);
    return (await told.bot.store.timeline(machine, id)).filter(({ type }) => type === 'deliveryFailed');
  };
  async function close() {
    await told.say('Ada', 'resolve Space freed', 1);
    await told.say('Ada', 'close', 1);
  }

  it('says at its head how the incident stands, again only when that changes, with the call and the page', async () => {
    await begin();
    const page = { label: 'Incident #1', href: `${told.bot.url}/incidents/1` };
    await told.say('Ada', 'note Looking', 1);
    await told.say('Ada', 'impact Nobody can push', 1);
    expect(channel().heads).toEqual([{ topic: 'sev2 · investigating · nobody commands', links: [page] }]);
    await told.say('Ada', 'take commander', 1);
    await told.say('Ada', 'sev 1 everybody is held up', 1);
    await told.say('Ada', 'status identified A full disk', 1);
    const call = { label: 'Call', href: 'https://meet.example.com/one' };
    expect(channel().heads.slice(1)).toEqual([
      { topic: 'sev2 · investigating · Ada commands', links: [page] },
      { topic: 'sev1 · investigating · Ada commands', links: [call, page] },
      { topic: 'sev1 · identified · Ada commands', links: [call, page] },
    ]);
    await close();
    expect(channel().heads.at(-1)).toEqual({ topic: 'sev1 · closed', links: [page] });
    expect(chat.violations).toEqual([]);
  });

  it('gets the postmortem as a file, once for each version', async () => {
    await begin();
    await close();
    chat.fail({ kind: 'resetAfter' }, { only: 'attach' });
    await told.say('Ada', 'reopen Again', 1);
    await close();
    await told.forward({ minutes: 1 });
    expect(channel().files.map(({ name }) => name)).toEqual(['inc-1-postmortem-v1.md', 'inc-1-postmortem-v2.md']);
    expect(channel().files[0]?.text).toContain('# Postmortem');
  });

  it('keeps a file whose words are erased elsewhere, and whoever erases them is told to delete it there', async () => {
    await begin();
    await told.say('Ada', 'note The door code is four three two one', 1);
    await close();
    expect(channel().files[0]?.text).toContain('four three two one');
    const { id } = await told.incident(1);
    const seq = (await told.bot.store.timeline(machine, id)).find(({ type }) => type === 'noted')?.seq;
    const reply = await told.say('Ada', `redact ${seq} it is a code`, 1);
    expect(reply.text).toContain('1 message in chat could not be changed');
    expect(JSON.stringify(channel().messages)).not.toContain('four three two one');
  });

  it('is put away so long after the end, and not when it goes on; reopened later, it goes on in another with everybody', async () => {
    await begin({ archiveAfterMs: 90 * 60_000 });
    await close();
    await told.forward({ minutes: 60 });
    await told.say('Ada', 'reopen It fails again', 1);
    await told.forward({ minutes: 60 });
    expect(chat.requests.filter(({ call }) => call === 'archive')).toEqual([]);
    await close();
    await told.forward({ minutes: 91 });
    expect(chat.requests.filter(({ call }) => call === 'archive')).toHaveLength(1);

    const before = channel().messages.length;
    await told.say('Ada', 'action Alert before the disk is full', 1);
    expect(channel().messages).toHaveLength(before);
    await told.say('Ada', 'reopen And once more', 1);
    const again = channel('inc-1-registry-pushes-fail-2');
    expect([...again.members]).toEqual((await told.incident(1)).responders);
    expect(again.messages.filter(({ pinned }) => pinned)).toHaveLength(1);
    expect(again.messages.some(({ card }) => JSON.stringify(card).includes('And once more'))).toBe(true);
    expect(again.heads).toHaveLength(1);
    expect((await told.incident(1)).channels.remote?.channel).toBe(again.id);
    expect(await failures()).toEqual([]);
    expect((await told.bot.store.jobs({ state: 'quarantined', limit: 9 })).length).toBe(0);
  });

  it('takes all that is said though its head and files are refused for good, which is told once', async () => {
    await begin({ archiveAfterMs: 60_000 });
    for (const only of ['describe', 'attach', 'archive'] as const)
      chat.fail({ kind: 'status', status: 410 }, { only, times: 99 });
    for (const line of ['take commander', 'sev 1 everybody', 'status identified A full disk'])
      await told.say('Ada', line, 1);
    await close();
    await told.forward({ minutes: 5 });
    expect(said('Space freed').length).toBeGreaterThan(0);
    expect((await told.incident(1)).away ?? null).toBeNull();
    expect((await failures()).map(({ body }) => (body as { what: string }).what)).toEqual(['describe', 'attach']);
  });

  it('of a platform that cannot do any of this is left as it is', async () => {
    await begin({ tends: false, archiveAfterMs: 60_000 });
    await close();
    await told.forward({ minutes: 5 });
    expect(await failures()).toEqual([]);
    expect((await told.bot.store.jobs({ limit: 9 })).filter(({ key }) => /^(head|file|archive)/.test(key))).toEqual([]);
    await told.say('Ada', 'note Afterwards', 1);
    expect(said('Afterwards')).toHaveLength(1);
  });
});
