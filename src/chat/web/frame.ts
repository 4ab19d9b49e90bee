import { client } from './client.js';
import { type Html, html, type Part } from './html.js';
import { style } from './style.js';

interface Frame {
  title: string;
  nonce: string;
  /** Attributes for the script: the channel followed, and the last change the page shows. */
  follow?: { channel: string | null; after: number };
}

/** A whole page. */
export function frame({ title, nonce, follow }: Frame, body: Part): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Muster</title>
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='8' fill='%232f5bd3'/%3E%3Cpath d='M8 23V9l8 8 8-8v14' fill='none' stroke='%23fff' stroke-width='3.4' stroke-linejoin='round' stroke-linecap='round'/%3E%3C/svg%3E">
<style nonce="${nonce}">${style}</style>
</head>
<body${follow !== undefined && html` data-after="${follow.after}" data-channel="${follow.channel ?? ''}"`}>
${body}
${follow !== undefined && html`<script nonce="${nonce}">${client}</script>`}
</body>
</html>`;
}

export function problemPage(around: { nonce: string; error: string; hint: string }): Html {
  return frame(
    { title: around.error, nonce: around.nonce },
    html`<main class="alone"><div><h1>${around.error}</h1><p>${around.hint}</p><p><a href="/">All channels</a></p></div></main>`,
  );
}

/** A page to read, outside the chat: a bar on top with the way back, then the text. */
export function paperPage(around: { nonce: string; title: string; trail: Part; body: Part }): Html {
  return frame(
    { title: around.title, nonce: around.nonce },
    html`<header class="bar"><a class="brand" href="/"><span aria-hidden="true">M</span>Muster</a><nav aria-label="This incident">${around.trail}</nav></header>
<main class="paper">${around.body}</main>`,
  );
}
