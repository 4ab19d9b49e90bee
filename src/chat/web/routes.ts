import { randomUUID } from 'node:crypto';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Card, text as literal, paragraph } from '../../messages/card.js';
import type { ChatInbound, Inbound, Reply } from '../platform.js';
import type { AwayFromHome } from './away.js';
import { problemPage } from './frame.js';
import { guard, Problem, readBodies, readsPages, sendPage } from './guard.js';
import { type Person, rememberName } from './name.js';
import { channelPage, namePage, shownMessages, startPage } from './page.js';
import type { WebChat } from './platform.js';
import { type Reading, renderWhisper } from './render.js';
import type { Channel } from './store.js';
import { follow, fragmentOf } from './stream.js';

export interface WebRoutes {
  chat: WebChat;
  inbound: Inbound;
  /** Who is at the page; null sends a browser to the form for a name. */
  who: (request: FastifyRequest) => Person | null | Promise<Person | null>;
  /** People sign in elsewhere: nobody is asked for a name here. */
  signedIn?: boolean;
  /** Whether whoever opened a stream may still read it; asked every few seconds. */
  stillThere?: (request: FastifyRequest) => Promise<boolean>;
  /** Somebody has said their name. */
  met?: (name: string) => Promise<unknown>;
  /** Words that are no command, after they are stored. May come again with the same id. */
  onMessage?: (said: { id: string; channel: string; personId: string; text: string; at: number }) => Promise<void>;
  /** Keeps a message on the timeline of its channel's incident; left out: nothing can be kept. */
  keep?: ChatInbound['keep'];
  /** What its author alone is told of a message they have just said; null: nothing. */
  warnsOf?: (text: string, message: string) => Reply | null;
  /** ms since the epoch. */
  now?: () => number;
  /** Origins allowed to write besides the address asked for, e.g. behind a proxy that changes `Host`. */
  origins?: readonly string[];
  heartbeatEveryMs?: number;
  /** Where alerts go, for the line that sends a first one; `token`: they need one. */
  alerts?: () => { url: string; token: boolean };
  /** What the channel of this incident has to do with its home elsewhere; null: nothing. */
  away?: (incidentId: string) => Promise<AwayFromHome | null>;
  /** Jobs that wait since a restore until they are released. */
  held?: () => number;
}

const id = z.string().regex(/^[\w-]{1,100}$/);
const channelId = z.string().max(100);
const words = z
  .string()
  .max(4_000)
  .transform((said) => said.replaceAll('\r\n', '\n').replaceAll('\0', '\uFFFD').trim())
  .pipe(z.string().min(1));
const sayBody = z.object({ channel: channelId, text: words, id });
const keepBody = z.object({ channel: channelId, message: id, id });
const commandBody = z.object({
  channel: channelId.nullish().transform((given) => given || null),
  text: words,
  id,
  incidentId: z.string().max(100).nullish(),
  input: z.string().max(2_000).optional(),
});
const nameBody = z.object({ name: z.string().max(200), next: z.string().max(500).default('/') });
const streamQuery = z.object({ channel: z.string().default(''), after: z.coerce.number().int().min(0).default(0) });

