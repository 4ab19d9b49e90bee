import { isAcknowledged, pagingOf } from '../incident/escalation.js';
import { type Incident, isDeclared, isOpen } from '../incident/state.js';
import { type Inline, strong, text, time } from './card.js';
import { calledInline, levelWords } from './escalation-cards.js';

interface Field {
  label: string;
  value: Inline[];
}

/** Who is being called now, and when the next are; nothing while somebody has it in hand and nobody is called. */
export function callingFields(incident: Incident, names: ReadonlyMap<string, string>): Field[] {
  if (!isOpen(incident) || !isDeclared(incident)) return [];
  const paging = pagingOf(incident);
  const ringing = paging.ringing.map(({ personId }) => personId);
  const people = paging.called.filter(({ personId }) => ringing.includes(personId));
  const { acknowledgeDueAt } = incident;
  const answers = paging.ringing.flatMap(({ answerDueAt }) => answerDueAt ?? []);
  if (isAcknowledged(incident))
    return people.length === 0
      ? []
      : [
          {
            label: 'Called',
            value: [
              ...calledInline(people, names),
              ...(answers.length > 0 ? [text(' · to answer by '), time(Math.min(...answers))] : []),
            ],
          },
        ];
  const rung = paging.level > 0 ? [text(` · ${levelWords(paging)}`)] : [];
  const next =
    acknowledgeDueAt === null
      ? [text(' · nobody else is called')]
      : [text(' · then others at '), time(acknowledgeDueAt)];
  if (people.length > 0) return [{ label: 'Called', value: [...calledInline(people, names), ...rung, ...next] }];
  const tried =
    paging.level > 0 ? [{ label: 'Called', value: [strong('nobody could be called'), ...rung, ...next] }] : [];
  return tried;
}
