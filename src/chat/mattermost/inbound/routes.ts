import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { lineOf } from '../../../messages/form.js';
import type { Reply } from '../../platform.js';
import { pressed } from '../context.js';
import { ask, type Outcome } from './ask.js';
import { filledIn, oneLine, openForm, readState } from './dialogs.js';
import { hookIn, tellHook, whisper } from './later.js';
import { linked, saidIn } from './linked.js';
import type { InboundParts } from './parts.js';
import { pressIds, shortId, triggeredAt } from './presses.js';
import { commandAnswer, plainAnswer } from './shown.js';
import { noButton, noDialog, noForm, slow } from './words.js';

const bodyAtMostBytes = 256 * 1024;

/** The server takes nothing but 200 for an answer; anything else is an error to whoever pressed or typed. */
const answered = (reply: FastifyReply, body: object): FastifyReply => reply.code(200).send(body);

const command = z.object({
  token: z.string().optional(),
  channel_id: z.string(),
  team_id: z.string(),
  user_id: z.string(),
  text: z.string().default(''),
  trigger_id: z.string().default(''),
  response_url: z.string().default(''),
});
const action = z.object({
  user_id: z.string(),
  channel_id: z.string().default(''),
  team_id: z.string().default(''),
  post_id: z.string().default(''),
  trigger_id: z.string().default(''),
  context: z.unknown(),
});
const submitted = z.object({
  user_id: z.string(),
  state: z.string().default(''),
  cancelled: z.boolean().default(false),
  submission: z.record(z.string(), z.unknown()).nullish(),
});

const hashed = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The routes under `/chat/mattermost/`. A slash command comes with one of the `tokens`; `unknownToken` hears of one that does not. */
export async function routes(
  app: FastifyInstance,
  parts: InboundParts,
  tokens: () => readonly string[],
  unknownToken: () => void,
): Promise<void> {
  app.removeAllContentTypeParsers();
  const as = { parseAs: 'string', bodyLimit: bodyAtMostBytes } as const;
  app.addContentTypeParser('application/x-www-form-urlencoded', as, async (_: unknown, body: string) =>
    Object.fromEntries(new URLSearchParams(body)),
  );
  app.addContentTypeParser('application/json', as, async (_: unknown, body: string): Promise<unknown> => {
    try {
      return JSON.parse(body);
    } catch {
      // The routes say what they take.
      return undefined;
    }
  });
  const idOf = pressIds();
  const { adapter, key } = parts;
  const isToken = (given: string): boolean =>
    given !== '' && tokens().some((token) => timingSafeEqual(hashed(given), hashed(token)));

  app.post('/chat/mattermost/command', async (request, reply) => {
    const at = adapter.now();
    const read = command.safeParse(request.body);
    const header = /^Token (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (!read.success || !isToken(header ?? read.data.token ?? '')) {
      unknownToken();
      return reply.code(401).send({
        error: 'This is no slash command of a server that Muster knows.',
        hint: 'docs/platforms/mattermost.md says how the command is registered.',
      });
    }
    const { user_id: account, channel_id: channel, team_id: team, text, trigger_id: trigger, response_url } = read.data;
    const hook = hookIn(response_url);
    const link = linked(text, parts.settings.url);
    const outcome = await ask(
      parts,
      {
        id: `command-${shortId(trigger || `${account} ${at}`)}`,
        account,
        channel,
        incidentId: null,
        text: `/incident ${link?.text ?? text}`.trim(),
        by: 'hand',
        ...(link && { from: () => saidIn(parts, link.post, account) }),
        at,
      },
      trigger === '' ? null : { trigger, team, hook },
    );
    if (outcome.kind === 'slow' && hook !== null)
      parts.later(
        'the answer to a slow command',
        outcome.answer.then((late) => late && tellHook(parts, hook, late, account)),
      );
    if (outcome.kind === 'opened') return answered(reply, {});
    return answered(reply, commandAnswer(parts, replyOf(outcome), account));
  });

  app.post('/chat/mattermost/action', async (request, reply) => {
    const at = adapter.now();
    const calmly = (text: string): FastifyReply => answered(reply, { ephemeral_text: text, skip_slack_parsing: true });
    const read = action.safeParse(request.body);
    const press = read.success ? pressed(key, read.data.context, read.data.user_id) : null;
    if (!read.success || !press) return calmly(noButton);
    const { user_id: account, channel_id, team_id: team, post_id: post, trigger_id: trigger } = read.data;
    const channel = channel_id || null;
    const incidentId = press.incidentId ?? null;
    if (press.input) {
      const form = oneLine(press.command, press.input);
      const opened = await openForm(parts, form, { account, channel, incidentId, from: null, hook: null, trigger });
      return opened ? answered(reply, {}) : calmly(noForm);
    }
    const outcome = await ask(
      parts,
      {
        id: idOf({ account, post, does: JSON.stringify([press.command, incidentId]), at: triggeredAt(trigger) ?? at }),
        account,
        channel,
        incidentId,
        text: press.command,
        by: 'button',
        at,
      },
      trigger === '' ? null : { trigger, team, hook: null },
    );
    return outcome.kind === 'opened' ? answered(reply, {}) : calmly(plainAnswer(replyOf(outcome)));
  });

  app.post('/chat/mattermost/dialog', async (request, reply) => {
    const at = adapter.now();
    const read = submitted.safeParse(request.body);
    const state = read.success ? readState(key, read.data.state, read.data.user_id) : null;
    if (!read.success || !state) return answered(reply, { error: noDialog });
    if (read.data.cancelled) return answered(reply, {});
    const { values, errors } = filledIn(state, read.data.submission ?? {});
    if (Object.keys(errors).length > 0) return answered(reply, { errors });
    const fields = state.fields.map((field) => ({ ...field, label: '', kind: 'line' as const }));
    const outcome = await ask(
      parts,
      {
        id: `form-${shortId(state.once, JSON.stringify(values))}`,
        account: state.account,
        channel: state.channel,
        incidentId: state.incidentId,
        text: lineOf({ command: state.command, fields }, values),
        by: 'hand',
        ...(state.from !== null && { from: () => saidIn(parts, state.from as string, state.account) }),
        at,
      },
      null,
    );
    const said = replyOf(outcome);
    if (said.refusal || outcome.kind === 'slow') {
      const [only, ...more] = state.fields;
      const words = said.text;
      return answered(reply, only && more.length === 0 ? { errors: { [only.name]: words } } : { error: words });
    }
    parts.later(
      'the answer to a form',
      state.hook !== null
        ? tellHook(parts, state.hook, said, state.account)
        : whisper(parts, state.channel, state.account, said),
    );
    return answered(reply, {});
  });
}

function replyOf(outcome: Outcome): Reply {
  if (outcome.kind === 'reply') return outcome.reply;
  return outcome.kind === 'slow' ? { text: slow } : { text: noForm };
}
