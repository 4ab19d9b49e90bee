import { cadence } from '../incident/cadence.js';
import type { Incident } from '../incident/state.js';
import { changesOf } from '../messages/changes.js';
import { draftOf } from '../messages/draft.js';
import type { Field, Form } from '../messages/form.js';
import { literal } from '../messages/literal.js';
import { publicDraft } from '../messages/public-draft.js';
import { formatDuration, formatTime } from '../messages/zones.js';
import { called } from './answers.js';
import { named, oneLine, tidy } from './line.js';
import { declaration } from './options.js';
import type { About, Verb, Within } from './verb.js';
import { declare } from './verbs/declare.js';
import { publish } from './verbs/publish.js';
import { update } from './verbs/update.js';
import { verbOf } from './verbs.js';

/** As a title of a form and a line of an answer; as many characters as every chat takes in one field. */
const longestHeading = 24;
const longestTitle = 150;
const longestText = 3_000;
/** More than a chat lists. */
const listedAtMost = 100;

export interface FormParts {
  /** Known services, by the names a declaration takes. */
  services: readonly { name: string; title: string }[];
  /** What somebody said, that this is to be declared from. */
  from: string | null;
}

/** What to ask before this line can run; null: it says all that is needed, or means nothing. */
export async function formOf(text: string, about: About, parts: FormParts): Promise<Form | null> {
  const line = tidy(text);
  const name = named(line);
  if (!name) return inPlace(line, about, parts);
  const incident = await about.reads.incident(about.viewer, { number: name.number });
  return incident && inPlace(name.rest.trim(), { ...about, incident }, parts);
}

async function inPlace(line: string, about: About, parts: FormParts): Promise<Form | null> {
  const found = verbOf(line);
  if (!found) return null;
  const { verb, args } = found;
  if (verb === declare) return about.incident?.status === 'triage' ? null : declaring(args, parts);
  if (verb.where !== 'incident' || verb.asks?.required !== true) return null;
  const name = about.incident === null ? named(args) : null;
  const incident = name ? await about.reads.incident(about.viewer, { number: name.number }) : about.incident;
  if (!incident || (name ? name.rest : args) !== '') return null;
  if (verb === publish) return publishing(incident, about.names);
  return verb === update ? updating(incident, about.now) : asking(verb, { ...about, incident });
}

function declaring(args: string, { services, from }: FormParts): Form | null {
  const asked = declaration(args);
  if ('wrong' in asked || asked.title !== '') return null;
  const { severity } = asked;
  const [service] = asked.services;
  const severities = ['sev1, the worst', 'sev2', 'sev3'].map((label, index) => ({ value: `${index + 1}`, label }));
  return {
    title: 'Declare an incident',
    submit: 'Declare',
    command: '/incident declare',
    fields: [
      {
        name: 'title',
        label: 'What is wrong?',
        kind: 'line',
        required: true,
        placeholder: 'Registry: pushes fail',
        atMost: longestTitle,
        ...valued(firstLine(from ?? '')),
      },
      {
        name: 'severity',
        label: 'Severity',
        kind: 'choice',
        required: false,
        hint: 'Left out, the rules decide, as they do for alerts.',
        placeholder: 'As the rules say',
        option: '--sev',
        options: severities,
        ...valued(severity?.slice(-1) ?? ''),
      },
      ...serviceField(services, service ?? ''),
      {
        name: 'private',
        label: 'Who sees it?',
        kind: 'choice',
        required: false,
        placeholder: 'Everybody here',
        // Without an option, since it takes no value; the line reads it wherever it stands.
        options: [{ value: '--private', label: 'Only those who are in it' }],
        ...valued(asked.private ? '--private' : ''),
      },
    ],
  };
}

/** Those that are known are offered; where there are none, or more than a list holds, the name is typed. */
function serviceField(services: FormParts['services'], value: string): Field[] {
  const field = { name: 'service', label: 'Service', required: false, option: '--service' } as const;
  if (services.length === 0 || services.length > listedAtMost)
    return [{ ...field, kind: 'line', placeholder: 'registry', atMost: longestTitle, ...valued(value) }];
  const options = services.map(({ name, title }) => ({
    value: quotedIfNeeded(name),
    label: literal(title || name, 75),
  }));
  const chosen = options.find((each) => each.value === quotedIfNeeded(value));
  return [{ ...field, kind: 'choice', placeholder: 'None in particular', options, ...valued(chosen?.value ?? '') }];
}

