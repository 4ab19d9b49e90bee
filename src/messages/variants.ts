import { type Severity, type Status, severities, statuses } from '../incident/state.js';
import { suggestion } from './near.js';
import { samples, templateNames } from './samples.js';
import type { TemplateName, TemplateValues } from './values.js';

/** Messages that may have a file per severity, per status, and for both. */
const varied: readonly TemplateName[] = ['status-update'];
/** An update is only ever posted in one of these. */
const told: readonly Status[] = statuses.filter((status) => !['triage', 'dismissed'].includes(status));

/** What a file is for; `values` are examples of the kind it will be given. */
export interface TemplateFile {
  name: TemplateName;
  values: TemplateValues[TemplateName];
}

/**
 * The names a message's file may have, the most special first: `status-update.sev1.resolved`,
 * `status-update.resolved`, `status-update.sev1`, `status-update`. What closed by itself takes the words of `resolved`
 * where it has none of its own.
 */
export function fileNames<N extends TemplateName>(name: N, values: TemplateValues[N]): string[] {
  if (!varied.includes(name) || !('status' in values)) return [name];
  const { severity, status } = values;
  const asStatus = status === 'closed' ? ['closed', 'resolved'] : [status];
  return [
    ...asStatus.map((each) => `${name}.${severity}.${each}`),
    ...asStatus.map((each) => `${name}.${each}`),
    `${name}.${severity}`,
    name,
  ];
}

const isSeverity = (word: string): word is Severity => severities.some((each) => each === word);
const isTold = (word: string): word is Status => told.some((each) => each === word);

/** What a file of this name (without `.hbs`) is for, or what is wrong with the name. */
export function templateFile(fileName: string): TemplateFile | string {
  const [base = '', ...parts] = fileName.split('.');
  const name = templateNames.find((each) => each === base);
  if (name === undefined) return `no message has this name; ${suggestion(base, templateNames)}`;
  if (parts.length === 0) return { name, values: samples[name] };
  if (!varied.includes(name)) return `only ${varied.join(', ')} can differ by severity and status; name it ${name}.hbs`;
  const [first = '', second] = parts;
  const severity = isSeverity(first) ? first : null;
  const status = severity === null ? first : second;
  if (status !== undefined && !isTold(status)) {
    const known = severity === null ? [...severities, ...told] : told;
    return `no update is ever ${status}; ${suggestion(status, known)}`;
  }
  if (parts.length > (severity === null ? 1 : 2))
    return `name it ${name}.<severity>.<status>.hbs, ${name}.<status>.hbs or ${name}.<severity>.hbs`;
  const values = { ...samples[name], ...(severity && { severity }), ...(status && { status }) };
  return { name, values: values as TemplateValues[TemplateName] };
}

/** The severities and statuses in which a varied message is told, for whoever wants to see them all. */
export const variations: readonly { severity: Severity; status: Status }[] = severities.flatMap((severity) =>
  told.map((status) => ({ severity, status })),
);
