import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Sender, type SenderRules, senderOfKind, tokensIn } from '../senders.js';
import type { Taking } from '../taking.js';
import { alertmanagerApi } from './alertmanager.js';
import { opsgenieDoors } from './opsgenie.js';
import { pagerdutyDoors } from './pagerduty.js';

/** An address as another product has it, so that whatever is set up for that one needs no more than ours. */
export interface DropIn {
  method: 'POST' | 'PUT' | 'DELETE';
  url: string;
  /** The kind of source whose bodies come here. */
  kind: string;
  /** What the kind is given instead of the body as it came; left out: the body. @throws BodyRefusal */
  read?(body: unknown, request: FastifyRequest): unknown;
  /** Tokens that stand in the body. */
  tokens?(body: unknown): string[];
  /** What that product puts into its refusals, beside `error` and `hint`. */
  refusal?(status: number, error: string, hint: string): object;
}

export const dropIns: readonly DropIn[] = [...pagerdutyDoors, ...opsgenieDoors, alertmanagerApi];

interface Parts {
  taking: Taking;
  config: SenderRules;
  now(): number;
  /** From here on the request counts as this sender's. */
  from(request: FastifyRequest, sender: Sender): void;
}

/** Each goes to the named source whose token it brings, else to the one that is called like its kind. */
export function dropInRoutes(app: FastifyInstance, { taking, config, now, from }: Parts): void {
  for (const door of dropIns) {
    const known = (request: FastifyRequest, tokens: readonly string[]): Sender => {
      const sender = senderOfKind(door.kind, config, tokens, now());
      from(request, sender);
      return sender;
    };
    const given = (request: FastifyRequest): string[] => tokensIn(request, senderOfKind(door.kind, config, [], 0).door);
    app.route({
      method: door.method,
      url: door.url,
      config: { dropIn: door },
      onRequest(request, reply, next) {
        const sender = known(request, given(request));
        if (!taking.turnAway(request, reply, sender, door.method)) next();
      },
      async handler(request, reply): Promise<FastifyReply> {
        const body = (request.body as { value?: unknown } | undefined)?.value;
        const more = door.tokens?.(body) ?? [];
        const sender = known(request, [...given(request), ...more]);
        // Only now it is known whose it is.
        const refused = more.length > 0 ? taking.turnAway(request, reply, sender, door.method) : null;
        return refused ?? taking.take(request, reply, sender, door.read && ((read) => door.read?.(read, request)));
      },
    });
  }
}

/** The door of a request that came by one of these; null: it came by another way. */
export const dropInOf = (request: FastifyRequest): DropIn | null =>
  (request.routeOptions.config as { dropIn?: DropIn }).dropIn ?? null;
