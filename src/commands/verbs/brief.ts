import { briefingCard } from '../../messages/briefing.js';
import { sayCard } from '../answers.js';
import { eventInWords } from '../event-words.js';
import type { Verb } from '../verb.js';

export const brief: Verb = {
  name: 'brief',
  aliases: ['briefing', 'briefed', 'catch-up', 'catchup', 'catch-me-up', 'fill-me-in', 'recap', 'summary', 'summarize'],
  group: 'Open and find',
  usage: 'brief',
  examples: ['brief'],
  help: 'For you alone: what happened, who does what, what is next.',
  plain: true,
  alone: /^(?:me|up|please)$/i,
  where: 'incident',
  async read(_, about) {
    const events = await about.reads.timeline(about.viewer, about.incident.id);
    return sayCard(
      briefingCard(about.incident, {
        names: about.names,
        now: about.now,
        personId: about.asker.personId,
        told: { events, words: (event) => eventInWords(event, about.names) },
      }),
    );
  },
};
