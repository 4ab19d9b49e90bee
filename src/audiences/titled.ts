import type { Incident } from '../incident/state.js';

/** What a service of the catalogue holds back is no matter for a telephone's locked screen either. */
export function isTitled(
  { visibility, services }: Incident,
  catalogue: readonly { name: string; aliases: readonly string[]; data: string }[],
): boolean {
  const kept = catalogue.filter(({ data }) => data === 'confidential' || data === 'restricted');
  const names = kept.flatMap(({ name, aliases }) => [name, ...aliases]);
  return visibility === 'public' && !services.some((service) => names.includes(service));
}
