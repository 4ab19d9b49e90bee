import { judge, type Ladder } from '../incident/severity.js';
import { graver, type Incident, isOpen } from '../incident/state.js';
import { hasSymptom, settledAt } from '../incident/symptoms.js';
import { evidenceOf } from './evidence.js';
import type { Followed } from './follow.js';
import { endedAt, grouped, homeOf, lastEnded } from './group.js';

/**
 * An alert that is reported firing although its incident has ended must be heard again. Its episode leaves that incident
 * and joins one as if it were new: at once when another of the group is open or when it is judged graver than what a
 * person closed, else when the incident has been over for longer than its `reopenForMs`. Until then it is a repeat,
 * and `quietUntil` says so.
 *
 * A symptom of what has been mended comes back when that has settled, with no regard to its own group's time.
 *
 * The episode moves instead of being cut in two: it never cleared, and the sender goes on naming its first start, which
 * has to find one episode that fires. What the old incident knew of it stands on its timeline.
 */
export function startAnew(
  followed: readonly Followed[],
  incidents: readonly Incident[],
  now: number,
  ladder: Ladder,
): void {
  const byId = new Map(incidents.map((incident) => [incident.id, incident]));
  const byGroup = grouped(incidents, (incident) => incident.groupKey);
  for (const own of followed) {
    const { episode } = own;
    if (episode.incidentId === null || episode.state !== 'firing') continue;
    const mine = byId.get(episode.incidentId);
    if (mine && isOpen(mine)) continue;
    const again =
      own.told.find(({ verdict }) => verdict === 'raised') ??
      own.told.find(({ told, verdict }) => verdict === 'repeat' && told.alert.status === 'firing');
    if (!again) continue;
    const group = byGroup.get(episode.groupKey) ?? [];
    if (!group.some(isOpen) && mine && episode.groupKey !== mine.groupKey && hasSymptom(mine, episode.service)) {
      const until = settledAt(mine);
      const grave = own.raised && graver(judge(evidenceOf(episode, ladder), ladder).severity, mine.severity);
      if (now < until && !grave) {
        own.quietUntil = until;
        own.settles = true;
        continue;
      }
    } else if (!group.some(isOpen)) {
      // Of a group only the one that ended last is loaded: its own ended before that.
      const last = mine ?? lastEnded(group);
      if (!last) continue;
      const until = endedAt(last) + last.policy.reopenForMs;
      if (now <= until) {
        if (own.raised && mine && homeOf([mine], now)) continue;
        if (!own.raised || !graver(judge(evidenceOf(episode, ladder), ladder).severity, last.severity)) {
          own.quietUntil = until;
          continue;
        }
      }
    }
    again.verdict = 'anew';
    own.anewAt = again.told.receivedAt;
    own.joins = true;
    own.raised = false;
    episode.incidentId = null;
    episode.lastSeenAt = Math.max(episode.lastSeenAt, again.told.receivedAt);
  }
}
