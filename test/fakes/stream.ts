import { parseHtml } from './html.js';

interface Sent {
  event: string;
  id: string | undefined;
  data: { html?: string; places?: string } | null;
}

/** Reads a stream of server-sent events as a browser would; `ended` says who ended it. */
export async function readStream(url: string, headers: Record<string, string>) {
  const leaving = new AbortController();
  const response = await fetch(url, { headers, signal: leaving.signal });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  const seen: Sent[] = [];
  let comments = 0;
  let rest = '';
  const ended = (async () => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return 'closed by the server';
      const parts = (rest + value).split('\n\n');
      rest = parts.pop() ?? '';
      for (const part of parts) {
        const { event, id, data } = fields(part);
        if (event !== undefined) seen.push({ event, id, data: JSON.parse(data ?? 'null') });
        else if (part.startsWith(':')) comments += 1;
      }
    }
  })().catch((error: Error) => error.name);
  const messages = () => seen.filter(({ event }) => event === 'message');
  return {
    seen,
    messages,
    texts: () => messages().map(({ data }) => parseHtml(data!.html!).text),
    comments: () => comments,
    ended,
    leave: async () => {
      leaving.abort();
      await ended;
    },
  };
}

const fields = (part: string): Record<string, string> =>
  Object.fromEntries(part.split('\n').map((line) => [line.split(': ')[0], line.slice(line.indexOf(': ') + 2)]));