/** The pages of the web chat and what they post to: a Fastify plugin for `/`, `/c/…` and `/chat/web/…`. */
export async function webRoutes(app: FastifyInstance, options: WebRoutes): Promise<void> {
  const {
    chat,
    inbound,
    who,
    signedIn = false,
    stillThere = async () => true,
    met,
    onMessage,
    keep,
    warnsOf,
    now = Date.now,
    origins = [],
    heartbeatEveryMs = 15_000,
    alerts,
    held = () => 0,
    away = async () => null,
  } = options;
  guard(app, origins);
  readBodies(app);
  const streams = new Set<() => void>();
  app.addHook('preClose', async () => {
    for (const end of streams) end();
  });

  const readingOf = (person: Person, channel: Channel | null): Reading => ({
    personId: person.personId,
    now: now(),
    newId: randomUUID,
    channel: channel?.id ?? null,
    keeps: keep !== undefined && channel?.key.startsWith('incident/') === true,
    firstAlert: alerts ? firstAlertLine(alerts()) : null,
    held: held(),
    signedIn,
  });

  const awayOf = async (key: string): Promise<AwayFromHome | null> =>
    key.startsWith('incident/') ? away(key.slice('incident/'.length)) : null;

  async function present(request: FastifyRequest): Promise<Person> {
    const person = await who(request);
    if (person === null) throw new Problem(401, 'Who are you?', 'Open / in a browser and say your name first.');
    return person;
  }

  async function channelFor(person: Person, by: { id: string } | { name: string } | { key: string }): Promise<Channel> {
    const channel = await chat.channel(person.personId, by);
    if (channel === null) throw new Problem(404, 'No such channel', 'It is not there, or not for you.');
    return channel;
  }

  async function showChannel(
    reply: FastifyReply,
    person: Person,
    channel: Channel,
    extra: { whisper: Card | null; draft: string },
  ): Promise<FastifyReply> {
    // Asked before the messages: what comes between is sent again, and replaces itself.
    const after = await chat.lastChange();
    const [channels, messages, home] = await Promise.all([
      chat.channels(person.personId),
      chat.messages(channel.id, shownMessages),
      awayOf(channel.key),
    ]);
    const reading = readingOf(person, channel);
    const whisper = extra.whisper && renderWhisper(extra.whisper, reading);
    return sendPage(reply, 200, (nonce) =>
      channelPage({
        ...{ nonce, person, channels, channel, messages, reading, after, whisper },
        draft: extra.draft,
        away: home,
      }),
    );
  }

  const keptAnswer = async (person: Person, request: FastifyRequest): Promise<Card | null> => {
    const { reply } = request.query as { reply?: unknown };
    return typeof reply === 'string' ? chat.whisper(person.personId, reply) : null;
  };

  app.get('/', async (request, reply) => {
    const person = await who(request);
    if (person === null) return reply.redirect('/chat/web/name', 303);
    const after = await chat.lastChange();
    const channels = await chat.channels(person.personId);
    const reading = readingOf(person, null);
    const kept = await keptAnswer(person, request);
    const whisper = kept && renderWhisper(kept, reading);
    return sendPage(reply, 200, (nonce) => startPage({ nonce, person, channels, reading, after, whisper }));
  });

  app.get<{ Params: { name: string } }>('/c/:name', async (request, reply) => {
    const person = await who(request);
    if (person === null) return reply.redirect(`/chat/web/name?next=${encodeURIComponent(request.url)}`, 303);
    const channel = await channelFor(person, { name: request.params.name });
    return showChannel(reply, person, channel, { whisper: await keptAnswer(person, request), draft: '' });
  });

  app.get<{ Params: { '*': string } }>('/chat/web/to/*', async (request, reply) => {
    const person = await who(request);
    if (person === null) return reply.redirect(`/chat/web/name?next=${encodeURIComponent(request.url)}`, 303);
    const channel = await channelFor(person, { key: request.params['*'] });
    return reply.redirect(`/c/${channel.name}`, 303);
  });

  app.get<{ Querystring: { next?: string } }>('/chat/web/name', async (request, reply) => {
    if (signedIn) return reply.redirect(ours(request.query.next), 303);
    const name = (await who(request))?.name ?? 'on-call';
    return sendPage(reply, 200, (nonce) => namePage({ nonce, name, next: ours(request.query.next), problem: null }));
  });

  app.post('/chat/web/name', async (request, reply) => {
    const { name, next } = understood(nameBody, request.body);
    if (signedIn) return reply.redirect(ours(next), 303);
    const person = rememberName(reply, name);
    if (person !== null) {
      await met?.(person.name);
      return reply.redirect(ours(next), 303);
    }
    const problem = 'Please use letters or digits, and not Muster’s own name.';
    return sendPage(reply, 422, (nonce) => namePage({ nonce, name, next: ours(next), problem }));
  });

  app.get('/chat/web/stream', async (request, reply) => {
    const person = await present(request);
    const query = understood(streamQuery, request.query);
    const followed = query.channel === '' ? null : await channelFor(person, { id: query.channel });
    const channel = followed?.id ?? null;
    const seen = Number(request.headers['last-event-id']);
    reply.hijack();
    const end = follow(reply, {
      chat,
      person,
      channel,
      after: Number.isSafeInteger(seen) && seen > 0 ? seen : query.after,
      heartbeatEveryMs,
      stillThere: () => stillThere(request),
      reading: () => readingOf(person, followed),
      away: async () => (followed === null ? null : awayOf(followed.key)),
      failed: (error) => request.log.error(error, 'a stream of the web chat ended'),
    });
    streams.add(end);
    reply.raw.on('close', () => streams.delete(end));
  });

  app.post('/chat/web/say', async (request, reply) => {
    const person = await present(request);
    const said = understood(sayBody, request.body);
    const channel = await channelFor(person, { id: said.channel });
    if (/^\/incident(\s|$)/i.test(said.text)) {
      return run(request, reply, person, channel, { ...said, incidentId: null });
    }
    if (/^\/[a-z-]+(\s|$)/i.test(said.text)) {
      const card = answerCard(notACommand);
      if (readsPages(request)) return showChannel(reply, person, channel, { whisper: card, draft: said.text });
      return { ...notACommand, html: renderWhisper(card, readingOf(person, channel)).toString() };
    }
    const message = await chat.say({ ...person, channel: channel.id, text: said.text, id: said.id });
    if (message === null) throw new Problem(404, 'No such channel', 'It is gone.');
    await onMessage?.({ ...said, personId: person.personId, at: message.createdAt });
    const warning = warnsOf?.(said.text, message.id)?.card ?? null;
    if (readsPages(request)) {
      if (warning) await chat.keepWhisper(person.personId, said.id, warning);
      return reply.redirect(`/c/${channel.name}${warning ? `?reply=${said.id}` : ''}`, 303);
    }
    const reading = readingOf(person, channel);
    const html = warning && renderWhisper(warning, reading).toString();
    return { message: message.id, shown: fragmentOf(message, reading), ...(html && { html }) };
  });

  app.post('/chat/web/command', async (request, reply) => {
    const person = await present(request);
    const { input = '', ...asked } = understood(commandBody, request.body);
    const channel = asked.channel === null ? null : await channelFor(person, { id: asked.channel });
    return run(request, reply, person, channel, {
      id: asked.id,
      text: `${asked.text} ${input}`.trim(),
      incidentId: asked.incidentId ?? null,
    });
  });

  async function run(
    request: FastifyRequest,
    reply: FastifyReply,
    person: Person,
    channel: Channel | null,
    asked: { id: string; text: string; incidentId: string | null },
  ) {
    const answer = await inbound.command({
      id: asked.id,
      text: asked.text,
      incidentId: asked.incidentId,
      personId: person.personId,
      platform: chat.name,
      channel: channel?.id ?? null,
    });
    return show(request, reply, person, channel, { id: asked.id, answer });
  }

  app.post('/chat/web/keep', async (request, reply) => {
    const person = await present(request);
    const asked = understood(keepBody, request.body);
    const channel = await channelFor(person, { id: asked.channel });
    const kept = keep && (await keptBy(person, channel, asked.message, keep));
    const answer = kept
      ? { text: 'Kept on the timeline, with the time it was said.' }
      : { text: 'Only what people say in the channel of an incident can be kept.', refusal: { code: 'not-kept' } };
    return show(request, reply, person, channel, { id: asked.id, answer });
  });

  async function keptBy(
    { personId }: Person,
    channel: Channel,
    message: string,
    keeps: ChatInbound['keep'],
  ): Promise<boolean> {
    const said = await chat.said(channel.id, message);
    if (said === null) return false;
    const { text, at } = said;
    const place = { platform: chat.name, channel: channel.id, message };
    return keeps({ ...place, text, personId: said.personId, at, keptBy: personId });
  }

  /** What the asker alone sees. */
  async function show(
    request: FastifyRequest,
    reply: FastifyReply,
    person: Person,
    channel: Channel | null,
    { id: asked, answer }: { id: string; answer: Reply },
  ) {
    const card = answerCard(answer);
    if (readsPages(request)) {
      await chat.keepWhisper(person.personId, asked, card);
      return reply.redirect(`${channel === null ? '/' : `/c/${channel.name}`}?reply=${asked}`, 303);
    }
    return { ...answer, html: renderWhisper(card, readingOf(person, channel)).toString() };
  }

  app.setErrorHandler((error: FastifyError | Problem, request, reply) => {
    const known = error instanceof Problem || (error.statusCode !== undefined && error.statusCode < 500);
    if (!known) request.log.error(error, 'the web chat failed');
    const status = known ? (error.statusCode as number) : 500;
    const { error: said, hint } =
      error instanceof Problem
        ? error
        : known
          ? { error: 'Not accepted', hint: error.message }
          : {
              error: 'That did not work',
              hint: 'Something is wrong inside Muster, and it is in its log. Try again; it counts once.',
            };
    if (!readsPages(request)) return reply.code(status).send({ error: said, hint });
    return sendPage(reply, status, (nonce) => problemPage({ nonce, error: said, hint }));
  });
}

const firstAlertLine = ({ url, token }: { url: string; token: boolean }): string =>
  [
    `curl -sS ${url} -H 'Content-Type: application/json' \\`,
    ...(token ? [`  -H "Authorization: Bearer $MUSTER_ALERTS_TOKEN" \\`] : []),
    `  -d '{"alerts": [{"title": "Pushes to the registry fail", "service": "registry", "severity": "critical"}]}'`,
  ].join('\n');

const notACommand: Reply = {
  text: 'Commands start with /incident. To say this as it is, put something before the slash.',
  refusal: { code: 'not-a-command' },
};

/** What the asker sees; a refusal looks like one. */
function answerCard({ text, card, refusal }: Reply): Card {
  const shown = card ?? { tone: 'neutral', summary: text, blocks: [paragraph(literal(text))] };
  return refusal === undefined ? shown : { ...shown, tone: 'warning' };
}

function understood<T extends z.ZodType>(shape: T, given: unknown): z.output<T> {
  const result = shape.safeParse(given);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Problem(400, 'Not understood', `${issue?.path.join('.') || 'body'}: ${issue?.message}`);
}

/** Only paths of this site. */
const ours = (next: string | undefined): string => (next !== undefined && /^\/(?![/\\])/.test(next) ? next : '/');
