import { randomUUID } from 'node:crypto';
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify';
import type { Logger } from 'pino';
import type { OidcSettings } from '../access/oidc.js';
import type { SessionRules } from '../access/sessions.js';
import type { Inbound } from '../chat/platform.js';
import type { Config } from '../config/config.js';
import { builtInSignIn } from '../config/defaults.js';
import type { OnCallDesk } from '../oncall/desk.js';
import type { Store } from '../store/port.js';
import { answerProblem } from './answers.js';
import { type ApiParts, apiRoutes } from './api.js';
import { chatHealthRoutes, type Ways } from './chat-health.js';
import { dropSilentConnections } from './connections.js';
import { answerUnknown, onBrokenConnection, onError } from './errors.js';
import { guard } from './guard.js';
import { healthRoutes } from './health.js';
import type { Metrics } from './metrics/metrics.js';
import type { QuietFigures } from './metrics/quiet.js';
import { openApiRoutes } from './openapi.js';
import { pageRoutes } from './pages.js';
import { signInRoutes } from './sign-in.js';
import { type StatusPageParts, statusPages } from './status-pages.js';
import { askWho, createWho, type Who } from './who.js';

const headersAtMostBytes = 16 * 1024;
const bodyAtMostBytes = 1024 * 1024;
/** In characters: an alias of Opsgenie's may have 512. */
const paramAtMost = 600;
const requestWithinMs = 30_000;
/** Silence on a connection; an event stream says something every 15 s. */
const silentForMs = 120_000;
const keptAliveForMs = 65_000;

type Mount = (app: FastifyInstance, who: Who) => void | Promise<void>;

export interface Parts {
  config: Pick<Config, 'publicUrl' | 'apiToken' | 'alertsToken'> & Partial<Pick<Config, 'trustedProxies'>>;
  store: Store;
  inbound: Inbound;
  /** Finds or makes a person; the roster's, so that a name is known at once. */
  identify: Store['identify'];
  now(): number;
  /** How long people stay signed in; the built-in rules when left out. */
  sessionRules?(): SessionRules;
  /** The sign-in provider, where there is one. */
  oidc?(): OidcSettings | null;
  /** Whether due jobs are being run. */
  running(): boolean;
  metrics: Metrics;
  /** Where the data is, and what must be left there. */
  disk?: { folder: string; atLeastBytes(): number };
  /** When the newest good backup was begun; null: none is known. */
  lastBackupAt?(): number | null;
  /** When the disk is forecast to be full; null: that is not in sight. */
  diskFullAt?(): number | null;
  /** How people of chat platforms besides the web room are heard. */
  ways?: Ways;
  /** Who is on call. */
  desk?(): OnCallDesk;
  /** What is kept quiet, and who is silent; told to whoever reads the metrics. */
  quiet?(): QuietFigures;
  log: Logger;
  /** What was suggested for its playbooks, as a patch; null: nothing. */
  suggestions?: ApiParts['suggestions'];
  /** How an incident stands, for people who are no responders; without it they have no pages. */
  statusView?: StatusPageParts['view'];
  /** Routes for people who are known: the web chat. */
  rooms?: Mount;
  /**
   * Routes that ask for credentials themselves: alert intake, callbacks of chat platforms. Those under `/api/` (not
   * `/api/v2/`) are for known callers and for the alerts token.
   */
  doors?: Mount;
}

/** The one HTTP server, complete but not yet listening. Every answer that is not a success is `{ error, hint }`, or a page. */
export function buildServer(parts: Parts): FastifyInstance {
  const { config, store, inbound, now, running, metrics } = parts;
  const app: FastifyInstance = fastify({
    loggerInstance: parts.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    trustProxy: ['loopback', ...(config.trustedProxies ?? [])],
    bodyLimit: bodyAtMostBytes,
    connectionTimeout: silentForMs,
    requestTimeout: requestWithinMs,
    keepAliveTimeout: keptAliveForMs,
    return503OnClosing: false,
    http: { maxHeaderSize: headersAtMostBytes },
    routerOptions: { maxParamLength: paramAtMost },
    frameworkErrors: onError,
    clientErrorHandler: onBrokenConnection,
  });
  answerUnknown(app);
  app.setErrorHandler(onError);
  app.removeContentTypeParser('text/plain');
  refuseWhileClosing(app);
  dropSilentConnections(app);
  metrics.observe(app);
  const { lastBackupAt = () => null, diskFullAt = () => null, ways = new Map() } = parts;
  metrics.watch({
    store,
    now,
    lastBackupAt,
    diskFullAt,
    ways,
    ...(parts.desk && { desk: parts.desk }),
    ...(parts.quiet && { quiet: parts.quiet }),
    ...(parts.disk && { dataFolder: parts.disk.folder }),
  });
  logAnswers(app);
  guard(app, { publicUrl: config.publicUrl, open: config.apiToken === null });
  const { identify, sessionRules = () => builtInSignIn } = parts;
  const whoParts = { ...config, store, identify, sessionRules, now };
  const who = createWho(whoParts);
  askWho(app, who, whoParts);
  app.register(healthRoutes, { store, running, metrics, ways, ...(parts.disk && { disk: parts.disk }) });
  app.register(chatHealthRoutes, { ways });
  app.register(openApiRoutes, { publicUrl: config.publicUrl });
  const { oidc = () => null } = parts;
  app.register(signInRoutes, { who, store, now, identify, publicUrl: config.publicUrl, oidc });
  app.register(apiRoutes, { store, inbound, who, ...(parts.suggestions && { suggestions: parts.suggestions }) });
  app.register(pageRoutes, { store, who, publicUrl: config.publicUrl, now });
  const { rooms, doors, statusView } = parts;
  if (statusView) app.register(statusPages, { store, who, now, view: statusView });
  if (rooms) app.register(async (room) => rooms(room, who));
  if (doors)
    app.register(async (door) => {
      door.addHook('onRoute', (route) => {
        const asksItself = !route.url.startsWith('/api/') || route.url.startsWith('/api/v2/');
        route.config = { ...route.config, access: asksItself ? 'anyone' : 'sender' };
      });
      await doors(door, who);
    });
  return app;
}

/** What comes on an open connection while Muster stops would be taken and then lost. */
function refuseWhileClosing(app: FastifyInstance): void {
  let closing = false;
  app.addHook('preClose', (done) => {
    closing = true;
    done();
  });
  app.addHook('onRequest', (_request, reply, next) => {
    if (!closing) return next();
    reply.header('connection', 'close').header('retry-after', 5);
    answerProblem(reply, 503, 'Muster is stopping.', 'Nothing was done. Try again in a few seconds.');
  });
}

/** Under load every line costs: what went well is said at debug level only. */
function logAnswers(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, next) => {
    reply.header('x-request-id', request.id);
    next();
  });
  app.addHook('onResponse', (request, reply, done) => {
    const level = reply.statusCode >= 500 ? 'warn' : reply.statusCode >= 400 ? 'info' : 'debug';
    request.log[level]({ req: request, status: reply.statusCode, ms: Math.round(reply.elapsedTime) }, 'answered');
    done();
  });
}
