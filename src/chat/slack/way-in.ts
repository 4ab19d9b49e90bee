import { setTimeout as pause } from 'node:timers/promises';
import type { Card } from '../../messages/card.js';
import type { AdapterParts, ChatInbound, WayIn } from '../platform.js';
import type { SlackApi } from './api.js';
import { callsBy } from './inbound/calls.js';
import { catchesUp } from './inbound/catch-up.js';
import { excuse } from './inbound/excuse.js';
import { httpDoor } from './inbound/http.js';
import { listening } from './inbound/listen.js';
import { type Pace, slackPace } from './inbound/pace.js';
import type { InboundParts } from './inbound/parts.js';
import { type Take, takes } from './inbound/receive.js';
import { selfBy } from './inbound/self.js';
import { whoIs } from './inbound/who.js';
import type { Known } from './inline.js';
import { platform, type SlackSettings } from './settings.js';

/** What is in hand when Muster stops. */
const finishWithinMs = 10_000;

/**
 * How people at Slack are heard: through Socket Mode when there is an app token, else by HTTP. `known` says what Slack
 * calls people and channels, for answers.
 */
export function slackWayIn(
  settings: SlackSettings,
  parts: AdapterParts,
  inbound: ChatInbound,
  {
    api,
    known,
    pace = slackPace,
  }: { api: Pick<SlackApi, 'call'>; known?: (card: Card) => Promise<Known>; pace?: Pace },
): WayIn {
  const { log } = parts;
  const inHand = new Set<Promise<unknown>>();
  const later: InboundParts['later'] = (what, work) => {
    const ended = work
      .catch((error) => log.warn({ err: error, what }, 'Slack was not told something'))
      .finally(() => inHand.delete(ended));
    inHand.add(ended);
  };
  const calls = callsBy(api);
  const self = selfBy(calls);
  const who = whoIs({ calls, accounts: parts.accounts, platform, now: parts.now, self });
  const shared: InboundParts = {
    platform,
    settings,
    adapter: parts,
    inbound,
    calls,
    who,
    self,
    known: (card) => soon(known?.(card) ?? Promise.resolve(nobody)),
    pace,
    later,
  };
  const take = takes(shared);
  const taking: Take = (delivery) => {
    const taken = take(delivery).catch((error) => excuse(shared, delivery, error));
    // Stopping waits until it is stored.
    later(
      'a delivery',
      taken.catch(() => {}),
    );
    return taken;
  };
  const catchUp = catchesUp(shared, parts);
  const stop = new AbortController();
  let open = false;
  let caughtUp: Promise<void> = Promise.resolve();
  /** How often it began to be heard, and up to which of these times all is caught up on. */
  let begun = 0;
  let caughtUpTo = 0;
  const heard = (): void => {
    begun += 1;
    caughtUp = caughtUp.then(catchingUp);
  };
  async function catchingUp(): Promise<void> {
    while (caughtUpTo < begun && !stop.signal.aborted) {
      const upTo = begun;
      const since = parts.now();
      try {
        await catchUp.run(stop.signal);
        if (stop.signal.aborted) return;
        await catchUp.heardUntil(since);
        caughtUpTo = upTo;
      } catch (error) {
        if (stop.signal.aborted) return;
        log.warn({ err: error }, 'what was said in Slack meanwhile could not be caught up on');
        await pause(pace.againAtMostMs, undefined, { signal: stop.signal }).catch(() => {});
      }
    }
  }
  const socket = settings.appToken !== null;
  const ears = listening(shared, socket ? taking : null, heard);
  let running: Promise<void> | null = null;
  let marking: NodeJS.Timeout | undefined;

  return {
    ...(socket ? {} : { mount: httpDoor(shared, taking, () => open) }),
    async start() {
      open = true;
      running = ears.run(stop.signal);
      marking = setInterval(() => {
        if (caughtUpTo < begun) return;
        if (ears.state().ready)
          catchUp
            .heardUntil(parts.now())
            .catch((error) => log.warn({ err: error }, 'how far Slack was heard could not be noted'));
      }, pace.markEveryMs);
      marking.unref();
    },
    state: ears.state,
    async stop() {
      open = false;
      clearInterval(marking);
      stop.abort();
      await running;
      await caughtUp;
      let timer: NodeJS.Timeout | undefined;
      const enough = new Promise((resolve) => {
        timer = setTimeout(resolve, finishWithinMs);
      });
      while (inHand.size > 0) if ((await Promise.race([Promise.allSettled([...inHand]), enough])) === undefined) break;
      clearTimeout(timer);
    },
  };
}

const nobody: Known = { user: () => null, channel: () => null };
/** Somebody waits for the answer: a name does when a mention takes longer. */
const knownWithinMs = 400;

async function soon(asked: Promise<Known>): Promise<Known> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Known>((resolve) => {
    timer = setTimeout(() => resolve(nobody), knownWithinMs);
  });
  try {
    return await Promise.race([asked.catch(() => nobody), late]);
  } finally {
    clearTimeout(timer);
  }
}
