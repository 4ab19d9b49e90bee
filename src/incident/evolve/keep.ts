import { digest, type Kept } from '../kept.js';
import type { Incident } from '../state.js';
import type { Rule } from './walk.js';

const changed = ({ kept = [] }: Incident, seq: number, to: (kept: Kept) => Partial<Kept>): Pick<Incident, 'kept'> => ({
  kept: kept.map((each) => (each.seq === seq ? { ...each, ...to(each) } : each)),
});

/** Messages of a chat that are kept on the timeline. */
export const keepRules: {
  [T in 'messageKept' | 'keptMessageRevised' | 'keptMessageWithdrawn']: Rule<T>;
} = {
  messageKept: ({ kept = [] }, { platform, channel, message, by, text }, { seq, redacted }) => ({
    kept: [
      ...kept,
      { seq, platform, channel, message, by, digest: digest(text), withdrawn: false, erased: redacted === true },
    ],
  }),
  keptMessageRevised: (incident, { seq, text }, { redacted }) =>
    changed(incident, seq, ({ erased }) => ({ digest: digest(text), erased: erased || redacted === true })),
  keptMessageWithdrawn: (incident, { seq }) => changed(incident, seq, () => ({ withdrawn: true })),
};
