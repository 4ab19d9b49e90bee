import { createVerify, X509Certificate } from 'node:crypto';
import type { AboutProof, Authenticity } from '../source.js';

/** An envelope of Amazon SNS, as far as it is signed. */
export interface Signed {
  Type: string | null;
  Message: string | null;
  MessageId: string | null;
  Subject?: string | null;
  SubscribeURL: string | null;
  Timestamp: string | null;
  Token: string | null;
  TopicArn: string | null;
  Signature: string | null;
  SignatureVersion: string | null;
  SigningCertURL: string | null;
}

const own = /^https:\/\/sns\.[a-z0-9-]{1,40}\.amazonaws\.com(?:\.cn)?\/[^\s\\]{0,2000}$/;

/** An https address of SNS itself, without port, name or password in it; else null. */
export const snsAddress = (text: string | null): URL | null =>
  text !== null && own.test(text) && URL.canParse(text) ? new URL(text) : null;

/**
 * `wrong`: signed, and not by SNS. A signature that fits only says that some topic of some account sent this, and
 * anybody can have one: it is no more than `absent`, and the token has to be there.
 */
export async function snsSigned(envelope: Signed, about: Pick<AboutProof, 'fetchText' | 'now'>): Promise<Authenticity> {
  const { Signature, SignatureVersion, SigningCertURL } = envelope;
  if (Signature === null) return 'absent';
  const url = snsAddress(SigningCertURL);
  const hash = SignatureVersion === '1' ? 'sha1' : SignatureVersion === '2' ? 'sha256' : null;
  if (!url?.pathname.endsWith('.pem') || hash === null) return 'wrong';
  let text: string;
  try {
    text = await about.fetchText(url.href);
  } catch {
    // No way out to AWS from here: the token decides, as without a signature.
    return 'absent';
  }
  try {
    const certificate = new X509Certificate(text);
    const current = Date.parse(certificate.validFrom) <= about.now && about.now <= Date.parse(certificate.validTo);
    const fits = createVerify(hash)
      .update(signedText(envelope), 'utf8')
      .verify(certificate.publicKey, Signature, 'base64');
    return current && fits ? 'absent' : 'wrong';
  } catch {
    // What is no certificate, or has no key for this, has signed nothing.
    return 'wrong';
  }
}

function signedText(envelope: Signed): string {
  const names =
    envelope.Type === 'Notification'
      ? (['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'] as const)
      : (['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'] as const);
  return names
    .flatMap((name) => {
      const value = envelope[name];
      return value === null || value === undefined ? [] : [`${name}\n${value}\n`];
    })
    .join('');
}
