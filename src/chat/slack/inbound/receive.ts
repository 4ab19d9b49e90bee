import { App, type ReceiverEvent } from '@slack/bolt';
import { hearActions } from './actions.js';
import { hearCommands } from './commands.js';
import { hearForms } from './forms.js';
import { hearHome } from './home.js';
import { hearMarks } from './keeping.js';
import { hearMentions } from './mentions.js';
import { onceEach } from './once.js';
import type { Arrival, InboundParts } from './parts.js';
import { sdkLogger } from './sdk-log.js';
import { isForUs } from './self.js';

/** Deliveries whose repetition is met with what the first one got. */
const rememberedAtMost = 2_000;

export interface Delivery {
  body: Record<string, unknown>;
  arrival: Arrival;
  retryNum?: number | undefined;
  retryReason?: string | undefined;
}

/** It is for another workspace than the one Muster is in. */
export class ForeignDelivery extends Error {
  override readonly name = 'ForeignDelivery';
}

/**
 * Takes what Slack delivers, by whatever way it came. Resolves with what to answer once everything it asks for is stored.
 * @throws when it is not, and Slack must deliver it again.
 */
export type Take = (delivery: Delivery) => Promise<unknown>;

export function takes(parts: InboundParts): Take {
  const app = appOf(parts);
  const once = onceEach<unknown>(rememberedAtMost);
  return async (delivery) => {
    const { body } = delivery;
    if (!isForUs(body, await parts.self())) throw new ForeignDelivery('It is for another workspace.');
    const key = body.event_id ?? body.trigger_id;
    return once(typeof key === 'string' ? key : null, () => processed(app, delivery));
  };
}

/** Bolt finds out what it is and who listens. Its own answer to an event comes before the listeners: it is held back. */
function processed(app: App, { body, arrival, retryNum, retryReason }: Delivery): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const event: ReceiverEvent = {
      body,
      ack: async (answer) => {
        if (body.event === undefined) resolve(answer);
      },
      ...(retryNum === undefined ? {} : { retryNum }),
      ...(retryReason === undefined ? {} : { retryReason }),
      customProperties: { arrival },
    };
    app.processEvent(event).then(() => resolve(undefined), reject);
  });
}

function appOf(parts: InboundParts): App {
  const { settings, adapter } = parts;
  const app = new App({
    receiver: { init: () => {}, start: async () => {}, stop: async () => {} },
    authorize: async () => {
      const { userId, botId, teamId } = await parts.self();
      return { botToken: settings.botToken, botUserId: userId, teamId, ...(botId && { botId }) };
    },
    clientOptions: { slackApiUrl: settings.apiUrl },
    convoStore: false,
    logger: sdkLogger(adapter.log),
  });
  // Without this Bolt would log what a listener could not do, and Slack would be told that all is well.
  app.error(async (error) => {
    throw error;
  });
  hearCommands(app, parts);
  hearActions(app, parts);
  hearForms(app, parts);
  hearHome(app, parts);
  hearMentions(app, parts);
  hearMarks(app, parts);
  return app;
}
