import { describe, expect, it } from 'vitest';
import { instantOf, plainText } from './plain-text.js';

const names: Record<string, string> = { U1: 'Ada Lovelace', U2: 'bob' };
const read = (text: string) => plainText(text, async (id) => names[id] ?? id);

describe('what people say in Slack', () => {
  it.each([
    ['<@U1> and <@U2|robert>', '@Ada Lovelace and @bob'],
    ['<#C1|inc-42> <#C2>', '#inc-42 #C2'],
    ['<!here> <!channel> <!subteam^S1|@sre> <!subteam^S2>', '@here @channel @sre @subteam'],
    ['<!date^1700000000^{date} {time}|14 Nov, 22:13 UTC>', '14 Nov, 22:13 UTC'],
    ['<https://a.example/x?a=1&amp;b=2>', 'https://a.example/x?a=1&b=2'],
    ['<https://a.example|the graph>', 'the graph (https://a.example)'],
    ['<http://a.example|a.example> <mailto:a@b.example|a@b.example>', 'http://a.example a@b.example'],
    ['a &lt; b &amp;&amp; c &gt; d', 'a < b && c > d'],
    ['&amp;lt;script&amp;gt;', '&lt;script&gt;'],
    ['a < b <@U1', 'a < b <@U1'],
  ])('reads %s as it was meant', async (said, shown) => {
    expect(await read(said)).toBe(shown);
  });

  it('was said at the time that is its id', () => {
    expect(instantOf('1700000000.000100')).toBe(1_700_000_000_000);
    expect(instantOf('1700000000.999900')).toBe(1_700_000_000_999);
  });
});
