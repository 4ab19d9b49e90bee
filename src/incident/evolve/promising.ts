import { climbFrom } from '../climb.js';
import type { PromisingEvents } from '../promising.js';
import type { Incident } from '../state.js';
import type { Rule } from './walk.js';

/** What everybody has been told, and who is called while something is owed. */
export const promisingRules: { [T in keyof PromisingEvents]: Rule<T> } = {
  published: (_, { number, title, text, status, severity, nextAt }, { at, actor }) => ({
    publication: {
      number,
      title,
      text,
      status,
      severity,
      nextAt,
      at,
      by: actor.kind === 'person' ? actor.personId : actor.name,
      missed: false,
      climb: null,
    },
  }),
  publishWarned: () => ({}),
  publishMissed: ({ publication }, { dueAt }, { at }) =>
    publication === undefined
      ? {}
      : { publication: { ...publication, missed: true, climb: publication.climb ?? climbFrom(dueAt, at) } },
  updateChased: (incident, { of, since, rungs, nextAt }): Partial<Incident> => {
    const { updates, publication } = incident;
    const was = of === 'update' ? updates.climb : publication?.climb;
    const climb = { since, called: [...(was?.called ?? []), ...rungs], nextAt };
    if (of === 'update') return { updates: { ...updates, climb } };
    return publication === undefined ? {} : { publication: { ...publication, climb } };
  },
};
