import { mkdir } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { adopting } from './bot/adopted.js';
import { adaptersOf, startWays, waysIn } from './bot/chat.js';
import { deliveries } from './bot/deliveries.js';
import { topologyFor } from './bot/dependencies.js';
import { planningBy } from './bot/planning.js';
import { type Unreported, watchUnreported } from './bot/quiet.js';
import { serverOf } from './bot/server.js';
import { openTexts } from './bot/texts.js';
import type { ChatAdapter, ChatPlatform, Inbound } from './chat/platform.js';
import { openWebChat, type WebChat } from './chat/web/platform.js';
import type { Config } from './config/config.js';
import { chatLocation, storeLocation } from './config/locations.js';
import { watchConfig, watchFolder } from './config/watch.js';
import { aroundBy } from './engine/around.js';
import { arranging } from './engine/arrange.js';
import { chatInbound } from './engine/chat-inbound.js';
import { keepCheckpoints } from './engine/checkpoints.js';
import { type Clock, systemClock } from './engine/clock.js';
import { createEngine, type Engine } from './engine/engine.js';
import { erasures } from './engine/erasures.js';
import { intakeBy } from './engine/intake.js';
import { newsOf } from './engine/news.js';
import { systemTeller } from './engine/operators.js';
import { type OutageWatch, watchOutages } from './engine/outage-watch.js';
import { openRoster, type Roster } from './engine/people.js';
import { type Passing, passUnseen } from './engine/points.js';
import { watchRefusals } from './engine/refusals.js';
import { type Reloadable, reloader } from './engine/reload.js';
import { responder } from './engine/respond.js';
import { callsWithinMs, createRunner, type Runner } from './engine/runner.js';
import { suggestionsOf } from './engine/suggestions.js';
import { writer } from './engine/write.js';
import { whyNotReady } from './http/health.js';
import { createMetrics } from './http/metrics/metrics.js';
import { senderOf } from './http/senders.js';
import { fold } from './incident/evolve.js';
import type { Incident } from './incident/state.js';
import type { Card } from './messages/card.js';
import { composer } from './messages/compose.js';
import { situationCard } from './messages/situation.js';
import type { AroundNow } from './messages/situation-symptoms.js';
import { triageCard } from './messages/triage-card.js';
import { type OnCallWatch, watchOnCall } from './oncall/watch.js';
import type { Sizes } from './operate/disk-watch.js';
import { type Operations, operate } from './operate/operations.js';
import { phoneOf } from './pages/callees.js';
import { waysTrier } from './pages/try.js';
import { lockDataFolder, openStore } from './store/open.js';
import type { Store } from './store/port.js';

/** A whole Muster, running. */
export interface Bot extends Pick<Unreported, 'episodes' | 'quiet' | 'heartbeats'> {
  /** Where it listens, e.g. http://127.0.0.1:7370 */
  url: string;
  store: Store;
  engine: Engine;
  runner: Runner;
  inbound: Inbound;
  /** Who is behind an account of a chat platform; its adapters ask before they hand a command on. */
  identify: Roster['identify'];
  app: FastifyInstance;
  web: WebChat;
  operations: Operations;
  outages: OutageWatch;
  onCall: OnCallWatch;
  /** Looks at the configuration again. What is wrong with it is told, and the last good one stays. */
  reload(): Promise<void>;
  /** Takes nothing more, finishes what it has taken, lets go of everything. */
  close(): Promise<void>;
}

export interface BotOptions {
  log: Logger;
  clock?: Clock;
  /** Left out: the configuration stays as it is. */
  reloadable?: Reloadable;
  /** Told each named moment a crash must survive. */
  pass?: Passing;
  /** Chat platforms besides the web room. */
  platforms?: readonly ChatPlatform[];
  /** Instead of those the configuration names. */
  adapters?: readonly ChatAdapter[];
  /** Of the data and its disk; left out: they are asked for. */
  sizes?: () => Promise<Sizes>;
  /** false: due jobs wait until the story says so. */
  run?: boolean;
  /** What the calls of one job may take together; never more than the runner's own. */
  callsWithinMs?: number;
}

