import { sourceOf } from '../alerts/sources.js';
import { suggestion } from '../messages/near.js';
import { accessProblems } from './approvals.js';
import { escalationProblems } from './escalations.js';
import type { ConfigFile } from './file.js';
import { intakeProblems } from './intake.js';
import { isLoopback } from './loopback.js';
import { maintenanceProblems } from './maintenance.js';
import { membersOf, ownersOf } from './members.js';
import type { ConfigProblem } from './secrets.js';
import type { Located, Path } from './yaml.js';

/** Words that mean somebody else where a person can be named. */
const reserved = ['me', 'muster'];

/** What one part of the file says of another: names that lead nowhere, circles, services too few people know. */
export function referenceProblems(file: ConfigFile, located: Located): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const add = (level: 'error' | 'warning', path: Path, what: string, fix: string, key?: string): void => {
    problems.push({ where: located.at(path, key), what, fix, level });
  };
  const people = Object.keys(file.people);
  const groups = Object.keys(file.groups);
  const services = Object.keys(file.services);

  const known = (kind: string, names: readonly string[], name: string | undefined, path: Path): void => {
    if (name === undefined || names.includes(name)) return;
    const fix =
      names.length > 0 ? upper(suggestion(name, names)) : `Name it under \`${kind.split(' ').pop()}s\` first.`;
    add('error', path, `There is no ${kind} "${name}".`, fix);
  };
  const whoever = (names: readonly string[] | undefined, path: Path): void =>
    names?.forEach((name, i) => {
      known('person or group', [...people, ...groups], name, [...path, i]);
    });

  for (const name of groups) {
    if (people.includes(name)) add('error', ['groups'], `"${name}" is a person and a group.`, 'Rename one.', name);
    file.groups[name]?.forEach((person, i) => {
      known('person', people, person, ['groups', name, i]);
    });
  }
  for (const [id, person] of Object.entries(file.people)) {
    if (reserved.includes(id))
      add(
        'error',
        ['people'],
        `"${id}" stands for ${id === 'me' ? 'whoever types' : 'Muster itself'}.`,
        'Choose another id.',
        id,
      );
    person.groups.forEach((group, i) => {
      known('group', groups, group, ['people', id, 'groups', i]);
    });
  }
  for (const [id, { push }] of Object.entries(file.people))
    if (push?.to.startsWith('http:') && !isLoopback(new URL(push.to).hostname))
      add(
        'warning',
        ['people', id, 'push', 'to'],
        'Calls to http can be read, and whoever reads one gets in.',
        'Use https.',
      );
  known('person or group', [...people, ...groups], file['platform-lead'], ['platform-lead']);
  for (const [severity, rules] of Object.entries(file.severities)) {
    whoever(rules.invite, ['severities', severity, 'invite']);
    whoever(rules.page, ['severities', severity, 'page']);
  }
  for (const [name, { layers = [], holidays = [], names = {} }] of Object.entries(file['on-call'].schedules)) {
    const path = ['on-call', 'schedules', name];
    for (const [i, layer] of layers.entries()) whoever(layer.people, [...path, 'layers', i, 'people']);
    for (const [i, holiday] of holidays.entries()) whoever(holiday.people, [...path, 'holidays', i, 'people']);
    for (const [word, person] of Object.entries(names)) known('person', people, person, [...path, 'names', word]);
  }
  for (const [name, service] of Object.entries(file.services)) {
    const path = ['services', name];
    for (const key of ['owner', 'second-owner'] as const)
      known('person or group', [...people, ...groups], service[key], [...path, key]);
    for (const key of ['approve', 'restore', 'communicate'] as const) whoever(service[key], [...path, key]);
    service['depends-on'].forEach((other, i) => {
      known('service', services, other, [...path, 'depends-on', i]);
    });
    const owners = ownersOf(file, name);
    if (service.tier === 1 && owners.length < 2) {
      const what = `${name} is tier 1 and ${owners.length === 0 ? 'nobody owns it' : `only ${owners[0]} owns it`}.`;
      add('warning', ['services'], what, 'Give owner and second-owner, or a group of two people or more.', name);
    }
  }
  for (const [name, source] of Object.entries(file.sources)) {
    const service = source['default-service'];
    if (services.length > 0) known('service', services, service, ['sources', name, 'default-service']);
    if (sourceOf(name) && source.kind !== name) {
      const fix = `Call it ${name}-2, or make it of that kind.`;
      add('error', ['sources', name, 'kind'], `"${name}" is a kind of sender itself, and not ${source.kind}.`, fix);
    }
  }
  for (const [name, audience] of Object.entries(file.audiences)) {
    if (services.length > 0)
      audience.services?.forEach((service, i) => {
        known('service', services, service, ['audiences', name, 'services', i]);
      });
    if (audience.mail !== undefined && file.mail === undefined)
      add('error', ['audiences', name, 'mail'], 'No mail server is set up.', 'Give `mail` with host and from.');
    if (audience.webhook?.startsWith('http:') && !isLoopback(new URL(audience.webhook).hostname))
      add('warning', ['audiences', name, 'webhook'], 'Calls to http can be read and held back.', 'Use https.');
  }
  file.subscriptions.forEach(({ for: who, services: of }, i) => {
    whoever(who, ['subscriptions', i, 'for']);
    of?.forEach((service, j) => {
      if (services.length > 0) known('service', services, service, ['subscriptions', i, 'services', j]);
    });
    if (file.mail === undefined)
      add('error', ['subscriptions', i, 'for'], 'No mail server is set up.', 'Give `mail` with host and from.');
  });
  for (const group of groups)
    if (membersOf(file, group).length === 0)
      add('warning', ['groups'], `Nobody is in ${group}.`, 'Add people, or remove it.', group);
  return [
    ...problems,
    ...accessProblems(file, located),
    ...escalationProblems(file, located),
    ...intakeProblems(file, located),
    ...aliasProblems(file, located),
    ...maintenanceProblems(file, located),
    ...circles(file, located),
  ];
}

const upper = (words: string): string =>
  `${words.charAt(0).toUpperCase()}${words.slice(1)}${words.endsWith('?') ? '' : '.'}`;

function aliasProblems({ services }: ConfigFile, located: Located): ConfigProblem[] {
  const taken = new Map(Object.keys(services).map((name) => [name, name]));
  return Object.entries(services).flatMap(([name, { aliases }]) =>
    aliases.flatMap((alias, i): ConfigProblem[] => {
      const other = taken.get(alias);
      taken.set(alias, name);
      if (other === undefined) return [];
      const where = located.at(['services', name, 'aliases', i]);
      return [{ where, what: `"${alias}" already stands for ${other}.`, fix: 'Take it away from one of them.' }];
    }),
  );
}

/** Each circle once, at the entry that closes it. */
function circles({ services }: ConfigFile, located: Located): ConfigProblem[] {
  const done = new Set<string>();
  const problems: ConfigProblem[] = [];
  const walk = (name: string, trail: readonly string[]): void => {
    if (done.has(name)) return;
    const needs = services[name]?.['depends-on'] ?? [];
    for (const [i, next] of needs.entries()) {
      const from = [...trail, name].indexOf(next);
      if (from < 0) {
        walk(next, [...trail, name]);
        continue;
      }
      problems.push({
        where: located.at(['services', name, 'depends-on', i]),
        what: `Services depend on each other in a circle: ${[...[...trail, name].slice(from), next].join(' -> ')}.`,
        fix: 'Keep the direction in which a failure spreads, and take the other away.',
      });
    }
    done.add(name);
  };
  for (const name of Object.keys(services)) walk(name, []);
  return problems;
}
