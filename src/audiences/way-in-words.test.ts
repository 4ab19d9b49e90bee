import { expect, it } from 'vitest';
import type { Incident } from '../incident/state.js';
import { declared, given } from '../incident/testing.js';
import { wayInMail, wayInPush } from './way-in-words.js';

const at = Date.UTC(2026, 10, 21, 12);
const way = (drill: boolean) => ({
  incident: given(...declared({ drill })).row as Incident,
  away: { platform: 'slack', standIn: 'web', since: at, seq: 3, of: 'platform' as const },
  person: { personId: 'ada', name: 'Ada' },
  link: 'https://muster.example.com/sign-in/x',
  lastsMs: 60_000,
  titled: true,
  now: at,
});
const from = { name: 'Muster', address: 'muster@example.com' };

it('whoever is called to a drill while chat is down reads that it is one, and of a real incident nobody does', () => {
  for (const drill of [true, false]) {
    const mail = wayInMail(way(drill), 'ada@example.com', from);
    const push = wayInPush(way(drill), { url: 'https://push.example.com', secrets: [], topic: null }) as {
      title: string;
      message: string;
    };
    for (const said of [mail.subject, mail.text, mail.html, push.title, push.message])
      expect(/\bDrill: /.test(said)).toBe(drill);
  }
});
