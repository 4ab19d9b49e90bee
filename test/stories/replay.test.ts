import { afterEach, describe, expect, it } from 'vitest';
import type { Reply } from '../../src/chat/platform.js';
import { machine } from '../../src/people/viewer.js';
import { type Story, story } from './story.js';

describe('the id of a command', () => {
  let told: Story;
  afterEach(() => told.end());

  const pressed = async (user: string, id: string, text: string, incidentId?: string): Promise<Reply> => {
    const response = await fetch(`${told.bot.url}/chat/web/command`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: `muster_name=${user}` },
      body: JSON.stringify({ id, text, ...(incidentId && { incidentId }) }),
    });
    expect(response.status).toBe(200);
    return (await response.json()) as Reply;
  };

  it('is its asker’s own: another person with the same id is heard, and is not shown the first one’s answer', async () => {
    told = await story();
    const first = await pressed('ada', '1', '/incident declare --private A signing key is burnt');
    const other = await pressed('bob', '1', '/incident declare Builds are slow');
    expect(other.text).toContain('Builds are slow');
    expect(JSON.stringify(other)).not.toContain('signing key');
    expect(await pressed('ada', '1', '/incident declare --private A signing key is burnt')).toEqual(first);
    expect((await told.bot.store.incidents(machine, { limit: 9, offset: 0 })).total).toBe(2);
  });

  it('gives the same answer again when what it did has changed what the line means', async () => {
    told = await story();
    await told.alerts('generic', { title: 'The wiki is slow', service: 'wiki', severity: 'warning' });
    const { incidents } = await told.bot.store.incidents(machine, { triage: true, limit: 1, offset: 0 });
    const first = await pressed('ada', '1', '/incident declare', incidents[0]!.id);
    expect(first.refusal).toBeUndefined();
    expect(await pressed('ada', '1', '/incident declare', incidents[0]!.id)).toEqual(first);
  });
});
