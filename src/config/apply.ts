import type { Ladder, Rung } from '../incident/severity.js';
import { type Policy, type SeverityPolicy, severities } from '../incident/state.js';
import { approvalsOf, permissionsOf } from './approvals.js';
import type { Config, Service } from './config.js';
import { builtInLadder, builtInPolicy, builtInSignIn } from './defaults.js';
import { escalationsOf } from './escalations.js';
import type { ConfigFile } from './file.js';
import { everybodyOf, membersOf, ownersOf } from './members.js';
import { cadenceOf, promisesOf } from './promises.js';

type Applied = Pick<
  Config,
  'policy' | 'ladder' | 'people' | 'permissions' | 'groups' | 'services' | 'channels' | 'signIn'
>;

/** What the file's sections come to; what they leave out stays built in. */
export function applied(file: ConfigFile, zones: readonly string[]): Applied {
  const services = Object.keys(file.services).map((name) => serviceOf(file, name));
  const { stakeholders, triage, operators } = file.channels;
  const approvals = approvalsOf(file);
  return {
    policy: { ...policyOf(file, zones), ...ofServices(services), ...(approvals && { approvals }) },
    ladder: ladderOf(file, services),
    people: Object.entries(file.people).map(([id, { name, email = null, zone = null, phone = null }]) => ({
      id,
      name,
      email,
      zone,
      phone,
      push: null,
      ways: [],
    })),
    permissions: permissionsOf(file),
    groups: Object.fromEntries(Object.keys(file.groups).map((group) => [group, membersOf(file, group)])),
    services,
    signIn: {
      idleMs: file['sign-in'].idle ?? builtInSignIn.idleMs,
      absoluteMs: file['sign-in'].absolute ?? builtInSignIn.absoluteMs,
    },
    channels: { ...(stakeholders && { stakeholders }), ...(triage && { triage }), ...(operators && { operators }) },
  };
}

function policyOf(file: ConfigFile, zones: readonly string[]): Policy {
  const built = builtInPolicy(zones);
  const rules = (severity: (typeof severities)[number]): SeverityPolicy => {
    const own = file.severities[severity];
    const usual = built.severities[severity];
    return {
      ...cadenceOf(own['update-every'], usual),
      acknowledgeWithinMs:
        own['acknowledge-within'] === undefined ? usual.acknowledgeWithinMs : own['acknowledge-within'],
      ...(own['long-update-every'] !== undefined && { longUpdateEveryMs: own['long-update-every'] }),
      ...(own['triage-within'] !== undefined && { triageWithinMs: own['triage-within'] }),
      idleAfterMs: own['idle-after'] === undefined ? (usual.idleAfterMs ?? null) : own['idle-after'],
      postmortem: own.postmortem ?? usual.postmortem,
      ...(own['call-link'] !== undefined && { callLink: own['call-link'] }),
      ...(own.invite && { invite: everybodyOf(file, own.invite) }),
      ...(own.page && { page: everybodyOf(file, own.page) }),
    };
  };
  return {
    ...built,
    severities: { sev1: rules('sev1'), sev2: rules('sev2'), sev3: rules('sev3') },
    reopenForMs: file['reopen-for'] ?? built.reopenForMs,
    ...(file.dependencies.settle !== undefined && { settleMs: file.dependencies.settle }),
    warnBeforeMs: file['warn-before'] ?? built.warnBeforeMs,
    longAfterMs: file['long-after'] === undefined ? (built.longAfterMs ?? null) : file['long-after'],
    automaticUpdates: file['automatic-updates'] ?? built.automaticUpdates,
    ...promisesOf(file),
    ...escalationsOf(file),
    ...(file['page-in-drills'] && { pagesInDrills: true }),
    ...(file['platform-lead'] !== undefined && { platformLead: membersOf(file, file['platform-lead']) }),
  };
}

/** What an incident keeps of its services, by every name alerts have for them; services without any of it are left out. */
function ofServices(services: readonly Service[]): Pick<Policy, 'services'> {
  const kept = services.flatMap(({ name, aliases, callLink, approve, owners, symptoms, firstCheck }) =>
    [callLink, symptoms, firstCheck].every((each) => each === null) && approve.length === 0 && owners.length === 0
      ? []
      : [name, ...aliases].map((each) => [
          each,
          {
            ...(callLink !== null && { callLink }),
            ...(approve.length > 0 && { approve }),
            ...(owners.length > 0 && { owners }),
            ...(symptoms !== null && { symptoms }),
            ...(firstCheck !== null && { firstCheck }),
          },
        ]),
  );
  return kept.length > 0 ? { services: Object.fromEntries(kept) } : {};
}

/** A severity's own triggers replace its built-in ones; a service not in the file keeps its built-in tier. */
function ladderOf(file: ConfigFile, services: readonly Service[]): Ladder {
  const built = builtInLadder();
  const rungs = severities.flatMap((severity): Rung[] => {
    const own = file.severities[severity].triggers;
    if (!own) return built.rungs.filter((rung) => rung.severity === severity);
    return own.map(({ grade, tier, alerts, services: affected, compromise }) => ({
      severity,
      ...(grade && { grade }),
      ...(tier !== undefined && { tier }),
      ...(alerts !== undefined && { alerts }),
      ...(affected !== undefined && { services: affected }),
      ...(compromise && { compromise }),
    }));
  });
  const tiers = services.flatMap(({ name, aliases, tier }) => [name, ...aliases].map((each) => [each, tier] as const));
  return { ...built, rungs, tiers: { ...built.tiers, ...Object.fromEntries(tiers) } };
}

function serviceOf(file: ConfigFile, name: string): Service {
  const service = file.services[name] as ConfigFile['services'][string];
  return {
    name,
    title: service.name ?? name,
    owners: ownersOf(file, name),
    tier: service.tier,
    data: service.data,
    rpoMs: service.rpo ?? null,
    rtoMs: service.rto ?? null,
    dependsOn: service['depends-on'],
    symptoms: service.symptoms ?? null,
    firstCheck: service['first-check'] ?? null,
    approve: everybodyOf(file, service.approve),
    restore: everybodyOf(file, service.restore),
    communicate: everybodyOf(file, service.communicate),
    callLink: service['call-link'] ?? null,
    aliases: service.aliases,
  };
}
