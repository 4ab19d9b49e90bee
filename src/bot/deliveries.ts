import type { Logger } from 'pino';
import { notifier } from '../audiences/notify.js';
import { showsWayIn } from '../audiences/way-in.js';
import type { Config } from '../config/config.js';
import { postmortems } from '../engine/postmortems.js';
import { settles } from '../engine/settle.js';
import { keepsSuggestions } from '../engine/suggestions.js';
import { carriesOut, type TaskParts } from '../engine/tasks.js';
import { channelHead } from '../messages/channel-head.js';
import type { composer } from '../messages/compose.js';
import { pager } from '../pages/pager.js';
import { missedCards } from './missed.js';
import type { openTexts } from './texts.js';

/** What every job is carried out with: chat, mail, webhooks, pages, postmortems. */
export function deliveries(
  parts: Pick<TaskParts, 'store' | 'engine' | 'clock' | 'pass' | 'platforms' | 'names' | 'card' | 'callsWithinMs'> & {
    config: Config;
    current(): Config;
    personIds(): ReadonlyMap<string, string>;
    publicUrl(): string;
    compose: ReturnType<typeof composer>;
    shelf: Awaited<ReturnType<typeof openTexts>>['shelf'];
    log: Logger;
  },
): ReturnType<typeof carriesOut> {
  const { config, current, store, clock, names, publicUrl, compose, shelf, log } = parts;
  const { now } = clock;
  return carriesOut({
    ...parts,
    channelNames: () => current().channels,
    head: (incident) => channelHead(incident, { names, publicUrl: publicUrl() }),
    missed: missedCards({ compose, names, publicUrl, playbook: shelf.get }),
    notify: notifier({
      store,
      now,
      audiences: () => current().audiences,
      mailServer: () => current().mailServer,
      presets: () => current().subscriptions,
      personIds: parts.personIds,
      zoneOf: (personId) => {
        const ids = parts.personIds();
        return current().people.find(({ id }) => (ids.get(id) ?? id) === personId)?.zone ?? null;
      },
      publicUrl,
      log,
    }),
    wayIn: showsWayIn({
      store,
      now,
      config: current,
      personIds: parts.personIds,
      publicUrl,
      open: config.apiToken === null,
    }),
    page: pager({
      store,
      engine: parts.engine,
      now,
      config: current,
      personIds: parts.personIds,
      publicUrl,
      platforms: parts.platforms,
      names,
      log,
    }),
    settle: settles(parts),
    keepSuggestions: keepsSuggestions({ store, names, dataFolder: config.dataFolder, shelf }),
    draftPostmortem: postmortems({ store, names, dataFolder: config.dataFolder, publicUrl, shelf }),
  });
}
