import type { Episode } from '../alerts/alert.js';
import type { Matching } from '../alerts/quiet/matching.js';
import { matchingsWords } from '../alerts/quiet/matching.js';
import { gravestOf, type WouldTake, wouldTake } from '../alerts/quiet/taken.js';
import { type Block, type Card, type Inline, note, paragraph, strong, text } from '../messages/card.js';
import { count } from '../messages/count.js';
import { literal } from '../messages/literal.js';
import { formatDuration } from '../messages/zones.js';
import { holderOfWindow } from '../quiet/desk.js';
import { called, holderOf, type Silence } from '../quiet/silence.js';
import { namesOf, whatOf } from '../quiet/words.js';
import { lineButton, withButtons } from './answers.js';
import { nameOf, shown } from './on-call-show.js';
import type { About } from './verb.js';

const lookedBackMs = 7 * 86_400_000;
const episodesAtMost = 5_000;
const incidentsAsked = 50;
const tiersShown = 5;
const servicesShown = 5;
const listed = 20;
const reasonShown = 200;

/** What something would keep quiet; names only of what the asker may see. */
export interface Preview {
  taken: WouldTake;
  gravest: string[];
  /** Matching alerts the asker may be told by name. */
  nameable: Episode[];
  /** Only the newest alerts were looked at. */
  cut: boolean;
}

export async function previewOf(what: readonly Matching[], about: About): Promise<Preview> {
  const { reads, viewer, now, quiet } = about;
  const episodes = await reads.episodesSince(now - lookedBackMs, episodesAtMost);
  const taken = wouldTake(what, episodes, { tiers: quiet.tiers });
  const asked = new Map<string, boolean>();
  for (const { incidentId } of taken.all) {
    if (incidentId === null || asked.has(incidentId) || asked.size >= incidentsAsked) continue;
    asked.set(incidentId, (await reads.incident(viewer, { id: incidentId })) !== null);
  }
  return {
    taken,
    gravest: gravestOf(what, quiet.tiers),
    nameable: taken.all.filter(({ incidentId }) => incidentId === null || asked.get(incidentId)),
    cut: episodes.length === episodesAtMost,
  };
}

/** Whether it takes so much that it has to be said: everything, or what matters most. */
const isBroad = (what: readonly Matching[], { gravest, taken }: Preview): boolean =>
  what.some(({ everything }) => everything) || gravest.length > 0 || taken.services.some(({ tier }) => tier === 1);

/** What it would take with it, before anything is kept quiet. `line`: what does it, without its verb. */
export function previewCard(
  silence: Pick<Silence, 'kind' | 'what' | 'because' | 'fromAt' | 'untilAt'>,
  preview: Preview,
  line: string,
  about: About,
): Card {
  const { kind, what, because, fromAt, untilAt } = silence;
  const { taken, nameable } = preview;
  const from = fromAt > about.now ? `from ${shown(fromAt, about)} ` : '';
  const span = formatDuration(untilAt - fromAt);
  const summary = `Nothing is kept quiet yet. This ${kind} would hold ${whatOf(silence)} ${from}until ${shown(untilAt, about)} (${span}): ${literal(because, reasonShown)}`;
  const broad = isBroad(what, preview);
  const blocks: Block[] = [
    paragraph(text(summary)),
    ...warnings(what, preview).map((each) => paragraph(strong(each))),
    {
      kind: 'list',
      ordered: false,
      items: [[text(firingWords(taken, nameable))], [text(recentWords(preview))]],
    },
    note(
      text(
        'What an incident has already stays in it, and its end is always heard. A suspected compromise is heard all the same',
      ),
      text(taken.heard > 0 ? ` (${taken.heard} in these 7 days).` : '.'),
    ),
  ];
  const here = about.incident ? { incidentId: about.incident.id } : {};
  const go = kind === 'silence' ? 'Silence' : 'Set it';
  return {
    tone: broad ? 'warning' : 'neutral',
    summary,
    blocks: withButtons(blocks, [
      ...lineButton(go, `${kind} yes ${line}`, { ...here, style: broad ? 'danger' : 'primary' }),
      ...lineButton('Cancel', `${kind} cancel`, here),
    ]),
  };
}

