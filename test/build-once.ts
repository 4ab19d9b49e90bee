import { execFileSync } from 'node:child_process';

/**
 * Stories and the crash test run the built artefact, so it must be the code under test. Incremental: about a second
 * when nothing changed. MUSTER_KEEP_DIST=1 tests what is built already.
 */
export default function buildOnce(): void {
  if (process.env.MUSTER_KEEP_DIST) return;
  execFileSync('npx', ['tsc', '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
}
