import { z } from 'zod';
import type { Call } from './calls.js';
import { changePost, livePost } from './posts.js';
import { type Action, forbidden, isMember, newId, type Post, Refused, type World, whisper } from './world.js';

/** A dialog may be opened for this long after the act it follows. */
const TRIGGER_FOR = 3_000;
const ANSWER_WITHIN = 30_000;

function newTrigger(world: World, userId: string): string {
  const id = Buffer.from(`${newId()}:${userId}:${world.now()}:signature`).toString('base64');
  world.triggers.set(id, { userId, until: world.now() + TRIGGER_FOR });
  return id;
}

async function callOut(url: string, body: unknown): Promise<unknown> {
  const failed = (why: string): Refused =>
    new Refused(400, 'api.post.do_action.action_integration.app_error', `Action integration error: ${why}`);
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
    redirect: 'manual',
    signal: AbortSignal.timeout(ANSWER_WITHIN),
  }).catch((error) => {
    throw failed(String(error));
  });
  const text = await response.text();
  if (response.status !== 200) throw failed(`status=${response.status}`);
  try {
    return JSON.parse(text);
  } catch {
    throw failed('no JSON');
  }
}

/** Also what somebody posts as a button of ours is called: nothing of it is checked but who clicks. */
export async function clickButton({ world, userId, params, body }: Call): Promise<unknown> {
  const [postId = '', actionId = ''] = params;
  if (!/^[A-Za-z0-9]+$/.test(actionId)) throw new Refused(404, 'api.context.404.app_error');
  const sealed = world.cookies.get((body as { cookie?: string } | undefined)?.cookie ?? '');
  const channel = world.channels.get(world.posts.get(postId)?.channel_id ?? sealed?.channelId ?? '');
  if (!channel || !isMember(world, channel.id, userId)) throw forbidden();
  if (sealed && sealed.postId !== postId) throw new Refused(404, 'api.post.do_action.action_integration.app_error');
  const post = sealed ? null : livePost(world, postId);
  const actions = (post?.props.attachments ?? []).flatMap((attachment) => attachment.actions ?? []);
  const action = sealed?.action ?? actions.find(({ id }) => id === actionId);
  if (!action?.integration) throw new Refused(404, 'api.post.do_action.action_id.app_error');
  const trigger = newTrigger(world, userId);
  const answer = z
    .looseObject({
      update: z.looseObject({}).nullish(),
      ephemeral_text: z.string().nullish(),
      skip_slack_parsing: z.boolean().nullish(),
    })
    .parse(
      await callOut(action.integration.url, {
        user_id: userId,
        user_name: world.users.get(userId)?.username,
        channel_id: channel.id,
        channel_name: channel.name,
        team_id: channel.team_id,
        team_domain: world.teams.get(channel.team_id)?.name ?? '',
        post_id: postId,
        trigger_id: trigger,
        type: 'button',
        data_source: '',
        context: action.integration.context ?? {},
      }),
    );
  if (answer.update && post) changePost(world, post, answer.update as Partial<Post>);
  if (answer.ephemeral_text)
    whisper(world, {
      user_id: userId,
      channel_id: channel.id,
      message: answer.skip_slack_parsing ? answer.ephemeral_text : slackParsed(answer.ephemeral_text),
      attachments: undefined,
    });
  return { status: 'OK', trigger_id: trigger };
}

/** `<address|text>` becomes a link unless the answer says not to. */
const slackParsed = (text: string): string => text.replace(/<(https?:[^|>]+)\|([^>]+)>/g, '[$2]($1)');

export function openDialog({ world, body }: Call): unknown {
  const element = z.looseObject({
    display_name: z.string().min(1).max(24),
    name: z.string().min(1).max(300),
    type: z.enum(['text', 'textarea', 'select', 'radio', 'bool']),
    help_text: z.string().max(150).optional(),
    placeholder: z.string().max(150).optional(),
    default: z.string().optional(),
    optional: z.boolean().optional(),
    max_length: z.number().optional(),
    options: z.array(z.strictObject({ text: z.string().min(1), value: z.string().min(1) })).optional(),
  });
  const asked = z
    .strictObject({
      trigger_id: z.string(),
      url: z.string().min(1),
      dialog: z.looseObject({
        title: z.string().min(1).max(24),
        elements: z.array(element).max(5),
        submit_label: z.string().max(24).optional(),
        introduction_text: z.string().optional(),
        state: z.string(),
      }),
    })
    .parse(body);
  const trigger = world.triggers.get(asked.trigger_id);
  if (!trigger) throw new Refused(400, 'interactive_message.decode_trigger_id.base64_decode_failed');
  if (trigger.until < world.now())
    throw new Refused(
      400,
      'interactive_message.decode_trigger_id.expired',
      'Trigger ID for interactive dialog is expired.',
    );
  world.dialogs.push({ userId: trigger.userId, url: asked.url, dialog: asked.dialog });
  world.tell('open_dialog', { dialog: JSON.stringify(asked) }, { user: trigger.userId });
  return { status: 'OK' };
}

