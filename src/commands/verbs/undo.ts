import { undoneWords } from '../../messages/undo-words.js';
import { act, called, found } from '../answers.js';
import type { Verb } from '../verb.js';

export const undo: Verb = {
  name: 'undo',
  aliases: ['undid', 'undone', 'undoing', 'revert', 'take-back', 'take-it-back', 'oops'],
  group: 'Lead',
  usage: 'undo',
  examples: ['undo'],
  help: 'Take back the last thing you did here, within 15 min; it stays on the timeline that you did.',
  plain: true,
  alone: true,
  where: 'incident',
  read(_, about) {
    const { incident, asker } = about;
    const last = incident.acts?.[asker.personId]?.reverse;
    // What stands on two timelines is taken back on both.
    if (last?.what === 'link')
      return act(about, { type: 'unlink', other: last.other }, (after) => `${called(after)}: the link is gone again.`);
    if (last?.what === 'unlink')
      return act(
        about,
        { type: 'link', other: last.other, reason: null },
        (after) => `${called(after)}: the link stands again.`,
      );
    if (last?.what === 'merge')
      return act(
        about,
        { type: 'unmerge', other: incident.id },
        (after) => `${called(after)} stands again, ${after.status}.`,
      );
    return act(about, { type: 'undo', seq: incident.acts?.[asker.personId]?.seq ?? null }, (after, events) => {
      const what = found(events, 'undone')?.what;
      return `Taken back: ${what ? undoneWords[what] : 'your last act'}. ${called(after)} is ${after.severity}, ${after.status}.`;
    });
  },
};
