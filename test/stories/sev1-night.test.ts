import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { TimelineEvent } from '../../src/incident/events.js';
import { machine } from '../../src/people/viewer.js';
import { noBrowser, openBrowser } from '../fakes/browser.js';
import { startMailServer } from '../fakes/mail-server.js';
import {
  type GotifyMessage,
  type NtfyMessage,
  type PagerDutyEvent,
  startGotify,
  startNtfy,
  startPagerDuty,
} from '../fakes/page-services.js';
import { isQuiet } from './noise.js';
import { nightTranscript } from './sev1-night-transcript.js';
import { type Story, story } from './story.js';

const golden = 'test/fixtures/sev1-night.md';
const playbook = `---
title: Registry storage
owner: olga
reviewed: 2026-11-01
matches: { service: registry }
needs: ["SSH to the registry's nodes with sudo: group platform-oncall"]
---
# Registry storage
## Detect
- [ ] Find the node that refuses the push

  \`\`\`sh
  for node in registry-1 registry-2; do curl -sS -o /dev/null -w "$node %{http_code}\\n" https://$node.example.com/v2/; done
  \`\`\`

  - Expect: one of them answers 5xx
  - Ask: host
  - Within: 10 min
## Contain
- Parallel: yes
- Within: 30 min
- Otherwise: page platform lead

- [ ] Freeze the publishing jobs
  - Expect: no new job starts
  - Role: operations
- [ ] Tell the teams that publish
  - Role: communications
## Repair
- [ ] Move the uploads to the spare volume

  \`\`\`sh
  ssh {host} sudo registry-uploads --to /mnt/spare
  \`\`\`

  - Expect: a push goes through
  - Role: operations
  - Approve: commander
  - Roll back: [Back to the old volume](#roll-back)
- [ ] Grow the volume

  \`\`\`sh
  ssh {host} 'sudo lvextend -r -L +200G /dev/data/registry && df -h /var/lib/registry'
  \`\`\`

  - Expect: less than 80 % used
  - Role: operations
  - Then: [Verify](#verify)
## Roll back
- [ ] Put the uploads back on the old volume

  \`\`\`sh
  ssh {host} sudo registry-uploads --to /var/lib/registry
  \`\`\`

  - Expect: pulls are as fast as before
  - Role: operations
## Verify
- [ ] Prove that pushes and pulls work
  - Required: yes
  - Role: operations
- [ ] Let the publishing jobs go on
  - Role: operations
`;

let told: Story;
const ends: (() => unknown)[] = [];
afterEach(async () => {
  await told.end();
  await Promise.all(ends.splice(0).map((end) => end()));
});

async function begin() {
  const [mail, ntfy, gotify, pagerDuty] = [
    await startMailServer(),
    await startNtfy(),
    await startGotify('olgas-application'),
    await startPagerDuty(),
  ];
  ntfy.fail({ kind: 'status', status: 403 }, 1);
  const folder = mkdtempSync(join(tmpdir(), 'muster-night-'));
  writeFileSync(join(folder, 'registry-storage.md'), playbook);
  for (const each of [mail, ntfy, gotify, pagerDuty]) ends.push(() => each.close());
  ends.push(() => rmSync(folder, { recursive: true }));
  told = await story({
    // A Tuesday.
    at: Date.UTC(2026, 10, 24, 1, 52),
    config: { playbooksFolder: folder },
    env: { GOTIFY_TOKEN: 'olgas-application', ROUTING_KEY: '0123456789abcdef0123456789abcdef' },
    file: `open-on-loopback: true
platform-lead: lea
mail: { host: 127.0.0.1, port: ${mail.port}, security: none, from: Muster <muster@example.com> }
people:
  ada: { name: Ada, page: [{ via: ntfy, url: ${ntfy.url}, topic: ada-7f3c }, { via: pagerduty, url: "${pagerDuty.url}/v2/enqueue", routing-key: { env: ROUTING_KEY } }] }
  bob: { name: Bob }
  cleo: { name: Cleo, email: cleo@example.com, page: [{ via: chat }, { via: mail }] }
  dan: { name: Dan, page: [{ via: chat }] }
  lea: { name: Lea }
  olga: { name: Olga, phone: +49 30 123456, page: [{ via: ntfy, url: ${ntfy.url}, topic: olga-19ab }, { via: gotify, url: ${gotify.url}, token: { env: GOTIFY_TOKEN }, after: 3m }] }
services:
  registry: { owner: olga, tier: 1 }
on-call:
  schedules:
    primary:
      zone: UTC
      layers:
        - { people: [bob, ada], rotate: 12h, handoff: "06:00", from: 2026-11-23 }
escalations:
  - name: registry
    services: [registry]
    levels:
      - { page: [owners], acknowledge-within: 10m }
      - { page: [on-call primary], acknowledge-within: 10m }
severities:
  sev1: { update-every: { investigating: 30m, identified: 30m, monitoring: 1h } }
audiences:
  board: { mail: [board@example.com], kind: executives }
`,
  });
  const transcript = nightTranscript(told, {
    mails: mail.mails,
    services: [
      { name: 'ntfy', ...ntfy, shown: ({ topic, title, message }: NtfyMessage) => `${topic}: ${title}\n${message}` },
      { name: 'Gotify of Olga', ...gotify, shown: ({ title, message }: GotifyMessage) => `${title}\n${message}` },
      {
        name: 'PagerDuty of Ada',
        ...pagerDuty,
        shown: ({ event_action, payload }: PagerDutyEvent) => `${event_action}${payload ? `: ${payload.summary}` : ''}`,
      },
    ],
  });
  return { transcript, mail, ntfy, gotify, pagerDuty };
}

