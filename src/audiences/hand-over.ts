import { DeliveryError } from '../chat/platform.js';
import type { Lease, Store } from '../store/port.js';
import type { MailServer } from './audience.js';
import type { Mail } from './mail.js';
import { sendMail } from './smtp.js';

/** Where it went, and the id it went under. */
export interface Sent {
  channel: string;
  message: string;
}

/** Hands something to one address and ends its job. A call that was given up does not go on behind the next try's back. */
export async function handOver(
  parts: { store: Pick<Store, 'done'>; now(): number },
  job: { lease: Lease; incidentId: string; platform: string; within: (send: () => Promise<Sent>) => Promise<Sent> },
  send: (signal: AbortSignal) => Promise<Sent>,
): Promise<void> {
  const { lease, incidentId, platform, within } = job;
  const cut = new AbortController();
  try {
    const sent = await within(() => send(cut.signal));
    await parts.store.done(lease, { jobKey: lease.key, incidentId, platform, ...sent, at: parts.now() });
  } finally {
    cut.abort();
  }
}

/** @throws DeliveryError, permanent while no mail server is set up. */
export async function mailBy(
  server: MailServer | null,
  write: (from: MailServer['from']) => Mail,
  to: string,
  signal: AbortSignal,
): Promise<Sent> {
  if (server === null) throw new DeliveryError('No mail server is set up.', { permanent: true });
  const mail = write(server.from);
  await sendMail(server, mail, signal);
  return { channel: to, message: mail.messageId };
}
