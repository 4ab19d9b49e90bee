import type { Incident } from '../../incident/state.js';
import { dependenciesOf } from '../../incident/symptoms.js';
import type { Button } from '../../messages/card.js';
import { literal } from '../../messages/literal.js';
import { act, called, found, lineButton, misused, onButton, quoted, refused } from '../answers.js';
import type { Verb } from '../verb.js';
import { alertsOf } from './split.js';

const offeredAtMost = 4;
const namesInTitle = 2;

export const detach: Verb = {
  name: 'detach',
  aliases: ['detached', 'detaches', 'detaching', 'its-own', 'no-symptom'],
  group: 'Open and find',
  usage: 'detach <service>',
  examples: ['detach web'],
  help: 'Alerts of this service are no symptom of this: they open an incident of their own, and stay there.',
  asks: { label: 'Which service is its own?', required: true },
  offers: [['investigating', 'identified', 'monitoring']],
  where: 'incident',
  async read(args, about) {
    const { incident } = about;
    const typed = args.replace(/^["“”'‘’]+|["“”'‘’.]+$/g, '').trim();
    const { symptoms } = dependenciesOf(incident);
    if (symptoms.length === 0)
      return refused(
        'no-symptoms',
        `Nothing came to ${called(incident)} as a symptom. To give some of its alerts an incident of their own: /incident split <alerts> as <title>`,
      );
    if (typed === '') return misused(detach, 'Which service is its own?', offers(incident));
    const symptom = symptoms.find(({ service }) => service.toLowerCase() === typed.toLowerCase());
    if (!symptom)
      return refused(
        'no-such-symptom',
        `${literal(typed, quoted)} shows no symptoms in ${called(incident)}. Those that do: ${symptoms
          .slice(0, offeredAtMost)
          .map(({ service }) => literal(service, onButton))
          .join(', ')}${symptoms.length > offeredAtMost ? ', …' : ''}.`,
        offers(incident),
      );
    const { service } = symptom;
    const alerts = (await alertsOf(about)).filter((each) => each.service === service);
    const names = [...new Set(alerts.map(({ name }) => name))].slice(0, namesInTitle).join(', ');
    const title = names === '' ? service : `${service}: ${names}`;
    const command = {
      type: 'split' as const,
      other: about.newIncidentId(),
      title,
      alerts: alerts.map(({ id }) => id),
      detach: { service, groupKey: `service:${service}` },
    };
    return act(about, command, (after, events) => {
      const into = found(events, 'splitInto');
      const count = into?.alerts.total ?? 0;
      return `#${into?.other.number} is open for ${literal(service, quoted)}, with ${count === 1 ? '1 alert' : `${count} alerts`} of ${called(after)}. What else comes of it goes there. Was it wrong? /incident merge #${into?.other.number} into ${called(after)}`;
    });
  },
};

const offers = (incident: Incident): Button[] =>
  dependenciesOf(incident)
    .symptoms.slice(0, offeredAtMost)
    .flatMap(({ service }) =>
      lineButton(`${literal(service, onButton)} is its own`, `detach ${service}`, { incidentId: incident.id }),
    );
