// The built Muster with a remote chat, for the crash test. At the named moment it says so and stands still, so that
// the SIGKILL that follows comes from outside and exactly there.
import { writeSync } from 'node:fs';

const toParent = 3;
const { code, dataFolder, databaseUrl, chatUrl, playbooksFolder, outside, kill } = JSON.parse(process.argv[2]);
const { openBot, readConfig, createLog, remoteChatPlatform } = await import(code);

const config = readConfig({
  MUSTER_DATA: dataFolder,
  MUSTER_PORT: '0',
  ...(databaseUrl && { DATABASE_URL: databaseUrl }),
  ...(playbooksFolder && { MUSTER_PLAYBOOKS: playbooksFolder }),
});
if (Array.isArray(config)) throw new Error(JSON.stringify(config));
const cadence = { updateEveryMs: 700, acknowledgeWithinMs: 60_000, postmortem: true };
const policy = {
  ...config.policy,
  platforms: ['remote'],
  warnBeforeMs: 200,
  automaticUpdates: 1_000,
  severities: { sev1: cadence, sev2: cadence, sev3: cadence },
  ...(outside && { audiences: outside.rules }),
};

let left = kill?.nth ?? 0;
const pass = (point) => {
  if (point !== kill?.point || --left > 0) return;
  writeSync(toParent, 'at\n');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
};
const platforms = [remoteChatPlatform({ url: chatUrl, deadlineMs: 5_000 })];
const told = outside && { audiences: outside.audiences, mailServer: outside.mailServer };
const bot = await openBot({ ...config, ...told, policy }, { log: createLog('warn'), pass, platforms });
writeSync(toParent, `up ${bot.url}\n`);
