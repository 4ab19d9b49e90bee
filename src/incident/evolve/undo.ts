import type { UndoEvents } from '../undo.js';
import type { Rule } from './walk.js';

export const undoRules: { [T in keyof UndoEvents]: Rule<T> } = {
  undone: (incident, { what, impact, workaround, expected, followUp, actAt }) => ({
    ...(impact !== undefined && { impact }),
    ...(workaround !== undefined && { workaround }),
    ...(expected !== undefined && { expected }),
    ...(followUp !== undefined && { followUps: incident.followUps.filter(({ id }) => id !== followUp) }),
    ...(what === 'status' && {
      identifiedAt: incident.identifiedAt === actAt ? null : incident.identifiedAt,
      mitigatedAt: incident.mitigatedAt === actAt ? null : incident.mitigatedAt,
    }),
  }),
};
