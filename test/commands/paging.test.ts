import { describe, expect, it } from 'vitest';
import { labels, opened } from './room.js';

const cleo = { personId: 'p-cleo', because: 'called by name' };

describe('calling somebody', () => {
  it.each<[line: string, people: object[], reason: string | null]>([
    ['page @cleo the database does not come back', [cleo], 'the database does not come back'],
    ['page cleo', [cleo], null],
    ['call @cleo, because the disk is full', [cleo], 'the disk is full'],
    ['page @cleo and @p-bob the disk', [cleo, { personId: 'p-bob', because: 'called by name' }], 'the disk'],
  ])('%s', async (line, people, reason) => {
    const { command, reply } = await opened('sev1').type(line);
    expect(command).toEqual({ type: 'page', people, reason });
    expect(reply.text).toMatch(/called to #42 now\. The channel hears if there is no answer by \d\d:\d\d UTC\.$/);
  });

  it.each(['page on-call', 'page the on-call', 'call next level', 'next level'])(
    '%s calls whoever is next',
    async (line) => {
      const { command } = await opened('sev1').type(line);
      expect(command).toEqual({ type: 'escalate', reason: null });
    },
  );

  it('asks whom, and offers the next level', async () => {
    const { reply } = await opened('sev1').type('page');
    expect(reply.refusal).toEqual({ code: 'usage' });
    expect(labels(reply.card)).toContain('Call the next level');
  });

  it('says who was meant by a name that is nearly right', async () => {
    const { reply } = await opened('sev1').type('page @cloe the disk');
    expect(reply.refusal).toEqual({ code: 'unknown-person' });
    expect(reply.text).toMatch(/Did you mean Cleo\?/);
  });
});

describe('escalating', () => {
  it('calls the next level and says whom', async () => {
    const { command, reply } = await opened('sev1').type('escalate nobody here knows the storage');
    expect(command).toEqual({ type: 'escalate', reason: 'nobody here knows the storage' });
    expect(reply.text).toMatch(/^Level 1 of 1 is called to #42 now: olga \(named for sev1\)\. They have until/);
  });

  it('to a severity is another act, which it offers', async () => {
    const room = opened('sev1');
    const { command, reply } = await room.type('escalate to sev1 pushes fail everywhere');
    expect(command).toBeNull();
    expect(reply.refusal).toEqual({ code: 'severity-meant' });
    expect(labels(reply.card)).toEqual(['Make it sev1…', 'Call the next level']);
    expect(JSON.stringify(reply.card)).toContain('/incident sev 1 pushes fail everywhere');
  });

  it('is refused in words when everybody has been called', async () => {
    const room = opened('sev1');
    for (let i = 0; i < 5; i += 1) await room.type('escalate');
    const { reply } = await room.type('escalate');
    expect(reply.text).toMatch(/Everybody who is named has been called\. Call somebody: \/incident page @who/);
  });
});
