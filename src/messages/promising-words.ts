import type { Rung } from '../incident/climb.js';
import type { PromisingEvents } from '../incident/promising.js';
import type { Actor } from '../incident/state.js';
import { does, itself, late, line, people, quote, type Sentence } from './sentence.js';

/** What somebody is called as. */
export const rungName: Record<Rung, string> = {
  communications: 'communications',
  commander: 'the commander',
  lead: 'the platform lead',
};
const everybody = 'the next word to everybody';

/** What comes of promises, in plain words. */
export const promisingWords: { [T in keyof PromisingEvents]: (body: PromisingEvents[T], by: Actor) => Sentence } = {
  published: ({ number, title, text, lateMs }) =>
    does`told everybody (${number})${late(lateMs)}, under “${title}”${quote(text)}`,
  publishWarned: ({ dueAt }) => does`warned that ${everybody} was due at ${{ at: dueAt }}`,
  publishMissed: ({ dueAt }) => itself`Nobody told everybody anything by ${{ at: dueAt }}`,
  updateChased: ({ of, since, rungs, people: called }) => {
    const owed = of === 'update' ? 'a status update' : everybody;
    return does`called ${people(called)}${line` as ${rungs.map((rung) => rungName[rung]).join(' and ')}`}: ${owed} is owed since ${{ at: since }}`;
  },
};
