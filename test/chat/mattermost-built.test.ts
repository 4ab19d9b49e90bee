import { execFile } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { fakeMattermost } from '../fakes/mattermost/server.js';

const run = promisify(execFile);

// The package behind it has no named exports for Node, which shows only where nothing stands in for Node's own import.
test('what is built talks to Mattermost', async () => {
  const server = await fakeMattermost();
  try {
    const built = pathToFileURL('dist').href;
    const script = `
      const { connect } = await import('${built}/chat/mattermost/client.js');
      const { mattermostPlatform } = await import('${built}/chat/mattermost/platform.js');
      const settings = { url: process.argv[1], token: process.argv[2], team: 'ops', callbackUrl: null, keepReactions: [] };
      const me = await connect(settings).getMe();
      const chat = mattermostPlatform(settings, { accounts: {}, marks: {}, now: Date.now, publicUrl: () => '' });
      await chat.probe();
      await chat.close();
      process.stdout.write(me.username);
      process.exit(0);
    `;
    const { stdout } = await run('node', ['--input-type=module', '-e', script, '--', server.url, server.bot.token]);
    expect(stdout).toBe('muster');
    expect(server.violations).toEqual([]);
  } finally {
    await server.close();
  }
});
