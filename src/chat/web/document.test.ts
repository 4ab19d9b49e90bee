import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { hostileTexts } from '../../../test/contracts/chat.contract.js';
import { parseHtml } from '../../../test/fakes/html.js';
import { renderDocument, webOrOurs } from './document.js';

const rendered = (markdown: string, leads = webOrOurs) => renderDocument(markdown, leads).toString();

test('tables, task lists, code and quotes are what they are', () => {
  const shown = rendered(
    '# One\n\n| a | b |\n| - | - |\n| 1 | *2* |\n\n- [x] did\n- [ ] **did not**\n\n```sh\nls <b>\n```\n\n> said',
  );
  expect(shown).toContain('<h1>One</h1>');
  expect(shown).toContain('<th>a</th><th>b</th>');
  expect(shown).toContain('<td>1</td><td><em>2</em></td>');
  expect(shown).toContain('<li class="task"><span class="box" role="img" aria-label="done">☑</span> did</li>');
  expect(shown).toContain('aria-label="open">☐</span> <strong>did not</strong></li>');
  expect(shown).toContain('<code>ls &lt;b&gt;</code>');
  expect(shown).toContain('<blockquote><p>said</p></blockquote>');
});

test('HTML in it is text', () => {
  const { tags, text } = parseHtml(
    rendered('before <script>alert(1)</script>\n\n<img src=x onerror=alert(1)>\n\n<!-- c -->'),
  );
  expect(tags.map(({ name }) => name)).toEqual(['p']);
  expect(text).toContain('<script>alert(1)</script>');
  expect(text).toContain('<img src=x onerror=alert(1)>');
});

test('links lead to the web or to this site, and nowhere else', () => {
  const markdown = `[a](https://example.org/x) [b](/c/inc-1) [c](javascript:alert(1)) [d](//evil.example)
[e](/\\\\evil.example) [f](data:text/html,x) ![g](https://example.org/y.png) [h][ref] [i][none]

[ref]: JaVaScRiPt:alert(1)`;
  const { tags, text } = parseHtml(rendered(markdown));
  expect(tags.filter(({ name }) => name === 'a').map(({ attributes }) => attributes.href)).toEqual([
    'https://example.org/x',
    '/c/inc-1',
    'https://example.org/y.png',
  ]);
  expect(tags.some(({ name }) => name === 'img')).toBe(false);
  for (const words of ['c', 'd', 'e', 'f', 'g', 'h', '[i][none]']) expect(text).toContain(words);
});

test('links may be led elsewhere', () => {
  expect(rendered('[1](https://muster.example.org/1)', () => '/there')).toBe('<p><a href="/there">1</a></p>');
});

test.each(hostileTexts)('%j makes no tag of its own', (hostile) => {
  for (const { name, attributes } of parseHtml(rendered(`| ${hostile} |\n| - |\n| ${hostile} |\n\n${hostile}`)).tags) {
    expect(['script', 'style', 'img', 'iframe', 'form', 'svg']).not.toContain(name);
    expect(attributes.href ?? '/').toMatch(/^(\/(?!\/)|https?:|#)/i);
  }
});

test('nesting has an end', () => {
  expect(() => parseHtml(rendered(`${'> '.repeat(600)}deep`))).not.toThrow();
  expect(rendered(`${'> '.repeat(600)}deep`)).toContain('deep');
});

test('a whole postmortem is HTML of ours', () => {
  const { tags, text } = parseHtml(rendered(readFileSync('test/fixtures/postmortem-registry.md', 'utf8')));
  expect(tags.filter(({ name }) => name === 'table').length).toBeGreaterThan(7);
  expect(text).not.toContain('| ---');
});
