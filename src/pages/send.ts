import { call } from '../audiences/call.js';
import { mailBy, type Sent } from '../audiences/hand-over.js';
import { callWebhook } from '../audiences/webhook.js';
import { DeliveryError } from '../chat/platform.js';
import type { Config } from '../config/config.js';
import { version } from '../version.js';
import { byGotify } from './gotify.js';
import { pageMail } from './mail.js';
import { byNtfy, idIn } from './ntfy.js';
import { type Page, pageWords } from './page.js';
import { byPagerDuty } from './pagerduty.js';
import { requestOf, valuesOf } from './template.js';
import type { Way } from './way.js';

/** Every way but chat, which is not outside. */
export type WayOut = Exclude<Way, { via: 'chat' }>;

/**
 * Hands one page to one way. Resolves when that has taken it. @param key names the page: a repeat has the same.
 * @throws DeliveryError
 */
export async function sendBy(
  way: WayOut,
  { page, key, config }: { page: Page; key: string; config: Pick<Config, 'people' | 'mailServer' | 'pageWebhooks'> },
  signal: AbortSignal,
): Promise<Sent> {
  const { person, now } = page;
  const of = async (message: Promise<string>): Promise<Sent> => ({ channel: way.id, message: await message });
  switch (way.via) {
    case 'ntfy':
      return of(byNtfy(way, page, signal));
    case 'gotify':
      return of(byGotify(way, page, signal));
    case 'pagerduty':
      return of(byPagerDuty(way, page, signal));
    case 'mail': {
      const to = person.email;
      if (to === null) throw never(`No e-mail address of ${person.name} is known.`);
      return mailBy(config.mailServer, (from) => pageMail(page, key, to, from), to, signal);
    }
    case 'push': {
      const { push } = page.person;
      if (push === null) throw never(`No push address of ${person.name} is known.`);
      const { title, text } = pageWords(page);
      const body = JSON.stringify({
        ...(push.topic !== null && { topic: push.topic }),
        ...{ title, message: text, priority: 5 },
        ...(page.link !== null && {
          click: page.link,
          extras: { 'client::notification': { click: { url: page.link } } },
        }),
      });
      await callWebhook({ ...push, id: key, body, now, version }, signal);
      return { channel: way.id, message: key };
    }
    case 'webhook': {
      const webhook = config.pageWebhooks.find(({ name }) => name === way.name);
      if (!webhook) throw never(`There is no page webhook ${way.name} in the configuration any more.`);
      return of(call(requestOf(webhook, valuesOf(page, webhook.secrets), now), signal).then(idIn));
    }
  }
}

const never = (message: string): DeliveryError => new DeliveryError(message, { permanent: true });
