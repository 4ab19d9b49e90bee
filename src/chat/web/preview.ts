import type { Card } from '../../messages/card.js';
import { type Html, html } from './html.js';
import { type Reading, renderCard, renderPinned } from './render.js';
import { style } from './style.js';

/** What the room's style is at night, and where it is narrow, as rules for a part of a page. */
function partsOfStyle(): { base: string; day: string; night: string; narrow: string } {
  const whole = style.toString();
  const between = (from: string, to: string): string => {
    const [, rest = ''] = whole.split(from, 2);
    return rest.slice(0, rest.indexOf(to));
  };
  const day = between(':root {', '}');
  const dark = between('@media (prefers-color-scheme: dark) {', '\n}');
  const narrow = between('@media (max-width: 760px) {', '\n}\n');
  const base = whole.replace(/@media \(prefers-color-scheme: dark\) \{[\s\S]*?\n\}/, '');
  return { base, day, night: dark.replace(/^\s*:root \{/, '').replace(/\}\s*$/, ''), narrow };
}

/** The style of a page that shows the room by day, at night and narrow side by side: `.day`, `.night`, `.narrow`. */
export function previewStyle(): string {
  const { base, day, night, narrow } = partsOfStyle();
  return `${base}
.day { ${day} color-scheme: light; }
.night { ${night} color-scheme: dark; }
.day, .night { background: var(--panel); color: var(--text); }
.narrow { ${narrow} }`;
}

/** A message as it stands in the room; its buttons lead nowhere. */
export function previewCard(card: Card, at: number, pinned: boolean): Html {
  const reading: Reading = { now: at, personId: 'ada', newId: () => 'preview', channel: null };
  if (pinned)
    return renderPinned(
      {
        ...{ id: 'preview', channel: '', key: '', author: null, card, pinned, createdAt: at, editedAt: null },
        ...{ revision: 1, position: 1, sequence: 1 },
      },
      reading,
    );
  return html`<article class="message muster"><div class="face" aria-hidden="true">M</div><div class="said"><header><b>Muster</b></header>${renderCard(card, reading)}</div></article>`;
}
