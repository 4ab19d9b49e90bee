import type { Other } from './links.js';
import type { Incident } from './state.js';

/** A service whose alerts are here because what it depends on fails. */
export interface Symptom {
  /** As its alerts call it. */
  service: string;
  /** From it to the service that fails, both included. */
  path: string[];
  /** 1 is the most important; null: not in the catalogue. */
  tier: number | null;
}

/** An open incident of a service that depends on this one's (`upstream` false), or that this one's depends on. */
export interface Related extends Other {
  path: string[];
  upstream: boolean;
}

/** What an incident has to do with services beside its own. */
export interface Dependencies {
  symptoms: (Symptom & { at: number })[];
  /** Services whose alerts come here no more, and the incident that has them. */
  detached: { service: string; incidentId: string }[];
  /** Each other incident once. */
  related: Related[];
}

/** What a sender or the catalogue says about what to look at; from outside, never formatted. */
export interface Hints {
  symptom?: string;
  cause?: string;
  firstStep?: string;
  /** http(s) only. */
  runbook?: string;
}

export interface SymptomEvents {
  /** Another incident is open on the same line of dependencies; both say so. */
  dependencyNoted: { other: Other; path: string[]; upstream: boolean };
}

export interface SymptomCommands {
  /** From `plan`. `other`: the id of the other incident, as it stands in the same commit. */
  noteDependency: { other: string; path: string[]; upstream: boolean };
}

const noDependencies: Dependencies = { symptoms: [], detached: [], related: [] };
export const dependenciesOf = ({ dependencies }: Pick<Incident, 'dependencies'>): Dependencies =>
  dependencies ?? noDependencies;

/** Whether alerts of this service came as symptoms. */
export const hasSymptom = (incident: Pick<Incident, 'dependencies'>, service: string | null): boolean =>
  dependenciesOf(incident).symptoms.some((each) => each.service === service);

const settleMs = 10 * 60_000;

/** When symptoms that still fire become incidents of their own, once the incident has ended. */
export const settledAt = ({
  policy,
  resolvedAt,
  closedAt,
  openedAt,
}: Pick<Incident, 'policy' | 'resolvedAt' | 'closedAt' | 'openedAt'>): number =>
  (resolvedAt ?? closedAt ?? openedAt) + (policy.settleMs ?? settleMs);

export const pathWords = (path: readonly string[]): string => path.join(' → ');
