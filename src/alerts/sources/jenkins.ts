import { z } from 'zod';
import { branchOf } from '../ci/branch.js';
import { runAlerts } from '../ci/run.js';
import { platformCause } from '../ci/words.js';
import { list, part, text } from '../shapes.js';
import { defineSource } from '../source.js';
import { moment } from '../times.js';

const payload = z.object({
  name: text,
  display_name: text,
  url: text,
  build: z.object({
    full_url: text,
    url: text,
    number: text,
    phase: text,
    status: text,
    timestamp: text,
    display_name: text,
    notes: text,
    log: text,
    scm: part({ url: text, branch: text, culprits: list(text, 20) }),
    test_summary: part({ failed: text, total: text }),
  }),
});

/** `job/team/job/shop/` as `team`, `shop`. */
const segments = (url: string | null): string[] =>
  (url ?? '')
    .split('/')
    .filter((each) => each !== '' && each !== 'job')
    .map((each) => {
      try {
        return decodeURIComponent(each);
      } catch {
        // A lone % is part of the name.
        return each;
      }
    });

const host = (url: string | null): string | null => (url && URL.canParse(url) ? new URL(url).host : null);

/** Builds, as Jenkins' Notification plugin tells of them. */
export const jenkins = defineSource({
  kind: 'jenkins',
  sender: 'Jenkins (Notification plugin)',
  authentication: 'token (as the password in the address)',
  episode:
    'no real body of a failed build is published; the next that passes has its key, as shown on a real one with its state changed',
  payload,
  alerts({ name, display_name, url, build }, about) {
    const job = segments(url);
    const ref = build.scm?.branch ?? null;
    // A job of many branches has one of each name below it.
    const ofBranches = job.length > 1 && branchOf(ref) === job.at(-1);
    const service = (ofBranches ? job.at(-2) : job.at(-1)) ?? name ?? display_name;
    const phase = build.phase?.toUpperCase() ?? '';
    const over = phase === 'FINALIZED' || phase === 'COMPLETED' || phase === 'FINISHED';
    const failedTests = Number(build.test_summary?.failed ?? 0);
    const cause = failedTests > 0 ? null : platformCause([build.log, build.notes]);
    // Jenkins aborts what takes too long, and says so only in the log.
    const tookTooLong = build.status === 'ABORTED' && /time|deadline/i.test(cause ?? '');
    return runAlerts(
      {
        what: job.join('/') || name || 'a job',
        key: [host(build.full_url), url?.replace(/\/+$/, '') || name],
        // A build that fails before its checkout names no branch.
        branchInKey: false,
        ref,
        notOfBranch: /^(?:PR|MR)-\d+$/.test(job.at(-1) ?? '') ? 'a pull request' : null,
        state: phase === 'NONE' || over ? build.status : phase || 'started',
        platform: build.status === 'FAILURE' || tookTooLong ? cause : null,
        title: failedTests > 0 ? `${failedTests} of ${build.test_summary?.total} tests failed` : null,
        service,
        at: moment(build.timestamp),
        links: { Build: build.full_url, Repository: build.scm?.url },
        labels: { job: job.join('/'), build: build.number },
      },
      about,
    );
  },
});
