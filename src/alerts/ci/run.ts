import type { Alert } from '../alert.js';
import { makeAlert } from '../make.js';
import type { AboutReading, PassedOver } from '../source.js';
import { firstLine, kept } from '../words.js';
import { branchOf, isNoBranch, reliedOn } from './branch.js';
import { platformCause, resultOf } from './words.js';

type Text = string | null | undefined;

/** A build as its sender tells of it: a run of a workflow, a pipeline, a job, a check. */
export interface Run {
  /** As people say it, e.g. `test`, `the pipeline`. */
  what: string;
  /** The project and what ran in it; without the branch, which is added. */
  key: readonly (string | number | null | undefined)[];
  /** Left out of the key where senders do not always name it. */
  branchInKey?: boolean;
  ref: Text;
  /** null: the sender does not say. */
  defaultBranch?: Text;
  /** Why it is not of a branch, e.g. `a merge request`. */
  notOfBranch?: Text;
  /** Its sender's word for how it stands. */
  state: Text;
  /** What the sender says of why it failed; searched for the platform's doing. */
  causes?: readonly Text[];
  /** In words, where the shape of the body shows that the platform did it. */
  platform?: Text;
  /** Of the commit. */
  title?: Text;
  service: Text;
  host?: Text;
  at: number | null;
  links: Readonly<Record<string, Text>>;
  labels?: Record<string, unknown>;
}

/**
 * Failures of a branch that people rely on are alerts: `warning` where the platform caused them, else `low`. The next
 * run of the same that passes is the end. Everything else comes to nothing, and says why.
 */
export function runAlerts(run: Run, about: AboutReading): Alert[] | PassedOver {
  const branch = branchOf(run.ref);
  const on = branch ? ` on ${branch}` : '';
  const state = firstLine(kept.word, run.state) ?? 'no state';
  const over = (why: string): PassedOver => ({ name: `${run.what}${on}: ${state}`, why });

  const result = run.state ? resultOf(run.state) : 'neither';
  if (result === 'going') return over('It is not over.');
  if (result === 'neither' && !run.platform) return over('It neither passed nor failed.');
  if (run.notOfBranch) return over(`It is of ${run.notOfBranch}, not of a branch that is relied on.`);
  if (isNoBranch(run.ref)) return over('It is of a tag or a proposed change, not of a branch that is relied on.');
  if (!reliedOn(branch, run.defaultBranch)) {
    const known = branchOf(run.defaultBranch);
    return over(known ? `The default branch is ${known}.` : 'It is not main, master or trunk.');
  }

  const passed = result === 'passed';
  const blamed = run.platform ?? (result === 'platform' ? state : platformCause(run.causes ?? []));
  const cause = passed ? null : blamed;
  const title = firstLine(kept.name, run.title?.trim().split('\n', 1)[0]);
  const said = passed ? 'passed' : result === null ? `ended "${state}"` : 'failed';
  return [
    makeAlert(about, {
      key: [...run.key, run.branchInKey === false ? null : branch],
      firing: !passed,
      startsAt: passed ? null : run.at,
      endsAt: run.at,
      name: `${run.what} failed${on}`,
      summary: `${run.what} ${said}${on}${cause ? ` (the platform: ${cause})` : ''}${title ? `: ${title}` : ''}`,
      service: run.service,
      host: run.host,
      severity: passed ? null : cause ? 'warning' : 'low',
      labels: { ...run.labels, branch, result: state, ...(!passed && { cause: cause ? 'platform' : 'build' }) },
      links: run.links,
    }),
  ];
}
