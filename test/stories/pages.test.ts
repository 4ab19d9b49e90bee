import { afterEach, expect, it } from 'vitest';
import { parseHtml } from '../fakes/html.js';
import { type Story, story } from './story.js';

let told: Story;
afterEach(() => told.end());

const page = async (path: string, name = 'Ada') => {
  const answer = await fetch(`${told.bot.url}${path}`, {
    headers: { cookie: `muster_name=${name}`, accept: 'text/html' },
    redirect: 'manual',
  });
  return { status: answer.status, headers: answer.headers, html: await answer.text() };
};

it('an incident leads to its channel, its timeline and every version of its postmortem', async () => {
  told = await story();
  await told.say('Ada', '/incident declare --sev 1 Nothing <b>builds</b>');
  const early = await page('/incidents/1/postmortem');
  expect(early.status).toBe(404);
  expect(early.html).toContain('it is investigating now');
  await told.say('Ada', '/incident note <script>alert(1)</script> [x](javascript:1) @all', 1);
  for (const line of ['resolve', 'close', 'reopen again', 'resolve', 'close'])
    await told.say('Ada', `/incident ${line}`, 1);

  const to = (await page('/incidents/1')).headers.get('location') as string;
  expect((await page(to)).headers.get('location')).toMatch(/^\/c\/inc-1-/);

  const { status, headers, html } = await page('/incidents/1/postmortem');
  expect(status).toBe(200);
  expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'nonce-/);
  expect(headers.get('cache-control')).toBe('no-store');
  const { tags, text } = parseHtml(html);
  const links = tags.flatMap(({ name, attributes }) => (name === 'a' ? [attributes.href ?? ''] : []));
  expect(links).toContain('/api/incidents/1/postmortem?version=2');
  expect(links).toContain('/incidents/1/postmortem?version=1');
  expect(links).toContain('/incidents/1/timeline#e-1');
  expect(links.every((href) => href.startsWith('/'))).toBe(true);
  expect(tags.some(({ name }) => name === 'script')).toBe(false);
  expect(text).toContain('<script>alert(1)</script>');
  expect((await page('/incidents/1/postmortem?version=1')).html).toContain('version 1 of');
  for (const none of ['3', '0', '-1', 'x', '1e99'])
    expect((await page(`/incidents/1/postmortem?version=${none}`)).status).toBe(404);

  const timeline = parseHtml((await page('/incidents/1/timeline')).html);
  expect(timeline.text).toContain('Ada noted: “<script>alert(1)</script>');
  expect(timeline.tags.filter(({ attributes }) => attributes.id?.startsWith('e-')).length).toBeGreaterThan(8);
});

it('a private incident has pages for its own people only', async () => {
  told = await story();
  await told.say('Ada', '/incident declare --private --sev 1 A leaked key');
  await told.say('Ada', '/incident resolve', 1);
  await told.say('Ada', '/incident close', 1);
  for (const path of ['/incidents/1', '/incidents/1/timeline', '/incidents/1/postmortem']) {
    expect((await page(path)).status).toBeLessThan(400);
    const refused = await page(path, 'Bob');
    expect(refused.status).toBe(404);
    expect(refused.html).not.toContain('leaked');
    const unknown = await page(path.replace('1', '7'), 'Bob');
    expect(parseHtml(refused.html).text).toBe(parseHtml(unknown.html).text.replaceAll('incident 7', 'incident 1'));
  }
});
