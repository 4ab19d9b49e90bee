import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Block, type Button, type Card, type Inline, paragraph, strong, text, time } from '../../messages/card.js';
import { compileTemplates } from '../../messages/render.js';
import { sampleMessages } from '../../messages/sample-messages.js';
import { MESSAGE_LIMIT } from './limits.js';
import type { Post } from './post.js';
import { renderCard } from './render.js';
import { anyCard, around, meantBy, shownBy, squeezed, textsOf } from './testing.js';
import { callsOf, crowdsOf, problemsOf } from './validate.js';

const card = (blocks: Block[], tone: Card['tone'] = 'neutral'): Card => ({
  tone,
  summary: 'Registry: pushes fail',
  blocks,
});
const shown = (...content: Inline[]): string => renderCard(card([paragraph(...content)]), around)[0]?.message ?? '';
const attachments = (posts: readonly Post[]) => posts.flatMap(({ props }) => props.attachments ?? []);
const actions = (posts: readonly Post[]) => attachments(posts).flatMap((each) => each.actions ?? []);
const button = (label: string, rest: Partial<Button> = {}): Button => ({ label, command: '/incident ack', ...rest });

/** Whatever it holds, it is valid, says all of it, and calls nobody it does not mean to. */
function hold(made: Card): Post[] {
  const posts = renderCard(made, around);
  expect(problemsOf(posts)).toEqual([]);
  expect(callsOf(posts).filter((call) => !meantBy(made)(call))).toEqual([]);
  expect(crowdsOf(posts)).toEqual([]);
  const said = shownBy(posts);
  for (const each of textsOf(made)) if (!said.includes(each)) expect(said).toContain(each);
  return posts;
}

const samples = sampleMessages(compileTemplates('templates'));

describe('every template and card Muster can make', () => {
  it.each(samples.map((sample) => [sample.title, sample.card] as const))('%s is one valid post', (_, made) => {
    expect(hold(made)).toHaveLength(1);
  });

  const HOSTILE = [
    '@all @here @channel @ada.l <!channel> @-all .@channel. @ALL',
    '&#64;channel &commat;all \\@here \\\\@all `@all',
    '[x](https://evil.example) ![i](https://evil.example/i.png) <https://evil.example> <https://e.example|click> [x]: https://e.example',
    'https://evil.example http:evil www.evil.example evil.com/x a@evil.example mailto:a@e.example <a@e.example>',
    '**b** __b__ _i_ ~~s~~ `a` ``b`` ```\ncode\n```',
    'line\n# heading\n- item\n1. one\n> quote\n---\n===\n~~~\n',
    '| a | b |\n|---|---|\n| c | d |',
    '$x^2$ $$y$$ \\(z\\) <script>alert(1)</script><img src=x onerror=alert(1)>',
    '~town-square ~off-topic #release #Löschen :smile: :100: :-) ;) <3 :thumbsup::tada:',
    'safe\u202Egnp.exe\u200b@all\u2060',
    '@all '.repeat(100),
  ];
  const poisoned = (made: Card, value: string): Card =>
    JSON.parse(JSON.stringify(made), (key, each) =>
      typeof each === 'string' && ['text', 'name', 'label', 'summary'].includes(key) ? value : each,
    ) as Card;

  it.each(HOSTILE)('calls nobody and leads nowhere with %j in all of its texts', (hostile) => {
    for (const sample of samples) {
      const made = poisoned(sample.card, hostile);
      const posts = renderCard(made, around);
      expect(problemsOf(posts), sample.title).toEqual([]);
      expect(
        callsOf(posts).filter((call) => !meantBy(made)(call)),
        sample.title,
      ).toEqual([]);
      expect(crowdsOf(posts)).toEqual([]);
    }
  });
});

