import type { Episode } from '../alerts/alert.js';
import { matchingsWords } from '../alerts/quiet/matching.js';
import { type Button, buttons, type Card, paragraph, text } from '../messages/card.js';
import { count } from '../messages/count.js';
import { literal } from '../messages/literal.js';
import { formatDuration } from '../messages/zones.js';
import { called, type Silence } from './silence.js';

/** Alerts looked at to be named. */
export const heldShown = 20;
const namesShown = 5;
const wordsKept = 200;

export const whatOf = ({ what }: Pick<Silence, 'what'>): string => literal(matchingsWords(what), wordsKept);

/** `DiskFull of registry, 2 × PushFails`, the first ones by name. */
export function namesOf(episodes: readonly Pick<Episode, 'name' | 'service'>[], more = 0): string {
  const counted = new Map<string, number>();
  for (const { name, service } of episodes) {
    const shown = `${literal(name, 60)}${service === null ? '' : ` of ${literal(service, 60)}`}`;
    counted.set(shown, (counted.get(shown) ?? 0) + 1);
  }
  const all = [...counted].map(([name, times]) => (times > 1 ? `${times} × ${name}` : name));
  const rest = [...counted.values()].slice(namesShown).reduce((sum, times) => sum + times, 0) + more;
  return `${all.slice(0, namesShown).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** What becomes of what it held. @param held how many fire; `known` are some of them. */
function stillFires(held: number, known: readonly Episode[]): string {
  if (held === 0) return 'Nothing that it held still fires.';
  return `${held === 1 ? '1 alert still fires and is' : `${held} alerts still fire and are`} heard now: ${namesOf(known, held - known.length)}.`;
}

/** It has ended; `by`: somebody ended it early. */
export function endedCard(silence: Silence, held: number, known: readonly Episode[], by: string | null): Card {
  const Name = called(silence).replace(/^./, (first) => first.toUpperCase());
  const how = by === null ? 'has ended' : `was ended by ${literal(by, 80)}`;
  const summary = `${Name} (${whatOf(silence)}) ${how}. ${stillFires(held, known)}`;
  return {
    tone: held > 0 ? 'warning' : 'neutral',
    summary,
    blocks: [paragraph(text(summary))],
  };
}

/** It ends soon, and what it holds will be heard then. */
export function endsSoonCard(silence: Silence, held: number, known: readonly Episode[], now: number): Card {
  const fires = `${count(held, 'alert')} it holds ${held === 1 ? 'fires' : 'fire'}: ${namesOf(known, held - known.length)}`;
  const summary = `Your ${called(silence)} (${whatOf(silence)}) ends in ${formatDuration(silence.untilAt - now)}. ${fires}. Then ${held === 1 ? 'it is' : 'they are'} heard.`;
  const all: Button[] = [
    { label: 'Extend by 1 h', command: `/incident silence extend ${silence.number} 1h`, style: 'primary' },
    { label: 'End it now', command: `/incident unsilence ${silence.number}` },
  ];
  return { tone: 'neutral', summary, blocks: [paragraph(text(summary)), buttons(...all)] };
}

/** What the ledger keeps of one. */
export const bodyOf = ({ number, kind, what, because, fromAt, untilAt }: Silence): object => ({
  ...{ number, kind, what, because, fromAt, untilAt },
});
