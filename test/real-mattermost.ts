/** A run without a server would look like a good one. */
export default function needsServer(): void {
  if (process.env.MUSTER_MATTERMOST_SERVER) return;
  process.stderr.write(
    'Set MUSTER_MATTERMOST_SERVER to the folder of a Mattermost server (the one with bin/mattermost): docs/platforms/mattermost.md\n',
  );
  process.exit(1);
}
