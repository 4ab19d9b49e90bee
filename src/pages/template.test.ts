import { describe, expect, it } from 'vitest';
import type { Incident } from '../incident/state.js';
import { declared, given } from '../incident/testing.js';
import { type Page, pageWords } from './page.js';
import { requestOf, valuesOf } from './template.js';
import { type PageWebhook, type Way, waysFor } from './way.js';

const hostile = 'a"b\\c&To=+1900\n</Say>{{secret.key}} ü';
const incident = { ...given(...declared({ title: hostile })).row, title: hostile } as Incident;
const page = (more: Partial<Page> = {}): Page => ({
  incident,
  person: { personId: 'ada', name: 'Ada', phone: '+49 (30) 123-456', email: null, push: null },
  because: 'on call for primary',
  link: 'https://muster.example.com/ack/x-y_z',
  lastsMs: 1,
  publicUrl: 'https://muster.example.com',
  titled: true,
  now: 0,
  ...more,
});
const webhook = (more: Partial<PageWebhook>): PageWebhook => ({
  name: 'sms',
  url: 'https://sms.example.com/send',
  method: 'POST',
  headers: {},
  body: null,
  basic: null,
  secrets: { key: 's3 cret/&' },
  ...more,
});
const made = (more: Partial<PageWebhook>, of = page()) => {
  const each = webhook(more);
  return requestOf(each, valuesOf(of, each.secrets), 0);
};

describe('a page in the words of another service', () => {
  it('is JSON whatever the values hold, where the body is a text', () => {
    const { body, headers } = made({ body: '{"text":"{{incident.title}} {{person.phone}}"}' });
    expect(JSON.parse(String(body))).toEqual({ text: `${hostile.replace('\n', ' ')} +4930123456` });
    expect(headers['content-type']).toBe('application/json');
  });

  it('is a form whatever the values hold, as a text of that type and as values by name', () => {
    const form = { headers: { 'Content-Type': 'application/x-www-form-urlencoded' } };
    for (const each of [
      made({ ...form, body: 'To={{person.phone}}&Body={{incident.title}}' }),
      made({ body: { To: '{{person.phone}}', Body: '{{incident.title}}' } }),
    ]) {
      expect(Object.fromEntries(new URLSearchParams(String(each.body)))).toEqual({
        To: '+4930123456',
        Body: hostile.replace('\n', ' '),
      });
      expect(each.headers['content-type']).toBe('application/x-www-form-urlencoded');
    }
  });

  it('keeps values in their place in an address, a header and XML', () => {
    const { url, headers, body } = made({
      url: 'https://sms.example.com/{{secret.key}}?t={{incident.title}}',
      headers: { 'X-Title': '{{incident.title}}', 'X-Key': '{{secret.key}}' },
      body: { Twiml: '<Say>{{xml.incident.title}}</Say>' },
    });
    expect(new URL(url).pathname).toBe('/s3%20cret%2F%26');
    expect(new URL(url).searchParams.get('t')).toBe(hostile.replace('\n', ' '));
    expect(new Headers(headers).get('x-title')).not.toMatch(/[^\x20-\x7e]/);
    expect(headers['x-key']).toBe('s3 cret/&');
    expect(new URLSearchParams(String(body)).get('Twiml')).toContain('&lt;/Say&gt;');
  });

  it('refuses a name there is no value of, and never fills in what a value says', () => {
    expect(() => made({ body: '{"text":"{{incident.titel}}"}' })).toThrow(/titel/);
    expect(() => made({ body: '{"text":"{{constructor}}"}' })).toThrow();
    expect(made({ body: '{"text":"{{incident.title}}"}' }).body).toContain('{{secret.key}}');
  });

  it('tells no title of what is kept back', () => {
    const kept = page({ titled: false, incident: { ...incident, visibility: 'private' } });
    const { body } = made({ body: '{"text":"{{title}} {{text}} {{incident.title}}"}' }, kept);
    expect(body).not.toContain('1900');
    expect(pageWords(kept).title).toBe('[sev2] #42 (private)');
  });
});

describe('the ways of a person', () => {
  const way = (id: string, more: Partial<Way> = {}): Way =>
    ({ id, via: 'chat', severities: null, afterMs: 0, ...more }) as Way;
  const ids = (...asked: Parameters<typeof waysFor>) => waysFor(...asked).map(({ id }) => id);

  it('are their own for this severity, the first to be tried first', () => {
    const ways = [way('late', { afterMs: 60_000 }), way('grave', { severities: ['sev1'] }), way('always')];
    expect(ids('sev1', { ways, mail: true, push: true })).toEqual(['grave', 'always', 'late']);
    expect(ids('sev3', { ways, mail: true, push: true })).toEqual(['always', 'late']);
  });

  it('are never none: without any for it chat, and mail and push where there is an address', () => {
    const ways = [way('grave', { severities: ['sev1'] })];
    expect(ids('sev3', { ways, mail: true, push: false })).toEqual(['chat', 'mail']);
    expect(ids('sev3', { ways: [], mail: false, push: true })).toEqual(['chat', 'push']);
    expect(ids('sev3', { ways: [], mail: false, push: false })).toEqual(['chat']);
  });
});
