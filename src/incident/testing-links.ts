import fc from 'fast-check';
import type { CommandBodies } from './commands.js';
import type { Together } from './context.js';
import type { LinkCommands } from './links.js';
import { mergeEvidence, noEvidence } from './severity.js';
import type { Incident } from './state.js';

/** Commands about two incidents; the other one is what the context holds. */
export const linkBodies = (
  words: fc.Arbitrary<string>,
): { [T in keyof LinkCommands]: fc.Arbitrary<CommandBodies[T]> } => {
  const reason = fc.option(words, { nil: null });
  const other = fc.constant('i2');
  return {
    link: fc.record({ other, reason }),
    linkBack: fc.record({ other, reason }),
    unlink: fc.record({ other }),
    unlinkBack: fc.record({ other }),
    merge: fc.record({ other, reason }),
    takeIn: fc.record({ other, reason }),
    split: fc.record(
      {
        other,
        title: words,
        alerts: fc.constant(['e1']),
        detach: fc.record({ service: words, groupKey: fc.constant('service:x') }),
      },
      { requiredKeys: ['other', 'title', 'alerts'] },
    ),
    unmerge: fc.record({ other }),
    giveUp: fc.record({ other }),
    receive: fc.record({ other, undone: fc.boolean() }),
  };
};

/** Another incident beside the one of the story, and an alert between them. */
export function beside(row: Incident, canary: string): Together {
  const evidence = mergeEvidence(noEvidence, { ...noEvidence, alerts: 1, services: [`${canary} service`] });
  return {
    other: { ...row, id: 'i2', number: 7, title: `${canary} other`, services: [`${canary} service`] },
    moved: {
      alerts: { firing: 1, total: 1, names: [`${canary} alert`] },
      evidence,
      startedAt: null,
      left: { firing: 0, total: 0, names: [] },
      leftEvidence: noEvidence,
    },
  };
}
