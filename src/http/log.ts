import { type DestinationStream, type Logger, pino } from 'pino';
import { maskSecrets } from '../secrets/find.js';

const hidden = '[hidden]';
const secretKey = /token|secret|password|passwd|signature|auth|session|api[-_]?key|^key$|^code$|^sig$/i;

const keyInPath = /^(\/alerts\/[^/]+\/)[^/]+(\/[^/]+)$/;
const signInLink = /^(\/sign-in\/(?!oidc\b)|\/ack\/).+$/;

/** The address as it may stand in a log: links that sign in and values of query keys that sound like secrets are hidden. */
function safeUrl(url: string): string {
  const [whole = '', query] = url.split('?', 2);
  const path = whole.replace(signInLink, `$1${hidden}`).replace(keyInPath, `$1${hidden}$2`);
  if (query === undefined) return path;
  const pairs = query.split('&').map((pair) => {
    const key = pair.split('=', 1)[0] ?? '';
    return secretKey.test(decoded(key)) ? `${key}=${hidden}` : pair;
  });
  return `${path}?${pairs.join('&')}`;
}

function decoded(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    // Not an encoding: then the key is what it looks like.
    return key;
  }
}

interface LoggedRequest {
  method?: string;
  url?: string;
  ip?: string;
}

/** Muster's log: JSON lines on stdout (or `stream`), never with a credential in them. */
export function createLog(level: string, stream?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: [
        'authorization',
        'cookie',
        'token',
        'secret',
        'password',
        'headers',
        '*.authorization',
        '*.cookie',
        '*.token',
        '*.secret',
        '*.password',
        '*.headers',
      ],
      censor: hidden,
    },
    // What people and alerts wrote may be in an error: nothing goes out unseen.
    hooks: { streamWrite: maskSecrets },
    serializers: {
      req: (request: LoggedRequest) => ({ method: request.method, url: safeUrl(request.url ?? ''), from: request.ip }),
      err: pino.stdSerializers.errWithCause,
    },
  };
  return stream ? pino(options, stream) : pino(options);
}
