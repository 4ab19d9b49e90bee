import { type Reply, type SaidMessage, TooLate } from '../../platform.js';
import { platform } from '../settings.js';
import { openForm } from './dialogs.js';
import { withNames } from './names.js';
import type { InboundParts } from './parts.js';
import { notRecorded } from './words.js';

/** Somebody asked for something. */
export interface Asked {
  id: string;
  /** Of the account. */
  account: string;
  channel: string | null;
  incidentId: string | null;
  text: string;
  /** A button's line has Muster's own names in it; what people write has the server's. */
  by: 'hand' | 'button';
  /** What it is declared from. */
  from?: () => Promise<SaidMessage | null>;
  /** When it arrived, by Muster's clock. */
  at: number;
}

/** What became of it. `slow` goes on: its answer comes, or null when nothing was recorded after all. */
export type Outcome =
  | { kind: 'reply'; reply: Reply }
  | { kind: 'opened' }
  | { kind: 'slow'; answer: Promise<Reply | null> };

const unrecorded: Reply = { text: notRecorded, refusal: { code: 'not-recorded' } };

/** Shows a form in place of running a line that leaves something open. */
export interface MayOpen {
  trigger: string;
  team: string;
  /** Of a slash command: where its answer goes. */
  hook: string | null;
}

/**
 * Runs what somebody asked for. What is not begun to be stored in time is not begun at all. With a trigger a line that
 * leaves something open opens its form instead.
 */
export async function ask(parts: InboundParts, asked: Asked, mayOpen: MayOpen | null): Promise<Outcome> {
  const { pace, adapter, inbound } = parts;
  const since = performance.now();
  const notAfter = asked.at + pace.durableWithinMs;
  const inTime = (): void => {
    if (performance.now() - since > pace.durableWithinMs) throw new TooLate('It took too long to find out who asks.');
  };
  let begun = false;

  async function work(): Promise<Reply | 'opened'> {
    const [{ personId }, text, from] = await Promise.all([
      parts.who.person(asked.account),
      asked.by === 'hand' ? withNames(asked.text, parts.who) : asked.text,
      asked.from?.() ?? null,
    ]);
    const spot = { personId, platform, channel: asked.channel, incidentId: asked.incidentId };
    const given = from ? { from } : {};
    inTime();
    if (mayOpen) {
      const form = await inbound.form({ ...spot, text, ...given });
      inTime();
      if (form && (await openForm(parts, form, { ...asked, ...mayOpen, from: from?.message ?? null }))) return 'opened';
      inTime();
    }
    begun = true;
    return inbound.command({ ...spot, id: asked.id, text, notAfter, ...given });
  }

  const ended = work().then(
    (result): Outcome => (result === 'opened' ? { kind: 'opened' } : { kind: 'reply', reply: result }),
    (error): Outcome => {
      adapter.log.warn({ err: error, id: asked.id }, 'a command from Mattermost was not recorded');
      return { kind: 'reply', reply: unrecorded };
    },
  );
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Outcome>((resolve) => {
    timer = setTimeout(() => {
      const answer = ended.then((outcome) => (outcome.kind === 'reply' ? outcome.reply : null));
      resolve(begun ? { kind: 'slow', answer } : { kind: 'reply', reply: unrecorded });
    }, pace.answerWithinMs);
  });
  const outcome = await Promise.race([ended, late]);
  clearTimeout(timer);
  return outcome;
}