const quotedIfNeeded = (name: string): string => (/\s/.test(name) ? `"${name}"` : name);

function updating(incident: Incident, now: number): Form {
  const every = cadence(incident);
  const { dueAt } = incident.updates;
  const sooner = [10, 15, 30, 60, 120].filter((minutes) => every === null || minutes * 60_000 < every);
  const next: Field = {
    name: 'next',
    label: 'The next one comes in',
    kind: 'choice',
    required: false,
    placeholder: every === null ? 'Nothing is promised' : `${formatDuration(every)}, as usual`,
    option: '--next',
    options: sooner.map((minutes) => ({ value: `${minutes}m`, label: formatDuration(minutes * 60_000) })),
  };
  return {
    title: heading('Update', incident),
    submit: 'Post',
    intro: `${dueAt === null ? 'No update is promised.' : `The next one is due at ${formatTime(dueAt)}.`}${changed(incident)}`,
    command: '/incident update',
    incidentId: incident.id,
    fields: [
      {
        name: 'text',
        label: 'What should stakeholders know?',
        kind: 'text',
        required: true,
        hint: 'This is what is known. Say what has changed.',
        atMost: longestText,
        value: draftOf(incident, now),
      },
      ...(sooner.length > 0 ? [next] : []),
    ],
  };
}

const introAtMost = 600;

/** What the draft has beside the last update, as one line. */
function changed(incident: Incident): string {
  const { since, removed, added } = changesOf(incident);
  if (since === null) return '';
  const all = [...removed.map((fact) => `− ${fact}`), ...added.map((fact) => `+ ${fact}`)];
  return literal(
    all.length === 0
      ? `Nothing has changed since ${formatTime(since)}.`
      : `Since ${formatTime(since)}: ${all.join(' · ')}`,
    introAtMost,
  ).replace(/^/, ' ');
}

/** What everybody will read, field by field; sending it is the confirmation. */
const publishing = (incident: Incident, names: ReadonlyMap<string, string>): Form => ({
  title: heading('Publish', incident),
  submit: 'Publish',
  intro: 'Everybody outside reads these words, and nothing else of the incident.',
  command: '/incident publish --confirm',
  incidentId: incident.id,
  fields: [
    {
      name: 'title',
      label: 'Headline',
      kind: 'line',
      required: false,
      option: '--title',
      quoted: true,
      placeholder: 'Publishing images fails',
      atMost: longestTitle,
      ...valued(incident.publication?.title ?? ''),
    },
    {
      name: 'text',
      label: 'What may everybody read?',
      kind: 'text',
      required: true,
      hint: 'A draft without what is internal. Read it before it goes out.',
      atMost: longestText,
      value: publicDraft(incident, names),
    },
  ],
});

/** The question its button asks. */
function asking(verb: Verb, { incident }: Within): Form {
  const { label, placeholder, value } = verb.asks as NonNullable<Verb['asks']>;
  const several = verb.group === 'Keep people posted';
  return {
    title: heading(capital(verb.name), incident),
    submit: capital(verb.name).slice(0, longestHeading),
    command: `/incident ${verb.name}`,
    incidentId: incident.id,
    fields: [
      {
        name: 'words',
        label,
        kind: several ? 'text' : 'line',
        required: true,
        ...(placeholder !== undefined && { placeholder }),
        ...(value !== undefined && { value }),
        atMost: several ? longestText : longestTitle,
      },
    ],
  };
}

const heading = (what: string, incident: Incident): string =>
  (incident.number === null ? what : `${what} · ${called(incident)}`).slice(0, longestHeading);
const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
const valued = (value: string): { value?: string } => (value === '' ? {} : { value });

/** A title from what somebody said; what looks like an option in it is none. */
function firstLine(said: string): string {
  const line = said.split(/\r\n?|\n/).find((each) => /[\p{L}\p{N}]/u.test(each)) ?? '';
  return literal(oneLine(line), longestTitle).replace(/^[-\u2013\u2014\s]+/, '');
}
