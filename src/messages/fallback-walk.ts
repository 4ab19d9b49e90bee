import { time } from './card.js';
import { addressed, addressedOr, type Lines, say, who } from './fallback-updates.js';
import type { WalkValues } from './values-walk.js';
import { formatDuration } from './zones.js';

/** The same for what is said of playbooks and their steps. */
export const walkEssentials: { [N in keyof WalkValues]: (values: WalkValues[N]) => Lines } = {
  playbook: (v) => [
    say(v.later ? 'Playbook for later: ' : 'Playbook: ', v.playbook, ', ', v.steps, ' steps, because ', v.reason),
    ...v.others.slice(0, 5).map((other) => say('Fits as well: ', other.playbook, ', because ', other.reason)),
  ],
  'playbook-switched': (v) => [
    say('Playbook in hand: ', v.playbook, ', by ', who(v.by)),
    ...(v.from === null ? [] : [say('Set aside: ', v.from)]),
  ],
  step: (v) => [
    say('Step ', v.step, ' of ', v.total, ' (', v.phase, ': ', v.stepTitle, ') ', v.outcome, ' by ', who(v.by)),
    ...(v.evidence === null ? [] : [say(v.evidence)]),
  ],
  'step-assigned': (v) => [
    say('Step ', v.step, ' (', v.stepTitle, ') is for ', addressed(v.person), ', by ', who(v.by)),
  ],
  'sub-step': (v) => [
    say('Step ', v.step, ': ', v.text, ', ', v.ticked ? 'ticked' : 'not ticked', ' by ', who(v.by)),
    say(v.tickedCount, ' of ', v.substeps, ' ticked'),
  ],
  'step-overdue': (v) => [
    say(addressedOr(v.person), ', step ', v.step, ' (', v.stepTitle, ') has taken ', formatDuration(v.tookMs)),
    ...(v.waitsFor === null ? [] : [say('It waits for the approval of the ', v.waitsFor)]),
  ],
  'step-extended': (v) => [
    say('Step ', v.step, ' (', v.stepTitle, ') has time until ', time(v.dueAt), ', by ', who(v.by)),
  ],
  'help-asked': (v) => [
    say(who(v.by), ' needs help with step ', v.step, ' (', v.stepTitle, ')'),
    ...(v.text === null ? [] : [say(v.text)]),
    ...v.people.slice(0, 20).map((each) => say(addressed(each))),
  ],
  approval: (v) => [
    v.outcome === 'asked'
      ? say('Step ', v.step, ' (', v.stepTitle, ') waits for the ', v.role, ' to approve it: ', addressedOr(v.person))
      : say(
          'Step ',
          v.step,
          ' (',
          v.stepTitle,
          ') is ',
          v.outcome === 'given' ? 'approved' : v.outcome === 'partly' ? 'approved in part' : 'declined',
          ' by ',
          who(v.by),
        ),
    ...(v.reason === null ? [] : [say(v.reason)]),
  ],
};
