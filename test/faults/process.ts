import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { built, type Mutation } from '../crash/mutant.js';
import { type Setting, start, type Victim } from '../crash/victim.js';
import { type RemoteChat, startRemoteChat } from '../fakes/remote-chat.js';

/** The built bot in a process of its own, with the remote chat beside it. */
export interface OwnProcess {
  setting: Setting;
  chat: RemoteChat;
  folder: string;
  start(under?: readonly string[]): Promise<Victim>;
  end(): Promise<void>;
}

export async function ownProcess(
  about: { mutations?: readonly Mutation[]; databaseUrl?: string } = {},
): Promise<OwnProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-fault-'));
  const chat = await startRemoteChat();
  const setting: Setting = {
    ...(await built(folder, about.mutations)),
    dataFolder: join(folder, 'data'),
    chatUrl: chat.url,
    ...(about.databaseUrl && { databaseUrl: about.databaseUrl }),
  };
  const living: Victim[] = [];
  return {
    setting,
    chat,
    folder,
    async start(under) {
      const victim = await start(setting, null, under);
      living.push(victim);
      return victim;
    },
    async end() {
      for (const victim of living) await victim.kill();
      await chat.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What an alert is answered with; null when the connection broke. */
export async function postAlert(url: string, fingerprint: string, service = 'registry') {
  try {
    const response = await fetch(`${url}/alerts/generic`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ alerts: [{ title: `${service} fails`, service, severity: 'critical', fingerprint }] }),
    });
    return { status: response.status, answer: (await response.json()) as { receipt?: string; error?: string } };
  } catch {
    return null;
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export async function until(what: string, holds: () => boolean | Promise<boolean>, withinMs = 10_000): Promise<void> {
  const giveUpAt = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > giveUpAt) throw new Error(`Not within ${withinMs / 1000} s: ${what}`);
    await pause(25);
  }
}
