const trunks = new Set(['main', 'master', 'trunk', 'default', 'mainline']);

/** `refs/heads/main` and `origin/main` as `main`; null when there is none. */
export function branchOf(ref: string | null | undefined): string | null {
  const named = ref?.trim().replace(/^(?:refs\/heads\/|refs\/remotes\/[^/]+\/|origin\/)/, '');
  return named || null;
}

/** Refs that name a tag or a proposed change. */
export const isNoBranch = (ref: string | null | undefined): boolean =>
  /^(?:refs\/(?:tags|pull|merge-requests|changes|pull-requests)\/|#\d+$|pull\/\d+|PR-\d+$|gh-readonly-queue\/)/.test(
    ref ?? '',
  );

/**
 * Whether people rely on this branch: the project's default branch, and any that is called main, master or trunk (many
 * work on another and release from it). A build that names no branch counts: jobs on a schedule have none.
 */
export const reliedOn = (branch: string | null, defaultBranch: string | null | undefined): boolean =>
  branch === null || branch === branchOf(defaultBranch) || trunks.has(branch.toLowerCase());
