import { resolve } from 'node:path';
import type { NamedSource, SourceToken } from './config.js';
import type { ConfigFile } from './file.js';
import { type ConfigProblem, type Env, readSecret, tokenProblem } from './secrets.js';
import type { Located } from './yaml.js';

type Reference = ConfigFile['sources'][string]['tokens'][number];

/**
 * The senders of the file with their secrets read; relative files start at `folder`. What cannot be read is reported
 * where the file refers to it.
 */
export function namedSources(
  file: ConfigFile,
  { env, folder, located, problems }: { env: Env; folder: string; located: Located; problems: ConfigProblem[] },
): NamedSource[] {
  return Object.entries(file.sources).map(([name, source]) => ({
    name,
    kind: source.kind,
    defaultService: source['default-service'] ?? null,
    ...(source['default-severity'] !== undefined && { defaultSeverity: source['default-severity'].toLowerCase() }),
    ...(source['service-from'] && { serviceFrom: source['service-from'] }),
    limits: {
      alertsPerRequest: source.limits['alerts-per-request'],
      alertsWaiting: source.limits['alerts-waiting'],
      alertsPerMinute: source.limits['alerts-per-minute'] ?? null,
    },
    expect: source.expect
      ? {
          everyMs: source.expect.every,
          graceMs: source.expect.grace ?? Math.round(source.expect.every / 2),
          severity: source.expect.severity.trim().toLowerCase(),
          service: source.expect.service ?? source['default-service'] ?? null,
        }
      : null,
    tokens: source.tokens.flatMap((reference, index): SourceToken[] => {
      const found: ConfigProblem[] = [];
      const secret = secretOf(reference, env, folder, found);
      const where = located.at(['sources', name, 'tokens', index]);
      problems.push(...found.map(({ where: what, ...rest }) => ({ ...rest, what: `${what}: ${rest.what}`, where })));
      return secret === null ? [] : [{ secret, fromAt: reference.from ?? null, untilAt: reference.until ?? null }];
    }),
  }));
}

function secretOf(reference: Reference, env: Env, folder: string, problems: ConfigProblem[]): string | null {
  const name = reference.env ?? 'file';
  const from: Env = reference.file === undefined ? env : { file_FILE: resolve(folder, reference.file) };
  const secret = readSecret(from, name, problems);
  if (secret !== null) {
    const problem = tokenProblem(name, secret);
    if (problem) problems.push(problem);
  } else if (problems.length === 0) {
    problems.push({ where: name, what: 'It is not set.', fix: `Set ${name} or ${name}_FILE where Muster starts.` });
  }
  return problems.length > 0 ? null : secret;
}
