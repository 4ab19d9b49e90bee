import { describe, expect, it } from 'vitest';
import { formOf } from '../../src/commands/forms.js';
import { minutes } from '../../src/incident/testing.js';
import { lineOf } from '../../src/messages/form.js';
import { plainText } from '../../src/messages/plain.js';
import { button, labels, opened } from './room.js';

const text = (reply: { card?: Parameters<typeof plainText>[0] }): string => (reply.card ? plainText(reply.card) : '');

describe('an update without a text', () => {
  it('is a draft from what is known, with what has changed since the last, to post or to edit', async () => {
    const room = opened();
    const first = await room.type('update');
    expect(first.reply.refusal).toBeUndefined();
    expect(text(first.reply)).toContain('It would be the first.');
    await room.press(button(first.reply.card, 'Post'));
    expect(room.incident().updates.count).toBe(1);

    expect(text((await room.type('update')).reply)).toContain('Nothing has changed since the last one at 02:00 UTC.');
    await room.type('status identified a full disk');
    await room.type('impact Nobody can push');
    await room.type('next');
    room.now += minutes(5);
    await room.type('done it fails');
    const draft = text((await room.type('update')).reply);
    expect(draft).toContain('− Status: investigating');
    expect(draft).toContain('+ Status: identified');
    expect(draft).toContain('+ Impact: Nobody can push');
    expect(draft).toContain('+ Done: Confirm that a push fails from outside');
    expect(draft).toContain('Done since 02:00 UTC: Confirm that a push fails from outside.');
    const form = await formOf('update', room.about('i1'), { services: [], from: null });
    expect(form?.intro).toContain('Since 02:00 UTC: − Status: investigating · + Status: identified');
  });

  it('takes apart what executives have to decide', async () => {
    const room = opened();
    const said = await room.type('update Half of it works. Decision needed: May we stop the builds?');
    expect(said.command).toMatchObject({ text: 'Half of it works.', decision: 'May we stop the builds?' });
    expect((await room.type('update Decision: wait')).command).toMatchObject({ text: 'Decision: wait' });
  });
});

describe('what everybody may read', () => {
  it('is shown word for word before it goes out, and needs a confirmation', async () => {
    const room = opened();
    const asked = await room.type('publish --title “Publishing fails” Some of you cannot publish images.');
    expect(asked.command).toBeNull();
    expect(text(asked.reply)).toContain('Publishing fails: Some of you cannot publish images.');
    const told = await room.press(button(asked.reply.card, 'Publish'));
    expect(told.command).toEqual({
      type: 'publish',
      title: 'Publishing fails',
      text: 'Some of you cannot publish images.',
    });
    expect(room.incident().publication).toMatchObject({ number: 1, title: 'Publishing fails', by: 'p-ada' });
  });

  it.each([
    ['a host', 'It is r1 again.', 'r1'],
    ['a link', 'See https://wiki.example/x', 'https://wiki.example/x'],
    ['a person', 'Bob looks at it.', 'Bob'],
    ['a step', 'We freeze the publishing jobs now.', 'Freeze the publishing jobs'],
    ['a workaround', 'Please use the mirror until then.', 'use the mirror'],
    ['an address', 'Only 10.1.2.3 is slow.', '10.1.2.3'],
    ['a mention', 'Ask @bob.', '@bob'],
  ])('is asked about again when it names %s', async (_, words, named) => {
    const room = opened();
    await room.type('workaround use the mirror');
    const asked = await room.type(`publish --confirm ${words}`);
    expect(asked.command).toBeNull();
    expect(asked.reply.text).toContain('internal: ');
    expect(asked.reply.text.toLowerCase()).toContain(named.toLowerCase());
    expect((await room.press(button(asked.reply.card, 'Publish all the same'))).command).toMatchObject({
      type: 'publish',
      text: words,
    });
  });

  it('may be the words of an update, confirmed in the same way', async () => {
    const room = opened();
    const asked = await room.type('update --public --next 10m We are mending it.');
    expect(asked.command).toBeNull();
    expect(labels(asked.reply.card)).toEqual(['Post and publish', 'Change the words…']);
    const told = await room.press(button(asked.reply.card, 'Post and publish'));
    expect(told.command).toMatchObject({
      type: 'postUpdate',
      text: 'We are mending it.',
      nextInMs: minutes(10),
      publish: { title: null, text: 'We are mending it.' },
    });
    expect(room.incident().publication).toMatchObject({ title: 'Incident 42', text: 'We are mending it.' });
  });

  it('is asked for in a form that begins with what is not internal', async () => {
    const room = opened();
    await room.type('impact Nobody can push');
    await room.type('workaround push to r2');
    await room.type('update We replace the disk of r1. It takes an hour.');
    const form = await formOf('publish', room.about('i1'), { services: [], from: null });
    if (!form) throw new Error('there is no form');
    const values = Object.fromEntries(form.fields.map(({ name, value = '' }) => [name, value]));
    expect(values.text).toBe('Nobody can push. It takes an hour. We are looking for the cause.');
    const told = await room.type(lineOf(form, { ...values, title: 'Pushes "fail"' }).replace('/incident ', ''));
    expect(told.command).toEqual({ type: 'publish', title: "Pushes 'fail'", text: values.text });
  });
});

describe('subscriptions', () => {
  it('need a mail server, an address, and what they are about', async () => {
    const room = opened();
    expect((await room.type('subscribe registry')).reply.refusal?.code).toBe('no-mail');
    expect((await room.type('unsubscribe registry')).reply.refusal?.code).toBe('unchanged');
    expect((await room.type('subscribe')).reply.text).toContain('You get no mail of incidents.');
    room.email = 'ada@example.com';
    expect((await room.type('subscribe registy')).reply.text).toContain('Did you mean registry?');
    await room.type('subscribe #42');
    expect((await room.type('subscriptions')).reply.text).toBe('You get mail about #42.');
    expect((await room.type('subscribe this')).reply.refusal?.code).toBe('unchanged');
    await room.press(button((await room.type('unsubscribe')).reply.card, 'No more about #42'));
    expect(room.subscriptions).toEqual([]);
  });
});
