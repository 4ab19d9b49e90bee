import type { Alert } from '../alert.js';
import { makeAlert } from '../make.js';
import type { AboutReading, PassedOver } from '../source.js';
import { moment } from '../times.js';
import type { ForgeBody } from './forge-shapes.js';

type Finding = NonNullable<ForgeBody['alert']>;
interface Told {
  about: string;
  name: string;
  summary: string;
  severity: string | null | undefined;
  /** Part of the address when the alert brings none. */
  page: string;
  labels: Record<string, unknown>;
}

const ends = /^(?:resolved?|fixed|dismiss(?:ed)?|auto_dismissed|closed(?:_by_user)?|revoked)$/;

const anew = /^(?:auto_)?re(?:opened|opened_by_user|introduced)$|^publicly_leaked$/;

/** Secret scanning, code scanning and vulnerable dependencies: firing until fixed, resolved or dismissed. */
export function findingAlerts(body: ForgeBody, reading: AboutReading): Alert[] | PassedOver {
  const finding = body.alert;
  const { repository } = body;
  if (!finding) return { name: 'a security event', why: 'It brings no alert.' };
  const told = toldOf(finding);
  const over = ends.test(finding.state ?? '') || (finding.state !== 'open' && ends.test(body.action ?? ''));
  const resolved = over || Boolean(finding.resolution);
  const project = repository?.full_name ?? repository?.name;
  const home =
    repository?.html_url && finding.number && `${repository.html_url}/security/${told.page}/${finding.number}`;
  return [
    makeAlert(reading, {
      key: [project, told.about, finding.number ?? finding.id],
      firing: !resolved,
      // One that comes back began anew, although it was created long ago.
      startsAt: anew.test(body.action ?? '') ? moment(finding.updated_at) : moment(finding.created_at),
      endsAt: moment(finding.resolved_at) ?? moment(finding.fixed_at) ?? moment(finding.dismissed_at),
      name: told.name,
      summary: `${told.summary}${project ? ` in ${project}` : ''}`,
      service: repository?.name,
      severity: told.severity,
      labels: { repository: project, ...told.labels, state: finding.state ?? body.action },
      links: {
        Alert: finding.html_url ?? home,
        Reference: finding.external_reference,
        Repository: repository?.html_url,
      },
    }),
  ];
}

function toldOf(finding: Finding): Told {
  const { rule, security_advisory: advisory, dependency } = finding;
  if (finding.secret_type) {
    const what = finding.secret_type_display_name ?? finding.secret_type;
    return {
      about: 'secret-scanning',
      name: `Secret found: ${what}`,
      summary: `A secret was found, ${what}, and may be compromised`,
      severity: 'critical',
      page: 'secret-scanning',
      labels: { category: 'credential', secret_type: finding.secret_type },
    };
  }
  if (rule) {
    const what = rule.description ?? rule.name ?? rule.id ?? 'a finding';
    return {
      about: 'code-scanning',
      name: `Code scanning: ${what}`,
      summary: `${finding.tool?.name ?? 'Code scanning'}: ${what}`,
      severity: rule.security_severity_level ?? rule.severity,
      page: 'code-scanning',
      labels: { rule: rule.id, tool: finding.tool?.name },
    };
  }
  const what = dependency?.package?.name ?? finding.affected_package_name ?? 'a dependency';
  const id = advisory?.cve_id ?? advisory?.ghsa_id ?? finding.external_identifier;
  return {
    about: 'dependabot',
    name: `Vulnerable dependency: ${what}`,
    summary: `${advisory?.summary ?? `${what} is vulnerable`}${id ? ` (${id})` : ''}`,
    severity: advisory?.severity ?? finding.severity,
    page: 'dependabot',
    labels: { package: what, advisory: id, manifest: dependency?.manifest_path },
  };
}
