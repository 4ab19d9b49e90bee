import { eventInWords } from '../commands/event-words.js';
import type { CatchUpCards } from '../engine/catch-up.js';
import { catchUpCard } from '../messages/catch-up.js';
import type { composer } from '../messages/compose.js';
import type { Playbook } from '../playbooks/playbook.js';

/** What a chat platform is told of what it has missed. */
export const missedCards = (parts: {
  compose: ReturnType<typeof composer>;
  names: ReadonlyMap<string, string>;
  publicUrl(): string;
  playbook(hash: string): Playbook | null;
}): CatchUpCards => ({
  incident: (incident, move, events) =>
    catchUpCard(
      // Told late or drawn again it says the same.
      { incident, move, events, now: move.recordedAt },
      {
        names: parts.names,
        words: (event) => eventInWords(event, parts.names),
        publicUrl: parts.publicUrl(),
        playbook: incident.walk && parts.playbook(incident.walk.hash),
      },
    ),
  announcement: (incident, event) => parts.compose({ say: 'announcement' }, incident, event),
  update: (incident, event) => parts.compose({ say: 'status-update', whole: true }, incident, event),
});
