import type { Who } from './who.js';

const mention = /@([a-z0-9][a-z0-9._-]{0,63})/gi;
/** In one line; more are left as they are typed. */
const mentionsAtMost = 5;

/** What somebody typed, with the names of the people they mean in place of how Mattermost calls them. */
export async function withNames(text: string, who: Pick<Who, 'named'>): Promise<string> {
  const names = new Map<string, string>();
  for (const [, typed = ''] of text.matchAll(mention)) {
    if (names.size >= mentionsAtMost) break;
    if (names.has(typed)) continue;
    // A full stop after a name belongs to the sentence.
    const bare = typed.replace(/[._-]+$/, '');
    const person =
      (await who.named(typed.toLowerCase())) ?? (bare === typed ? null : await who.named(bare.toLowerCase()));
    names.set(typed, person ? `${person.name}` : typed);
  }
  return text.replace(mention, (whole, typed: string) => `@${names.get(typed) ?? whole.slice(1)}`);
}
