import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Story, story } from './story.js';

const playbook = (title: string, step: string): string =>
  `---\ntitle: ${title}\nowner: platform-team\nmatches: { service: registry }\n---\n## Detect\n- [ ] ${step}\n`;

describe('templates and playbooks that change while Muster runs', () => {
  let told: Story;
  let folder: string;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'muster-texts-'));
    for (const name of ['templates', 'playbooks']) mkdirSync(join(folder, name));
    write('playbooks/registry.md', playbook('Registry outage', 'Look at the disk'));
    told = await story({
      file: 'open-on-loopback: true\n',
      env: { MUSTER_TEMPLATES: join(folder, 'templates'), MUSTER_PLAYBOOKS: join(folder, 'playbooks') },
    });
  });
  afterEach(async () => {
    await told.end();
    rmSync(folder, { recursive: true, force: true });
  });
  const write = (path: string, text: string) => writeFileSync(join(folder, path), text);
  const reload = async () => {
    await told.bot.reload();
    await told.bot.runner.untilIdle();
  };
  const operators = async () => (await told.channel('operators')).map(({ text }) => text);
  const notes = async () => (await told.channel('inc-1')).map(({ text }) => text);

  it('are used from then on; a broken one changes nothing and is told with its place', async () => {
    await told.say('Ada', '/incident declare --sev 3 Pushes fail');
    write('templates/note.hbs', 'Ours: {{text}}');
    await reload();
    expect(await operators()).toEqual([expect.stringContaining('the templates are read again')]);
    await told.say('Ada', '/incident note one', 1);
    expect((await notes()).at(-1)).toBe('Ours: one');

    write('templates/note.hbs', 'Broken: {{txt}}');
    await reload();
    await reload();
    expect((await operators()).at(-1)).toMatch(/templates has errors\. Messages read as before\.[\s\S]*note\.hbs:1 /);
    expect(await operators()).toHaveLength(2);
    await told.say('Ada', '/incident note two', 1);
    expect((await notes()).at(-1)).toBe('Ours: two');
  });

  it('hold for new incidents; a playbook with errors stays as it was, and one that is walked keeps its text', async () => {
    const first = async (number: number) => (await told.incident(number)).walk?.steps[0]?.title;
    await told.say('Ada', '/incident declare --sev 3 --service registry Pushes fail');
    write('playbooks/registry.md', playbook('Registry outage', 'Look at the network'));
    write('playbooks/other.md', playbook('Other', 'Look elsewhere').replace('registry', 'git'));
    await reload();
    await told.say('Ada', '/incident next', 1);
    const [step, changed] = (await told.channel('inc-1')).slice(-2);
    expect(step?.text).toContain('Look at the disk');
    expect(changed?.text).toContain('This incident goes on with the text it began with.');
    await told.say('Ada', '/incident declare --sev 3 --service registry Pushes fail again');
    expect([await first(1), await first(2)]).toEqual(['Look at the disk', 'Look at the network']);

    write('playbooks/registry.md', '---\ntitel: x\n---\n');
    await reload();
    expect((await operators()).at(-1)).toContain('registry.md:');
    await told.say('Ada', '/incident declare --sev 3 --service registry Pushes fail once more');
    expect(await first(3)).toBe('Look at the network');
    await told.say('Ada', '/incident declare --sev 3 --service git Clones fail');
    expect(await first(4)).toBe('Look elsewhere');
  });

  it('are seen by themselves where the system tells of changes', async () => {
    write('templates/note.hbs', 'By itself: {{text}}');
    await told.say('Ada', '/incident declare --sev 3 Pushes fail');
    for (let tries = 0; tries < 50; tries += 1) {
      await told.say('Ada', '/incident note x', 1);
      if ((await notes()).at(-1) === 'By itself: x') return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect((await notes()).at(-1)).toBe('By itself: x');
  });
});
