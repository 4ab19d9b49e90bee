import type { UndoEvents } from '../incident/undo.js';
import { does, type Sentence } from './sentence.js';

/** What was taken back, as it stands in a sentence. */
export const undoneWords: Record<UndoEvents['undone']['what'], string> = {
  severity: 'the change of severity',
  status: 'the change of status',
  role: 'who has the role',
  released: 'the release of the role',
  note: 'the note',
  impact: 'the statement of the impact',
  workaround: 'the workaround',
  expected: 'when it should work again',
  followUp: 'the follow-up',
  step: 'the end of the step',
  tick: 'the tick',
  snooze: 'the snooze',
  dismiss: 'the dismissal',
  owner: 'who owns it',
  link: 'the link',
  unlink: 'the end of the link',
  merge: 'the merge',
  unmerge: 'the end of the merge',
  resolve: 'the resolution',
};

export const undoWords: { [T in keyof UndoEvents]: (body: UndoEvents[T]) => Sentence } = {
  undone: ({ seq, what }) => does`took back ${undoneWords[what]} (entry ${seq})`,
};
