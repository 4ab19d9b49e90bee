import { usedCommands, usedEvents, usedMethods } from './uses.js';

interface Meaning {
  /** What does not work without it, in a person's words. */
  cost: string;
  /** Without it an incident cannot be worked on in Slack. */
  vital: boolean;
}

/** Every bot scope Muster asks for. https://docs.slack.dev/reference/scopes */
export const scopes: Readonly<Record<string, Meaning>> = {
  'app_mentions:read': { cost: 'nobody is answered who writes to @Muster in a channel', vital: false },
  'bookmarks:read': { cost: 'the links at the head of a channel cannot be kept up to date', vital: false },
  'bookmarks:write': {
    cost: 'the call, the incident’s page and the playbook do not stand at the head of the channel',
    vital: false,
  },
  'channels:history': {
    cost: 'what people say in public incident channels is not heard, nothing of it is kept on the timeline, and a message whose delivery was in doubt may stand twice',
    vital: true,
  },
  'channels:join': {
    cost: 'Muster cannot go back into a public channel that somebody put it out of, until somebody types /invite @Muster in it',
    vital: false,
  },
  'channels:manage': {
    cost: 'no public incident channel is opened, described or put away, and nobody is invited',
    vital: true,
  },
  'channels:read': {
    cost: 'a channel whose opening was in doubt is not found again and may be there twice, and nobody can tell whether Muster reaches its channels',
    vital: true,
  },
  'chat:write': { cost: 'Muster can say nothing at all', vital: true },
  commands: { cost: '/incident and the shortcuts are not there', vital: true },
  'files:write': { cost: 'the postmortem is not put into the channel as a file', vital: false },
  'groups:history': {
    cost: 'what people say in private incident channels is not heard, and a message whose delivery was in doubt may stand twice there',
    vital: true,
  },
  'groups:read': { cost: 'the same for channels of private incidents', vital: true },
  'groups:write': {
    cost: 'private incidents have no channel, and nobody is invited to one',
    vital: true,
  },
  'im:history': { cost: 'what people write to Muster directly is not heard', vital: false },
  'im:write': { cost: 'nobody is told anything directly: no page, no reminder, no draft to look at', vital: true },
  'pins:read': { cost: 'pinning a message does not keep it on the timeline', vital: false },
  'pins:write': { cost: 'the situation card is not pinned', vital: false },
  'reactions:read': { cost: 'a reaction does not keep a message on the timeline', vital: false },
  'usergroups:read': { cost: 'the user groups of slack.invite-groups are not invited', vital: false },
  'users:read': { cost: 'people are known by their ids and not by their names', vital: true },
  'users:read.email': {
    cost: 'people are not found by their e-mail: whoever is on call is neither invited nor told until they have used Muster in Slack',
    vital: true,
  },
};

/** Bot scopes that what Muster uses needs, sorted; of each what needs it. */
export function neededScopes(): Map<string, string[]> {
  const needed = new Map<string, string[]>();
  const add = (scope: string, by: string): void => {
    needed.set(scope, [...(needed.get(scope) ?? []), by]);
  };
  for (const [method, all] of Object.entries(usedMethods)) for (const scope of all) add(scope, method);
  for (const [event, all] of Object.entries(usedEvents)) for (const scope of all) add(scope, event);
  for (const { command } of usedCommands) add('commands', command);
  return new Map([...needed].sort(([a], [b]) => (a < b ? -1 : 1)));
}