/** Puts the rooms together; the only place that knows them all. @throws when it cannot run, saying why. */
export async function openBot(config: Config, options: BotOptions): Promise<Bot> {
  await mkdir(config.dataFolder, { recursive: true, mode: 0o750 });
  const unlock = config.databaseUrl === null ? lockDataFolder(config.dataFolder) : () => {};
  try {
    return await open(config, options, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

async function open(config: Config, options: BotOptions, unlock: () => void): Promise<Bot> {
  const { log, clock = systemClock, pass = passUnseen, run = true } = options;
  const metrics = createMetrics({ isSource: (name) => senderOf(name, current()) !== null });
  const store = metrics.measured(await openStore(storeLocation(config), { fold }));
  await store.recoverLeases(clock.now());

  const texts = await openTexts({ config, store, now: clock.now, log });
  const { shelf } = texts;

  const web = await openWebChat({ location: chatLocation(config), now: clock.now });
  const roster = await openRoster(store);
  const { names } = roster;
  let publicUrl = config.publicUrl;
  const adapters =
    options.adapters ??
    (await adaptersOf(config, {
      store,
      roster,
      counted: metrics.counted,
      publicUrl: () => publicUrl,
      now: clock.now,
      log,
    }));
  const platforms = new Map(
    [web as ChatPlatform, ...adapters.map(({ platform }) => platform), ...(options.platforms ?? [])].map((each) => [
      each.name,
      each,
    ]),
  );
  const { current, personIds, access, adopt } = await adopting(config, roster);
  for (const warning of config.warnings) log.warn(warning, 'the configuration should say this better');

  const { rules, planNames, recent } = planningBy({ current, shelf, names, quiet: (now) => quiet.desk.standing(now) });

  const compose = composer({
    templates: texts.templates,
    names,
    publicUrl: () => publicUrl,
    playbook: shelf.get,
    phone: (personId) => phoneOf(current().people, personIds(), personId),
    onProblem: (problem) => log.warn({ problem }, 'a message was told by its built-in text'),
  });
  const write = writer({
    store,
    clock,
    shelf,
    compose,
    intake: intakeBy(rules, recent),
    ladder: () => rules().ladder,
    topology: () => topologyFor(current()),
    onCall: (schedule, at) => onCall.desk.onCall(schedule, at),
    access,
    lost: (platform) => outages.lost(platform),
  });
  const engine = createEngine({
    write,
    now: clock.now,
    pass,
    onCommit: () => runner.wake(),
    onSetback: (error) => log.warn({ err: error }, 'a turn could not be written as one; its items are tried apart'),
  });
  const card = (kind: 'situation' | 'triage', incident: Incident, around?: AroundNow): Card =>
    (kind === 'situation' ? situationCard : triageCard)(incident, {
      names,
      now: clock.now(),
      publicUrl,
      playbook: incident.walk && shelf.get(incident.walk.hash),
      ...(around && { around }),
    });
  const around = aroundBy({ store, topology: () => topologyFor(current()), publicUrl: () => publicUrl });
  const tellAt = systemTeller({ store, now: clock.now, onCommit: () => runner.wake() });
  let ways: ReturnType<typeof waysIn> = new Map();
  const outages = await watchOutages({
    store,
    engine,
    clock,
    log,
    platforms,
    standIn: web.name,
    awayAfterMs: () => current().chat.awayAfterMs,
    heard: (platform) => ways.get(platform)?.state().ready ?? true,
    tell: tellAt,
    onChange: () => runner.wake(),
    situation: (incident) => card('situation', incident),
    callsWithinMs: options.callsWithinMs ?? callsWithinMs,
  });
  const runner = createRunner({
    store,
    clock,
    pass,
    outages,
    news: newsOf({ log, engine, clock }),
    carryOut: metrics.delivered(
      deliveries({
        config,
        current,
        personIds,
        publicUrl: () => publicUrl,
        store,
        engine,
        clock,
        pass,
        platforms,
        names,
        callsWithinMs: options.callsWithinMs ?? callsWithinMs,
        card: async (kind, incident) => card(kind, incident, await around(incident)),
        compose,
        shelf,
        log,
      }),
      clock.now,
    ),
  });
  const surroundings = {
    store,
    clock,
    shelf,
    roster,
    policy: () => current().policy,
    access,
    desk: () => onCall.desk,
    quiet: () => quiet.desk,
    publicUrl: () => publicUrl,
    tryWays: waysTrier({
      store,
      config: current,
      personIds,
      platforms,
      publicUrl: () => publicUrl,
      now: clock.now,
      log,
    }),
    open: config.apiToken === null,
  };
  const inbound = metrics.answering(
    responder({
      ...surroundings,
      engine,
      arrange: arranging({
        store,
        clock,
        platforms: () => current().policy.platforms,
        onCommit: () => runner.wake(),
        onArranged: async () => {
          await Promise.all([onCall.overridden(), quiet.look()]);
        },
      }),
      erasures: erasures({
        store,
        engine,
        clock,
        platforms,
        names,
        dataFolder: config.dataFolder,
        compose,
        onCommit: () => runner.wake(),
      }),
    }),
  );
  const tell: typeof tellAt = (news) => tellAt({ ...news, platforms: outages.reachable(news.platforms) });
  const onCall = await watchOnCall({ store, current, personIds, tell, clock, log });
  const refusals = watchRefusals({ tell, store, platforms: () => current().policy.platforms, log });
  const unreported = await watchUnreported({
    ...{ store, engine, current, names, tell, clock, log },
    onCommit: () => runner.wake(),
  });
  const { episodes, quiet, heartbeats } = unreported;
  let running = false;
  const atWork = (): boolean => running && (!run || runner.atWork());
  const operations = await operate({
    onPruned: metrics.pruned,
    ...(options.sizes && { sizes: options.sizes }),
    config: current,
    env: process.env,
    store,
    engine,
    notReady: whyNotReady({
      store,
      running: atWork,
      disk: { folder: config.dataFolder, atLeastBytes: () => current().diskAtLeastBytes },
    }),
    adapters,
    fallback: web.name,
    tell,
    onRelease: () => runner.wake(),
    clock,
    log,
  });
  const services = () => current().services;
  const chat = chatInbound({ ...surroundings, engine, inbound, services, onCommit: () => runner.wake() });
  ways = waysIn(adapters, chat);
  const app = serverOf({
    config,
    current,
    publicUrl: () => publicUrl,
    store,
    engine,
    inbound,
    keep: chat.keep,
    suggestions: (incident) => suggestionsOf(incident, { names, shelf }),
    roster,
    templates: texts.templates,
    web,
    ways,
    refusals,
    missed: unreported.missed,
    operations,
    desk: () => onCall.desk,
    quiet: unreported.figures,
    metrics,
    clock,
    running: atWork,
    rules,
    planNames,
    log,
  });
  const url = await app.listen({ host: config.host, port: config.port });
  if (config.port === 0) publicUrl = url;
  const stopCheckpoints = keepCheckpoints({ store, clock, pass, log });
  const { reloadable } = options;
  const reloadConfig = reloadable
    ? reloader({
        reloadable,
        started: config,
        async adopt(read) {
          await adopt(read);
          void onCall.look();
          void quiet.look();
        },
        tell,
        log,
      })
    : async () => {};
  const reloadTexts = texts.reloader({ tell, platforms: () => current().policy.platforms });
  const watched = reloadable
    ? [
        watchConfig(reloadable.file, () => void reloadConfig()),
        ...[config.templatesFolder, config.playbooksFolder].map((each) => watchFolder(each, () => void reloadTexts())),
      ]
    : [];
  if (run) runner.start();
  void onCall.look();
  running = true;
  startWays(ways, log);

  return {
    url,
    store,
    engine,
    runner,
    inbound,
    identify: roster.identify,
    app,
    web,
    operations,
    outages,
    onCall,
    episodes,
    quiet,
    heartbeats,
    async reload() {
      await reloadConfig();
      await onCall.look();
      await quiet.look();
      await reloadTexts();
    },
    async close() {
      running = false;
      for (const stop of watched) stop();
      stopCheckpoints();
      await unreported.stop();
      await Promise.all([...ways.values()].map((way) => way.stop()));
      await app.close();
      await refusals.settled();
      await onCall.stop();
      await operations.stop();
      await outages.stop();
      // Jobs in hand still write what the world answered them: the engine closes after them.
      await runner.stop();
      await engine.drain();
      await Promise.all([...platforms.values()].map((platform) => platform.close()));
      await store.close();
      unlock();
    },
  };
}
