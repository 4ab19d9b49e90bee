import { type Inbound, type Reply, TooLate } from '../chat/platform.js';
import { interpret } from '../commands/interpret.js';
import { entryWith, secretsTyped, warned } from '../commands/secret-warning.js';
import { aboutOf, type Surroundings } from './about.js';
import type { Arrange } from './arrange.js';
import type { Engine } from './engine.js';
import type { erasures } from './erasures.js';
import { keeping, noteSource, rememberedSource, rememberSource } from './kept.js';

/** Answers whoever typed a command or pressed a button, on any platform. */
export function responder(
  parts: Surroundings & {
    engine: Engine;
    /** What `/incident redact` comes to. */
    erasures: ReturnType<typeof erasures>;
    /** What is no incident's. */
    arrange: Arrange;
  },
): Inbound {
  const { store, engine, clock } = parts;

  return {
    async command({ id, text, from: given, notAfter, ...spot }): Promise<Reply> {
      const { personId, platform, channel } = spot;
      // Whoever asks may choose the id: only the asker's own is a replay, nobody is given somebody else's answer.
      const commandId = `${platform}/${personId}/${id}`;
      // Looked for before the line is read again: what it means may have changed by what it did.
      const answered = (await store.answered([commandId])).get(commandId);
      if (answered) return warned(answered as Reply, secretsTyped(text), 'somewhere');
      const about = await aboutOf(parts, spot);
      if (!about) return left;
      const act = await interpret(text, about);
      const secrets = secretsTyped(act.kind === 'do' && given ? `${text}\n${given.text}` : text);
      if (act.kind === 'say') {
        // The same delivery twice at once: what was read already showed what the first of them did.
        const first = (await store.answered([commandId])).get(commandId);
        if (first) return warned(first as Reply, secrets, 'somewhere');
        if (given && act.reply.refusal?.code === 'looks-alike')
          await rememberSource(store, given, { personId, now: about.now });
        return warned(act.reply, secrets, 'nowhere');
      }
      if (notAfter !== undefined && clock.now() > notAfter)
        throw new TooLate('What it needed was read when its time had passed. Nothing was done.');
      if (act.kind === 'erase') return parts.erasures(act, { personId, platform, channel, commandId });
      if (act.kind === 'arrange') return parts.arrange(act, { personId, commandId });
      const { command } = act;
      const answers = command.type === 'declare' || command.type === 'join';
      const from = given ?? (answers ? await rememberedSource(store, platform, { personId, now: about.now }) : null);
      const how = command.type === 'declare' ? ('declared' as const) : ('marked' as const);
      if (from) await noteSource(store, from, act.incidentId);
      const outcome = await engine.handle({
        incidentId: act.incidentId,
        asked: {
          command,
          actor: { kind: 'person', personId },
          at: about.now,
          ...(act.happenedAt && { happenedAt: act.happenedAt }),
        },
        ...(from && { also: [keeping(from, { keptBy: personId, how, now: about.now })] }),
        commandId,
        answer: act.answer,
        ...(notAfter !== undefined && { notAfter }),
      });
      const reply = outcome.reply ?? { text: 'Done.' };
      if (secrets.length === 0 || reply.refusal) return warned(reply, secrets, 'nowhere');
      const seq = entryWith(await store.timeline(about.viewer, act.incidentId), personId);
      return warned(reply, secrets, { incidentId: act.incidentId, seq });
    },
  };
}

const left: Reply = {
  text: 'You have left this Muster, so it does nothing for you. Whoever runs it can let you in again: muster people restore',
  refusal: { code: 'left' },
};
