import type { UndoEvents } from '../undo.js';

const gone = '[redacted]';
const somebody = 'redacted';

export const undoForms: { [T in keyof UndoEvents]: (body: UndoEvents[T]) => UndoEvents[T] } = {
  undone: ({ seq, what, actAt, impact, workaround, expected, followUp }) => ({
    seq,
    what,
    actAt,
    ...(impact !== undefined && { impact: impact && { text: gone, at: impact.at, by: somebody } }),
    ...(workaround !== undefined && { workaround: workaround && { text: gone, at: workaround.at, by: somebody } }),
    ...(expected !== undefined && {
      expected: expected && {
        at: expected.at,
        why: expected.why === null ? null : gone,
        saidAt: expected.saidAt,
        by: somebody,
      },
    }),
    ...(followUp !== undefined && { followUp }),
  }),
};
