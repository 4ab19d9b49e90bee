import { kept, line } from './words.js';

/** `RegistryPushFails` and `registry_push_fails` as words; a sentence stays as it was written. */
export function nameWords(name: string): string {
  if (/\s/.test(name)) return name;
  return name
    .slice(0, kept.name)
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .replace(/\b([A-Z][a-z]+)(\d)/g, '$1 $2')
    .split(/[ _.-]+/)
    .filter(Boolean)
    .map((word) => (/^[A-Z\d]+s?$/.test(word) && word.length > 1 ? word : word.toLowerCase()))
    .join(' ');
}

/** e.g. `registry: push fails`, `registry: push fails and 2 more`, `Disk fills on db1`. */
export function titleOf(
  names: readonly string[],
  about: { service: string | null; host: string | null; alerts: number },
): string {
  let words = nameWords(names[0] ?? 'alert');
  const { service } = about;
  // "registry: registry push fails" says it twice.
  if (service && words.length > service.length && words.toLowerCase().startsWith(service.toLowerCase())) {
    const rest = words.slice(service.length);
    if (/^[\s:_-]/.test(rest)) words = rest.replace(/^[\s:_-]+/, '') || words;
  }
  const more = names.length > 1 ? ` and ${names.length - 1} more` : '';
  const host = !service && about.host && about.alerts === 1 ? ` on ${about.host}` : '';
  const text = `${words}${host}${more}`;
  return line(service ? `${service}: ${text}` : text.charAt(0).toUpperCase() + text.slice(1), kept.title);
}
