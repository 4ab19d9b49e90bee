import type { Audience, MailServer } from '../../src/audiences/audience.js';
import type { AudienceRule } from '../../src/incident/state.js';
import { type FakeMailServer, startMailServer } from '../fakes/mail-server.js';
import { type Receiver, startReceiver } from '../fakes/webhook-receiver.js';

/** Whoever is told outside chat. They live with the harness, so their books outlast every kill. */
export interface Outside {
  setting: { rules: AudienceRule[]; audiences: Audience[]; mailServer: MailServer };
  receiver: Receiver;
  mails: FakeMailServer;
  close(): Promise<void>;
}

export const page = 'page';
export const leads = 'leads';
export const addresses = ['cto@example.com', 'ceo@example.com'];
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

/** A receiver that is called for everything, and two addresses that have mail when it is about the registry. */
export async function startOutside(): Promise<Outside> {
  const [receiver, mails] = await Promise.all([startReceiver(), startMailServer()]);
  return {
    setting: {
      rules: [{ name: page }, { name: leads, services: ['registry'] }],
      audiences: [
        { name: page, kind: 'stakeholders', reach: { by: 'webhook', url: receiver.url, secrets: [secret] } },
        { name: leads, kind: 'stakeholders', reach: { by: 'mail', to: addresses } },
      ],
      mailServer: {
        host: mails.host,
        port: mails.port,
        security: 'none',
        user: null,
        password: null,
        from: { name: 'Muster', address: 'muster@example.com' },
        ca: null,
      },
    },
    receiver,
    mails,
    async close() {
      await receiver.close();
      await mails.close();
    },
  };
}
