import { html } from './html.js';

/** Made for a tired reader: one calm column, colour only where it means severity. All pairs are WCAG AA or better. */
export const style = html`
:root {
  --ground: #f4f5f8; --panel: #ffffff; --raised: #ffffff; --text: #1a1f29; --muted: #566072; --line: #dde1e9; --soft: #eceff4;
  --accent: #2951c4; --on-accent: #ffffff; --accent-soft: #e8eefc;
  --sev1: #c02626; --on-sev1: #ffffff; --sev2: #a94d06; --on-sev2: #ffffff; --sev3: #475874; --on-sev3: #ffffff;
  --good: #1c7041; --on-good: #ffffff; --warning: #8a5a00; --warning-soft: #fdf4df;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0f1218; --panel: #151922; --raised: #1b202b; --text: #e3e7ee; --muted: #9ba5b5; --line: #2a313e; --soft: #222836;
    --accent: #86a8ff; --on-accent: #0a1330; --accent-soft: #1d2842;
    --sev1: #ff7d74; --on-sev1: #260303; --sev2: #f3a952; --on-sev2: #241300; --sev3: #9db0cf; --on-sev3: #0e1624;
    --good: #63c793; --on-good: #03170b; --warning: #ecc06a; --warning-soft: #2b2415;
  }
}
* { box-sizing: border-box; margin: 0; }
html { color-scheme: light dark; }
body { background: var(--panel); color: var(--text); font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif; overflow-wrap: anywhere; }
a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
[hidden] { display: none !important; }
.out { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.note, .edited, time { color: var(--muted); }
.note { font-size: 13px; }
time { font-variant-numeric: tabular-nums; white-space: nowrap; }
dd time, h3 time, strong time, p:not(.note) > time { color: inherit; }

.app { display: grid; grid-template-columns: 288px minmax(0, 1fr); height: 100vh; height: 100dvh; }
.side { background: var(--ground); border-right: 1px solid var(--line); padding: 14px 10px; overflow-y: auto; display: flex; flex-direction: column; }
.brand { display: flex; align-items: center; gap: 10px; padding: 6px 8px; border-radius: 8px; font-weight: 650; font-size: 16px; color: var(--text); text-decoration: none; }
.brand span, .logo, .face { background: var(--accent); color: var(--on-accent); border-radius: 8px; display: grid; place-items: center; font-weight: 700; }
.brand span { width: 26px; height: 26px; font-size: 14px; }
.side h2 { font-size: 12px; font-weight: 600; letter-spacing: .02em; color: var(--muted); padding: 18px 8px 4px; }
.side ul { list-style: none; padding: 0; }
.side li a { display: flex; align-items: center; gap: 8px; padding: 5px 8px; border-radius: 7px; color: var(--text); text-decoration: none; font-size: 14px; }
.side li a:hover { background: var(--soft); }
.side [aria-current] { background: var(--accent-soft) !important; font-weight: 600; }
.side .name { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.side li time { font-size: 12px; }
.side .unread .name { font-weight: 700; }
.side .unread .name::after { content: ''; display: inline-block; width: 7px; height: 7px; border-radius: 50%; background: var(--accent); margin-left: 7px; vertical-align: 2px; }
.side .none { padding: 2px 8px; color: var(--muted); font-size: 14px; }
.side .you { margin-top: auto; padding: 18px 8px 0; font-size: 13px; color: var(--muted); }
.you span { color: var(--text); font-weight: 600; }
.you form { display: inline; }
.you button { font: inherit; color: var(--accent); background: none; border: 0; padding: 0; text-decoration: underline; cursor: pointer; }

.chip { flex: none; font-size: 11.5px; line-height: 1; font-weight: 700; letter-spacing: .01em; padding: 4px 6px; border-radius: 5px; }
.chip.sev1 { background: var(--sev1); color: var(--on-sev1); }
.chip.sev2 { background: var(--sev2); color: var(--on-sev2); }
.chip.sev3 { background: var(--sev3); color: var(--on-sev3); }
.chip.good { background: none; color: var(--good); box-shadow: inset 0 0 0 1px currentColor; }

.channel { display: flex; flex-direction: column; min-width: 0; height: 100vh; height: 100dvh; }
.top { display: flex; align-items: center; gap: 12px; padding: 11px 24px; border-bottom: 1px solid var(--line); }
.top div { flex: 1; min-width: 0; }
.top h1 { font-size: 16px; line-height: 1.3; }
.top .hash { color: var(--muted); font-weight: 400; margin-right: 1px; }
.top p { color: var(--muted); font-size: 13px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.back { display: none; font-size: 26px; line-height: 1; text-decoration: none; padding: 4px 10px 8px 2px; }
.held { background: var(--warning-soft); color: var(--warning); padding: 8px 10px; margin: 0 0 12px; border-radius: 6px; font-size: 13px; }
.held.narrow { display: none; }
.lost { background: var(--warning-soft); color: var(--warning); padding: 7px 24px; font-size: 14px; font-weight: 600; }
.away { background: var(--warning-soft); color: var(--warning); margin: 0; padding: 9px 24px; font-size: 14px; }
.away time { color: inherit; }
.away.back { background: var(--soft); color: var(--text); }

.pinned { --tone: var(--line); border-bottom: 1px solid var(--line); box-shadow: inset 4px 0 0 var(--tone); background: var(--ground); padding: 0 24px; max-height: 46vh; display: flex; flex-direction: column; }
.facts { min-height: 0; overflow-y: auto; margin: 0 -24px; padding: 0 24px; }
.facts > summary { position: sticky; top: 0; z-index: 1; background: var(--ground); box-shadow: inset 4px 0 0 var(--tone); margin: 0 -24px; padding: 11px 24px 9px; display: flex; gap: 12px; align-items: baseline; cursor: pointer; font-weight: 650; font-size: 16px; line-height: 1.35; list-style: none; }
.facts > summary::-webkit-details-marker { display: none; }
.facts > summary > span:first-child { flex: 1; min-width: 0; }
.facts > summary > .note { font-weight: 400; white-space: nowrap; }
.facts > summary > .late { font-size: 14px; font-weight: 500; color: var(--warning); }
.late time { color: inherit; }
.facts[open] > summary > .late { display: none; }
.facts > summary::after { content: 'Less'; color: var(--muted); font-weight: 400; font-size: 13px; }
.facts:not([open]) > summary::after { content: 'More'; }
.facts > summary:focus-visible { outline-offset: -3px; }
.facts dl { font-size: 14px; gap: 6px 20px; }
.now { padding: 8px 0 14px; }
.now:empty { display: none; }
.tone-sev1 { --tone: var(--sev1) !important; } .tone-sev2 { --tone: var(--sev2) !important; } .tone-sev3 { --tone: var(--sev3) !important; }
.tone-good { --tone: var(--good) !important; } .tone-warning { --tone: var(--warning) !important; }

.scroll { flex: 1; min-height: 0; overflow-y: auto; display: flex; flex-direction: column-reverse; padding: 12px 24px; }
.scroll.top-down { flex-direction: column; }
#flow { width: 100%; max-width: 860px; }
.message { display: grid; grid-template-columns: 34px minmax(0, 1fr); gap: 12px; padding: 9px 0; }
.face { width: 34px; height: 34px; font-size: 15px; background: var(--soft); color: var(--text); }
.muster .face { background: var(--accent); color: var(--on-accent); }
.said header { line-height: 1.3; margin-bottom: 2px; }
.keep { display: inline; }
.keep button { border: 0; padding: 2px 6px; background: none; color: var(--muted); font-size: 12.5px; cursor: pointer; }
.keep button:hover { color: inherit; text-decoration: underline; }
@media (hover: hover) { .message:not(:hover):not(:focus-within) .keep button { opacity: 0; } }
.said header time, .edited { font-size: 12.5px; margin-left: 4px; }
.muster .card[class*='tone-']:not(.tone-neutral) { border-left: 3px solid var(--tone); padding-left: 12px; margin-top: 4px; }
.empty, .older { text-align: center; color: var(--muted); padding: 24px; }

.card > * + * { margin-top: 8px; }
.card p, .card li, .card dd, .card blockquote { white-space: pre-wrap; }
.card h3 { font-size: 15.5px; line-height: 1.35; }
.card ul, .card ol { padding-left: 22px; }
.card hr { border: 0; border-top: 1px solid var(--line); }
.card blockquote { border-left: 3px solid var(--line); padding-left: 12px; color: var(--muted); }
.card dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(190px, 1fr)); gap: 8px 20px; }
.card dt { font-size: 12.5px; color: var(--muted); }
.card dd { margin: 0; }
.card dl .long { grid-column: 1 / -1; order: 1; font-size: 14px; }
.card dl .attention dd { color: var(--warning); }
.card dl .attention dt::before { content: '● '; color: var(--warning); }
.named { font-weight: 600; }
.tone-good .chip, .muster .tone-neutral .chip { background: none; color: var(--muted); box-shadow: inset 0 0 0 1px currentColor; }
code, pre { font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace; }
p > code, li > code, dd > code, blockquote > code, h3 > code { background: var(--soft); padding: 1px 5px; border-radius: 4px; }
.code { position: relative; }
.code pre { background: var(--soft); border-radius: 8px; padding: 10px 70px 10px 12px; overflow-x: auto; white-space: pre-wrap; }
.copy { position: absolute; top: 6px; right: 6px; font: inherit; font-size: 12.5px; color: var(--text); background: var(--raised); border: 1px solid var(--line); border-radius: 6px; padding: 2px 9px; cursor: pointer; }
.person { font-weight: 600; color: var(--accent); }
.person.me { background: var(--accent-soft); border-radius: 4px; padding: 0 4px; }

.buttons { display: flex; flex-wrap: wrap; gap: 8px; align-items: flex-start; padding-top: 2px; }
.button { display: inline-block; font: inherit; font-size: 14px; font-weight: 600; line-height: 1.3; color: var(--text); background: var(--raised); border: 1px solid var(--line); border-radius: 8px; padding: 7px 13px; cursor: pointer; box-shadow: 0 1px 1px rgb(0 0 0 / 5%); }
.button:hover { border-color: var(--muted); }
.button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
.button.danger { color: var(--sev1); border-color: var(--sev1); }
.button.primary:hover, .button.danger:hover { filter: brightness(1.07); }
[aria-busy] .button { opacity: .55; cursor: progress; }
.ask > summary { list-style: none; }
.ask > summary::-webkit-details-marker { display: none; }
.ask[open] { flex-basis: 100%; }
.ask form { display: flex; flex-wrap: wrap; gap: 8px; align-items: flex-end; margin-top: 8px; max-width: 560px; }
.ask label { flex: 1 1 220px; font-size: 13px; color: var(--muted); }
.ask label span { display: block; padding-bottom: 3px; }
input:not([type='hidden']), textarea { width: 100%; font: inherit; color: var(--text); background: var(--raised); border: 1px solid var(--muted); border-radius: 8px; padding: 7px 11px; }
input:focus-visible, textarea:focus-visible { outline-offset: -1px; border-color: var(--accent); }
::placeholder { color: var(--muted); opacity: 1; }

.whisper { border: 1px dashed var(--muted); border-radius: 10px; padding: 8px 14px 12px; margin: 8px 0 10px 46px; background: var(--ground); }
.whisper .card > .buttons:last-child { position: sticky; bottom: -12px; background: inherit; padding: 8px 0; }
.whisper .card { background: inherit; }
.whisper dl { font-size: 14px; }
.start .whisper { margin-left: 0; }
.whisper.refused { border-color: var(--warning); background: var(--warning-soft); }
.whisper > header { display: flex; justify-content: space-between; align-items: center; color: var(--muted); font-size: 12.5px; padding-bottom: 3px; }
.close { font: inherit; font-size: 18px; line-height: 1; color: var(--muted); background: none; border: 0; padding: 4px 6px; margin-right: -8px; cursor: pointer; }

.composer { display: flex; gap: 10px; align-items: flex-end; padding: 12px 24px 16px; border-top: 1px solid var(--line); }
.composer textarea, .composer input { flex: 1; padding: 9px 12px; }
.composer textarea { resize: none; max-height: 30vh; field-sizing: content; min-height: 42px; }
.composer .button { padding: 10px 16px; }

.app.start .scroll { padding-top: 28px; }
#overview h1 { font-size: 22px; line-height: 1.3; padding-bottom: 12px; }
.quiet { color: var(--muted); padding-bottom: 16px; }
.cards { display: grid; gap: 12px; padding-bottom: 16px; }
.open { --tone: var(--line); display: grid; gap: 4px; color: var(--text); text-decoration: none; background: var(--raised); border: 1px solid var(--line); box-shadow: inset 4px 0 0 var(--tone); border-radius: 10px; padding: 13px 16px 13px 20px; }
.open:hover { background: var(--ground); }
.open .line { display: flex; gap: 10px; align-items: center; font-size: 16px; }

.alone { min-height: 100vh; display: grid; place-items: center; padding: 24px; }
.alone > * { display: grid; gap: 12px; width: 100%; max-width: 360px; }
.alone h1 { font-size: 22px; line-height: 1.2; }
.alone .logo { width: 40px; height: 40px; font-size: 20px; border-radius: 11px; }
.alone p { color: var(--muted); }
.alone .problem { color: var(--sev1); }
.alone .button { padding: 10px; }
.alone form { display: grid; gap: 12px; }
.ack .big { font-size: 19px; padding: 18px; }
.ack .tag { font-weight: 700; }
.ack .tag.tone-sev1 { color: var(--sev1); }
.ack .note { font-size: 13px; }
.alone label { font-size: 14px; }

.bar { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; align-items: center; gap: 4px 20px; padding: 8px 24px; background: var(--ground); border-bottom: 1px solid var(--line); }
.bar .brand { padding: 4px 0; }
.bar nav { display: flex; flex-wrap: wrap; gap: 4px; margin-left: -10px; }
.bar nav a { white-space: nowrap; padding: 5px 10px; border-radius: 7px; color: var(--text); text-decoration: none; font-size: 14px; }
.bar nav a:hover { background: var(--soft); }
.bar nav [aria-current] { background: var(--accent-soft); font-weight: 600; }
.paper { max-width: 1000px; margin: 0 auto; padding: 24px 24px 96px; }
.paper > * + * { margin-top: 12px; }
.paper h1 { font-size: 26px; line-height: 1.25; }
.paper h2 { font-size: 18px; line-height: 1.3; margin-top: 36px; padding-top: 14px; border-top: 1px solid var(--line); }
.paper ul, .paper ol { padding-left: 22px; }
.paper .card h3 { margin-top: 22px; }
.paper .card h3:first-child { font-size: 24px; margin-top: 0; }
.paper .task { list-style: none; margin-left: -20px; }
.paper em { color: var(--warning); }
.paper hr { border: 0; border-top: 1px solid var(--line); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14px; overflow-wrap: break-word; }
th, td { text-align: left; vertical-align: top; padding: 6px 14px 6px 0; border-bottom: 1px solid var(--line); min-width: 5.5em; }
th { color: var(--muted); font-weight: 600; font-size: 13px; white-space: nowrap; }
.paper .timeline { list-style: none; padding: 0; }
.timeline li { display: grid; grid-template-columns: 70px minmax(0, 1fr); gap: 16px; padding: 4px 10px; margin: 0 -10px; border-radius: 7px; color: var(--muted); }
.timeline .by-person { color: var(--text); }
.timeline li:target { background: var(--accent-soft); }
.timeline .at { text-decoration: none; font-size: 14px; color: var(--muted); font-variant-numeric: tabular-nums; }
.timeline .note { white-space: nowrap; }

.top nav a { font-size: 14px; }
.first { max-width: 820px; display: grid; gap: 10px; border-top: 1px solid var(--line); padding-top: 20px; }
.first h2 { font-size: 16px; }
.first p { color: var(--muted); }
.timeline li { scroll-margin-top: 72px; }
.paper h1 + h2 { margin-top: 12px; padding-top: 0; border-top: 0; }
@media (max-width: 760px) {
  .app { grid-template-columns: minmax(0, 1fr); }
  .app:not(.start) .side { display: none; }
  .app.start { display: flex; flex-direction: column; height: auto; min-height: 100vh; min-height: 100dvh; }
  .app.start .side { order: 1; border-right: 0; border-top: 1px solid var(--line); padding: 6px 8px 90px; flex: 1; }
  .app.start .side .brand, .app.start .side .shown-above { display: none; }
  .app.start .channel { height: auto; }
  .app.start .composer { position: fixed; inset: auto 0 0; background: var(--panel); }
  .back { display: block; }
  .pinned { max-height: 66vh; }
  .facts:not([open]) + .now .buttons > :nth-child(n + 4) { display: none; }
  .top h1 { font-size: 15px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .top { padding: 8px 14px; }
  .lost, .away { padding: 7px 14px; }
  .held.narrow { display: block; margin: 0; border-radius: 0; padding: 7px 14px; }
  .scroll, .pinned { padding-left: 14px; padding-right: 14px; }
  .facts { margin: 0 -14px; padding: 0 14px; }
  .facts > summary { flex-wrap: wrap; gap: 2px 12px; }
  .facts > summary > span:first-child { flex: 1 0 70%; }
  .facts > summary > .note { display: none; }
  .facts > summary > .late { order: 1; flex-basis: 100%; }
  .facts > summary { margin: 0 -14px; padding: 10px 14px 6px; font-size: 15px; }
  .message { grid-template-columns: 28px minmax(0, 1fr); gap: 10px; }
  .face { width: 28px; height: 28px; font-size: 13px; }
  .whisper { margin-left: 0; }
  .composer { padding: 10px 14px 12px; }
  .button { padding: 9px 14px; }
  .side li a { padding: 9px 8px; }
  .bar { padding: 6px 14px; }
  .paper { padding: 16px 14px 64px; }
  .timeline li { grid-template-columns: minmax(0, 1fr); gap: 0; padding: 7px 10px; }
  .card dl { grid-template-columns: repeat(auto-fill, minmax(140px, 1fr)); }
  input:not([type='hidden']), textarea { font-size: 16px; }
}
@media (prefers-reduced-motion: no-preference) { .button { transition: filter .1s, border-color .1s; } }
`;
