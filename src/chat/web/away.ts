import type { Incident } from '../../incident/state.js';
import { capital, placeName } from '../../messages/outage-cards.js';
import { type Html, html } from './html.js';
import { renderTime } from './render.js';

/** What a channel here has to do with the incident's home on another platform. */
export interface AwayFromHome {
  /** As people call it, in the middle of a sentence. */
  home: string;
  /** null: home is back. */
  since: number | null;
  /** What is gone: the platform, or only the channel there. */
  of: 'platform' | 'channel';
  /** The channel there, as it was opened. */
  channel: string | null;
}

/** null: it lives here, or has never been here. @param here this platform's name. */
export function awayFromHome({ policy, away, stoodIn, channels }: Incident, here: string): AwayFromHome | null {
  const platform = away?.platform ?? policy.platforms[0];
  if (platform === undefined || (away ? away.standIn : stoodIn) !== here || platform === here) return null;
  return {
    home: placeName(platform),
    since: away?.since ?? null,
    of: away?.of ?? 'platform',
    channel: channels[platform]?.name ?? null,
  };
}

export function awayBanner({ home, since, of, channel }: AwayFromHome, now: number): Html {
  const there = channel === null ? '' : `, in #${channel}`;
  if (since === null)
    return html`<p class="away back"><b>${capital(home)} is back.</b> It goes on there${there}. Here only the pinned card is kept up to date.</p>`;
  const gone = of === 'platform' ? `${capital(home)} cannot be reached` : `Its channel on ${home} cannot be used`;
  return html`<p class="away"><b>${gone} since ${renderTime(since, 'day', now)}.</b> The incident goes on here; what is decided here is told there when it is back.</p>`;
}
