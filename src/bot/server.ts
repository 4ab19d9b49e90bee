import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { sameSecret } from '../access/secrets.js';
import type { Intake } from '../alerts/intake.js';
import type { Rules } from '../alerts/plan.js';
import type { PlanNames } from '../alerts/plan-print.js';
import { feedRoutes } from '../audiences/feed.js';
import { publicRoutes } from '../audiences/public.js';
import { unsubscribeRoutes } from '../audiences/unsubscribe.js';
import type { ChatInbound, Inbound, WayIn } from '../chat/platform.js';
import { awayFromHome } from '../chat/web/away.js';
import type { WebChat } from '../chat/web/platform.js';
import { webRoutes } from '../chat/web/routes.js';
import { warningOf } from '../commands/secret-warning.js';
import type { Config } from '../config/config.js';
import { reachNow } from '../engine/around.js';
import type { Clock } from '../engine/clock.js';
import type { Engine } from '../engine/engine.js';
import type { Roster } from '../engine/people.js';
import type { RefusalWatch } from '../engine/refusals.js';
import { alertRoutes } from '../http/alerts.js';
import { dependencyRoutes } from '../http/dependencies.js';
import type { Metrics } from '../http/metrics/metrics.js';
import type { QuietFigures } from '../http/metrics/quiet.js';
import { onCallRoutes } from '../http/on-call.js';
import { planRoutes } from '../http/plan.js';
import type { SenderRules } from '../http/senders.js';
import { buildServer } from '../http/server.js';
import { sourcePages } from '../http/source-pages.js';
import { sourceRoutes } from '../http/sources.js';
import type { Incident } from '../incident/state.js';
import type { Templates } from '../messages/render.js';
import { stakeholderValues } from '../messages/stakeholder-view.js';
import type { OnCallDesk } from '../oncall/desk.js';
import type { Operations } from '../operate/operations.js';
import { ackRoutes } from '../pages/ack-routes.js';
import { machine } from '../people/viewer.js';
import type { Store } from '../store/port.js';
import { topologyFor } from './dependencies.js';

/** The HTTP server with the rooms that have routes of their own; not yet listening. */
export function serverOf(parts: {
  /** As Muster was started. */
  config: Config;
  /** As it is now. */
  current(): Config;
  publicUrl(): string;
  store: Store;
  engine: Engine;
  inbound: Inbound;
  /** What people mark in the web room. */
  keep: ChatInbound['keep'];
  roster: Roster;
  /** What was suggested for an incident's playbooks, as a patch; null: nothing. */
  suggestions(incident: Incident): Promise<string | null>;
  templates: Templates;
  web: WebChat;
  /** How people of other platforms are heard. */
  ways: ReadonlyMap<string, WayIn>;
  refusals: RefusalWatch;
  /** What this source sent could not be taken. */
  missed(source: string): void;
  operations: Operations;
  metrics: Metrics;
  clock: Clock;
  desk(): OnCallDesk;
  quiet(): QuietFigures;
  running(): boolean;
  /** By which alerts are planned now. */
  rules(): Rules;
  planNames(): PlanNames;
  log: Logger;
}): FastifyInstance {
  const { config, current, publicUrl, store, engine, inbound, templates, operations, clock } = parts;
  const senders: SenderRules = {
    alertsToken: config.alertsToken,
    get sources() {
      return current().sources;
    },
    get services() {
      return current().services;
    },
  };
  const intake: Intake = {
    async intake(arrival) {
      const { id, outcomes } = await engine.intake(arrival);
      return { accepted: arrival.alerts.length, receipt: id, outcomes };
    },
    queueDepth: engine.queueDepth,
  };
  return buildServer({
    config,
    store,
    inbound,
    identify: parts.roster.identify,
    sessionRules: () => current().signIn,
    oidc: () => current().oidc,
    now: clock.now,
    running: parts.running,
    metrics: parts.metrics,
    disk: { folder: config.dataFolder, atLeastBytes: () => current().diskAtLeastBytes },
    lastBackupAt: operations.backups.lastGoodAt,
    diskFullAt: operations.disk.fullAt,
    ways: parts.ways,
    desk: parts.desk,
    quiet: parts.quiet,
    log: parts.log,
    suggestions: parts.suggestions,
    statusView: (incident) => templates.render('stakeholder-view', stakeholderValues(incident, clock.now())).card,
    rooms: async (room, who) => {
      await room.register(planRoutes, {
        store,
        who,
        config: senders,
        rules: parts.rules,
        names: parts.planNames,
        now: clock.now,
      });
      const planning = { rules: parts.rules, names: parts.planNames };
      await room.register(sourceRoutes, { store, who, config: senders, engine: intake, ...planning });
      await room.register(sourcePages, { store, who, config: senders, now: clock.now });
      await room.register(dependencyRoutes, {
        store,
        who,
        reach: (incident) => reachNow(incident, topologyFor(current()), store),
      });
      await room.register(onCallRoutes, { desk: parts.desk, names: parts.roster.names, now: clock.now });
      await room.register(webRoutes, {
        chat: parts.web,
        inbound,
        who: (request) => who.personOf(request),
        signedIn: !who.open,
        stillThere: who.stillThere,
        met: who.meet,
        keep: parts.keep,
        warnsOf: warningOf,
        now: clock.now,
        alerts: () => ({ url: `${publicUrl()}/alerts/generic`, token: !who.open }),
        held: operations.held,
        away: async (id) => {
          const incident = await store.incident(machine, { id });
          return incident && awayFromHome(incident, parts.web.name);
        },
      });
    },
    doors: async (door, who) => {
      for (const way of parts.ways.values()) await door.register(async (room) => way.mount?.(room));
      await door.register(ackRoutes, {
        store,
        inbound,
        platform: parts.web.name,
        names: parts.roster.names,
        now: clock.now,
      });
      await door.register(feedRoutes, {
        store,
        publicUrl,
        isToken: (given) => {
          const { feedToken } = current();
          return feedToken !== null && sameSecret(given, feedToken);
        },
      });
      await door.register(publicRoutes, {
        store,
        publicUrl,
        now: clock.now,
        isOpen: () => current().publicStatus,
      });
      await door.register(unsubscribeRoutes, { store, now: clock.now });
      await door.register(alertRoutes, {
        engine: intake,
        store,
        config: senders,
        viewerOf: (request) => who.viewerOf(request),
        clock,
        missed: parts.missed,
        refusals: parts.refusals,
      });
    },
  });
}
