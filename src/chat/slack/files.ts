import type { AdapterParts, ChatPlatform } from '../platform.js';
import type { SlackApi } from './api.js';
import { joining } from './channels.js';
import { recent } from './find.js';
import { codeOf } from './refusals.js';

interface Put {
  id: string;
  done?: true;
}

/** Puts a text file into a channel, in three steps: an address, the bytes, then the word that it is to be seen. */
export function attaching(
  api: SlackApi,
  { marks, now }: Pick<AdapterParts, 'marks' | 'now'>,
): NonNullable<ChatPlatform['attach']> {
  const isThere = async (channel: string, id: string): Promise<boolean> => {
    for await (const page of recent(api, channel, now()))
      if (page.some(({ files = [] }) => files.some((file) => file.id === id))) return true;
    return false;
  };

  return async ({ channel, key, name, title, text }) => {
    const mark = `file/${key}`;
    const note = async (put: Put): Promise<string> => {
      await marks.write(mark, JSON.stringify(put));
      return put.id;
    };
    const show = (id: string) =>
      joining(api, channel, () =>
        api.call('files.completeUploadExternal', { files: [{ id, title }], channel_id: channel }),
      );

    const kept = await marks.read(mark);
    const earlier = kept === null ? null : (JSON.parse(kept) as Put);
    if (earlier?.done) return earlier.id;
    if (earlier) {
      try {
        await show(earlier.id);
        return await note({ id: earlier.id, done: true });
      } catch (error) {
        // Shown once, it cannot be shown again; nor when too much time has gone by.
        if (codeOf(error) !== 'file_not_found') throw error;
        if (await isThere(channel, earlier.id)) return await note({ id: earlier.id, done: true });
      }
    }
    const bytes = new TextEncoder().encode(text);
    const { upload_url, file_id } = await api.call('files.getUploadURLExternal', {
      filename: name,
      length: bytes.length,
    });
    await api.upload(upload_url, bytes);
    await note({ id: file_id });
    await show(file_id);
    return note({ id: file_id, done: true });
  };
}