/** On the screen of a telephone: acknowledges and takes command. Answers what stood there, screen by screen. */
async function onTheTelephone(link: string): Promise<string[]> {
  const read: string[] = [];
  const acts = ['Acknowledge', 'Take command'] as const;
  const browser = await openBrowser();
  try {
    const shots = process.env.MUSTER_SCREENSHOTS;
    const context = await browser.newContext({ viewport: { width: 380, height: 680 }, isMobile: true, hasTouch: true });
    const page = await context.newPage();
    await page.goto(link);
    const screen = async (name: string) => {
      read.push(
        String(await page.evaluate('document.body.innerText'))
          .replace(/\n{2,}/g, '\n')
          .trim(),
      );
      if (shots) await page.screenshot({ path: join(shots, `sev1-night-${name}.png`) });
    };
    for (const act of acts) {
      await screen(act.split(' ')[0]?.toLowerCase() ?? '');
      const button = page.getByRole('button', { name: act });
      expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(44);
      await Promise.all([page.waitForLoadState('load'), button.tap()]);
      await button.waitFor({ state: 'detached' });
    }
    await screen('done');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(380);
  } finally {
    await browser.close();
  }
  await told.bot.runner.untilIdle();
  return read;
}

it.skipIf(noBrowser !== null)(
  'a sev1 night goes from the alert to the close, as this transcript reads',
  { timeout: 60_000 },
  async () => {
    const { transcript: night, ntfy, pagerDuty, mail } = await begin();

    night.heading('Nobody answers');
    night.happens('Monitoring sends an alert: pushes to the registry fail (critical).');
    await told.alerts('generic', {
      alerts: [{ title: 'Pushes fail', service: 'registry', severity: 'critical', fingerprint: 'pushes' }],
    });
    await night.look();
    expect(await told.incident(1)).toMatchObject({ severity: 'sev1', acknowledgedAt: null });
    await night.card();
    await night.until('02:02');

    night.heading('From the telephone');
    await night.until('02:04');
    night.happens('Ada opens the link of her page on the telephone, and presses Acknowledge, then Take command.');
    const screens = await onTheTelephone(String(ntfy.taken.at(-1)?.click));
    for (const screen of screens) night.quote(screen);
    await night.look();
    expect(await told.incident(1)).toMatchObject({ acknowledgedBy: 'ada', roles: { commander: 'ada' } });
    await night.until('02:06');
    await night.types('Ada', '/incident next');
    await night.types('Ada', '/incident impact Nobody can publish images; what runs is not affected');
    await night.types(
      'Ada',
      '/incident update We look at the storage of the registry. Please do not re-run publishing jobs.',
    );

    night.heading('Others come');
    await night.types('Ada', '/incident page @dan the storage of the registry is full, I need hands');
    await night.until('02:09');
    await night.presses('Dan', 'Acknowledge');
    await night.types('Ada', '/incident page @cleo please talk to the teams');
    await night.until('02:11');
    await night.types('Cleo', '/incident join');
    await night.types('Cleo', '/incident take communications');
    await night.types('Dan', '/incident take operations');

    night.heading('The playbook');
    await night.until('02:13');
    await night.types('Dan', '/incident done registry-1');
    await night.types('Cleo', '/incident take step 3');
    await night.until('02:16');
    await night.types('Dan', '/incident done 2 No publishing job runs any more');
    await night.types('Cleo', '/incident done 3 Mailed to all teams that publish');
    await night.until('02:18');
    await night.presses('Ada', 'Approve');
    await night.types('Dan', '/incident status identified the volume of registry-1 is full');
    await night.until('02:26');
    await night.types('Dan', '/incident fail Pushes still fail, and now pulls take 40 s');
    await night.presses('Dan', 'Roll back…', 'the spare volume is too slow');
    await night.until('02:28');
    await night.types('Dan', '/incident dont move the uploads to the spare volume, it is too slow');
    await night.until('02:31');
    await night.types('Dan', '/incident done Pulls are as fast as before');

    night.heading('An update is late, and so is a task');
    await night.types('Dan', '/incident back in 20 minutes, growing the volume of registry-1');
    await night.until('02:40');
    await night.card();
    await night.until('02:45');
    await night.types(
      'Cleo',
      '/incident update The disk of the registry is full. A first repair did not hold; we are making it larger now.',
    );
    await night.until('02:54');
    await night.types('Dan', '/incident task done It took longer: the volume has 200 GB more');
    await night.types('Dan', '/incident done 61 % used');
    await night.until('02:56');
    await night.types('Dan', '/incident hypothesis the clean-up of old layers has not run since Friday');
    await night.until('02:58');
    await night.types('Dan', '/incident done Pushed and pulled from outside, five times');
    await night.types('Cleo', '/incident status monitoring pushes work again');
    await night.types(
      'Cleo',
      '/incident update Pushing works again. We let the publishing jobs go on one by one, and watch until the morning.',
    );

    night.heading('Watching');
    await night.until('03:54');
    await night.presses('Cleo', 'Post');
    await night.until('04:50');
    await night.types('Cleo', '/incident update Half of the publishing jobs run again, and nothing has failed.');
    await night.until('05:46');
    await night.types('Dan', '/incident done All publishing jobs run');
    await night.types('Cleo', '/incident update All publishing jobs run again. We watch the first busy hour.');

    night.heading('Handed over');
    await night.until('06:00');
    await night.presses('Ada', 'Hand over to Bob');
    await night.presses('Ada', 'Send to Bob');
    await night.until('06:04');
    await night.presses('Bob', 'Accept');
    await night.card();

    night.heading('The end');
    await night.until('06:40');
    night.happens('Monitoring says that the alert has cleared.');
    await told.alerts('generic', {
      alerts: [
        { title: 'Pushes fail', service: 'registry', severity: 'critical', fingerprint: 'pushes', status: 'resolved' },
      ],
    });
    await night.look();
    await night.types('Bob', '/incident resolve The volume is larger; pushes have worked since 02:58');
    await night.types('Bob', '/incident action Alert at 80 % of the volume @olga 2026-12-04');
    await night.types('Bob', '/incident action Try the spare volume under load @dan 2026-12-11');
    await night.until('06:45');
    await night.types('Bob', '/incident close');

    const text = `# A sev1 night

What people read from 01:52 to 06:45, when pushes to a registry fail. Times are UTC. Written by \`MUSTER_WRITE_DOCS=1 npx vitest run test/stories/sev1-night.test.ts\`.

${night.text()}`;
    if (process.env.MUSTER_WRITE_DOCS) writeFileSync(golden, text);
    expect(text).toBe(readFileSync(golden, 'utf8'));

    await isQuiet(told);
    const { updates, walk, followUps, status, roles } = await told.incident(1);
    const { made = 0, kept = 0, latestMs = 0 } = updates.punctuality ?? {};
    process.stdout.write(`updates of #1: ${kept} of ${made} in time, the latest ${latestMs / 60_000} min late\n`);
    expect({ made, kept, latestMs }).toEqual({ made: 7, kept: 6, latestMs: 9 * 60_000 });
    expect({ status, roles, owed: followUps.map(({ owner }) => owner) }).toMatchObject({
      status: 'closed',
      roles: { commander: 'bob', communications: 'cleo', operations: 'dan' },
      owed: ['olga', 'dan'],
    });
    expect(walk?.steps.map(({ state }) => state).join(' ')).toBe('done done done failed done done done done');
    const types = (await told.bot.store.timeline(machine, (await told.incident(1)).id)).map(({ type }) => type);
    const count = (...which: TimelineEvent['type'][]) =>
      which.map((type) => types.filter((each) => each === type).length);
    expect(count('pageFailed', 'pageUnreached', 'acknowledgeMissed', 'updateChased', 'taskOverdue')).toEqual([
      1, 0, 1, 1, 1,
    ]);
    expect(pagerDuty.taken.map(({ event_action }) => event_action)).toEqual(['trigger', 'acknowledge', 'resolve']);
    const board = mail.mails.filter(({ to }) => to.includes('board@example.com')).map(({ text }) => text);
    expect(board.length).toBeGreaterThan(3);
    expect(board.join()).not.toMatch(/Automatic|registry-1|spare volume/);
    const postmortem = (await told.get('/api/incidents/1/postmortem')).text;
    expect(postmortem).toContain('People kept 6 of 7 promises; the latest came 9 min late');
    expect(postmortem).toContain('| 1 | Step 4: Move the uploads to the spare volume | Cleo |');
    expect(await told.bot.store.verify()).toMatchObject({ ok: true });
  },
);
