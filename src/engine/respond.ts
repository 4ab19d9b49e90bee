import { makeLink } from '../access/links.js';
import type { Inbound, Reply } from '../chat/platform.js';
import { interpret } from '../commands/interpret.js';
import { entryWith, secretsTyped, warned } from '../commands/secret-warning.js';
import type { About } from '../commands/verb.js';
import { type Incident, type Policy, walksOf } from '../incident/state.js';
import { person } from '../people/viewer.js';
import type { Store } from '../store/port.js';
import type { Clock } from './clock.js';
import { type Engine, newId } from './engine.js';
import type { erasures } from './erasures.js';
import type { Roster } from './people.js';
import type { Shelf } from './playbook-shelf.js';

/** Answers whoever typed a command or pressed a button, on any platform. */
export function responder(parts: {
  store: Store;
  engine: Engine;
  clock: Clock;
  shelf: Shelf;
  roster: Roster;
  /** For what is declared now. */
  policy(): Policy;
  publicUrl(): string;
  /** Nobody is asked who they are. */
  open: boolean;
  /** What `/incident redact` comes to. */
  erasures: ReturnType<typeof erasures>;
}): Inbound {
  const { store, engine, clock, shelf, roster } = parts;

  return {
    async command({ id, text, personId, platform, channel, incidentId }): Promise<Reply> {
      // Whoever asks may choose the id: only the asker's own is a replay, nobody is given somebody else's answer.
      const commandId = `${platform}/${personId}/${id}`;
      // Looked for before the line is read again: what it means may have changed by what it did.
      const [answers, asker] = await Promise.all([store.answered([commandId]), store.person(personId)]);
      const answered = answers.get(commandId);
      if (answered) return warned(answered as Reply, secretsTyped(text), 'somewhere');
      if (asker && asker.goneAt !== null) return left;
      if (asker) roster.met(asker);
      const viewer = person(personId);
      const incident = await whereabouts(store, viewer, { incidentId, platform, channel });
      for (const { hash } of incident ? walksOf(incident) : []) await shelf.fetch(hash);
      const now = clock.now();
      const about: About = {
        asker: { personId, name: roster.names.get(personId) ?? personId },
        viewer,
        incident,
        now,
        policy: parts.policy(),
        playbooks: shelf.current,
        playbookOf: (of) => (of.walk ? shelf.get(of.walk.hash) : null),
        matching: shelf.matching,
        choosePlaybook: (services) => shelf.choose({ services, alerts: [] }),
        newIncidentId: newId,
        names: roster.names,
        reads: store,
        publicUrl: parts.publicUrl(),
        signInLink: async (leadsTo) => (parts.open ? null : makeLink(store, { personId, leadsTo, now })),
      };
      const act = await interpret(text, about);
      const secrets = secretsTyped(text);
      if (act.kind === 'say') {
        // The same delivery twice at once: what was read already showed what the first of them did.
        const first = (await store.answered([commandId])).get(commandId);
        return first ? warned(first as Reply, secrets, 'somewhere') : warned(act.reply, secrets, 'nowhere');
      }
      if (act.kind === 'erase') return parts.erasures(act, { personId, platform, channel, commandId });
      const outcome = await engine.handle({
        incidentId: act.incidentId,
        asked: { command: act.command, actor: { kind: 'person', personId }, at: now },
        commandId,
        answer: act.answer,
      });
      const reply = outcome.reply ?? { text: 'Done.' };
      if (secrets.length === 0 || reply.refusal) return warned(reply, secrets, 'nowhere');
      const seq = entryWith(await store.timeline(viewer, act.incidentId), personId);
      return warned(reply, secrets, { incidentId: act.incidentId, seq });
    },
  };
}

const left: Reply = {
  text: 'You have left this Muster, so it does nothing for you. Whoever runs it can let you in again: muster people restore',
  refusal: { code: 'left' },
};

async function whereabouts(
  store: Store,
  viewer: Parameters<Store['incident']>[0],
  at: { incidentId: string | null | undefined; platform: string; channel: string | null },
): Promise<Incident | null> {
  if (at.incidentId) return store.incident(viewer, { id: at.incidentId });
  return at.channel === null ? null : store.incident(viewer, { platform: at.platform, channel: at.channel });
}
