import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { file, type Place, playbook, type Said, type Seat, type Shown } from './parity.js';
import { type Story, story } from './story.js';

/** Where the playbook of the story lies. */
export function playbooks(): { folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'muster-parity-'));
  writeFileSync(join(folder, 'registry-outage.md'), playbook);
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A form of a page, as a browser would send it. */
interface PageForm {
  label: string;
  hidden: Record<string, string>;
}

/** The web room, by the pages that a browser gets and the forms that it sends. */
export async function atTheWeb(): Promise<Place> {
  const shelf = playbooks();
  const tale = await story({ at: Date.now(), file: file(), config: { playbooksFolder: shelf.folder } });
  let channel = '';
  const seat = (name: string): Seat => seated(tale, name, () => channel);
  return {
    tale,
    async enter(id) {
      const all = await tale.bot.web.channels('ada');
      channel = all.find((each) => each.id === id)?.name as string;
      return ['ada', 'bob'];
    },
    ada: seat('Ada'),
    bob: seat('Bob'),
    carol: seat('Carol'),
    files: async () => null,
    marks: 'the button *Keep*',
    platform: tale.bot.web,
    async end() {
      await tale.end();
      shelf.remove();
    },
  };
}

function seated(tale: Story, name: string, channel: () => string): Seat {
  const headers = { cookie: `muster_name=${name}` };
  let last: PageForm[] = [];
  const page = async (of: string): Promise<string> => {
    const response = await fetch(`${tale.bot.url}/c/${of}`, { headers });
    if (!response.ok) throw new Error(`/c/${of}: ${response.status}`);
    return response.text();
  };
  async function send(path: string, fields: Record<string, string>): Promise<Shown> {
    const response = await fetch(`${tale.bot.url}/chat/web/${path}`, {
      method: 'POST',
      headers: { ...headers, accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify(fields),
    });
    const { html = '' } = (await response.json()) as { html?: string };
    if (!response.ok) throw new Error(`${path} ${JSON.stringify(fields)}: ${response.status}`);
    last = formsIn(html);
    return { text: textIn(html), buttons: last.map(({ label }) => label) };
  }
  const sendForm = ({ hidden }: PageForm, filling?: string): Promise<Shown> =>
    send('command', { ...hidden, ...(filling !== undefined && { input: filling }) });
  const found = (forms: readonly PageForm[], label: string): PageForm => {
    const form = forms.findLast((each) => each.label.toLowerCase().includes(label.toLowerCase()));
    if (!form) throw new Error(`${name} sees no button ${label}: ${forms.map((each) => each.label).join(', ')}`);
    return form;
  };
  const alone = `direct-${name.toLowerCase()}`;
  const pressesIn: (of: string, ...how: Parameters<Seat['presses']>) => Promise<Shown> = async (
    of,
    label,
    { filling, times = 1 } = {},
  ) => {
    const form = found(formsIn(await page(of)), label);
    const all = await Promise.all(Array.from({ length: times }, () => sendForm(form, filling)));
    return all.at(-1) as Shown;
  };
  return {
    async types(line, filling) {
      const source = await page(channel());
      const id = /name="channel" value="([^"]+)"/.exec(source)?.[1] as string;
      const answer = await send('say', { channel: id, text: `/incident ${line}`.trim(), id: randomUUID() });
      if (filling === undefined) return answer;
      return { ...(await sendForm(last.at(-1) as PageForm, filling)), asked: 'a line below the answer' };
    },
    presses: (label, how) => pressesIn(channel(), label, how),
    pressesAnswer: (label, filling) => sendForm(found(last, label), filling),
    pressesAlone: (label, filling) => pressesIn(alone, label, { filling }),
    reads: async () => saidIn(await page(channel())),
    readsAlone: async () => saidIn(await page(alone)),
    readsUpdates: async () => saidIn(await page('stakeholders')),
    async keeps(words) {
      const id = /name="channel" value="([^"]+)"/.exec(await page(channel()))?.[1] as string;
      await send('say', { channel: id, text: words, id: randomUUID() });
      const saidAt = tale.now();
      const form = /<form class="keep"[^>]*>(.*?)<\/form>/s.exec(await page(channel()))?.[1] ?? '';
      for (const _ of [1, 2]) await send('keep', hiddenIn(form));
      return saidAt;
    },
    mentions: async () => (await page(channel())).match(/class="person me"/g)?.length ?? 0,
  };
}

const unescaped = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

const hiddenIn = (form: string): Record<string, string> =>
  Object.fromEntries(
    [...form.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g)].map(([, name = '', value = '']) => [
      name,
      unescaped(value),
    ]),
  );

function formsIn(html: string): PageForm[] {
  const forms = /(?:<summary class="button[^"]*">([^<]*)<\/summary>\s*)?<form[^>]*data-act>(.*?)<\/form>/gs;
  return [...html.matchAll(forms)].map(([, summary, inside = '']) => ({
    label: unescaped(summary ?? /<button[^>]*>([^<]*)<\/button>/.exec(inside)?.[1] ?? ''),
    hidden: hiddenIn(inside),
  }));
}

const textIn = (html: string): string =>
  unescaped(
    html
      .replace(/<details class="ask">.*?<\/details>|<form.*?<\/form>|<header>.*?<\/header>|<button.*?<\/button>/gs, '')
      .replace(/<div class="face".*?<\/div>|<span class="note">as of.*?<\/span>/gs, '')
      .replace(/<[^>]*>/g, ' '),
  )
    .replace(/\s+/g, ' ')
    .trim();

function saidIn(html: string): Said[] {
  const parts = html.matchAll(/<(article|section) class="(message|pinned)[^"]*".*?<\/\1>/gs);
  return [...parts].map(([source, , kind]) => ({
    text: textIn(source),
    buttons: formsIn(source).map(({ label }) => label),
    pinned: kind === 'pinned',
  }));
}
