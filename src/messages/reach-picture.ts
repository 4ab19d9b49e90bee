import type { Reach, Reached } from '../incident/reach.js';
import { literal } from './literal.js';
import { reachSentence } from './reach-words.js';

const shownAtMost = 16;
const nameKept = 18;
const box = { width: 184, height: 52 };
const gap = { x: 56, y: 20 };
const margin = 20;
const captionHeight = 64;

interface Placed extends Reached {
  x: number;
  y: number;
}

const escaped = (words: string): string =>
  words
    .replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
    .replace(/[^\t\n\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '');
const says = ({ fires }: Reached): string => (fires ? '▲ fires' : '○ quiet');

/** What fires is shown before what is quiet, what is near before what is far. */
function shownOf({ about, around }: Reach): { shown: Reached[]; more: number } {
  const ranked = [...around.filter(({ fires }) => fires), ...around.filter(({ fires }) => !fires)];
  const shown = [about, ...ranked.slice(0, shownAtMost - 1)];
  return { shown, more: around.length + 1 - shown.length };
}

/** In columns: what depends on it to the left, what it depends on to the right. */
function placed(shown: readonly Reached[]): { nodes: Map<string, Placed>; width: number; height: number } {
  const levels = [...new Set(shown.map(({ level }) => level))].sort((a, b) => a - b);
  const columns = levels.map((level) =>
    shown
      .filter((each) => each.level === level)
      .sort((a, b) => Number(b.fires) - Number(a.fires) || (a.name < b.name ? -1 : 1)),
  );
  const tallest = Math.max(...columns.map(({ length }) => length));
  const heightOf = (count: number): number => count * (box.height + gap.y) - gap.y;
  const nodes = new Map<string, Placed>();
  for (const [column, services] of columns.entries()) {
    const top = margin + captionHeight + (heightOf(tallest) - heightOf(services.length)) / 2;
    for (const [row, service] of services.entries())
      nodes.set(service.name, {
        ...service,
        x: margin + column * (box.width + gap.x),
        y: top + row * (box.height + gap.y),
      });
  }
  return {
    nodes,
    width: Math.max(720, 2 * margin + columns.length * (box.width + gap.x) - gap.x),
    height: 2 * margin + captionHeight + heightOf(tallest) + 24,
  };
}

function node(of: Placed, about: string): string {
  const { name, fires, x, y } = of;
  const kind = `${fires ? 'fires' : 'quiet'}${name === about ? ' about' : ''}`;
  const here = name === about ? ' · this incident' : '';
  return `<g class="${kind}"><rect x="${x}" y="${y}" width="${box.width}" height="${box.height}" rx="${fires ? 2 : 14}"/>
<text class="name" x="${x + 12}" y="${y + 22}">${escaped(literal(name, nameKept))}</text>
<text class="state" x="${x + 12}" y="${y + 41}">${says(of)}${here}</text></g>`;
}

/** Curves to the next column; between services of one column beside them. */
function edge(from: Placed, to: Placed): string {
  const [x1, y1, y2] = [from.x + box.width, from.y + box.height / 2, to.y + box.height / 2];
  const path =
    to.x > from.x
      ? `M${x1} ${y1}C${x1 + gap.x / 2} ${y1} ${to.x - gap.x / 2} ${y2} ${to.x - 6} ${y2}`
      : `M${x1} ${y1}C${x1 + gap.x / 2} ${y1} ${x1 + gap.x / 2} ${y2} ${to.x + box.width + 6} ${y2}`;
  return `<path class="edge${to.fires && from.fires ? ' hot' : ''}" d="${path}" marker-end="url(#to)"/>`;
}

const style = `text{font-family:system-ui,sans-serif;fill:#1b1f24}.back{fill:#fff}.caption{font-size:17px;font-weight:600}.note{font-size:13px}.name{font-size:14px;font-weight:600}.state{font-size:13px}
rect{stroke-width:1.5}.quiet rect{fill:#f3f5f7;stroke:#8a94a0;stroke-dasharray:5 4}.fires rect{fill:#ffe1dd;stroke:#b3261e;stroke-width:3}.about rect{stroke-width:5}.edge{fill:none;stroke:#8a94a0;stroke-width:1.5}.hot{stroke:#b3261e;stroke-width:2.5}#to path{fill:#8a94a0}
@media (prefers-color-scheme:dark){text{fill:#e8ecf1}.back{fill:#14181d}.quiet rect{fill:#20262e;stroke:#7d8794}.fires rect{fill:#5c1a15;stroke:#ff8a7d}.edge{stroke:#7d8794}.hot{stroke:#ff8a7d}#to path{fill:#7d8794}}`;

/** All of it in words, for whoever does not see the picture. */
export function reachText(reach: Reach): string {
  const { shown, more } = shownOf(reach);
  const states = shown.map((each) => `${literal(each.name, nameKept)} ${each.fires ? 'fires' : 'is quiet'}`).join(', ');
  return `${reachSentence(reach)} ${states}${more > 0 ? `, and ${more} more` : ''}.`;
}

/** A small picture of the services around an incident; readable without colours, in light and in dark. */
export function reachPicture(reach: Reach): string {
  const { shown, more } = shownOf(reach);
  const { nodes, width, height } = placed(shown);
  const between = reach.edges.flatMap(({ from, to }) => {
    const [a, b] = [nodes.get(from), nodes.get(to)];
    return a && b ? [edge(a, b)] : [];
  });
  const note = `An arrow leads to what a service depends on.${more > 0 ? ` And ${more} more, not shown.` : ''}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="t d">
<title id="t">${escaped(reachSentence(reach))}</title><desc id="d">${escaped(reachText(reach))}</desc><style>${style}</style>
<defs><marker id="to" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>
<rect class="back" width="${width}" height="${height}" stroke="none"/>
<text class="caption" x="${margin}" y="${margin + 18}">${escaped(reachSentence(reach))}</text>
<text class="note" x="${margin}" y="${margin + 42}">${escaped(note)}</text>
${between.join('\n')}
${[...nodes.values()].map((each) => node(each, reach.about.name)).join('\n')}
</svg>
`;
}
