import type { Logger } from 'pino';
import type { ChatPlatform } from '../chat/platform.js';
import type { Config } from '../config/config.js';
import { deadline } from '../engine/deadline.js';
import { type Card, type Inline, note, paragraph, strong, text } from '../messages/card.js';
import { literal } from '../messages/literal.js';
import { type CalleeParts, reached } from './callees.js';
import type { Page } from './page.js';
import { sendBy } from './send.js';
import type { Way } from './way.js';

/** Together with the direct message after them it is half a minute. */
const withinMs = 10_000;

/** How one way answered; `why` null: it took the page. */
interface Tried {
  way: string;
  why: string | null;
}

/**
 * Tries every way of a person, whatever it is for. Answers at once which these are; what became of each follows in a
 * direct message. Nothing of it is kept: whoever tries is there to see.
 */
export function waysTrier(
  parts: Omit<CalleeParts, 'config'> & {
    config(): Pick<Config, 'people' | 'mailServer' | 'pageWebhooks' | 'policy'>;
    platforms: ReadonlyMap<string, ChatPlatform>;
    publicUrl(): string;
    now(): number;
    log: Pick<Logger, 'warn'>;
  },
): (personId: string) => Promise<string[]> {
  async function tryOne(way: Exclude<Way, { via: 'chat' }>, page: Page): Promise<Tried> {
    const cut = new AbortController();
    try {
      const given = { page, key: `page-test/${page.person.personId}/${way.id}/${page.now}`, config: parts.config() };
      await deadline(withinMs)(() => sendBy(way, given, cut.signal));
      return { way: way.id, why: null };
    } catch (error) {
      return { way: way.id, why: error instanceof Error ? error.message : String(error) };
    } finally {
      cut.abort();
    }
  }

  async function tell(page: Page, ways: readonly Way[]): Promise<void> {
    const tried = await Promise.all(ways.flatMap((way) => (way.via === 'chat' ? [] : [tryOne(way, page)])));
    const { personId, name } = page.person;
    const platform = parts.platforms.get(parts.config().policy.platforms[0] ?? '');
    if (!platform) return;
    const channel = await platform.directChannel({ personId, name });
    await platform.post({ channel, card: triedCard(tried), key: `page-test/${personId}/${page.now}` });
  }

  return async (personId) => {
    const to = await reached(parts, personId);
    const ways = to.all;
    const publicUrl = parts.publicUrl();
    const page: Page = {
      incident: null,
      person: to.callee,
      ...{ because: null, link: null, lastsMs: 0, titled: true, publicUrl, now: parts.now() },
    };
    tell(page, ways).catch((error: unknown) => parts.log.warn({ err: error }, 'a test page could not be told of'));
    return ways.map(({ id }) => id);
  };
}

function triedCard(tried: readonly Tried[]): Card {
  const failed = tried.filter(({ why }) => why !== null);
  const summary =
    failed.length === 0
      ? 'Test page: every way took it.'
      : `Test page: ${failed.map(({ way }) => way).join(', ')} did not take it.`;
  return {
    tone: failed.length === 0 ? 'good' : 'warning',
    summary,
    blocks: [
      paragraph(strong(summary)),
      {
        kind: 'list',
        ordered: false,
        items: [
          [text('chat: this message')],
          ...tried.map(({ way, why }): Inline[] => [
            text(why === null ? `${way}: taken; look whether it arrives and rings` : `${way}: ${literal(why, 300)}`),
          ]),
        ],
      },
      note(text('Nothing has happened. Your ways are in the configuration of Muster, under people and page.')),
    ],
  };
}
