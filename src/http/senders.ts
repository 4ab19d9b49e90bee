import type { FastifyRequest } from 'fastify';
import { sameSecret } from '../access/secrets.js';
import { alertLimits } from '../alerts/limits.js';
import type { Door } from '../alerts/source.js';
import { type AboutBody, sourceOf } from '../alerts/sources.js';
import type { Config, NamedSource, Service, SourceToken } from '../config/config.js';

/** Who may send alerts, and under which names. */
export interface SenderRules {
  alertsToken: Config['alertsToken'];
  sources?: readonly NamedSource[];
  services?: readonly Pick<Service, 'name' | 'aliases'>[];
}

/** A name under `/alerts/`. */
export interface Sender {
  door: Door;
  /** Whether it has tokens of its own; then no other opens it. */
  own: boolean;
  opens(secret: string | null, now: number): boolean;
  about: Pick<AboutBody, 'defaultService' | 'aliases'>;
  limits: NamedSource['limits'];
}

const usualLimits = { alertsPerRequest: alertLimits.alerts, alertsWaiting: alertLimits.waitingOfSource };

/** The named source, else the kind of that name, else null. */
export function senderOf(name: string, rules: SenderRules): Sender | null {
  const named = rules.sources?.find((source) => source.name === name);
  const door = sourceOf(named?.kind ?? name);
  if (!door) return null;
  const tokens = named?.tokens ?? [];
  return {
    door,
    own: tokens.length > 0,
    opens: tokens.length > 0 ? (secret, now) => opensOne(tokens, secret, now) : generalDoor(rules),
    about: { defaultService: named?.defaultService ?? null, aliases: aliasesOf(rules.services) },
    limits: named?.limits ?? usualLimits,
  };
}

/** What stands before a name that is not known either. */
export const generalDoor =
  ({ alertsToken }: SenderRules): Sender['opens'] =>
  (secret) =>
    alertsToken === null || (secret !== null && sameSecret(secret, alertsToken));

const opensOne = (tokens: readonly SourceToken[], secret: string | null, now: number): boolean =>
  secret !== null &&
  tokens.some(
    ({ secret: wanted, fromAt, untilAt }) =>
      sameSecret(secret, wanted) && (fromAt === null || fromAt <= now) && (untilAt === null || now < untilAt),
  );

/** The Bearer token, or the password of Basic. */
export function secretIn(request: FastifyRequest): string | null {
  const [, scheme = '', given = ''] = /^(bearer|basic) +(.+)$/i.exec(request.headers.authorization ?? '') ?? [];
  if (scheme === '') return null;
  if (scheme.toLowerCase() !== 'basic') return given;
  const pair = Buffer.from(given, 'base64').toString('utf8');
  return pair.slice(pair.indexOf(':') + 1);
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
