import { expect } from 'vitest';
import type { TimelineEvent } from '../../src/incident/events.js';
import type { Incident } from '../../src/incident/state.js';
import type { Place, Shown } from './parity.js';

/** What an act finds: the place, how to act and wait until it has settled, and how it stands. */
interface Acting extends Place {
  does(act: Promise<Shown>): Promise<Shown>;
  now(): Promise<Incident>;
  happened(type: TimelineEvent['type']): Promise<TimelineEvent[]>;
}

/** Whoever declares what is open already joins it, with what they saw as a note, and is told alone what happened. */
export async function joins({ tale, carol, ada, does, now }: Acting): Promise<void> {
  await tale.forward({ minutes: 10 });
  const before = (await ada.reads()).length;
  await does(carol.types('declare Pushes fail on a'));
  await does(carol.pressesAnswer('Join'));
  expect((await now()).responders).toContain('carol');
  expect((await carol.readsAlone()).some(({ text }) => /what happened/i.test(text))).toBe(true);
  const since = (await ada.reads()).slice(before);
  expect(since.map(({ text }) => text.includes('Pushes fail on a'))).toEqual([true]);
}

/** An update that was forgotten comes as a draft, and goes out by the button below it. */
export async function drafts({ bob, does, happened }: Acting): Promise<void> {
  const before = (await happened('updatePosted')).length;
  await does(bob.presses('Post'));
  expect((await happened('updatePosted')).slice(before)).toMatchObject([{ body: { automatic: false } }]);
}

/** A page is acknowledged where it arrived; the next level is called by hand; who is on call is answered alone. */
export async function pages({ ada, bob, carol, does, happened }: Acting): Promise<void> {
  await does(ada.types('page @carol the replica is behind'));
  await does(carol.pressesAlone('Acknowledge'));
  expect((await happened('pageHandedOver')).length).toBeGreaterThan(0);
  await does(ada.types('escalate'));
  await does(bob.pressesAlone('Acknowledge'));
  const roster = await does(carol.types('oncall'));
  expect(roster.text).toMatch(/primary.*bob/is);
}

/** A task with its time is finished by the button that came with it. */
export async function tasks({ bob, carol, does, now }: Acting): Promise<void> {
  await does(bob.types('task @carol watch the replica for 20m'));
  await does(carol.pressesAlone('Done', 'It has caught up'));
  expect((await now()).tasks?.open ?? []).toEqual([]);
}

/** Two have to agree, and do so by their buttons. */
export async function approvals({ ada, bob, carol, does, happened }: Acting): Promise<void> {
  await does(ada.types('approve-request Restore the database'));
  await does(bob.pressesAlone('Approve'));
  await does(carol.pressesAlone('Approve'));
  expect(await happened('approvalGiven')).toHaveLength(2);
}

/** A value is filled in, a question answered by a button, a change taken back. */
export async function gates({ bob, does, now }: Acting): Promise<void> {
  await does(bob.presses('Done', { filling: 'one client is slow' }));
  await does(bob.presses('Done', { filling: 'web-1' }));
  await does(bob.presses('It holds', { filling: '0 % loss' }));
  await does(bob.presses('Done', { filling: 'over the second line' }));
  await does(bob.presses('Roll back', { filling: 'it is worse' }));
  const { walk } = await now();
  expect(walk?.answers).toMatchObject({ host: 'web-1' });
  expect(walk?.steps[walk.current ?? 0]?.title).toBe('Put the route back');
  await does(bob.presses('Done', { filling: 'it is back' }));
}

/** What everybody may read is seen before it is published, and goes out by the button. */
export async function published({ bob, does, happened }: Acting): Promise<void> {
  await does(bob.types('publish Pushes fail. We are working on it.'));
  expect(await happened('published')).toEqual([]);
  await does(bob.pressesAnswer('Publish'));
  expect(await happened('published')).toHaveLength(1);
}

/** The command changes when the button is pressed, and not before. */
export async function handsOver({ ada, bob, does, now }: Acting): Promise<void> {
  await does(bob.types('handover send @ada'));
  expect((await now()).roles.commander).toBe('bob');
  await does(ada.pressesAlone('Accept'));
  expect((await now()).roles.commander).toBe('ada');
}

/** The last act is taken back; what somebody may not do is told with who may. */
export async function takesBack({ ada, carol, does, now }: Acting): Promise<void> {
  await does(ada.types('sev 2 it is less'));
  await does(ada.types('undo'));
  expect((await now()).severity).toBe('sev1');
  const no = await does(carol.types('long'));
  expect(no.text).toMatch(/is for the platform lead/i);
}
