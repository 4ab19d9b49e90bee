import { onCallReport, touchedSince } from '../../reports/on-call-report.js';
import { misused, sayCard } from '../answers.js';
import { spanOf } from '../span.js';
import type { Verb } from '../verb.js';

const hour = 3_600_000;
const usualMs = 12 * hour;
const longestMs = 14 * 24 * hour;
const looksAt = 100;
/** Read minute by minute; the figures say what they are of. */
const timelinesAtMost = 30;

export const onCallReportVerb: Verb = {
  name: 'oncall-report',
  aliases: ['on-call-report', 'shift-report', 'handover-report', 'on-call-summary'],
  group: 'Open and find',
  usage: 'oncall-report [12h]',
  examples: ['oncall-report', 'oncall-report 24h'],
  help: 'For whoever is on call next: what is open, what happened, what is owed, and how loud it was.',
  where: 'anywhere',
  async read(args, about) {
    const said = args.replace(/^(?:of |for )?(?:the )?(?:last|past)\s+/i, '');
    const span = said === '' ? { ms: usualMs, rest: '' } : spanOf(said);
    if (span?.rest !== '' || span.ms < hour || span.ms > longestMs)
      return misused(onCallReportVerb, 'Of how long? From 1 hour to 14 days.');
    const { reads, viewer, now } = about;
    const since = now - span.ms;
    const [{ incidents: declared }, { incidents: queued }] = await Promise.all([
      reads.incidents(viewer, { limit: looksAt, offset: 0 }),
      reads.incidents(viewer, { limit: looksAt, offset: 0, triage: true, status: ['triage'] }),
    ]);
    const touched = declared.filter((each) => touchedSince(each, since)).slice(0, timelinesAtMost);
    const timelines = new Map(
      await Promise.all(touched.map(async ({ id }) => [id, await reads.timeline(viewer, id)] as const)),
    );
    return sayCard(
      onCallReport({
        incidents: [...declared, ...queued],
        timelines,
        since,
        now,
        names: about.names,
        publicUrl: about.publicUrl,
        zone: about.policy.zones[0] ?? 'UTC',
      }),
    );
  },
};
