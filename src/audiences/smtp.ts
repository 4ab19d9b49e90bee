import { DeliveryError } from '../chat/platform.js';
import type { MailServer } from './audience.js';
import type { Mail } from './mail.js';

/** No step of the conversation may be silent for longer; the job's own deadline covers them together. */
const silentAtMostMs = 9_000;

/**
 * Hands one mail for one address to the server, over a connection of its own. Resolves when the server has taken it.
 * `signal` cuts the connection. @throws DeliveryError, permanent when the server said 5xx.
 */
export async function sendMail(server: MailServer, mail: Mail, signal: AbortSignal): Promise<void> {
  const [{ default: SMTPConnection }, message] = await Promise.all([
    import('nodemailer/lib/smtp-connection'),
    written(mail),
  ]);
  const { host, port, security, user, password, ca } = server;
  const connection = new SMTPConnection({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    connectionTimeout: silentAtMostMs,
    greetingTimeout: silentAtMostMs,
    socketTimeout: silentAtMostMs,
    dnsTimeout: silentAtMostMs,
    socketCloseTimeout: 0,
    ...(ca !== null && { tls: { ca } }),
  });
  const cut = () => connection.close();
  signal.addEventListener('abort', cut, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      const said = (error: Error | null | undefined, next: () => void): void => (error ? reject(error) : next());
      const closed = () => reject(new Error('The connection was closed.'));
      connection.once('error', reject);
      connection.once('end', closed);
      const send = () =>
        connection.send({ from: mail.from.address, to: [mail.to] }, message, (error) => said(error, resolve));
      connection.connect((error) =>
        said(error, () => {
          if (user === null) send();
          else connection.login({ user, pass: password ?? '' }, (refused) => said(refused, send));
        }),
      );
      if (signal.aborted) reject(new Error('It was cut off.'));
    });
    // Taken: what becomes of the goodbye changes nothing.
    connection.on('error', () => {});
    connection.quit();
  } catch (error) {
    connection.on('error', () => {});
    connection.close();
    throw deliveryError(server, mail.to, error);
  } finally {
    signal.removeEventListener('abort', cut);
  }
}

async function written({ headers, ...mail }: Mail): Promise<Buffer> {
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
  const { inReplyTo } = mail;
  return new MailComposer({
    ...mail,
    headers,
    ...(inReplyTo === null ? { inReplyTo: undefined } : { inReplyTo, references: inReplyTo }),
    // Nothing in a message may make the composer read files or addresses.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();
}

function deliveryError({ host, port }: MailServer, to: string, error: unknown): DeliveryError {
  const { message, responseCode } = error as Error & { responseCode?: number };
  const permanent = responseCode !== undefined && responseCode >= 500;
  return new DeliveryError(`The mail server ${host}:${port} did not take the mail for ${to}: ${message}`, {
    permanent,
    cause: error,
  });
}
