import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadPlaybooks } from './load.js';
import { matchPlaybook } from './match.js';

const { playbooks } = await loadPlaybooks(join(import.meta.dirname, '../../playbooks'));
type Case = [name: string, service: string | null, labels?: Record<string, string>];
const chosen = ([name, service, labels = {}]: Case): string | null =>
  matchPlaybook(playbooks, { services: service === null ? [] : [service], alerts: [{ name, labels }] })?.playbook.id ??
  null;

const cases: Record<string, Case[]> = {
  'storage-exhaustion': [
    ['HostOutOfDiskSpace', 'node'],
    ['HostOutOfInodes', 'node'],
    ['HostDiskWillFillIn24Hours', 'node'],
    ['NodeFilesystemAlmostOutOfSpace', 'node-exporter'],
    ['NodeFilesystemSpaceFillingUp', null],
    ['KubePersistentVolumeFillingUp', 'kubelet'],
    ['KubePersistentVolumeInodesFillingUp', 'kubelet'],
    ['DiskWillFillIn4Hours', 'postgres'],
    ['HostOutOfDiskSpace', 'registry'],
    ['HostOutOfDiskSpace', 'backup'],
    ['Disk space is critically low', 'zabbix'],
    ['/: Disk space is low (used > 80%)', null],
    ['git-1: No space left on device', 'git'],
    ['Filesystem /var', null],
    ['anything', 'wiki', { category: 'storage' }],
  ],
  'backup-failure': [
    ['BackupJobFailed', 'storage'],
    ['BackupTooOld', null],
    ['ResticBackupTooOld', 'node'],
    ['ResticCheckFailed', null],
    ['BorgmaticFailed', 'db-1'],
    ['VeleroBackupPartialFailures', 'velero'],
    ['PgBackRestBackupError', 'postgres'],
    ['PostgresWalArchiveFailing', 'postgres'],
    ['Nightly backup failed on db-1', 'cron'],
    ['vzdump backup job failed', 'proxmox'],
    ['Something', 'backup'],
  ],
  'ci-outage': [
    ['GitLabRunnerOffline', null],
    ['JenkinsNodeOffline', 'jenkins'],
    ['JenkinsBuildQueueTooLong', null],
    ['CIQueueStuck', null],
    ['GitLabPendingJobsTooMany', 'gitlab'],
    ['Actions runner lost communication with the server', 'git'],
    ['Self-hosted runner offline', null],
    ['InstanceDown', 'ci'],
  ],
  'compromised-credential': [
    ['Secret scanning alert: AWS access key found in app/web', 'git'],
    ['secret_scanning_alert', null],
    ['GitGuardian: 1 secret in platform/deploy', null],
    ['gitleaks found 3 secrets', 'ci'],
    ['SecretLeaked', 'registry'],
    ['CompromisedCredential', null],
    ['Canarytoken triggered', null],
    ['Sign-in from a new country', 'sso', { category: 'credential' }],
    ['Something', 'vault', { compromise: 'true' }],
  ],
  'vulnerability-response': [
    ['CVE-2026-31337 in openssl', null],
    ['TrivyCriticalVulnerability', 'web'],
    ['High severity vulnerability in lodash', 'web'],
    ['VulnerabilityFound', 'registry', { severity: 'critical' }],
    ['Image scan finished', 'harbor', { cve: 'CVE-2026-31337' }],
    ['Image scan finished', 'web', { category: 'vulnerability' }],
    ['dependabot_alert', 'git'],
  ],
  'registry-outage': [
    ['RegistryPushFails', 'registry'],
    ['HarborDown', 'harbor'],
    ['InstanceDown', 'container-registry'],
  ],
  'muster-bot-token-deleted': [
    ['MusterChatRefusesToken', 'muster'],
    ['MusterBotTokenRevoked', null],
    ['MusterDeliveriesWait', 'muster'],
  ],
  'muster-disk-full': [
    ['MusterDiskFull', null],
    ['MusterDiskNearlyFull', 'muster'],
    ['MusterTurnsSendersAway', 'muster'],
    ['HostOutOfDiskSpace', 'muster'],
  ],
  'muster-database-damaged': [
    ['MusterDatabaseUnavailable', 'muster'],
    ['MusterDatabaseDamaged', 'muster'],
    ['MusterAuditBroken', null],
  ],
  'muster-rebuild-from-backup': [
    ['MusterDown', null],
    ['MusterDown', 'muster'],
    ['MusterHostLost', 'muster'],
  ],
};

it.each(Object.entries(cases).flatMap(([id, rows]) => rows.map((row) => [row[0], row[1], row, id] as const)))(
  '%s of %s gets its playbook',
  (_name, _service, row, id) => {
    expect(chosen(row)).toBe(id);
  },
);

it.each<Case>([
  ['InstanceDown', 'postgres'],
  ['HostHighCpuLoad', 'node'],
  ['high_memory_load', 'docker_nodes'],
  ['High CPU Temperature', null],
  ['HostUnusualDiskReadLatency', 'node'],
  ['KubePodCrashLooping', 'web'],
  ['CertificateExpiresSoon', 'web'],
  ['IMAP check', 'mail'],
  ['API Check #1', null],
  ['Pipeline #31 failed', 'git'],
  ['TokenBucketRateLimited', 'api'],
  ['KeyspaceEvictions', 'redis'],
  ['CircuitBreakerOpen', 'shop'],
  ['CIFSMountStale', 'node'],
  ['PostgresReplicationLag', 'postgres'],
  ['Scanner out of paper', null],
])('%s of %s gets none', (...row) => {
  expect(chosen(row)).toBeNull();
});

it('every playbook that ships is chosen for some alert', () => {
  expect(playbooks.map(({ id }) => id).filter((id) => !(id in cases))).toEqual([]);
});
