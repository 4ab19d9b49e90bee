import { createHash } from 'node:crypto';
import type { AdapterParts, ChannelHead } from '../platform.js';
import type { SlackApi } from './api.js';
import { headText, joining } from './channels.js';
import { shortened } from './pieces.js';

/** Nothing is published; longer ones are cut on the screen anyway. */
const bookmarkTitle = 80;

/** Topic and bookmarks, each without the other when that is refused. Each change of a topic is a line in the channel: the same again is not said. */
export function heading(
  api: SlackApi,
  { marks }: Pick<AdapterParts, 'marks'>,
): (channel: string, head: ChannelHead) => Promise<void> {
  async function topic(channel: string, wanted: string): Promise<void> {
    const { channel: now } = await api.call('conversations.info', { channel });
    if (unescaped(now.topic?.value ?? '') === wanted) return;
    await joining(api, channel, () => api.call('conversations.setTopic', { channel, topic: wanted }));
  }

  async function bookmarks(channel_id: string, links: ChannelHead['links']): Promise<void> {
    if (links.length === 0) return;
    const { bookmarks: known } = await joining(api, channel_id, () => api.call('bookmarks.list', { channel_id }));
    for (const { label, href: link } of links) {
      const title = shortened(headText(label), bookmarkTitle);
      const there = known.find((each) => unescaped(each.title) === title);
      if (!there) await api.call('bookmarks.add', { channel_id, title, type: 'link', link });
      else if (there.link !== link)
        await api.call('bookmarks.edit', { channel_id, bookmark_id: there.id, title, link });
    }
  }

  return async (channel, { topic: line, links }) => {
    const wanted = headText(line);
    const mark = `head/${channel}`;
    const state = createHash('sha256')
      .update(JSON.stringify([wanted, links]))
      .digest('base64url');
    // Another replica may have said something else since.
    if ((await marks.read(mark)) === state) return;
    const done = await Promise.allSettled([topic(channel, wanted), bookmarks(channel, links)]);
    const refused = done.find((each) => each.status === 'rejected');
    if (refused) throw refused.reason;
    await marks.write(mark, state);
  };
}

const unescaped = (value: string): string =>
  value.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
