import { type AwayFromHome, awayBanner } from './away.js';
import { frame } from './frame.js';
import { type Html, html } from './html.js';
import type { Person } from './name.js';
import { chip, type Reading, renderMessage, renderPinned, renderTime } from './render.js';
import type { Channel, Message } from './store.js';

/** Which messages of a channel the page starts with. */
export const shownMessages = 200;

interface Around {
  nonce: string;
  person: Person;
  channels: Channel[];
  reading: Reading;
  after: number;
}

export function channelPage(
  around: Around & {
    channel: Channel;
    messages: Message[];
    whisper: Html | null;
    draft: string;
    away: AwayFromHome | null;
  },
): Html {
  const { nonce, person, channels, channel, messages, reading, after, whisper, draft, away } = around;
  const pinned = messages.findLast((message) => message.pinned);
  const flow = messages.filter((message) => message !== pinned);
  const number = isIncident(channel) ? /^inc-(\d+)/.exec(channel.name)?.[1] : undefined;
  return frame(
    { title: channel.title, nonce, follow: { channel: channel.id, after } },
    html`<div class="app">
${sidebar(channels, person, reading)}
<main class="channel">
  <header class="top">
    <a class="back" href="/" aria-label="All channels">‹</a>
    <div><h1><span class="hash">#</span>${channel.name}</h1><p>${channel.purpose === '' ? channel.title : channel.purpose}</p></div>
    ${number !== undefined && html`<nav aria-label="This incident"><a href="/incidents/${number}/timeline">Timeline</a></nav>`}
  </header>
  <p id="lost" class="lost" role="status" hidden>Connection lost, retrying. What you see may be old.</p>
  <div id="away" role="status">${away && awayBanner(away, reading.now)}</div>
  ${holds(reading) && html`<p class="held narrow" role="status"><b>Restored and held:</b> ${reading.held} messages and timers from before wait.</p>`}
  <div id="pin">${pinned !== undefined && renderPinned(pinned, reading)}</div>
  <div class="scroll"><div id="flow" role="log" aria-label="Messages">
    ${flow.length >= shownMessages && html`<p class="note older">Older messages are on the incident's timeline.</p>`}
    ${messages.length === 0 && html`<p class="empty">Nothing here yet.</p>`}
    ${flow.map((message) => renderMessage(message, reading))}
    ${whisper}
  </div></div>
  <form class="composer" method="post" action="/chat/web/say" data-say>
    <input type="hidden" name="channel" value="${channel.id}">
    <input type="hidden" name="id" value="${reading.newId()}">
    <label class="out" for="text">Message or command</label>
    <textarea id="text" name="text" rows="1" maxlength="4000" required placeholder="Message, or /incident">${draft}</textarea>
    <button class="button primary">Send</button>
  </form>
</main>
</div>`,
  );
}

export function startPage(around: Around & { whisper: Html | null }): Html {
  const { nonce, person, channels, reading, after, whisper } = around;
  return frame(
    { title: 'Incidents', nonce, follow: { channel: null, after } },
    html`<div class="app start">
${sidebar(channels, person, reading)}
<main class="channel">
  <p id="lost" class="lost" role="status" hidden>Connection lost, retrying. What you see may be old.</p>
  <div class="scroll top-down"><div id="flow">
    <div id="overview">${overview(channels, reading)}</div>
    ${whisper}
  </div></div>
  <form class="composer" method="post" action="/chat/web/command" data-act>
    <input type="hidden" name="id" value="${reading.newId()}">
    <input type="hidden" name="text" value="/incident declare">
    <label class="out" for="text">Declare an incident</label>
    <input id="text" name="input" autocomplete="off" maxlength="200" required placeholder="What is wrong? e.g. registry: pushes fail">
    <button class="button danger">Declare</button>
  </form>
</main>
</div>`,
  );
}

/** What is open, gravest first. */
export function overview(channels: Channel[], reading: Reading): Html {
  const open = openIncidents(channels);
  return html`<h1>${open.length === 0 ? 'All quiet' : open.length === 1 ? '1 open incident' : `${open.length} open incidents`}</h1>
    ${open.length === 0 && html`<p class="quiet">No open incidents. Alerts that open one appear here by themselves.</p>`}
    ${!channels.some(isIncident) && reading.firstAlert && firstSteps(reading.firstAlert)}
    <div class="cards">${open.map(
      (channel) => html`<a class="open tone-${channel.tone}" href="/c/${channel.name}">
        <span class="line">${chip(channel.tone)}<b>${channel.title}</b></span>
        <span>${aboutOf(channel)}</span>
        <span class="note">#${channel.name} · last message ${renderTime(channel.lastAt, 'day', reading.now)}</span></a>`,
    )}</div>`;
}

/** What the pinned card says besides the title above it. */
const aboutOf = ({ title, headline }: Channel): string =>
  headline.startsWith(`${title}: `) ? headline.slice(title.length + 2) : headline;

const firstSteps = (firstAlert: string): Html => html`<section class="first">
      <h2>Try it</h2>
      <p>Send an alert from a shell. Its channel appears here within a second.</p>
      <div class="code"><pre tabindex="0"><code>${firstAlert}</code></pre><button type="button" class="copy" data-copy hidden>Copy</button></div>
      <p>Or write below what is wrong, and press Declare.</p>
    </section>`;

const holds = ({ held = 0 }: Reading): boolean => held > 0;
const isIncident = (channel: Channel) => channel.key.startsWith('incident/');
const isOpen = (channel: Channel) => ['sev1', 'sev2', 'sev3'].includes(channel.tone);
/** Gravest first, then where something was said last. */
const openIncidents = (channels: Channel[]) =>
  channels
    .filter((channel) => isIncident(channel) && isOpen(channel))
    .sort((a, b) => a.tone.localeCompare(b.tone) || b.lastAt - a.lastAt);
const endedShown = 12;
const namedOrder = ['named/stakeholders', 'named/triage', 'named/operators'];

function sidebar(channels: Channel[], person: Person, reading: Reading): Html {
  return html`<nav class="side" aria-label="Channels"><a class="brand" href="/"${reading.channel === null && html` aria-current="page"`}><span aria-hidden="true">M</span>Muster</a>
  <div id="places">${places(channels, reading)}</div>
  ${reading.signedIn ? signedInAs(person) : html`<p class="you"><span>${person.name}</span> <a href="/chat/web/name">change</a></p>`}</nav>`;
}

const signedInAs = ({ name }: Person): Html => html`<div class="you">Signed in as <span>${name}</span>
    <form method="post" action="/sign-out"><button>Sign out</button></form>
    <form method="post" action="/sign-out/everywhere"><button>Sign out everywhere</button></form></div>`;

/** The channels by kind: what is open first, what ended last. */
export function places(channels: Channel[], reading: Reading): Html {
  const named = channels.filter((channel) => channel.key.startsWith('named/'));
  named.sort((a, b) => namedOrder.indexOf(a.key) - namedOrder.indexOf(b.key));
  const groups: [string, Channel[]][] = [
    ['Open incidents', openIncidents(channels)],
    ['Channels', named],
    ['Direct', channels.filter((channel) => channel.key.startsWith('person/'))],
    ['Earlier', channels.filter((channel) => isIncident(channel) && !isOpen(channel)).slice(0, endedShown)],
  ];
  return html`${
    holds(reading) &&
    html`<p class="held" role="status"><b>Restored and held.</b> ${reading.held} messages and timers from before wait until an operator releases them: <code>muster restore held</code></p>`
  }${groups.map(
    ([title, members]) =>
      (members.length > 0 || title === 'Open incidents') &&
      html`<div${title === 'Open incidents' && html` class="shown-above"`}><h2>${title}</h2>
      ${members.length === 0 && html`<p class="none">None</p>`}
      <ul>${members.map((channel) => place(channel, reading))}</ul></div>`,
  )}`;
}

const place = (channel: Channel, reading: Reading): Html =>
  html`<li><a href="/c/${channel.name}" data-place="${channel.id}" data-last="${channel.lastPosition}"${channel.id === reading.channel && html` aria-current="page"`}>
    <span class="name" title="${channel.title}">${channel.key.startsWith('person/') ? channel.title : channel.name}</span>
    ${isIncident(channel) ? chip(channel.tone) : channel.lastPosition > 0 && renderTime(channel.lastAt, 'day', reading.now)}</a></li>`;

export function namePage(around: { nonce: string; next: string; name: string; problem: string | null }): Html {
  return frame(
    { title: 'Your name', nonce: around.nonce },
    html`<main class="alone"><form method="post" action="/chat/web/name">
    <span class="logo" aria-hidden="true">M</span>
    <h1>Your name</h1>
    <p>It stands beside what you say and do, on the timeline too. Asked once, kept in this browser.</p>
    ${around.problem !== null && html`<p class="problem" role="alert">${around.problem}</p>`}
    <label class="out" for="name">Your name</label>
    <input id="name" name="name" required maxlength="60" value="${around.name}" autocomplete="name" autofocus>
    <input type="hidden" name="next" value="${around.next}">
    <button class="button primary">Continue</button>
    </form></main>`,
  );
}
