import type { Outcome, Receipt } from './alert.js';
import type { Followed, Told, Verdict } from './follow.js';
import type { Home } from './route.js';
import { utc } from './times.js';

type Line = Receipt['outcomes'][number];

/** What became of one report, and why, in words. */
export function whyOf(
  { episode, quietUntil, settles }: Followed,
  told: Told,
  verdict: Verdict,
  home: Home | undefined,
): Line {
  const { fingerprint, name } = told.alert;
  const say = (outcome: Outcome, why: string, incidentId = episode.incidentId): Line => ({
    fingerprint,
    name,
    outcome,
    incidentId,
    why,
  });
  const over = episode.endedAt === null ? '' : `; it had cleared at ${utc(episode.endedAt)} already`;
  const anew = settles ? 'if it still fires' : 'reported again';
  const again = quietUntil === null ? '' : `; ${anew} after ${utc(quietUntil)}, it is an incident anew`;
  if (episode.held && (verdict === 'joins' || verdict === 'anew')) return say(episode.held.as, episode.held.why, null);
  switch (verdict) {
    case 'joins':
      return home ? say(outcomeOf[home.how], whyHome(home) + over) : say('attached', 'belongs to a known incident');
    case 'anew':
      return home
        ? say(outcomeOf[home.how], `fires on although its incident has ended; ${whyHome(home)}`)
        : say('attached', 'belongs to a known incident');
    case 'raised':
      return home
        ? say('attached', `the same alert, now reported worse: ${home.judged.severity}, because ${home.judged.reason}`)
        : say('repeat', `the same alert, reported worse; its incident is over${again}`);
    case 'repeat':
      return told.alert.status === 'firing'
        ? say(
            'repeat',
            `known since ${utc(episode.startedAt)}${again === '' ? '' : ', and its incident is over'}${again}`,
          )
        : say('repeat', `known to have cleared${episode.endedAt === null ? '' : ` at ${utc(episode.endedAt)}`}`);
    case 'resolved':
      if (told.alert.silentSince !== undefined)
        return say(
          'resolved',
          `its sender has not repeated it since ${utc(told.alert.silentSince)}: taken to have cleared at ${utc(episode.endedAt ?? told.receivedAt)}`,
        );
      return say(
        'resolved',
        `fired since ${utc(episode.startedAt)}, cleared at ${utc(episode.endedAt ?? told.receivedAt)}`,
      );
    case 'unseen':
      return say('resolved-unseen', 'only its end was reported; kept in case the beginning arrives late');
    case 'over':
      return say('ignored-stale', `began before it cleared at ${utc(episode.endedAt ?? told.receivedAt)}: nothing new`);
    case 'too-old':
      return say('ignored-stale', 'older than the last eight times it fired', null);
  }
}

const outcomeOf: Record<Home['how'], Outcome> = {
  opened: 'opened',
  triaged: 'triaged',
  attached: 'attached',
  reopened: 'attached',
  dismissed: 'dismissed',
};

function whyHome({ steered, ...home }: Home): string {
  return steered === null ? whyByGroup(home) : `${steered}; ${whyByGroup(home)}`;
}

function whyByGroup({ how, title, judged, dismissal }: Omit<Home, 'steered'>): string {
  const because = `${judged.severity}, because ${judged.reason}`;
  switch (how) {
    case 'opened':
      return `opens an incident: ${because}`;
    case 'triaged':
      return `goes to the triage queue: ${because}`;
    case 'attached':
      return `belongs to what is open already, "${title}": ${because}`;
    case 'reopened':
      return `comes back to what had ended, "${title}": ${because}`;
    case 'dismissed':
      return `the same was dismissed just now${dismissal ? ` ("${dismissal}")` : ''}, and it is still ${judged.severity}`;
  }
}
