import { WebSocket } from 'ws';
import type { Account, Mattermost } from '../mattermost-server.js';

interface Dialog {
  url: string;
  dialog: { title: string; state: string; elements: { name: string; default?: string }[] };
}

/** What only one person sees. */
export interface Whispered {
  id: string;
  message: string;
  props: { attachments?: { text?: string; actions?: { id: string; name: string; cookie?: string }[] }[] };
}

/** Somebody at a server, real or ours: what they see besides the channels. */
export async function watching(server: Pick<Mattermost, 'url'>, who: Account) {
  const dialogs: Dialog[] = [];
  const whispers: string[] = [];
  const whispered: Whispered[] = [];
  let socket: WebSocket;
  async function look(): Promise<void> {
    socket = new WebSocket(`${server.url.replace(/^http/, 'ws')}/api/v4/websocket`, {
      headers: { authorization: `Bearer ${who.token}` },
    });
    socket.on('error', () => {});
    await new Promise<void>((greeted) => {
      socket.on('message', (raw) => {
        const { event, data } = JSON.parse(String(raw)) as { event?: string; data: { dialog: string; post: string } };
        if (event === 'hello') greeted();
        if (event === 'open_dialog') dialogs.push(JSON.parse(data.dialog) as Dialog);
        if (event === 'ephemeral_message') {
          const post = JSON.parse(data.post) as Whispered;
          whispers.push(post.message);
          whispered.push(post);
        }
      });
    });
  }
  await look();
  return { dialogs, whispers, whispered, look, close: () => socket.terminate() };
}
