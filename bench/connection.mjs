import { connect } from 'node:net';

/** A raw keep-alive connection: one request at a time, whole on the wire, and what its answer says. */
export function converse(port) {
  const socket = connect(port, '127.0.0.1');
  socket.setNoDelay(true);
  let text = '';
  let waiting = null;
  const fail = (error) => {
    waiting?.reject(error);
    waiting = null;
  };
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('closed early')));
  socket.on('data', (chunk) => {
    text = text === '' ? chunk.latin1Slice() : text + chunk.latin1Slice();
    const end = text.indexOf('\r\n\r\n');
    if (end === -1) return;
    const length = /\r\ncontent-length: *(\d+)/i.exec(text);
    if (length === null) return void socket.destroy(new Error('an answer without a length'));
    if (text.length < end + 4 + Number(length[1])) return;
    const status = Number(text.slice(9, 12));
    const retryAfter = Number(/\r\nretry-after: *(\d+)/i.exec(text)?.[1] ?? 1);
    text = '';
    const { resolve } = waiting;
    waiting = null;
    resolve({ status, retryAfter });
  });
  return new Promise((resolve, reject) => {
    waiting = { reject };
    socket.once('connect', () => {
      waiting = null;
      resolve({
        ask: (request) =>
          new Promise((resolve, reject) => {
            waiting = { resolve, reject };
            socket.write(request);
          }),
        end: () => socket.end(),
      });
    });
  });
}
