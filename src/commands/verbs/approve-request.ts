import { approversWords, deciders } from '../../incident/approvals.js';
import { literal } from '../../messages/literal.js';
import { formatTime } from '../../messages/zones.js';
import { act, found, misused } from '../answers.js';
import { asking } from '../approvals.js';
import type { Verb } from '../verb.js';
import { approve } from './approve.js';

export const approveRequest: Verb = {
  name: 'approve-request',
  aliases: [
    ...['request-approval', 'ask-approval', 'approval', 'requests-approval', 'requested-approval'],
    ...['ask-for-approval', 'approval-request', 'need-approval'],
  ],
  group: 'Lead',
  usage: 'approve-request <what> [from @who|group|role] [count 2] [within 15m]',
  examples: [
    'approve-request Fail over to the second site from @cleo',
    'approve-request Restore the database from @cleo leads count 2 within 10m',
  ],
  help: 'Ask others to agree to something before it is done; who does not answer is joined by the next.',
  asks: { label: 'What is to be approved?', placeholder: 'Fail over to the second site', required: true },
  where: 'incident',
  async read(args, about) {
    // "Approve request 2" is the answer to one.
    if (/^\d{1,4}$/.test(args) && approve.where === 'incident') return approve.read(args, about);
    if (args === '') return misused(approveRequest, 'What is to be approved?');
    const made = await asking(args, about);
    if ('act' in made) return made.act;
    if ('wrong' in made) return misused(approveRequest, made.wrong);
    return act(about, { type: 'requestApproval', ...made.asking }, (after, events) => {
      const id = found(events, 'approvalRequested')?.id;
      const request = after.approvals?.find((each) => each.id === id);
      if (!request) return 'Asked.';
      const names = deciders(after, request).map((personId) => about.names.get(personId) ?? personId);
      const who = names.length > 0 ? names.join(' or ') : approversWords(request.levels);
      const until = request.dueAt === null ? '' : ` until ${formatTime(request.dueAt)}`;
      const many = request.count > 1 ? ` ${request.count} have to agree.` : '';
      return `Request ${request.id} waits for ${literal(who, 200)}${until}.${many} They have been told.`;
    });
  },
};
