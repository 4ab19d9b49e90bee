import type { Escalation, Level, Target } from '../incident/escalation.js';
import { type Policy, type Severity, severities } from '../incident/state.js';
import { suggestion } from '../messages/near.js';
import type { ConfigFile } from './file.js';
import { membersOf, ownersOf } from './members.js';
import type { ConfigProblem } from './secrets.js';
import type { Located, Path } from './yaml.js';

const repeated = 2;
const schedulesOf = (file: ConfigFile): string[] => Object.keys(file['on-call']?.schedules ?? {});
const anyOwned = (file: ConfigFile): boolean =>
  Object.keys(file.services).some((name) => ownersOf(file, name).length > 0);

/** Whom a word stands for; null: nobody of that name. */
function targetOf(file: ConfigFile, word: string): Target | null {
  if (word === 'owners') return { kind: 'owners' };
  if (word === 'platform-lead') {
    const lead = file['platform-lead'];
    return lead === undefined ? null : { kind: 'people', as: 'platform lead', people: membersOf(file, lead) };
  }
  const schedule = /^on-call (.+)$/.exec(word)?.[1];
  if (schedule !== undefined) return schedulesOf(file).includes(schedule) ? { kind: 'schedule', schedule } : null;
  if (Object.hasOwn(file.people, word)) return { kind: 'people', as: 'named to be called', people: [word] };
  return Object.hasOwn(file.groups, word) ? { kind: 'people', as: `in ${word}`, people: membersOf(file, word) } : null;
}

const targetsOf = (file: ConfigFile, words: readonly string[]): Target[] =>
  words.flatMap((word) => targetOf(file, word) ?? []);

const nameOf = ({ name, severities: graves, services }: NonNullable<ConfigFile['escalations']>[number]): string =>
  name ?? [...(graves ?? []), ...(services ?? [])].join(', ').slice(0, 200);

/**
 * The ladders of the file, or, where it says nothing about them, what is usual: sev1 calls the platform lead and the
 * owners of the service, sev2 whoever is on call by the first schedule, sev3 nobody.
 */
export function escalationsOf(file: ConfigFile): Pick<Policy, 'escalations'> {
  const own = file.escalations;
  if (own === undefined) {
    const usual = usualEscalations(file);
    return usual.length > 0 ? { escalations: usual } : {};
  }
  const escalations = own.map(
    (given): Escalation => ({
      name: nameOf(given) || 'everything',
      ...(given.severities && { severities: given.severities }),
      ...(given.services && {
        services: given.services.flatMap((service) => [service, ...(file.services[service]?.aliases ?? [])]),
      }),
      levels: given.levels.map((level): Level => {
        const within = level['acknowledge-within'];
        return { targets: targetsOf(file, level.page), ...(within !== undefined && { acknowledgeWithinMs: within }) };
      }),
      repeat: given.repeat ?? repeated,
      otherwise: targetsOf(file, given.otherwise),
    }),
  );
  return escalations.length > 0 ? { escalations } : {};
}

function usualEscalations(file: ConfigFile): Escalation[] {
  const lead = targetsOf(file, ['platform-lead']);
  const answerable = [...lead, ...(anyOwned(file) ? targetsOf(file, ['owners']) : [])];
  const onCall = targetsOf(
    file,
    schedulesOf(file)
      .slice(0, 1)
      .map((schedule) => `on-call ${schedule}`),
  );
  const usual = (severity: Severity, ...levels: Target[][]): Escalation[] => {
    const named = levels.filter((targets) => targets.length > 0);
    if (named.length === 0 || file.severities[severity].page) return [];
    return [
      {
        name: `${severity}, as is usual`,
        severities: [severity],
        levels: named.map((targets) => ({ targets })),
        repeat: repeated,
        otherwise: lead,
      },
    ];
  };
  return [...usual('sev1', answerable, onCall), ...usual('sev2', onCall, answerable)];
}

/** The same with people by their person ids. */
export function escalationsNaming(
  escalations: readonly Escalation[],
  people: (names: readonly string[]) => string[],
): Escalation[] {
  const targets = (given: readonly Target[]): Target[] =>
    given.map((each) => (each.kind === 'people' ? { ...each, people: people(each.people) } : each));
  return escalations.map((each) => ({
    ...each,
    levels: each.levels.map((level) => ({ ...level, targets: targets(level.targets) })),
    otherwise: targets(each.otherwise),
  }));
}

/** Names that lead nowhere, and ladders nobody comes to. */
export function escalationProblems(file: ConfigFile, located: Located): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const add = (level: 'error' | 'warning', path: Path, what: string, fix: string): void => {
    problems.push({ where: located.at(path), what, fix, level });
  };
  const check = (words: readonly string[], path: Path): void => {
    for (const [index, word] of words.entries()) {
      const unknown = targetOf(file, word) === null ? whatIsMissing(file, word) : null;
      if (unknown) add('error', [...path, index], ...unknown);
      else if (word === 'owners' && !anyOwned(file))
        add(
          'warning',
          [...path, index],
          'No service has an owner.',
          'Give `services.<name>.owner` a person or a group.',
        );
    }
  };
  const taken = new Set<Severity>();
  for (const [i, given] of (file.escalations ?? []).entries()) {
    const path = ['escalations', i];
    for (const [j, level] of given.levels.entries()) check(level.page, [...path, 'levels', j, 'page']);
    check(given.otherwise, [...path, 'otherwise']);
    const known = Object.keys(file.services);
    if (known.length > 0)
      for (const [j, service] of (given.services ?? []).entries())
        if (!known.includes(service))
          add(
            'error',
            [...path, 'services', j],
            `There is no service "${service}".`,
            sentence(suggestion(service, known)),
          );
    const graves = given.severities ?? severities;
    if (graves.every((severity) => taken.has(severity)))
      add('warning', path, 'It is never used: the ones above fit everything it fits.', 'Move it up, or take it out.');
    if (given.services === undefined) for (const severity of graves) taken.add(severity);
  }
  for (const severity of taken)
    if (file.severities[severity].page)
      add(
        'warning',
        ['severities', severity, 'page'],
        `It is not used: an escalation says who is called for ${severity}.`,
        'Take one of them out.',
      );
  return problems;
}

function whatIsMissing(file: ConfigFile, word: string): [what: string, fix: string] {
  if (word === 'platform-lead')
    return ['There is no platform lead.', 'Give `platform-lead` the name of a person or a group.'];
  const schedules = schedulesOf(file);
  const schedule = /^on-call (.+)$/.exec(word)?.[1];
  if (schedule !== undefined) {
    const fix =
      schedules.length > 0 ? sentence(suggestion(schedule, schedules)) : 'Name it under `on-call.schedules` first.';
    return [`There is no schedule "${schedule}".`, fix];
  }
  if (schedules.includes(word))
    return [`There is no person or group "${word}".`, `Write on-call ${word} for the schedule.`];
  const names = [...Object.keys(file.people), ...Object.keys(file.groups), 'owners', 'platform-lead'];
  return [`There is no person or group "${word}".`, sentence(suggestion(word, names))];
}

const sentence = (words: string): string =>
  `${words.charAt(0).toUpperCase()}${words.slice(1)}${/[?.]$/.test(words) ? '' : '.'}`;
