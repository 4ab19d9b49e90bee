import { note, paragraph, text } from '../../messages/card.js';
import { sayCard } from '../answers.js';
import type { Verb } from '../verb.js';

export const web: Verb = {
  name: 'web',
  aliases: ['web-room', 'web-link', 'browser'],
  group: 'Open and find',
  usage: 'web',
  examples: ['web'],
  help: 'A link that signs you in to the web room, for you alone.',
  alone: true,
  where: 'anywhere',
  async read(_, about) {
    const { incident, publicUrl } = about;
    const path = incident?.number ? `/incidents/${incident.number}` : '/';
    const secret = await about.signInLink(path);
    const where = incident?.number ? `#${incident.number}` : 'Muster';
    // The summary may show on a locked screen: the link stands in the card alone.
    if (secret === null)
      return sayCard({
        tone: 'neutral',
        summary: `${where} in a browser: ${publicUrl}${path}`,
        blocks: [paragraph(text('Open '), { kind: 'link', text: `${publicUrl}${path}`, href: `${publicUrl}${path}` })],
      });
    const href = `${publicUrl}/sign-in/${secret}`;
    return sayCard({
      tone: 'neutral',
      summary: `A link that signs you in to ${where} in a browser.`,
      blocks: [
        paragraph({ kind: 'link', text: `Open ${where} in a browser`, href }),
        note(text('It works once, within 10 minutes, and signs you in as yourself: do not pass it on.')),
      ],
    });
  },
};
