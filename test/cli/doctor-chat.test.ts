import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { addDoctor } from '../../src/cli/doctor.js';
import { type SlackWorkspace, startSlack } from '../fakes/slack/workspace.js';
import { story } from '../stories/story.js';
import { runCommand } from './run.js';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function workspace(): Promise<SlackWorkspace> {
  const slack = await startSlack();
  ends.push(slack.close);
  return slack;
}
const envOf = (slack: SlackWorkspace): Record<string, string> => ({
  SLACK_BOT_TOKEN: slack.token,
  SLACK_SIGNING_SECRET: 'f'.repeat(32),
  MUSTER_SLACK_API_URL: slack.apiUrl,
  MUSTER_PUBLIC_URL: 'https://muster.example.com',
});

it('a Muster at work on Slack is looked at from beside it: scopes, its channels, whether people are heard', async () => {
  const slack = await workspace();
  const muster = await story({ at: Date.now(), env: envOf(slack) });
  ends.push(muster.end);
  await muster.say('ada', '/incident declare --sev 1 Pushes fail');
  const { channels } = await muster.incident(1);
  const [{ channel } = { channel: '' }] = Object.values(channels);
  const where = {
    folder: muster.folder,
    env: {
      ...envOf(slack),
      MUSTER_DATA: join(muster.folder, 'data'),
      MUSTER_PORT: new URL(muster.bot.url).port,
    },
  };
  const well = await runCommand(addDoctor, ['doctor', 'slack'], where);
  expect(well.out).toMatch(/^ok {7}home: Incidents live here\.$/m);
  expect(well.out).toMatch(/^ok {7}scopes: All \d+ that are used are granted\.$/m);
  expect(well.out).toMatch(/ \d of 4 reached\.$/m);
  expect(well.out).toMatch(/ 0 problems, /);
  expect(well.exitCode).toBe(0);
  slack.granted.splice(slack.granted.indexOf('commands'), 1);
  await slack.archive(channel);
  const asked = await runCommand(addDoctor, ['doctor', 'slack', '--json'], where);
  const told = JSON.parse(asked.out) as { ok: boolean; findings: { level: string; about: string; what: string }[] };
  expect([told.ok, asked.exitCode]).toEqual([false, 1]);
  expect(told.findings.filter(({ level }) => level === 'problem').map(({ what }) => what)).toEqual([
    expect.stringMatching(/^commands is missing: \/incident and the shortcuts are not there/),
    expect.stringMatching(/^#inc-1-\S+ \(the channel of incident 1\) is archived/),
  ]);
}, 60_000);

it('a platform that is not set up is nothing to look at, and settings that are wrong are told as they are', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-doctor-chat-'));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  const ask = (env: Record<string, string>) => runCommand(addDoctor, ['doctor', 'slack'], { folder, env });
  expect(await ask({})).toMatchObject({ exitCode: 2, err: expect.stringContaining('slack is not set up') });
  const wrong = await ask({ SLACK_BOT_TOKEN: 'xoxp-hunter2', SLACK_APP_TOKEN: 'xapp-1' });
  expect(wrong).toMatchObject({ exitCode: 1, out: expect.stringContaining('This is the token of a person.') });
  expect(wrong.out).not.toContain('hunter2');
});
