import { nameOf } from '../incident/links.js';
import { type Incident, isDeclared, isOpen } from '../incident/state.js';
import { dependenciesOf, pathWords } from '../incident/symptoms.js';
import { type Block, type Button, buttons, type Inline, paragraph, text } from './card.js';
import { literal } from './literal.js';
import { incidentButton } from './sensible-now.js';

type Field = { label: string; value: Inline[] };

/** What is known when a card is made of the services around an incident. */
export interface AroundNow {
  /** Whether it is local or systemic, in one sentence; null: nothing depends on anything here. */
  sentence: string | null;
  /** Where the picture of it is; null: nobody can open it. */
  picture: string | null;
  /** Ids of the other incidents that are still open. */
  open: ReadonlySet<string>;
}

const pathsShown = 5;
const textKept = 300;
const serviceKept = 40;
const offered = 4;

/** The service it is about, as alerts call it. */
const ownService = ({ groupKey, services }: Incident): string | null =>
  groupKey?.startsWith('service:') ? groupKey.slice('service:'.length) : (services[0] ?? null);

/** What a sender or the catalogue says about what is wrong and what to look at first; nothing where nobody says so. */
export function hintFields(incident: Incident): Field[] {
  const { hints = {}, policy } = incident;
  const service = ownService(incident);
  const known =
    service !== null && Object.hasOwn(policy.services ?? {}, service) ? policy.services?.[service] : undefined;
  const said = (label: string, byAlert: string | undefined, byCatalogue?: string): Field[] => {
    const words = byAlert ?? byCatalogue;
    if (words === undefined) return [];
    const from = byAlert === undefined ? 'the catalogue' : 'the alert';
    return [{ label, value: [text(`${literal(words, textKept)} · says ${from}`)] }];
  };
  return [
    ...said('Likely symptom', hints.symptom, known?.symptoms),
    ...said('Probable cause', hints.cause),
    ...said('Look first', hints.firstStep, known?.firstCheck),
    ...(hints.runbook
      ? [{ label: 'Runbook', value: [{ kind: 'link' as const, text: hints.runbook, href: hints.runbook }] }]
      : []),
  ];
}

/** Which services show symptoms here, by which way, and whether that is all. */
export function symptomFields(incident: Incident, around: AroundNow | null): Field[] {
  const { symptoms } = dependenciesOf(incident);
  const paths = symptoms.slice(0, pathsShown).map(({ path }) => literal(pathWords(path), textKept));
  const more = symptoms.length - paths.length;
  const sentence = around?.sentence ?? null;
  return [
    ...(symptoms.length > 0
      ? [{ label: 'Symptoms', value: [text(`${paths.join(' · ')}${more > 0 ? ` · and ${more} more` : ''}`)] }]
      : []),
    ...(sentence !== null && isOpen(incident)
      ? [
          {
            label: 'Reach',
            value: [
              text(literal(sentence, textKept)),
              ...(around?.picture
                ? [text(' · '), { kind: 'link' as const, text: 'picture', href: around.picture }]
                : []),
            ],
          },
        ]
      : []),
  ];
}

/** What can be done about services that belong here, or do not. */
export function symptomOffers(incident: Incident, around: AroundNow | null): Block[] {
  if (!isOpen(incident) || !isDeclared(incident)) return [];
  const { symptoms, related } = dependenciesOf(incident);
  const apart = symptoms
    .slice(0, offered)
    .map(({ service }) =>
      incidentButton(incident, `${literal(service, serviceKept)} is its own`, `detach ${literal(service, textKept)}`),
    );
  const blocks: Block[] = apart.length > 0 ? [buttons(...apart)] : [];
  for (const each of related.filter(({ incidentId }) => around?.open.has(incidentId) ?? true).slice(-offered)) {
    const [dependent, on] = [each.path[0] ?? '', each.path.at(-1) ?? ''];
    const words = `${literal(dependent, serviceKept)} depends on ${literal(on, serviceKept)} (${literal(pathWords(each.path), textKept)}), and ${literal(nameOf(each), textKept)} is open too.`;
    const merging: Button[] =
      each.number === null
        ? []
        : each.upstream
          ? [incidentButton(incident, `Merge into #${each.number}`, `merge into #${each.number}`)]
          : [
              incidentButton(
                incident,
                `Merge #${each.number} into this`,
                `merge #${each.number} into #${incident.number}`,
              ),
            ];
    blocks.push(paragraph(text(words)), ...(merging.length > 0 ? [buttons(...merging)] : []));
  }
  return blocks;
}
