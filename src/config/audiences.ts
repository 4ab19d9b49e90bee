import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Audience, MailServer, PushAddress } from '../audiences/audience.js';
import { secretKey } from '../audiences/webhook.js';
import type { ConfigFile } from './file.js';
import { isLoopback } from './loopback.js';
import { type ConfigProblem, type Env, readSecret } from './secrets.js';
import { senderOf } from './sections/audiences.js';
import type { Located, Path } from './yaml.js';

interface From {
  env: Env;
  /** Relative files start here. */
  folder: string;
  located: Located;
  problems: ConfigProblem[];
}

const secretMaker = 'echo "whsec_$(openssl rand -base64 32)"';

/** Where the telephones of people are reached, by their id. */
function pushesOf(file: ConfigFile, from: From): Map<string, PushAddress> {
  return new Map(
    Object.entries(file.people).flatMap(([id, { push }]) => {
      if (push === undefined) return [];
      const { to: url, secrets, topic = null } = push;
      const read = secrets.flatMap((each, i) => webhookSecret(each, ['people', id, 'push', 'secrets', i], from));
      return [[id, { url, secrets: read, topic }] as const];
    }),
  );
}

/** Whom to tell and how, with the secrets read. What cannot be read is reported where the file says it. */
export function readAudiences(
  file: ConfigFile,
  from: From,
): { audiences: Audience[]; mailServer: MailServer | null; pushes: Map<string, PushAddress> } {
  const audiences = Object.entries(file.audiences).map(([name, { mail, webhook, secrets, kind }]): Audience => {
    if (mail !== undefined) return { name, kind, reach: { by: 'mail', to: [...new Set(mail)] } };
    const read = secrets.flatMap((reference, i) => webhookSecret(reference, ['audiences', name, 'secrets', i], from));
    return { name, kind, reach: { by: 'webhook', url: webhook as string, secrets: read } };
  });
  return { audiences, mailServer: mailServerOf(file, from), pushes: pushesOf(file, from) };
}

type Reference = ConfigFile['audiences'][string]['secrets'][number];

function webhookSecret({ env: variable, file }: Reference, path: Path, from: From): string[] {
  const found: ConfigProblem[] = [];
  const name = variable ?? 'file';
  const secret = readSecret(file === undefined ? from.env : { file_FILE: resolve(from.folder, file) }, name, found);
  const where = from.located.at(path);
  if (secret !== null && secretKey(secret) !== null) return [secret];
  if (secret !== null)
    from.problems.push({
      where,
      what: `${name}: A webhook's secret is whsec_ and the base64 of 24 to 64 bytes.`,
      fix: `Make one with \`${secretMaker}\`, or take the one your receiver shows.`,
    });
  else if (found.length === 0)
    from.problems.push({
      where,
      what: `${name}: It is not set.`,
      fix: `Set ${name} or ${name}_FILE where Muster starts.`,
    });
  from.problems.push(...found.map(({ where: what, ...rest }) => ({ ...rest, what: `${what}: ${rest.what}`, where })));
  return [];
}

const passwordName = 'MUSTER_SMTP_PASSWORD';
const usualPorts = { starttls: 587, tls: 465, none: 25 } as const;

function mailServerOf({ mail }: ConfigFile, { env, folder, located, problems }: From): MailServer | null {
  if (mail === undefined) return null;
  const { host, security, user = null, port = usualPorts[security] } = mail;
  const password = readSecret(env, passwordName, problems);
  const unset = env[passwordName] === undefined && env[`${passwordName}_FILE`] === undefined;
  if (user !== null && unset)
    problems.push({
      where: located.at(['mail', 'user']),
      what: `mail.user: The password of ${user} is not set.`,
      fix: `Set ${passwordName} or ${passwordName}_FILE where Muster starts, or take user out.`,
    });
  if (security === 'none' && !isLoopback(host))
    problems.push({
      where: located.at(['mail', 'security']),
      what: `mail.security: Mail to ${host} can be read on its way${user === null ? '' : ', and so can the password'}.`,
      fix: 'Use starttls or tls, if the server can.',
      level: 'warning',
    });
  return {
    host,
    port,
    security,
    user,
    password,
    from: senderOf(mail.from) as MailServer['from'],
    ca: mail.ca === undefined ? null : certificates(resolve(folder, mail.ca), located.at(['mail', 'ca']), problems),
  };
}

function certificates(path: string, where: string, problems: ConfigProblem[]): string | null {
  try {
    const text = readFileSync(path, 'utf8');
    if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
    problems.push({ where, what: `mail.ca: ${path} has no certificate in it.`, fix: 'Name a file in PEM form.' });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    problems.push({
      where,
      what: `mail.ca: ${path} cannot be read: ${code}.`,
      fix: 'Name a file that Muster may read.',
    });
  }
  return null;
}
