import { sameSecret } from '../access/secrets.js';
import { alertLimits } from '../alerts/limits.js';
import type { Door } from '../alerts/source.js';
import { type AboutBody, sourceOf } from '../alerts/sources.js';
import type { Config, NamedSource, Service } from '../config/config.js';

/** Who may send alerts, and under which names. */
export interface SenderRules {
  alertsToken: Config['alertsToken'];
  sources?: readonly NamedSource[];
  services?: readonly Pick<Service, 'name' | 'aliases'>[];
}

/** A name under `/alerts/`. */
export interface Sender {
  name: string;
  door: Door;
  /** Whether it has tokens of its own; then no other opens it. */
  own: boolean;
  /** Nobody is asked who they are. */
  open: boolean;
  /** What is taken now. */
  secrets(now: number): string[];
  about: Pick<AboutBody, 'defaultService' | 'defaultSeverity' | 'serviceFrom' | 'aliases'>;
  limits: NamedSource['limits'];
}

const usualLimits = {
  alertsPerRequest: alertLimits.alerts,
  alertsWaiting: alertLimits.waitingOfSource,
  alertsPerMinute: null,
};

/** The named source, else the kind of that name, else null. */
export function senderOf(name: string, rules: SenderRules): Sender | null {
  const named = rules.sources?.find((source) => source.name === name);
  const door = sourceOf(named?.kind ?? name);
  if (!door) return null;
  const tokens = named?.tokens ?? [];
  const own = tokens.length > 0;
  return {
    name,
    door,
    own,
    open: !own && rules.alertsToken === null,
    secrets: (now) =>
      own
        ? tokens
            .filter(({ fromAt, untilAt }) => (fromAt === null || fromAt <= now) && (untilAt === null || now < untilAt))
            .map(({ secret }) => secret)
        : rules.alertsToken === null
          ? []
          : [rules.alertsToken],
    about: {
      defaultService: named?.defaultService ?? null,
      defaultSeverity: named?.defaultSeverity ?? null,
      serviceFrom: named?.serviceFrom ?? [],
      aliases: aliasesOf(rules.services),
    },
    limits: named?.limits ?? usualLimits,
  };
}

/** The named source of this kind that one of these tokens opens, else the one that is called like the kind. */
export function senderOfKind(kind: string, rules: SenderRules, given: readonly string[], now: number): Sender {
  for (const { name, tokens } of rules.sources ?? []) {
    const sender = tokens.length > 0 && given.length > 0 ? senderOf(name, rules) : null;
    if (sender?.door.kind === kind && opens(sender, given, now)) return sender;
  }
  const sender = senderOf(kind, rules);
  if (!sender) throw new Error(`There is no kind of source ${kind}.`);
  return sender;
}

/** Every name there is a sender of: the kinds, and those the configuration names. */
export function senderNames(rules: SenderRules, kinds: readonly string[]): string[] {
  return [...new Set([...kinds, ...(rules.sources ?? []).map(({ name }) => name)])];
}

/** Whether a name that is not known may be told so. */
export const mayKnowNames = ({ alertsToken }: SenderRules, given: readonly string[]): boolean =>
  alertsToken === null || given.some((each) => sameSecret(each, alertsToken));

export const opens = (sender: Sender, given: readonly string[], now: number): boolean =>
  sender.open || sender.secrets(now).some((secret) => given.some((each) => sameSecret(each, secret)));

/**
 * The tokens a request brings, wherever its sender may put them: Bearer (or the sender's own word), the password of
 * Basic, a header of the sender's, the query.
 */
export function tokensIn(
  request: { headers: Readonly<Record<string, string | string[] | undefined>>; query: unknown },
  door: Pick<Door, 'tokenHeaders' | 'tokenScheme' | 'tokenQuery'>,
): string[] {
  const { headers, query } = request;
  const given: string[] = [];
  const { authorization } = headers;
  const [, scheme = '', credentials = ''] =
    (typeof authorization === 'string' && /^(\S+) +(.+)$/.exec(authorization)) || [];
  if (/^bearer$/i.test(scheme) || (door.tokenScheme && scheme.toLowerCase() === door.tokenScheme.toLowerCase()))
    given.push(credentials);
  if (/^basic$/i.test(scheme)) {
    const pair = Buffer.from(credentials, 'base64').toString('utf8');
    given.push(pair.slice(pair.indexOf(':') + 1));
  }
  for (const name of door.tokenHeaders ?? []) {
    const value = headers[name];
    if (typeof value === 'string' && value !== '') given.push(value);
  }
  for (const name of ['token', door.tokenQuery]) {
    const asked = name && (query as Record<string, unknown>)[name];
    if (typeof asked === 'string' && asked !== '') given.push(asked);
  }
  return given;
}

const none: ReadonlyMap<string, string> = new Map();
const known = new WeakMap<NonNullable<SenderRules['services']>, ReadonlyMap<string, string>>();

/** Made once per catalogue: it is asked for with every request. */
function aliasesOf(services: SenderRules['services']): ReadonlyMap<string, string> {
  if (!services) return none;
  const made =
    known.get(services) ?? new Map(services.flatMap(({ name, aliases }) => aliases.map((alias) => [alias, name])));
  known.set(services, made);
  return made;
}
