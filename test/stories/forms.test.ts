import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChatInbound } from '../../src/chat/platform.js';
import type { Service } from '../../src/config/config.js';
import { builtInPolicy } from '../../src/config/defaults.js';
import { type Form, lineOf } from '../../src/messages/form.js';
import { plainText } from '../../src/messages/plain.js';
import { quietAdapter } from '../fakes/quiet-adapter.js';
import { noon, type Story, story } from './story.js';

const service = (name: string, title: string): Service => ({
  name,
  title,
  owners: [],
  tier: 2,
  data: 'internal',
  rpoMs: null,
  rtoMs: null,
  dependsOn: [],
  symptoms: null,
  firstCheck: null,
  approve: [],
  restore: [],
  communicate: [],
  callLink: null,
  aliases: [],
});

describe('a chat platform with forms', () => {
  let told: Story;
  let chat: ChatInbound;
  let ada: string;
  let bob: string;
  let ids = 0;

  beforeAll(async () => {
    const quiet = quietAdapter('there');
    const policy = { ...builtInPolicy([]), platforms: ['there'] };
    const services = [service('registry', 'Container registry'), service('build farm', 'Builds')];
    told = await story({ config: { policy, services }, adapters: [quiet.adapter] });
    chat = quiet.inbound();
    ada = (await told.bot.identify('there', 'ada', 'Ada')).personId;
    bob = (await told.bot.identify('there', 'bob', 'Bob')).personId;
    await typed('/incident declare --sev 2 Registry: pushes fail');
    await typed('/incident impact No team can publish images', 1);
    await typed('/incident action Alert before the disk is full @me 2026-12-01', 1);
  });
  afterAll(() => told.end());

  const where = async (incident?: number) => ({
    platform: 'there',
    channel: incident === undefined ? null : ((await told.incident(incident)).channels.there?.channel ?? null),
  });
  const form = async (text: string, incident?: number) =>
    chat.form({ text, personId: ada, ...(await where(incident)) });
  async function typed(text: string, incident?: number, personId = ada) {
    const reply = await chat.command({ id: `${++ids}`, text, personId, ...(await where(incident)) });
    await told.bot.runner.untilIdle();
    return reply;
  }
  const values = (filled: Form | null): Record<string, string> =>
    Object.fromEntries(
      (filled?.fields ?? []).flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])),
    );

  it('asks what to declare, and what is filled in is a line that does it', async () => {
    const asked = await form('/incident declare --sev 1');
    expect(values(asked)).toEqual({ severity: '1' });
    expect(asked?.fields.find(({ name }) => name === 'service')?.options).toEqual([
      { value: 'registry', label: 'Container registry' },
      { value: '"build farm"', label: 'Builds' },
    ]);
    const line = lineOf(asked as Form, {
      title: 'Builds hang',
      severity: '2',
      service: '"build farm"',
      private: '--private',
    });
    expect(line).toBe('/incident declare --sev 2 --service "build farm" Builds hang --private');
    expect((await typed(line)).refusal).toBeUndefined();
    expect(await told.incident(2)).toMatchObject({
      title: 'Builds hang',
      severity: 'sev2',
      services: ['build farm'],
      visibility: 'private',
    });
  });

  it('takes a title from what was said, without its secrets and without what looks like an option', async () => {
    const said = (text: string) => ({ platform: 'there', channel: 'C0', message: '1', text, personId: bob, at: noon });
    const titled = async (text: string) =>
      values(
        await chat.form({
          text: '/incident declare',
          personId: ada,
          platform: 'there',
          channel: null,
          from: said(text),
        }),
      ).title;
    expect(await titled('\n---\n--private   pushes fail\nfor everybody')).toBe('private pushes fail');
    expect(await titled(`use ghp_${'q7Rz2Lk9'.repeat(4)}Xy81 please`)).toBe('use [GitHub token hidden] please');
    expect(await titled('x'.repeat(500))).toHaveLength(150);
  });

  it('asks for an update with what is known, and lets the next one be promised sooner', async () => {
    const asked = await form('/incident update', 1);
    expect(asked).toMatchObject({ title: 'Update · #1', submit: 'Post', incidentId: (await told.incident(1)).id });
    expect(values(asked).text).toBe(
      'Registry: pushes fail. Impact: No team can publish images (said less than a minute ago). Status: investigating.',
    );
    expect(asked?.fields.find(({ name }) => name === 'next')?.options?.map(({ value }) => value)).toEqual([
      '10m',
      '15m',
      '30m',
    ]);
    const reply = await typed(lineOf(asked as Form, { text: 'The disk is full.\nWe make room.', next: '15m' }), 1);
    expect(reply.refusal).toBeUndefined();
    expect((await told.incident(1)).updates).toMatchObject({
      dueAt: told.now() + 15 * 60_000,
      lastText: 'The disk is full.\nWe make room.',
    });
    await typed('/incident update --next 5h Still making room.', 1);
    expect((await told.incident(1)).updates.dueAt).toBe(told.now() + 60 * 60_000);
    expect((await typed('/incident update --next soon Room is made.', 1)).refusal?.code).toBe('usage');
  });

  it('asks for the words of any verb that needs them, wherever the incident is named, and for nothing else', async () => {
    expect(await form('/incident note', 1)).toMatchObject({ title: 'Note · #1', command: '/incident note' });
    expect(await form('/incident #1 skip')).toMatchObject({ title: 'Skip · #1', fields: [{ required: true }] });
    expect(await form('reopen #1')).toMatchObject({ command: '/incident reopen' });
    for (const whole of [
      '/incident',
      'note',
      'note seen',
      'update Fixed',
      'done',
      'ack',
      'list',
      'declare It burns',
      '#7 note',
      'nots',
    ])
      expect([whole, await form(whole, whole === 'note' ? undefined : 1)]).toEqual([whole, null]);
    expect(await chat.form({ text: '#2 note', personId: bob, platform: 'there', channel: null })).toBeNull();
  });

  it('shows people what is their own, and what they could take', async () => {
    await typed('/incident take commander', 2);
    await typed('/incident declare The wiki is slow', undefined, bob);
    const [own, others] = [plainText(await chat.home(ada)), plainText(await chat.home(bob))];
    expect((await chat.home(ada)).summary).toBe('You are in 2 open incidents.');
    expect(own).toMatch(/#1 Registry: pushes fail.* · you: commander, communications, scribe · next/);
    expect(own).toMatch(
      /#2 Builds hang.* · sev2 · investigating · you: commander, communications, scribe · next update due/,
    );
    expect(own).toMatch(/Nobody commands\s+- .*#3 The wiki is slow/);
    expect(own).toMatch(/Alert before the disk is full · due 2026-12-01 · .*#1 Registry: pushes fail/);
    expect(others).not.toContain('Builds hang');
    expect(others).not.toContain('You owe');
    expect(plainText(await chat.home('nobody'))).toContain('You are in no open incident.');
  });

  it('whispers no step that the channel is shown, and shows it to whoever asks for it again', async () => {
    const declared = await typed('/incident declare --service registry Pulls fail');
    const number = Number(/#(\d+)/.exec(declared.text)?.[1]);
    const first = await typed('/incident next', number);
    expect(first.text).toMatch(/^Step 1 of /);
    expect(first.card).toBeUndefined();
    expect((await typed('/incident next', number)).card?.summary).toMatch(/^Step 1 of /);
    const elsewhere = await chat.command({
      ...{ id: `${++ids}`, text: '/incident skip It is known', personId: ada, platform: 'there', channel: null },
      incidentId: (await told.incident(number)).id,
    });
    expect(elsewhere.card).toBeDefined();
  });
});
