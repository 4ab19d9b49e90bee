import Handlebars from 'handlebars';
import type { Call } from '../audiences/call.js';
import { literal } from '../messages/literal.js';
import { type Page, pageWords } from './page.js';
import type { PageWebhook } from './way.js';

/** Values by name; those of a text are written so that they cannot leave the place they stand in. */
export type Values = { [name: string]: string | Values };

const environment = Handlebars.create();
for (const name of ['log', 'lookup', 'each', 'with']) environment.unregisterHelper(name);

/** What a text may name. `xml`: the same words, for a text inside XML. */
export function valuesOf(page: Page, secrets: Record<string, string>): Values {
  const { title, text, grade } = pageWords(page);
  const { incident, person, link, titled, publicUrl } = page;
  const words = {
    title,
    text,
    person: { id: person.personId, name: literal(person.name, 80), phone: telephone(person.phone) },
    incident: {
      number: incident?.number == null ? '' : String(incident.number),
      severity: incident?.severity ?? '',
      status: incident?.status ?? '',
      title: incident && titled ? literal(incident.title, 150) : '',
      url: incident?.number == null ? publicUrl : `${publicUrl}/incidents/${incident.number}`,
    },
    link: link ?? '',
    grade,
  };
  return { ...words, secret: secrets, xml: each(words, xml) };
}

/** As telephone services want it: `+4930123456`. */
const telephone = (phone: string | null): string => phone?.replace(/(?!^\+)[^0-9]/g, '') ?? '';

/** Nothing is found in them but what was put there. */
const each = (values: Values, write: (value: string) => string): Values => {
  const written: Values = Object.create(null, { [Symbol.toPrimitive]: { value: () => 'these values' } });
  for (const [name, value] of Object.entries(values))
    written[name] = typeof value === 'string' ? write(value) : each(value, write);
  return written;
};

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
const xml = (value: string): string => value.replace(/[&<>"']/g, (letter) => entities[letter] as string);
const inJson = (value: string): string => JSON.stringify(value).slice(1, -1);
const inAddress = (value: string): string => encodeURIComponent(value);
const inForm = (value: string): string => new URLSearchParams({ '': value }).toString().slice(1);
const inHeader = (value: string): string => value.replace(/[^\x20-\x7e]/g, '');
const asIs = (value: string): string => value;

/** @throws Error when the text names a value there is none of, or is no template. */
function filled(text: string, values: Values, write: (value: string) => string): string {
  const template = environment.compile(text, { noEscape: true, strict: true, knownHelpersOnly: true });
  return template(each(values, write), { allowProtoPropertiesByDefault: false, allowProtoMethodsByDefault: false });
}

const formType = 'application/x-www-form-urlencoded';
const jsonType = 'application/json';

/**
 * The call that a page comes to. In a text every value is written as its content type wants it, JSON or a form; values by
 * name are made into the one or the other. Without a content type values by name make a form, and a text is JSON.
 * @throws Error when a text names what there is not.
 */
export function requestOf(webhook: PageWebhook, values: Values, now: number): Call {
  const { url, method, body, basic } = webhook;
  const named = typeof body === 'object' && body !== null;
  const given = Object.entries(webhook.headers).map(([name, value]) => [
    name.toLowerCase(),
    filled(value, values, inHeader),
  ]);
  const headers: Record<string, string> = {
    ...(body !== null && { 'content-type': named ? formType : jsonType }),
    ...(basic && { authorization: `Basic ${Buffer.from(`${basic.user}:${basic.password}`).toString('base64')}` }),
    ...Object.fromEntries(given),
  };
  const isForm = headers['content-type']?.startsWith(formType) ?? false;
  return { url: filled(url, values, inAddress), method, headers, body: written(body, values, isForm), now };
}

function written(body: PageWebhook['body'], values: Values, isForm: boolean): string | null {
  if (body === null) return null;
  if (typeof body === 'string') return filled(body, values, isForm ? inForm : inJson);
  const fields = Object.entries(body).map(([name, text]) => [name, filled(text, values, asIs)] as [string, string]);
  return isForm ? new URLSearchParams(fields).toString() : JSON.stringify(Object.fromEntries(fields));
}
