import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { afterEach, describe, expect, it } from 'vitest';
import type { Block, Card, Inline } from '../../src/messages/card.js';
import { databases, type Story, story } from './story.js';

/** What somebody would write to call everybody, to lie with a link, to run a script, or to turn the text around. */
const hostile = (mark: string): string =>
  `${mark} <!channel> <@U123> @all @channel @here [x](https://evil.example/${mark}) **bold** _it_ \`code\` <img src=x onerror=alert(1)> ` +
  `<script>alert(1)</script> javascript:alert(1) | pipe | {{title}} \u202Edesrever\u202C \u2066x\u2069`;

const every = (card: Card): { inline: Inline[]; buttons: { command: string }[] } => {
  const inline: Inline[] = [];
  const buttons: { command: string }[] = [];
  const take = (content: readonly Inline[]): void => {
    for (const node of content) {
      inline.push(node);
      if ('children' in node) take(node.children);
    }
  };
  const ofBlock = (block: Block): void => {
    if (block.kind === 'list') {
      for (const item of block.items) take(item);
    } else if (block.kind === 'fields') {
      for (const { value } of block.fields) take(value);
    } else if (block.kind === 'buttons') buttons.push(...block.buttons);
    else if ('content' in block) take(block.content);
  };
  card.blocks.forEach(ofBlock);
  return { inline, buttons };
};

interface Node {
  type: string;
  url?: string;
  value?: string;
  children?: Node[];
}
const nodes = (node: Node): Node[] => [node, ...(node.children ?? []).flatMap(nodes)];

describe.each(databases)('hostile words, on %s', (database) => {
  let told: Story;
  afterEach(() => told.end());

  async function walked(): Promise<string[]> {
    told = await story({ database });
    const marks = [
      'title1',
      'descr2',
      'host3',
      'label4',
      'impact5',
      'update6',
      'note7',
      'action8',
      'sev9',
      'resolve10',
    ];
    const taken = await told.alerts('generic', {
      alerts: [
        {
          title: hostile('title1'),
          description: hostile('descr2'),
          service: 'registry',
          host: hostile('host3'),
          severity: 'critical',
          url: 'javascript:alert(1)',
          labels: { [hostile('key')]: hostile('label4') },
        },
      ],
    });
    expect(taken.status).toBe(202);
    const say = (verb: string, mark: string, tail = '') =>
      told.say('Ada', `/incident ${verb} ${hostile(mark)}${tail}`, 1);
    await told.say('Ada', '/incident take commander', 1);
    await say('impact', 'impact5');
    await told.say('Ada', '/incident next', 1);
    // The first step asks for a value, and takes none with characters that cannot be seen.
    expect((await say('done', 'evidence')).refusal).toBeDefined();
    await told.say('Ada', '/incident done pushes fail', 1);
    await say('fail', 'evidence');
    await say('skip', 'reason');
    await say('update', 'update6');
    await say('note', 'note7');
    await say('action', 'action8', ' @ada 2030-01-15');
    await say('sev 2', 'sev9');
    await told.forward({ minutes: 65 });
    await say('resolve', 'resolve10');
    await told.say('Ada', '/incident carry 19 @ada 2030-01-16', 1);
    await told.say('Ada', '/incident close', 1);
    await told.forward({ seconds: 5 });
    return marks;
  }

  it('stay words in every channel: nothing mentions, links, formats or turns around', async () => {
    await walked();
    let seen = 0;
    for (const name of ['inc-1', 'stakeholders'])
      for (const { card } of await told.channel(name)) {
        const all = JSON.stringify(card);
        expect(all).not.toMatch(/[\u202a-\u202e\u2066-\u2069\0]/);
        if (all.includes('<!channel>')) seen++;
        const { inline, buttons } = every(card);
        for (const node of inline) {
          if (node.kind === 'person') expect(node.name).toBe('Ada');
          if (node.kind === 'link') expect(node.href.startsWith(told.bot.url)).toBe(true);
          if (node.kind === 'strong' || node.kind === 'emphasis')
            for (const child of node.children) expect(child.kind === 'link').toBe(false);
        }
        for (const { command } of buttons) expect(command.startsWith('/incident ')).toBe(true);
      }
    expect(seen).toBeGreaterThan(8);
  });

  it('stay words on the pages: no element, no address, no script comes from them', async () => {
    await walked();
    const { channels } = (await told.get('/api/incidents/1')).json<{ channels: { web: { name: string } } }>();
    expect(channels.web.name).toMatch(/^inc-1(-[a-z0-9]+)*$/);
    for (const path of [`/c/${channels.web.name}`, '/c/stakeholders', '/']) {
      const { status, text } = await told.get(path);
      expect(status).toBe(200);
      expect(text).not.toMatch(
        /<img|onerror=alert\(1\)>|<script>alert|href="https:\/\/evil|href="javascript|<strong>bold|<em>it/i,
      );
      expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069\0]/);
      if (path !== '/') expect(text).toContain('&lt;!channel&gt;');
    }
  });

  it('stay words in the postmortem and in its Markdown', async () => {
    await walked();
    const { text } = await told.get('/api/incidents/1/postmortem');
    for (const mark of ['impact5', 'evidence', 'reason', 'update6', 'note7', 'action8', 'sev9', 'resolve10'])
      expect(text).toContain(mark);
    expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069\0]/);
    const tree = unified().use(remarkParse).use(remarkGfm).parse(text) as Node;
    for (const node of nodes(tree)) {
      expect(node.type === 'image' || (node.type === 'html' && node.value !== '<!-- -->')).toBe(false);
      if (node.type === 'link') expect(node.url).not.toMatch(/evil|javascript/);
      if (node.type === 'strong') expect(JSON.stringify(node)).not.toContain('"bold"');
      if (node.type === 'emphasis') expect(JSON.stringify(node)).not.toContain('"it"');
      // A host that scans what is no code for mentions must find none.
      if (node.type === 'text') expect(node.value).not.toMatch(/@(all|channel|here)\b/);
    }
    const columns = nodes(tree)
      .filter(({ type }) => type === 'table')
      .map(({ children }) => new Set(children?.map((row) => row.children?.length)));
    for (const widths of columns) expect(widths.size).toBe(1);
  });

  it('with a NUL in them are refused from a machine; from a person the NUL is left out', async () => {
    told = await story({ database });
    const alert = await fetch(`${told.bot.url}/alerts/generic`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ title: 'a\0b', service: 'registry', severity: 'critical' }),
    });
    expect(alert.status).toBe(400);
    expect((await told.get('/api/incidents')).json<{ total: number }>().total).toBe(0);
    await told.say('Ada', '/incident declare c\0d', undefined);
    for (const verb of ['note', 'impact', 'update', 'sev 1', 'action', 'resolve'])
      await told.say('Ada', `/incident ${verb} e\0f`, 1);
    await told.say('Ada', '/incident close', 1);
    const { text } = await told.get('/api/incidents/1/timeline');
    expect(text).toContain('"ef"');
    for (const path of ['', '/timeline', '/postmortem'])
      expect((await told.get(`/api/incidents/1${path}`)).text).not.toMatch(/\0|\\u0000/);
  });
});
