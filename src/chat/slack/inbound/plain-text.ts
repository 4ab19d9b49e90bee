/** `<@U1|ada>`, `<#C1|inc-42>`, `<!here>`, `<https://a.example|a>` as Slack writes them into what people say. */
const written = /<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>/g;

/**
 * What somebody said, as it reads: names for people and channels, addresses for links. `nameOf` answers what stands for
 * a person, without the `@`.
 */
export async function plainText(text: string, nameOf: (userId: string) => Promise<string>): Promise<string> {
  const people = new Map<string, string>();
  for (const [, kind, id] of text.matchAll(written))
    if (kind === '@' && id && !people.has(id)) people.set(id, await nameOf(id));
  const shown = text.replace(written, (_, kind: string, target: string, label: string | undefined) => {
    if (kind === '@') return `@${people.get(target) ?? label ?? target}`;
    if (kind === '#') return `#${label || target}`;
    if (kind === '!' && target.startsWith('date^')) return label ?? '';
    if (kind === '!') return label ? (label.startsWith('@') ? label : `@${label}`) : `@${target.split('^')[0]}`;
    const address = target.replace(/^mailto:/, '');
    return label && label !== address && !address.endsWith(label) ? `${label} (${address})` : address;
  });
  return shown.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** Slack's own time of a message, `1700000000.000100`, in ms. It is the message's id too. */
export const instantOf = (ts: string): number => Math.floor(Number(ts) * 1_000);
