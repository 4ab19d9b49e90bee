import { WebSocket } from 'ws';
import type { Account, Mattermost } from '../mattermost-server.js';

interface Dialog {
  url: string;
  dialog: { title: string; state: string; elements: { name: string }[] };
}

/** Somebody at a server, real or ours: what they see besides the channels. */
export async function watching(server: Pick<Mattermost, 'url'>, who: Account) {
  const dialogs: Dialog[] = [];
  const whispers: string[] = [];
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
        if (event === 'ephemeral_message') whispers.push((JSON.parse(data.post) as { message: string }).message);
      });
    });
  }
  await look();
  return { dialogs, whispers, look, close: () => socket.terminate() };
}
