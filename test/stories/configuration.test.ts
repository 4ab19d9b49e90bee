import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Database, databases, noon, type Story, story } from './story.js';

const open = 'open-on-loopback: true\n';
const team = `people:
  ada: { name: Ada Lovelace, groups: [platform] }
  bob: { name: Bob }
groups: { platform: [] }
`;
const sev1 = (rules: string): string => `${open}${team}severities:\n  sev1: ${rules}\n`;
const alert = (service: string) => ({ title: `${service} is down`, service, severity: 'critical' });

let running: Story | null = null;
afterEach(() => running?.end());
async function begin(about: Parameters<typeof story>[0]): Promise<Story> {
  running = await story(about);
  return running;
}

describe.each<Database>(databases)('a changed muster.yaml on %s', (database) => {
  it('holds for new incidents while open ones keep their rules', async () => {
    const muster = await begin({ database, file: sev1('{ update-every: 20m, acknowledge-within: never }') });
    await muster.alerts('generic', alert('registry'));
    await muster.write(sev1('{ update-every: 45m, acknowledge-within: never }'));
    await muster.alerts('generic', alert('git'));
    const [first, second] = [await muster.incident(1), await muster.incident(2)];
    expect([first.updates.dueAt, second.updates.dueAt]).toEqual([noon + 20 * 60_000, noon + 45 * 60_000]);
    expect(first.policy.severities.sev1.updateEveryMs).toBe(20 * 60_000);
    expect((await muster.channel('operators')).map(({ text }) => text).join()).toMatch(
      /muster\.yaml is adopted\. It holds for new incidents; open ones keep their rules\./,
    );
    expect((await muster.bot.store.verify()).problems).toEqual([]);
  });

  it('with errors changes nothing, is told to the operators with its place, once, and again when it is good', async () => {
    const muster = await begin({ database, file: sev1('{ update-every: 20m }') });
    const bad = sev1('{ update-evry: 45m }');
    await muster.write(bad);
    await muster.write(bad);
    await muster.alerts('generic', alert('registry'));
    expect((await muster.incident(1)).policy.severities.sev1.updateEveryMs).toBe(20 * 60_000);
    const [refused, ...more] = await muster.channel('operators');
    expect(more).toEqual([]);
    expect(refused?.text).toMatch(
      /muster\.yaml has errors\. Muster goes on with the last good configuration[\s\S]*muster\.yaml:7:11 severities\.sev1: There is no key "update-evry"\. Did you mean "update-every"\?/,
    );
    await muster.write(sev1('{ update-every: 20m }'));
    expect(await muster.channel('operators')).toHaveLength(2);
  });
});

describe('a muster.yaml', () => {
  it('that vanishes leaves the last good rules', async () => {
    const muster = await begin({ file: sev1('{ update-every: 20m }') });
    rmSync(join(muster.folder, 'muster.yaml'));
    await muster.bot.reload();
    await muster.bot.runner.untilIdle();
    await muster.alerts('generic', alert('registry'));
    expect((await muster.incident(1)).policy.severities.sev1.updateEveryMs).toBe(20 * 60_000);
    expect((await muster.channel('operators'))[0]?.text).toContain('The file is gone.');
  });

  it('is noticed by itself when it changes', async () => {
    const muster = await begin({ file: sev1('{ update-every: 20m }') });
    writeFileSync(join(muster.folder, 'muster.yaml'), sev1('{ update-every: 45m }'));
    await expect
      .poll(
        async () => {
          await muster.bot.runner.untilIdle();
          return (await muster.bot.web.channels('ada')).map(({ name }) => name);
        },
        { timeout: 10_000 },
      )
      .toContain('operators');
    await muster.alerts('generic', alert('registry'));
    expect((await muster.incident(1)).policy.severities.sev1.updateEveryMs).toBe(45 * 60_000);
  });

  it('names people who are the same in the web chat, under the name of the file', async () => {
    const muster = await begin({ file: sev1('{ invite: [platform], page: [bob] }') });
    await muster.say('ada', '/incident declare --sev 1 nobody can push');
    const { responders } = await muster.incident(1);
    expect(responders).toEqual(['ada', 'bob']);
    await muster.say('Ada Lovelace', '/incident take commander', 1);
    expect((await muster.incident(1)).roles).toEqual({ commander: 'ada' });
    expect(await muster.bot.store.people()).toMatchObject([
      { personId: 'ada', name: 'Ada Lovelace' },
      { personId: 'bob', name: 'Bob' },
    ]);
    await muster.say('bob', '/incident assign operations @bob', 1);
    expect((await muster.incident(1)).roles.operations).toBe('bob');
  });

  it('whoever is paged acknowledges with one press, where the page is read', async () => {
    const muster = await begin({ file: sev1('{ invite: [platform], page: [bob] }') });
    await muster.alerts('generic', { title: 'push fails', service: 'registry', severity: 'critical' });
    const direct = (await muster.bot.web.channels('bob')).find(({ name }) => name.startsWith('direct-'));
    const [page] = await muster.bot.web.messages(direct?.id ?? '', 10);
    const button = page?.card.blocks
      .flatMap((block) => (block.kind === 'buttons' ? block.buttons : []))
      .find(({ label }) => label === 'Acknowledge');
    const { command: text = '', incidentId = null } = button ?? {};
    await muster.bot.inbound.command({ id: 'b1', text, personId: 'bob', platform: 'web', channel: null, incidentId });
    expect((await muster.incident(1)).acknowledgedBy).toBe('bob');
  });

  it('renames the channels that are there once', async () => {
    const muster = await begin({ file: `${open}channels: { stakeholders: status-of-things }\n` });
    await muster.say('ada', '/incident declare --sev 1 nobody can push');
    expect((await muster.channel('status-of-things')).length).toBeGreaterThan(0);
  });
});
