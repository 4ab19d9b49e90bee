/*
 * What senders of builds and deployments call their states. One table for all of them: no word means one thing here and
 * another there.
 */

/** `platform`: failed, and not because of what was built. `going`: not over. `neither`: over, and nothing to be said. */
export type Result = 'passed' | 'failed' | 'platform' | 'going' | 'neither';

const words: Record<Result, string> = {
  passed: 'success successful succeeded passed pass ok fixed recover recovered green ready built warnings',
  failed:
    'failure failed fail failing error errored broken still-failing unstable partiallysucceeded unauthorized rejected red',
  platform:
    'timed-out timedout timeout startup-failure stale infrastructure-fail infrastructure-failure system-failure internal-error lost exception',
  going:
    'queued requested waiting pending created create preparing scheduled schedule start started running in-progress inprogress ' +
    'building enqueued processing uploading uploaded prepared retry retrying waiting-for-resource waiting-for-callback ' +
    'rerequested not-started release-requested approved',
  neither:
    'cancelled canceled cancelling canceling aborted abort stopped skipped neutral action-required not-built not-run manual ' +
    'inactive blocked superseded dismissed none expired on-hold needs-setup completed complete finished done',
};
const results = new Map(
  Object.entries(words).flatMap(([result, list]) => list.split(' ').map((word) => [word, result as Result])),
);

/** Of a state as its sender writes it; null: not a word that is known. Case, blanks and underscores do not matter. */
export const resultOf = (word: string | null | undefined): Result | null =>
  (word &&
    results.get(
      word
        .trim()
        .toLowerCase()
        .replace(/[\s_]+/g, '-'),
    )) ||
  null;

const platform = new RegExp(
  [
    'runner[_ ]?system[_ ]?failure|stuck[_ ]or|scheduler[_ ]failure|no[_ ]matching[_ ]runner|image[_ ]?pull|data[_ ]integrity',
    'ci[_ ]quota|stale[_ ]schedule|api[_ ]failure|server[_ ]timeout|runner[_ ](?:provision|interrupt)|job[_ ]router',
    'infrastructure|startup[_ ]failure|system[_ ]failure',
    '(?:lost|losing|no) (?:communication|contact|connection)|(?:runner|agent|node|worker)[^\\n]{0,60}(?:\\blost|offline|shut ?down|disconnected|went away|unavailable|preempted)',
    '(?:ChannelClosed|RequestAbort|RemotingSystem|ConnectionClosed)Exception|channel is (?:already )?clos',
    'no space left|disk (?:is )?full|disk quota|not enough (?:disk |free )?space|insufficient (?:disk )?space|ENOSPC',
    'out of memory|OOM ?kill|cannot allocate memory|evicted',
    '(?:HTTP|status|code|error|response)[^\\n]{0,24}\\b50[0234]\\b|\\b50[0234] (?:bad|service|gateway|internal|server)',
    'bad gateway|service unavailable|gateway time-?out|internal server error|too ?many ?requests|pull rate limit',
    'timed[ -_]?out|time-?out|deadline exceeded|TLS handshake|connection (?:refused|reset)|ECONN(?:RESET|REFUSED)|ETIMEDOUT|EAI_AGAIN',
    'could not resolve host|name resolution|no such host|network is unreachable',
  ].join('|'),
  'i',
);
const read = 8_000;

/** The first of these texts that blames the machines and not what was built; the end of a long one counts. */
export const platformCause = (texts: readonly (string | null | undefined)[]): string | null => {
  for (const text of texts) {
    const found = text ? platform.exec(text.slice(-read)) : null;
    if (found) return found[0].replaceAll('_', ' ');
  }
  return null;
};