function warnings(what: readonly Matching[], { gravest, taken }: Preview): string[] {
  if (what.some(({ everything }) => everything))
    return ['This is every alert there is: until it ends nobody hears of anything but a suspected compromise.'];
  const seen = taken.services.filter(({ tier }) => tier === 1).map(({ name }) => name);
  const first = [...new Set([...gravest, ...seen])];
  if (first.length === 0) return [];
  const names = first.slice(0, tiersShown).map((name) => literal(name, 60));
  const more = first.length - names.length;
  return [
    `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''} ${first.length === 1 ? 'is' : 'are'} tier 1: nobody is paged for ${first.length === 1 ? 'it' : 'them'} while this lasts.`,
  ];
}

function firingWords({ firing }: WouldTake, nameable: readonly Episode[]): string {
  if (firing.length === 0) return 'None of them fires now.';
  const known = nameable.filter(({ state }) => state === 'firing');
  return `${firing.length === 1 ? '1 fires' : `${firing.length} fire`} now: ${namesOf(known, firing.length - known.length)}.`;
}

function recentWords({ taken, nameable, cut }: Preview): string {
  const { all, services } = taken;
  if (all.length === 0) return 'No alert of the last 7 days is like this: look at the words again.';
  const hidden = all.length - nameable.length;
  const parts = services
    .filter(({ name }) => nameable.some(({ service }) => service === name))
    .map(({ name, alerts, tier }) => `${literal(name, 60)} (${alerts}${tier === null ? '' : `, tier ${tier}`})`);
  const of =
    parts.length > 0
      ? `; services: ${parts.slice(0, servicesShown).join(', ')}${parts.length > servicesShown ? ', …' : ''}`
      : '';
  return `${count(all.length, 'alert')} of the last 7 days${cut ? ` (of the newest ${episodesAtMost})` : ''} ${all.length === 1 ? 'is' : 'are'} like this: ${namesOf(nameable, hidden)}${of}.`;
}

/** What it holds, in words; of a private incident only to those who may see it. */
async function whatFor(silence: Silence, about: About): Promise<string> {
  const { incidentId } = silence;
  if (incidentId === null || (await about.reads.incident(about.viewer, { id: incidentId }))) return whatOf(silence);
  return 'alerts of a private incident';
}

/** All that keeps alerts quiet, and is going to. */
export async function listCard(about: About): Promise<Card> {
  const { quiet, now, reads } = about;
  const silences = quiet.silences().filter(({ untilAt }) => untilAt > now);
  const windows = quiet.windows(now);
  const held = new Map((await reads.heldCounts()).map(({ by, count: n }) => [by, n]));
  const holds = (by: string): string => `holds ${count(held.get(by) ?? 0, 'alert')} now`;
  const items: Inline[][] = [];
  for (const silence of silences.slice(0, listed)) {
    const { fromAt, untilAt, setBy, because, incidentId } = silence;
    const when =
      fromAt > now
        ? `from ${shown(fromAt, about)} until ${shown(untilAt, about)}`
        : `until ${shown(untilAt, about)} · ${holds(holderOf(silence))}`;
    const what = await whatFor(silence, about);
    const why = incidentId !== null && what !== whatOf(silence) ? '' : ` · ${literal(because, reasonShown)}`;
    items.push([strong(called(silence)), text(` · ${what} · by ${nameOf(setBy, about)} · ${when}${why}`)]);
  }
  for (const { window, current, next } of windows.slice(0, listed)) {
    const when = current
      ? `now, until ${shown(current.untilAt, about)} · ${holds(holderOfWindow(window))}`
      : next
        ? `next ${shown(next.fromAt, about)} until ${shown(next.untilAt, about)}`
        : 'over';
    const what = literal(matchingsWords([window.what]), reasonShown);
    items.push([
      strong(`maintenance ${window.name}`),
      text(` · ${what} · ${when} · ${literal(window.because, reasonShown)}`),
    ]);
  }
  const more = Math.max(0, silences.length - listed) + Math.max(0, windows.length - listed);
  const total = [...held.values()].reduce((sum, n) => sum + n, 0);
  const current = windows.filter((each) => each.current).length;
  const summary =
    items.length === 0
      ? 'Nothing is silenced, and no maintenance window is set up.'
      : `${count(silences.length, 'silence')} from chat, ${count(current, 'maintenance window')} now; ${count(total, 'alert')} held.`;
  return {
    tone: 'neutral',
    summary,
    blocks: withButtons(
      [
        paragraph(text(summary)),
        ...(items.length > 0 ? [{ kind: 'list' as const, ordered: false, items }] : []),
        ...(more > 0 ? [note(text(`and ${more} more.`))] : []),
      ],
      silences.slice(0, 5).flatMap((each) => lineButton(`End ${called(each)}`, `unsilence ${each.number}`)),
    ),
  };
}