export async function submitDialog({ world, userId, body }: Call): Promise<unknown> {
  const { url, ...asked } = z
    .looseObject({
      url: z.string(),
      channel_id: z.string(),
      team_id: z.string(),
      state: z.string(),
      submission: z.record(z.string(), z.unknown()),
    })
    .parse(body);
  if (!isMember(world, asked.channel_id, userId)) throw forbidden();
  const answer = await callOut(url, {
    callback_id: '',
    cancelled: false,
    ...asked,
    type: 'dialog_submission',
    user_id: userId,
  });
  const { error, errors } = z
    .looseObject({ error: z.string().optional(), errors: z.record(z.string(), z.string()).optional() })
    .parse(answer);
  return { ...(error && { error }), ...(errors && { errors }) };
}

export async function executeCommand({ world, userId, body }: Call): Promise<unknown> {
  const asked = z
    .looseObject({ channel_id: z.string(), command: z.string(), team_id: z.string().optional() })
    .parse(body);
  const channel = world.channels.get(asked.channel_id);
  if (!channel || !isMember(world, channel.id, userId)) throw forbidden();
  const teamId = channel.team_id || (asked.team_id ?? '');
  const [, trigger = '', text = ''] = /^\/(\S+)\s*(.*)$/s.exec(asked.command) ?? [];
  const command = [...world.commands.values()].find((each) => each.team_id === teamId && each.trigger === trigger);
  if (!command)
    throw new Refused(
      404,
      'api.command.execute_command.not_found.app_error',
      `Command with a trigger of '${trigger}' not found.`,
    );
  const failed = (why: string): Refused =>
    new Refused(
      500,
      'api.command.execute_command.failed.app_error',
      `Command with a trigger of '${trigger}' failed: ${why}`,
    );
  const trigger_id = newTrigger(world, userId);
  const hook = newId();
  world.hooks.set(hook, { userId, channelId: channel.id, left: 5 });
  const response = await fetch(command.url, {
    method: 'POST',
    headers: {
      accept: 'application/json',
      authorization: `Token ${command.token}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({
      token: command.token,
      team_id: teamId,
      team_domain: world.teams.get(teamId)?.name ?? '',
      channel_id: channel.id,
      channel_name: channel.name,
      user_id: userId,
      user_name: world.users.get(userId)?.username ?? '',
      command: `/${trigger}`,
      text,
      trigger_id,
      response_url: `${world.url}/hooks/commands/${hook}`,
    }),
    redirect: 'manual',
    signal: AbortSignal.timeout(ANSWER_WITHIN),
  }).catch((error) => {
    throw failed(String(error));
  });
  const said = await response.text();
  if (response.status !== 200) throw failed(`status=${response.status} ${said}`);
  const json = (response.headers.get('content-type') ?? '').startsWith('application/json');
  const answer = json ? (JSON.parse(said) as Record<string, unknown>) : { text: said };
  if (answer.response_type === 'in_channel') throw failed('this would be posted in the name of who asked');
  for (const part of [answer, ...((answer.extra_responses ?? []) as Record<string, unknown>[])])
    if (part.text || part.attachments)
      whisper(world, {
        user_id: userId,
        channel_id: channel.id,
        message: String(part.text ?? ''),
        attachments: structuredClone(part.attachments),
      });
  for (const { actions } of (answer.attachments ?? []) as { actions?: Action[] }[])
    for (const action of actions ?? []) delete action.integration;
  return { text: '', ...answer, trigger_id };
}

/** Five answers may follow a command, to whoever typed it. */
export function answerLater({ world, params: [id = ''], body }: Call): unknown {
  const hook = world.hooks.get(id);
  if (!hook || hook.left === 0) throw new Refused(404, 'web.command_webhook.invalid.app_error');
  hook.left -= 1;
  const said = z.looseObject({ response_type: z.literal('ephemeral'), text: z.string() }).parse(body);
  whisper(world, {
    user_id: hook.userId,
    channel_id: hook.channelId,
    message: said.text,
    attachments: said.attachments,
  });
  return 'ok';
}
