import { resolve } from 'node:path';
import type { Page } from '../pages/page.js';
import { requestOf, valuesOf } from '../pages/template.js';
import type { PageWebhook, Reach, Way } from '../pages/way.js';
import type { ConfigFile } from './file.js';
import { isLoopback } from './loopback.js';
import { type ConfigProblem, type Env, readSecret } from './secrets.js';
import type { Located, Path } from './yaml.js';

interface From {
  env: Env;
  /** Relative files start here. */
  folder: string;
  located: Located;
  problems: ConfigProblem[];
}
type Place = { env?: string | undefined; file?: string | undefined };
type WayGiven = NonNullable<ConfigFile['people'][string]['page']>[number];

/** https://docs.ntfy.sh: the public server. */
const publicNtfy = 'https://ntfy.sh';
/** https://developer.pagerduty.com/docs/events-api-v2/overview/ */
const pagerDuty = 'https://events.pagerduty.com/v2/enqueue';

/** How people are called, with the secrets read. What cannot be read or used is reported where the file says it. */
export function readPages(file: ConfigFile, from: From): { ways: Map<string, Way[]>; webhooks: PageWebhook[] } {
  const webhooks = Object.entries(file['page-webhooks']).map(([name, given]) => webhookOf(name, given, from));
  const ways = Object.entries(file.people).map(
    ([id, { page = [] }]) => [id, page.flatMap((way, i) => wayOf(way, file, ['people', id, 'page', i], from))] as const,
  );
  return { ways: new Map(ways.map(([id, each]) => [id, numbered(each)])), webhooks };
}

/** Two of a kind are told apart by their place. */
function numbered(ways: readonly Way[]): Way[] {
  const seen = new Map<string, number>();
  return ways.map((way) => {
    const count = (seen.get(way.id) ?? 0) + 1;
    seen.set(way.id, count);
    return count === 1 ? way : { ...way, id: `${way.id}-${count}` };
  });
}

function wayOf(given: WayGiven, file: ConfigFile, path: Path, from: From): Way[] {
  const reach = reachOf(given, file, path, from);
  if (reach === null) return [];
  const id = reach.via === 'webhook' ? `webhook-${reach.name}` : reach.via;
  return [{ id, severities: given.severities ?? null, afterMs: given.after ?? 0, ...reach }];
}

function reachOf(given: WayGiven, file: ConfigFile, path: Path, from: From): Reach | null {
  const { via, url, topic, token, name } = given;
  const problem = (what: string, fix: string, level: ConfigProblem['level'] = 'error') =>
    from.problems.push({ where: from.located.at(path), what, fix, level });
  if (url?.startsWith('http:') && !isLoopback(new URL(url).hostname))
    problem('Calls to http can be read, and whoever reads one can acknowledge.', 'Use https.', 'warning');
  switch (via) {
    case 'chat':
      return { via };
    case 'mail':
      if (file.mail === undefined) problem('No mail server is set up.', 'Give `mail` with host and from.');
      return { via };
    case 'push':
      if (file.people[String(path[1])]?.push === undefined)
        problem('This person has no push address.', 'Give `push` with to and secrets, or take this way out.');
      return { via };
    case 'ntfy': {
      const read = token && secretAt(token, [...path, 'token'], from);
      return read === null ? null : { via, url: url ?? publicNtfy, topic: topic as string, token: read ?? null };
    }
    case 'gotify': {
      const read = secretAt(token as Place, [...path, 'token'], from);
      return read === null ? null : { via, url: url as string, token: read };
    }
    case 'pagerduty': {
      const read = secretAt(given['routing-key'] as Place, [...path, 'routing-key'], from);
      return read === null ? null : { via, url: url ?? pagerDuty, routingKey: read };
    }
    case 'webhook':
      if (!Object.hasOwn(file['page-webhooks'], name as string))
        problem(`There is no page webhook "${name}".`, 'Name it under `page-webhooks` first.');
      return { via, name: name as string };
  }
}

function webhookOf(name: string, given: ConfigFile['page-webhooks'][string], from: From): PageWebhook {
  const path = ['page-webhooks', name];
  const read = (place: Place, ...at: string[]): string => secretAt(place, [...path, ...at], from) ?? '';
  const webhook: PageWebhook = {
    name,
    url: given.url,
    method: given.method,
    headers: given.headers,
    body: given.body ?? null,
    basic: given.basic
      ? { user: read(given.basic.user, 'basic', 'user'), password: read(given.basic.password, 'basic', 'password') }
      : null,
    secrets: Object.fromEntries(
      Object.entries(given.secrets).map(([each, place]) => [each, read(place, 'secrets', each)]),
    ),
  };
  tried(webhook, path, from);
  return webhook;
}

/** A page that nobody gets, so that what is wrong with the texts shows before somebody is called. */
const trial: Page = {
  incident: null,
  person: { personId: 'ada', name: 'Ada', phone: '+49 30 123456', email: null, push: null },
  because: null,
  link: 'https://muster.invalid/ack/x',
  lastsMs: 0,
  publicUrl: 'https://muster.invalid',
  titled: true,
  now: 0,
};

function tried(webhook: PageWebhook, path: Path, { located, problems }: From): void {
  const where = located.at(path);
  try {
    const { url, headers, body } = requestOf(webhook, valuesOf(trial, webhook.secrets), 0);
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
      problems.push({
        where,
        what: `page-webhooks.${webhook.name}.url: It makes no http or https address.`,
        fix: 'Write a whole address, like https://sms.example.com/send.',
      });
    new Headers(headers);
    if (headers['content-type']?.startsWith('application/json') && body !== null) JSON.parse(body);
  } catch (error) {
    problems.push({
      where,
      what: `page-webhooks.${webhook.name}: A text cannot be filled in: ${(error as Error).message.split('\n')[0]}.`,
      fix: 'docs/pages.md says which values there are, and how a body is written.',
    });
  }
}

/** null: it cannot be read, which is reported. */
function secretAt({ env: variable, file }: Place, path: Path, { env, folder, located, problems }: From): string | null {
  const found: ConfigProblem[] = [];
  const name = variable ?? 'file';
  const secret = readSecret(file === undefined ? env : { file_FILE: resolve(folder, file) }, name, found);
  const where = located.at(path);
  if (secret === null && found.length === 0)
    problems.push({
      where,
      what: `${name}: It is not set.`,
      fix: `Set ${name} or ${name}_FILE where Muster starts.`,
    });
  problems.push(...found.map(({ where: what, ...rest }) => ({ ...rest, what: `${what}: ${rest.what}`, where })));
  return secret;
}
