import type { ChatPlatform, Reply } from '../chat/platform.js';
import { called } from '../commands/answers.js';
import type { Act } from '../commands/verb.js';
import { telling, type Words, wordsOf } from '../secrets/words.js';
import type { Store } from '../store/port.js';
import type { Clock } from './clock.js';
import type { Engine } from './engine.js';
import { type Erased, eraser } from './erase.js';
import { keepPostmortem } from './postmortems.js';
import type { Compose } from './streams.js';

type Wish = Extract<Act, { kind: 'erase' }>;
interface Asking {
  personId: string;
  platform: string;
  channel: string | null;
  commandId: string;
}

/** Carries out what `/incident redact` asks for. The answer is stored with the command's id, as every other. */
export function erasures(parts: {
  store: Store;
  engine: Engine;
  clock: Clock;
  platforms: ReadonlyMap<string, ChatPlatform>;
  names: ReadonlyMap<string, string>;
  dataFolder: string;
  compose: Compose;
  onCommit(): void;
}): (wish: Wish, asking: Asking) => Promise<Reply> {
  const { store, engine, clock } = parts;
  const erase = eraser({ ...parts, keepPostmortem: keepPostmortem(parts.dataFolder) });

  return async (wish, asking) => {
    const reply = await answer(wish, asking);
    if (reply.refusal) return reply;
    const answered = { id: asking.commandId, at: clock.now(), reply };
    await store.commit([{ stream: null, events: [], incident: null, answered }]);
    return reply;
  };

  async function answer({ incident, what, reason }: Wish, { personId, platform, channel }: Asking): Promise<Reply> {
    if ('message' in what) return message(incident, what.message, reason, { personId, platform, channel });
    if (!incident) throw new Error('Only what belongs to an incident can be erased.');
    if ('seqs' in what) {
      const erased = await erase({ incident, personId, reason, seqs: what.seqs });
      return {
        text: `${entriesWords(erased.seqs)} of ${called(incident)} ${erased.seqs.length === 1 ? 'is' : 'are'} erased, and what repeated it. ${after(erased)}`,
      };
    }
    const erased = await erase({ incident, personId, reason, known: true, words: what.alerts });
    await engine.handle({
      incidentId: incident.id,
      asked: {
        command: { type: 'addNote', text: `Erased what the alerts held: ${reason}` },
        actor: { kind: 'person', personId },
        at: clock.now(),
      },
      commandId: null,
      answer: null,
    });
    return {
      text: `The alerts of ${called(incident)} hold it no more. The sender brings it back with its next report until it is changed there. ${after(erased)}`,
    };
  }

  async function message(
    incident: Wish['incident'],
    id: string,
    reason: string,
    { personId, platform, channel }: Pick<Asking, 'personId' | 'platform' | 'channel'>,
  ): Promise<Reply> {
    const kept = parts.platforms.get(platform)?.erasing;
    const said = kept && channel !== null ? await kept.said(channel, id) : null;
    if (!said)
      return refuse('unknown-message', 'There is no such message here, or this chat keeps it itself: delete it there.');
    if (said.personId !== personId && !incident?.responders.includes(personId))
      return refuse('not-yours', 'Only who wrote it, or responds to the incident, can erase it.');
    const words = wordsOf({ text: said.text });
    if (telling(words).length === 0) return refuse('nothing-found', 'Nothing in that message is known to be a secret.');
    if (incident) await erase({ incident, personId, reason, ...words });
    else await kept?.scrub({ ...words, words: telling(words) }, '[redacted]', `[redacted: ${reason}]`, channel);
    return { text: `The message is erased. ${revoke(words)}` };
  }
}

const refuse = (code: string, words: string): Reply => ({ text: words, refusal: { code } });

const entriesWords = (seqs: readonly number[]): string =>
  seqs.length === 1 ? `Entry ${seqs[0]}` : `Entries ${seqs.slice(0, -1).join(', ')} and ${seqs.at(-1)}`;

const revoke = ({ known }: Words): string => (!known ? '' : 'Whoever saw it still has it: revoke it where it belongs.');

const after = ({ left }: Erased): string =>
  left === 0
    ? 'Whoever saw it still has it: revoke it where it belongs. Backups made before still hold it.'
    : `${left === 1 ? '1 message' : `${left} messages`} in chat could not be changed: delete ${left === 1 ? 'it' : 'them'} there. Revoke it where it belongs.`;