describe('a card too large for one post', () => {
  const marks = (posts: readonly Post[]): void => {
    expect(posts.length).toBeGreaterThan(1);
    for (const [index, { message }] of posts.entries()) {
      if (index > 0) expect(message).toMatch(new RegExp(`^\\*continued, ${index + 1} of ${posts.length}\\*`));
      expect(message.includes('*continues below*')).toBe(index < posts.length - 1);
    }
  };

  it('goes on in another, each block of a log closed and opened again', () => {
    const log = Array.from({ length: 400 }, (_, at) => `${at} @all error in /var/log/registry ${'x'.repeat(20)}`).join(
      '\n',
    );
    expect(log.length).toBeGreaterThan(19_000);
    for (const tone of ['neutral', 'sev1'] as const) {
      const posts = hold(card([paragraph(text('The log')), { kind: 'code', text: log }], tone));
      marks(posts);
      expect(posts.length).toBeLessThanOrEqual(3);
      for (const { message } of posts) expect((message.match(/^```/gm) ?? []).length % 2).toBe(0);
    }
    marks(hold(card([{ kind: 'code', text: 'y'.repeat(20_000) }])));
  });

  it('keeps the order and the numbers of 100 alerts', () => {
    const items = Array.from({ length: 100 }, (_, at) => [text(`Alert number ${at + 1}, ${'on a host '.repeat(20)}`)]);
    for (const tone of ['neutral', 'sev2'] as const) {
      const posts = hold(card([paragraph(strong('100 alerts')), { kind: 'list', ordered: true, items }], tone));
      marks(posts);
      const said = shownBy(posts);
      const places = items.map((_, at) => said.indexOf(squeezed(`Alert number ${at + 1},`)));
      expect(places).toEqual([...places].sort((a, b) => a - b));
      expect(JSON.stringify(posts)).toContain('100. Alert number 100,');
    }
  });

  it('holds 40 buttons, every id once', () => {
    const buttons = Array.from({ length: 40 }, (_, at) => button(`Do ${at}`, { command: `/incident done ${at}` }));
    const posts = hold(card([paragraph(text('Choose')), { kind: 'buttons', buttons }], 'sev3'));
    marks(posts);
    expect(actions(posts).map(({ integration }) => integration.context.command)).toEqual(
      buttons.map(({ command }) => command),
    );
    expect(new Set(actions(posts).map(({ id }) => id)).size).toBe(40);
  });

  it('holds 60 parts of every kind', () => {
    const parts: Block[] = Array.from({ length: 60 }, (_, at) => [
      paragraph(text(`Part ${at} `), text('word '.repeat(60))),
      { kind: 'fields' as const, fields: [{ label: `Field ${at}`, value: [text('value '.repeat(20))] }] },
      { kind: 'buttons' as const, buttons: [button(`Button ${at}`)] },
    ]).flatMap((all, at) => [all[at % 3] as Block]);
    marks(hold(card(parts, 'warning')));
  });
});

describe('a card on Mattermost', () => {
  it('has its first line as the message, and fields, text and buttons in its colour', () => {
    const [post, ...more] = renderCard(
      card(
        [
          { kind: 'heading', content: [strong('sev1'), text(' · Registry: pushes fail')] },
          paragraph(text('Since '), time(Date.UTC(2026, 10, 21, 2, 41), 'date')),
          { kind: 'fields', fields: [{ label: 'Commander', value: [text('nobody yet')] }] },
          { kind: 'buttons', buttons: [button('Take it', { style: 'primary', incidentId: 'i42' })] },
        ],
        'sev1',
      ),
      around,
    );
    expect(more).toEqual([]);
    expect(post).toEqual({
      message: '#### **sev1** · Registry: pushes fail',
      props: {
        attachments: [
          {
            fallback: 'Registry: pushes fail',
            color: '#d24b4e',
            text: 'Since 21 Nov 02:41 UTC',
            fields: [{ title: 'Commander', value: 'nobody yet', short: true }],
            actions: [
              {
                id: 'b1',
                name: 'Take it',
                type: 'button',
                style: 'primary',
                integration: {
                  url: around.actionUrl,
                  context: { command: '/incident ack', incidentId: 'i42', signature: 'f'.repeat(64) },
                },
              },
            ],
          },
        ],
      },
    });
  });

  it('marks a button that asks for a line first', () => {
    const input = { label: 'Why?', required: true };
    const [action] = actions(renderCard(card([{ kind: 'buttons', buttons: [button('Skip…', { input })] }]), around));
    expect(action?.integration.context).toMatchObject({ command: '/incident ack', dialog: input });
  });

  it('names a person only where they are told and known, and never a crowd', () => {
    const person = (personId: string, notify: boolean): Inline => ({
      kind: 'person',
      personId,
      name: 'Ada @all',
      notify,
    });
    expect(shown(person('ada', true), text(', please'))).toBe('@ada.l\u200b, please');
    expect(shown(person('ada', false))).toBe('Ada @\u200ball');
    expect(shown(person('bob', true))).toBe('Ada @\u200ball');
    expect(shown(person('evil', true))).toBe('Ada @\u200ball');
    expect(shown(text('x'), person('ada', true), text('-boss'))).toBe('x\u200b@ada.l\u200b-boss');
  });

  it('tells a person who stands in a field, in text, which older servers read', () => {
    const value: Inline[] = [{ kind: 'person', personId: 'ada', name: 'Ada', notify: true }];
    const posts = renderCard(card([{ kind: 'fields', fields: [{ label: 'Asked', value }] }]), around);
    expect(posts[0]?.message).toBe('**Asked:​** @ada.l');
  });

  it('links to a channel the server knows', () => {
    const channel: Inline = { kind: 'channel', channel: { to: 'named', name: 'triage' }, label: 'triage' };
    const known = (name: string) => ({ ...around, channelName: () => name });
    expect(renderCard(card([paragraph(channel)]), known('triage-queue'))[0]?.message).toBe('~triage-queue');
    expect(renderCard(card([paragraph(channel)]), known('x](y)'))[0]?.message).toBe('triage');
  });

  it('leaves ordinary words and times as they are typed', () => {
    const plain = 'pushes fail on host-7:5000 at 02:41:07 (disk_full, 80 %), see runbook #42: "soon".';
    expect(shown(text(plain))).toBe(plain);
    expect(shown(text('at 2026-11-21T02:41:07Z'))).toBe('at 2026-11-21T02:41:07Z');
    expect(shown(text('a*b'))).toBe('a&#42;b');
  });

  it('never draws code as a formula', () => {
    expect(renderCard(card([{ kind: 'code', text: 'x^2', language: 'latex' }]), around)[0]?.message).toBe(
      '```\nx^2\n```',
    );
  });

  it('has a message even when it has nothing else', () => {
    expect(renderCard(card([]), around)).toEqual([{ message: 'Registry: pushes fail', props: {} }]);
    expect(renderCard({ tone: 'good', summary: '', blocks: [] }, around)[0]?.message).toBe('…');
  });
});

describe('the validator', () => {
  it('sees what the server would refuse', () => {
    const action = { id: 'ack-2', name: '', type: 'button' as const, integration: { url: '/x', context: {} } };
    const problems = problemsOf([
      { message: 'x'.repeat(MESSAGE_LIMIT + 1), props: { attachments: [{ color: 'red', actions: [action, action] }] } },
      { message: '', props: { attachments: [{ text: '<'.repeat(1_300) }, {}] } },
    ]).join('\n');
    for (const part of [
      'the message has 16384 characters of 16383',
      'red is no colour',
      'the button id ack-2 is not of letters and digits',
      'has no name',
      'leads to no address',
      'carries no command',
      'two buttons have the id ack-2',
      'post 2: props have 78',
      'the message is empty',
      'an attachment shows nothing',
    ])
      expect(problems).toContain(part);
  });

  it.each([
    ['hello @channel.', '@channel.'],
    ['&#64;all', '@all'],
    ['[x](https://evil.example)', 'https://evil.example'],
    ['see www.evil.example', 'http://www.evil.example'],
    ['<https://evil.example>', 'https://evil.example'],
    ['in ~town-square', '~town-square'],
    ['#release', '#release'],
    [':tada:', ':tada:'],
    ['$x$', '$x$'],
    ['evil.com/x', 'evil.com/x'],
    ['![i](https://evil.example/i.png)', 'image'],
    ['<b>x</b>', 'html'],
  ])('sees what %j calls', (markdown, call) => {
    expect(callsOf([{ message: markdown, props: {} }])).toContain(call);
    expect(
      callsOf([{ message: 'x', props: { attachments: [{ fields: [{ title: '', value: markdown, short: true }] }] } }]),
    ).toContain(call);
    expect(callsOf([{ message: 'x', props: { attachments: [{ text: `\`${markdown}\`` }] } }])).toEqual([]);
  });
});

describe('any card at all', () => {
  it('becomes valid posts with all of its words, that call nobody but whom it tells', () => {
    fc.assert(
      fc.property(anyCard, (made) => void hold(made)),
      { numRuns: 60 },
    );
  });
});
