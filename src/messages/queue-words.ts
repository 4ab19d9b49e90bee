import type { QueueEvents } from '../incident/queue.js';
import type { Actor } from '../incident/state.js';
import { does, isSame, itself, line, people, type Sentence } from './sentence.js';

/** What happens to an entry of the triage queue while it waits. */
export const queueWords: { [T in keyof QueueEvents]: (body: QueueEvents[T], by: Actor) => Sentence } = {
  entryOwned: ({ personId, previous }, by) => {
    const after = previous === null ? [] : line`, after ${{ personId: previous }}`;
    return isSame(by, personId) ? does`owns it${after}` : does`gave it to ${{ personId }}${after}`;
  },
  entryChased: ({ who, dueAt, people: told }) =>
    who === 'channel'
      ? itself`Nobody decided by ${{ at: dueAt }}; the triage queue was told`
      : itself`Nobody decided by ${{ at: dueAt }}; told ${people(told)}`,
};
