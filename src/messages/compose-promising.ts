import type { TimelineEvent } from '../incident/events.js';
import type { Incident } from '../incident/state.js';
import { type Known, statusPage } from './compose-updates.js';
import { draftOf } from './draft.js';
import { rungName } from './promising-words.js';
import { publicDraft } from './public-draft.js';
import type { TemplateValues } from './values.js';
import type { PromisingValues } from './values-promising.js';

type Event<T extends TimelineEvent['type']> = Extract<TimelineEvent, { type: T }>;
type Make = { [S in keyof PromisingValues]: (after: Incident, event: TimelineEvent) => PromisingValues[S] };

/** The values of what is said around promises, to executives and to everybody. */
export function promisingValues(known: Known & { names: ReadonlyMap<string, string> }): Make {
  const { who, by, about, channelOf, publicUrl, names } = known;
  return {
    'update-chased': (after, event) => {
      const { of, since, rungs } = (event as Event<'updateChased'>).body;
      const climb = of === 'update' ? after.updates.climb : after.publication?.climb;
      const everybody = of === 'publication';
      return {
        ...about(after),
        rungs: rungs.map((rung) => rungName[rung]),
        before: (climb?.called ?? []).filter((rung) => !rungs.includes(rung)).map((rung) => rungName[rung]),
        everybody,
        dueAt: since,
        lateMs: Math.max(0, event.at - since),
        draft: everybody ? publicDraft(after, names) : draftOf(after, event.at),
        channel: channelOf(after),
      };
    },
    'publish-due': (after, event) => ({
      ...about(after),
      person: who(after.roles.communications ?? after.roles.commander),
      dueAt: (event as Event<'publishWarned'>).body.dueAt,
      draft: publicDraft(after, names),
    }),
    published: (after, event) => {
      const { title, text, nextAt } = (event as Event<'published'>).body;
      return { ...about(after), by: by(event), headline: title, words: text, nextAt };
    },
    // Nothing but what was confirmed: no other value of the incident may come in here.
    'public-update': ({ number, policy }, event) => {
      const { title, text, status, severity, nextAt } = (event as Event<'published'>).body;
      return { number, title, severity, drill: false, status, words: text, nextAt, zones: policy.zones };
    },
    'executive-brief': (after, event) => {
      const update = event.type === 'updatePosted' ? event.body : null;
      const { impact, expected, updates } = after;
      return {
        ...about(after),
        severity: update?.severity ?? after.severity,
        status: update?.status ?? after.status,
        impact: (update ? update.impact?.text : impact?.text) ?? null,
        expectedAt: (update ? update.expected?.at : expected?.at) ?? null,
        expectedWhy: (update ? update.expected?.why : expected?.why) ?? null,
        decision: (update ? update.decision : updates.decision) ?? null,
        zones: after.policy.zones,
        page: statusPage(after, publicUrl()),
      };
    },
  };
}

/** How people kept what was promised, for whoever reads that it is closed. */
export function punctualityOf({
  updates,
}: Incident): Pick<TemplateValues['closed'], 'promised' | 'kept' | 'latestMs' | 'silenceMs'> {
  const { made = 0, kept = 0, latestMs = 0, silenceMs = 0 } = updates.punctuality ?? {};
  return { promised: made, kept, latestMs: latestMs < 60_000 ? 0 : latestMs, silenceMs };
}
