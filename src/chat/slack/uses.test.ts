import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { perMinute } from './tiers.js';
import { usedEvents, usedMethods, usedShortcuts } from './uses.js';

const heard = readdirSync('src/chat/slack/inbound')
  .filter((file) => !file.endsWith('.test.ts'))
  .map((file) => readFileSync(`src/chat/slack/inbound/${file}`, 'utf8'))
  .join('\n');

describe('what is used of Slack', () => {
  it('names every method that is called, and no other', () => {
    expect(Object.keys(usedMethods).sort()).toEqual(Object.keys(perMinute).sort());
  });

  it('names every event that somebody listens to, and no other', () => {
    const events = [...heard.matchAll(/app\.event\('(\w+)'/g)].map(([, name]) => name);
    expect([...new Set(events)].sort()).toEqual(
      [...new Set(Object.keys(usedEvents).map((name) => name.split('.')[0]))].sort(),
    );
  });

  it('names every shortcut once', () => {
    expect(heard.match(/app\.shortcut</g)).toHaveLength(usedShortcuts.length);
  });
});
