import { Agent, request } from 'node:http';

/** Requests to the emulator: a thousand of them must take little. */
export function passingOn(base: string) {
  const agent = new Agent({ keepAlive: true });
  const { hostname, port } = new URL(base);
  return {
    post: (path: string, headers: Record<string, string>, body: Buffer | string) =>
      new Promise<{ status: number; text: string }>((resolve, reject) => {
        const sent = request({ agent, hostname, port, path, method: 'POST', headers }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
          );
          response.on('error', reject);
        });
        sent.on('error', reject);
        sent.end(body);
      }),
    close: () => agent.destroy(),
  };
}
