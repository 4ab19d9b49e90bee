import type { ChatInbound, Inbound } from '../chat/platform.js';
import { formOf } from '../commands/forms.js';
import { placesOf } from '../incident/places.js';
import { note, text } from '../messages/card.js';
import { homeCard } from '../messages/home-card.js';
import { person } from '../people/viewer.js';
import type { Store } from '../store/port.js';
import { aboutOf, type Surroundings } from './about.js';
import type { Engine } from './engine.js';
import { keepersOf, keeping, keptText, warnOfSecret } from './kept.js';
import type { Outcome } from './tick.js';

/** Incidents looked through for what is somebody's own, the newest first. */
const lookedThrough = 200;

/** Everything chat platforms may hand inward. */
export function chatInbound(
  parts: Surroundings & {
    inbound: Inbound;
    engine: Engine;
    /** Services a declaration can name. */
    services(): readonly { name: string; title: string }[];
    onCommit(): void;
  },
): ChatInbound {
  const { store, engine, clock } = parts;

  /** Secrets in what is now kept are told to whoever said them, or else to who kept them. */
  async function warn(outcome: Outcome, platform: string, words: string, personId: string | null): Promise<void> {
    if (outcome.refusal || outcome.events.length === 0 || personId === null) return;
    const { id: incidentId } = outcome.incident;
    const told = await warnOfSecret(store, { incidentId, platform, personId, text: words, now: clock.now() });
    if (told) parts.onCommit();
  }

  return {
    async command(asked) {
      const reply = await parts.inbound.command(asked);
      const { personId, platform, channel } = asked;
      if (reply.shownIn === undefined || channel === null) return reply;
      const here = await store.incident(person(personId), { platform, channel });
      const hears = here?.id === reply.shownIn && placesOf(here).find((place) => place.platform === platform)?.hears;
      if (hears !== 'everything') return reply;
      const { card: _, ...short } = reply;
      return short;
    },

    async form({ text: line, from, ...spot }) {
      const about = await aboutOf(parts, spot);
      return about && formOf(line, about, { services: parts.services(), from: from?.text ?? null });
    },

    async home(personId) {
      if (await hasLeft(store, personId))
        return {
          tone: 'neutral',
          summary: 'You have left this Muster.',
          blocks: [note(text('You have left this Muster.'))],
        };
      const { incidents } = await store.incidents(person(personId), { limit: lookedThrough, offset: 0 });
      return homeCard(incidents, { personId, now: clock.now(), publicUrl: parts.publicUrl() });
    },

    async keep({ keptBy, notAfter, ...said }) {
      if (await hasLeft(store, keptBy)) return false;
      const incident = await store.incident(person(keptBy), { platform: said.platform, channel: said.channel });
      if (!incident) return false;
      const outcome = await engine.handle({
        incidentId: incident.id,
        asked: keeping(said, { keptBy, how: 'marked', now: clock.now() }),
        commandId: null,
        answer: null,
        ...(notAfter !== undefined && { notAfter }),
      });
      if (outcome.refusal) return false;
      await warn(outcome, said.platform, keptText(said.text), said.personId ?? keptBy);
      return true;
    },

    async revise({ platform, channel, message, text: words, at, notAfter }) {
      for (const incident of await keepersOf(store, { platform, channel, message })) {
        const revised = words === null ? null : keptText(words);
        const outcome = await engine.handle({
          incidentId: incident.id,
          asked: {
            command: { type: 'reviseMessage', platform, channel, message, text: revised },
            actor: { kind: 'machine', name: platform },
            at: Math.min(at, clock.now()),
          },
          commandId: null,
          answer: null,
          ...(notAfter !== undefined && { notAfter }),
        });
        const by = incident.kept?.find((each) => each.channel === channel && each.message === message)?.by ?? null;
        if (revised !== null) await warn(outcome, platform, revised, by);
      }
    },
  };
}

const hasLeft = async (store: Pick<Store, 'person'>, personId: string): Promise<boolean> =>
  ((await store.person(personId))?.goneAt ?? null) !== null;
