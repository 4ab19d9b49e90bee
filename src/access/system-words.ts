import { type Matching, matchingsWords } from '../alerts/quiet/matching.js';
import { count } from '../messages/count.js';
import type { SystemEntry } from '../store/access-port.js';

export type Names = ReadonlyMap<string, string>;

const words: Record<string, (body: Record<string, unknown>, who: (id: unknown) => string) => string> = {
  checkpoint: (body) => `checkpoint of ${Object.keys((body.heads as object | undefined) ?? {}).length} streams`,
  configAdopted: (body) => `adopted ${body.file}`,
  configRefused: (body) =>
    `refused ${body.file}: ${count((body.problems as unknown[] | undefined)?.length ?? 0, 'problem')}`,
  sourceRefused: (body) =>
    `alerts of ${body.source ?? (body.names as string[]).join(', ')} refused with ${body.status}${body.error ? `: ${body.error}` : ': there is no such source'}`,
  signedIn: (body, who) =>
    `${who(body.personId)} signed in by ${ways[String(body.how)] ?? body.how}${body.from ? ` from ${body.from}` : ''}`,
  signInRefused: (body) =>
    `${count(Number(body.count), 'sign-in')} refused, from ${(body.from as string[]).join(', ')}`,
  signedOutEverywhere: (body, who) => `${who(body.personId)} signed out everywhere`,
  tokenIssued: (body, who) =>
    `token ${body.id} (${body.name}) issued to ${who(body.personId)}${body.actAs ? ', acts as anybody' : ''}`,
  tokenRevoked: (body, who) => `token ${body.id} (${body.name}) of ${who(body.personId)} revoked`,
  personRemoved: (body, who) =>
    `${who(body.personId)} removed: ${count((body.roles as unknown[]).length, 'role')}, ${count((body.tokens as unknown[]).length, 'token')}, ${count(Number(body.sessions), 'session')}`,
  personRestored: (body, who) => `${who(body.personId)} may come in again`,
  overrideSet: (body, who) =>
    `${who(body.personId)} is on call for ${body.schedule} from ${clock(body.fromAt)} until ${clock(body.untilAt)}, instead of whoever is planned`,
  overrideDropped: (body, who) =>
    `the override of ${body.schedule} for ${who(body.personId)} from ${clock(body.fromAt)} until ${clock(body.untilAt)} is dropped`,
  subscribed: (body, who) => `${who(body.personId)} gets mail about ${body.about}`,
  unsubscribed: (body, who) =>
    `${who(body.personId)} gets no more mail about ${body.about}${body.how === 'link' ? ', by the link in a mail' : ''}`,
  silenceSet: (body) =>
    `${body.kind} ${body.number} holds ${what(body)} from ${clock(body.fromAt)} until ${clock(body.untilAt)}: ${body.because}`,
  silenceExtended: (body) =>
    `${body.kind} ${body.number} (${what(body)}) holds until ${clock(body.untilAt)} instead of ${clock(body.before)}`,
  silenceEnded: (body) =>
    `${body.kind} ${body.number} (${what(body)}) ${body.early ? 'was ended early' : 'has ended'}; ${count(Number(body.stillFiring), 'alert')} it held still ${body.stillFiring === 1 ? 'fires' : 'fire'}`,
  sourceSilent: (body) =>
    `${body.source} is silent since ${clock(body.since)}; it usually sends ${body.usual} requests an hour at this time`,
  sourceBack: (body) => `${body.source} is heard again`,
  rosterLost: (body) => `the calendar of ${body.schedule} cannot be read: ${body.error}`,
  rosterBack: (body) => `the calendar of ${body.schedule} is read again`,
  backupMade: (body) => `backup ${body.name} in ${body.place}, ${body.bytes} bytes`,
  backupFailed: (body) => `no good backup in ${body.to}: ${body.error}`,
  restored: (body) => `restored from ${body.archive}, made ${new Date(Number(body.madeAt)).toISOString()}`,
  diskFilling: (body) => `the disk is forecast to be full at ${new Date(Number(body.fullAt)).toISOString()}`,
  timersLost: (body) =>
    `timers of ${count((body.lost as unknown[]).length, 'incident')} had been lost and are set again`,
  chatTrouble: (body) => `${body.platform} lacks something: ${(body.troubles as string[]).join(' ')}`,
  chatWell: (body) => `${body.platform} has what is needed again`,
  chatLost: (body) =>
    `${body.platform} has not answered since ${new Date(Number(body.since)).toISOString()}${body.why ? `: ${body.why}` : ''}`,
  chatBack: (body) => `${body.platform} is back; it was away from ${new Date(Number(body.since)).toISOString()}`,
  approvalBypassed: (body) =>
    `the glass was broken in ${body.number === null ? `incident ${body.incidentId}` : `#${body.number}`}: somebody went ahead without an approval`,
  heldReleased: (body) => `what was held is released: ${body.released} jobs, ${body.dropped} old messages dropped`,
};
const what = (body: Record<string, unknown>): string => matchingsWords(body.what as Matching[]);
const clock = (at: unknown): string => new Date(Number(at)).toISOString();
const ways: Record<string, string> = {
  shared: 'the shared token',
  token: 'a token',
  link: 'a link from chat',
  oidc: 'single sign-on',
};

/** One event of the `system` stream, without its time. A kind that is not known here is told by its name. */
export function systemWords({ type, body, actor }: SystemEntry, names: Names): string {
  const who = (id: unknown): string => names.get(String(id)) ?? String(id);
  const by = actor.kind === 'person' ? who(actor.personId) : actor.name;
  const say = words[type];
  const what = body === null ? `${type} (erased)` : say ? say(body as Record<string, unknown>, who) : type;
  return `${what} · by ${by}`;
}
